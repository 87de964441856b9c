"""Public numbers: short enough to say on the phone, unguessable, silent about how many there are.

Alphabet: Crockford base 32 (no I, L, O, U). The last character checks the others: one wrong character or any two
swapped ones are always noticed.
"""

import hashlib
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
DIGITS = 9
CAPACITY = 32**DIGITS
_VALUE = {letter: value for value, letter in enumerate(ALPHABET)}
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", "-": "", " ": "", "\u3000": ""})
_ROUNDS = 8


def draw(digits: int = DIGITS) -> str:
    """A random number with its check character. Unique only with a unique constraint and a second try."""
    return _checked("".join(secrets.choice(ALPHABET) for _ in range(digits)))


def follow_code(digits: int = 8) -> str:
    """A random secret (40 bits) a reporter keeps to follow a matter; compare with hmac.compare_digest, limit tries."""
    return "".join(secrets.choice(ALPHABET) for _ in range(digits))


def of_sequence(sequence: int, *, secret: bytes) -> str:
    """The number of the n-th thing: a keyed permutation, so different n never collide and n cannot be read from it.

    sequence: 0 ≤ n < 32**9. secret: stays the same for ever, or numbers may repeat.
    """
    if not 0 <= sequence < CAPACITY:
        raise ValueError("the sequence is used up")
    value = _permuted(sequence, secret)
    letters = []
    for _ in range(DIGITS):
        value, rest = divmod(value, 32)
        letters.append(ALPHABET[rest])
    return _checked("".join(reversed(letters)))


def parse(text: str) -> str:
    """What somebody typed, as the stored number: upper case, O→0, I and L→1, no spaces or hyphens. ValueError if wrong."""
    number = text.strip().upper().translate(_MISREAD)
    if len(number) < 2 or any(letter not in _VALUE for letter in number) or _checked(number[:-1]) != number:
        raise ValueError("not a number of ours")
    return number


def grouped(number: str) -> str:
    """For reading: K7M2X-9QP4T."""
    return "-".join(number[start : start + 5] for start in range(0, len(number), 5))


def _checked(body: str) -> str:
    """Append Σ αⁱ·dᵢ over GF(32): all weights differ, so every single error and every swap changes it."""
    total = 0
    for letter in reversed(body):
        total = _times_alpha(total ^ _VALUE[letter])
    return body + ALPHABET[total]


def _times_alpha(value: int) -> int:
    """Multiply by the generator of GF(2⁵) with x⁵ + x² + 1."""
    value <<= 1
    return value ^ 0b100101 if value & 0b100000 else value


def _permuted(value: int, secret: bytes) -> int:
    """Feistel network on the 45 bits of a number, 22 beside 23, rounds keyed by BLAKE2s (RFC 7693)."""
    left, right = value >> 23, value & 0x7FFFFF
    for step in range(0, _ROUNDS, 2):
        left ^= _round(step, right, secret) & 0x3FFFFF
        right ^= _round(step + 1, left, secret) & 0x7FFFFF
    return left << 23 | right


def _round(step: int, half: int, secret: bytes) -> int:
    digest = hashlib.blake2s((step << 24 | half).to_bytes(4, "big"), digest_size=4, key=secret).digest()
    return int.from_bytes(digest, "big")
