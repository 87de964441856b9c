"""A row that stays outside, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext

from gongzhi.kernel.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Reject:
    """row: as a spreadsheet counts (the header is row 1) · column: the source's name, "" = the row as a whole.

    values: the row as it was read, for the reject file.
    """

    row: int
    column: str
    refusal: Refusal
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def code(self) -> str:
        return self.refusal.code

    @property
    def reason(self) -> str:
        """In the language in force, as written to the reject file."""
        text, params = gettext(self.refusal.text), self.refusal.params
        return text % params if params else text
