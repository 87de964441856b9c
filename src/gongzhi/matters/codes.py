"""Public numbers and follow codes."""

import hashlib
import hmac
from uuid import UUID

from gongzhi.access.prepared import fetch
from gongzhi.installation.keys import keyring
from gongzhi.kernel import numbers

_LETTERS = 8
_MISREAD = str.maketrans("OIL", "011", "- ")


def take_numbers(count: int) -> list[str]:
    """Numbers nobody had: a sequence behind a keyed permutation. Unique under concurrency, gaps say nothing."""
    if not count:
        return []
    rows = fetch("SELECT nextval('matters_number') FROM generate_series(1, %s::int)", [count])
    secret = keyring().all("number")[-1].secret  # the first key for ever: another one could repeat a number
    return [numbers.of_sequence(sequence, secret=secret) for (sequence,) in rows]


def follow_code(matter_id: UUID) -> str:
    """The secret (40 bits) that goes to the reporter with the number. Derived, so nothing that opens it is stored."""
    return _code(matter_id, keyring().all("number")[-1].secret)


def is_follow_code(matter_id: UUID, code: str) -> bool:
    """In constant time; what is misread on paper (O, I, L) counts as meant."""
    said = code.strip().upper().translate(_MISREAD)
    return hmac.compare_digest(said.encode(), follow_code(matter_id).encode())


def _code(matter_id: UUID, secret: bytes) -> str:
    digest = hmac.digest(secret, b"gongzhi follow\0" + matter_id.bytes, hashlib.sha256)
    value = int.from_bytes(digest[:8], "big")
    return "".join(numbers.ALPHABET[value >> (5 * place) & 31] for place in range(_LETTERS))
