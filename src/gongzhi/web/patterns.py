"""Many times the same part of a page: its template is rendered once for every shape, then filled like a form.

The template stays an ordinary one; what it may do with a value is print it or ask whether there is one.
"""

import re
from collections.abc import Hashable, Mapping
from functools import lru_cache
from html import escape

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString

_MARK = re.compile("\ue000([a-z_]+)\ue001")


def filled(template: str, values: Mapping[str, str], **flags: Hashable) -> SafeString:
    """`template` with `values` escaped in their places. flags: what it tests or includes by (tone, here); never words
    somebody wrote, for every combination is a pattern kept in memory."""
    names = tuple([name for name, value in values.items() if value])
    pattern = _pattern(template, translation.get_language() or "", names, tuple(flags.items()))
    return SafeString(pattern % dict(zip(values, _escaped(list(values.values())), strict=True)))


def _escaped(values: list[str]) -> list[str]:
    """All at once, which is quicker; text from a database holds no NUL, and where one is, each by itself."""
    parts = escape("\0".join(values)).split("\0")
    return parts if len(parts) == len(values) else [escape(value) for value in values]


@lru_cache(maxsize=1_000)
def _pattern(
    template: str, language: str, names: tuple[str, ...], flags: tuple[tuple[str, Hashable], ...]
) -> str:
    with translation.override(language):
        drawn = render_to_string(template, {name: f"\ue000{name}\ue001" for name in names} | dict(flags))
    return _MARK.sub(r"%(\1)s", drawn.strip().replace("%", "%%"))
