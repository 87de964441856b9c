"""Words without what would let somebody be reached past the switchboard."""

import re

_NUMBERS = re.compile(r"(?<!\d)(\d[\d\- ]{5,}\d)(?!\d)")


def without_numbers(text: str) -> str:
    """Every run of seven or more digits keeps its last two: telephone, identity and card numbers people wrote into it."""
    return _NUMBERS.sub(lambda found: f"****{found.group()[-2:]}", text)
