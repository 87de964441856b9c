"""Characters no field takes: those that cannot be kept, and those that show a reader something else than is written."""

import re

# Controls, half surrogates and characters that reverse the reading direction to deceive.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# Of no width: they make two equal-looking words different. The joiner inside emoji and the marks of Arabic stay.
INVISIBLE = re.compile("[\u200b\u2060\ufeff]")


def forbidden(value: object) -> bool:
    """Whether a text, or one of a list of texts, holds a character no field takes."""
    if isinstance(value, str):
        return FORBIDDEN.search(value) is not None
    if isinstance(value, list | tuple):
        return any(forbidden(one) for one in value)
    return False


def visible(text: str) -> str:
    """Without the characters of no width."""
    return INVISIBLE.sub("", text)
