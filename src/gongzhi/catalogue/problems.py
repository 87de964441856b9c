"""What is wrong with a catalogue file: all of it at once, each with its place and what to do."""

from collections.abc import Iterable

from gongzhi.kernel.refusals import Invalid


class BadCatalogue(Invalid):
    """The file is not loaded. problems: everything found, each with `field` = the place ("verbs[dispatch].to")."""

    def __init__(self, source: str, problems: Iterable[Invalid]) -> None:
        self.source, self.problems = source, tuple(problems)
        super().__init__(
            "catalogue.bad_file",
            "文件 %(source)s 有 %(count)s 处需要改正，没有载入任何内容。",
            source=source,
            count=len(self.problems),
        )
