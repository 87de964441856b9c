"""What is wrong with an installation, said plainly in both languages: what, where, what to do next."""


class Trouble(Exception):
    """An installation cannot go on. The text is for the operator's terminal: Chinese line first, English line second.

    code: stable word for scripts and tests ("home.read_only"); never personal data or secrets in the texts.
    """

    def __init__(self, code: str, zh: str, en: str) -> None:
        self.code, self.zh, self.en = code, zh, en
        super().__init__(f"{zh}\n{en}")
