"""A report as a door heard it: nothing in it is believed yet."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class RawReport:
    """category, area: codes, "" = find it by rule · lon, lat: numbers or their text, in `system` (wgs84, gcj02, bd09)
    · taken_in: path of the area whose desk heard it, which keeps it while nobody knows the place · reporter_id: a known person; else phone and name of whoever reports · opened_at: when it happened, None = now.
    complains: it is about a unit (accused_unit: code or id) or one of its people (accused_account: login name or id), or about
    whom only accused_words tell.
    """

    text: object = ""
    title: object = ""
    kind: str = "case"
    category: object = ""
    channel: str = "web"
    address: object = ""
    area: object = ""
    taken_in: str = ""
    lon: object = None
    lat: object = None
    system: object = "wgs84"
    reporter_id: UUID | None = None
    phone: object = ""
    name: object = ""
    anonymous: bool = False
    confidential: bool = False
    urgency: object = "normal"
    language: object = "zh-hans"
    origin: object = ""
    external_id: object = ""
    source: object = ""
    opened_at: object = None
    file_ids: tuple[UUID, ...] = ()
    complains: bool = False
    accused_unit: object = ""
    accused_account: object = ""
    accused_words: object = ""


EARLIEST_YEAR = 1990
FUTURE_SECONDS_MAX = 300  # clocks of telephones differ
