"""Names people gave their files: kept for reading, never for opening. Pure."""

import re
import unicodedata

_NAME_MAX = 100
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


def sanitised(name: str, suffix: str) -> str:
    """A harmless name with the ending of the real type: no folders, control or direction characters, no leading dot."""
    text = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1])
    text = "".join(
        c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    )
    text = _FORBIDDEN.sub("_", text).strip(" .")
    stem = text.rsplit(".", 1)[0] if "." in text else text
    stem = stem.strip(" .").replace(".", "_")[:_NAME_MAX] or "file"
    return stem + suffix
