"""Text of a file an operator names, whatever it was saved in; and refusals said on a terminal in both languages."""

from pathlib import Path

from charset_normalizer import from_bytes

from gongzhi.installation.trouble import Trouble
from gongzhi.kernel.refusals import Refusal


def text_of(path: Path) -> str:
    """UTF-8 (with or without mark), GBK and what else Chinese offices save. Raises Trouble when it cannot be read."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise Trouble(
            "file.unreadable",
            f"读不了文件 {path}：{error.strerror}。",
            f"Cannot read {path}: {error.strerror}.",
        ) from None
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        found = from_bytes(content).best()
        guessed = found.encoding if found else "gb18030"
        encoding = "gb18030" if guessed.startswith(("gb", "hz", "big5")) or not found else guessed
        return content.decode(encoding, errors="replace")


def said(refusal: Refusal) -> tuple[str, str]:
    """A refusal in Chinese and in English."""
    from django.utils import translation
    from django.utils.translation import gettext

    found = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found.append(gettext(refusal.text) % refusal.params if refusal.params else gettext(refusal.text))
    return found[0], found[1]


def trouble(refusal: Refusal) -> Trouble:
    """The same as a Trouble, for what stops a command."""
    return Trouble(refusal.code, *said(refusal))
