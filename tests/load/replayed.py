"""Cases of a city's file as the table sees them: the verbs of one life, each at an instant between the file's own times."""

import csv
import gzip
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

BOSTON = ZoneInfo("America/New_York")
TIMES = "%m/%d/%Y %I:%M:%S %p"
ORDER = {"superior": "boston_311", "title_zh": "波士顿 311", "title_en": "Boston 311"}
# verb, who does it, form, and how far between opening and the end: 0 at once, 1 when the file closed it
ROAD: tuple[tuple[str, str, Mapping[str, object], float], ...] = (
    ("accept", "dispatcher", {}, 0),
    ("dispatch", "dispatcher", {"reason": "source"}, 0),
    ("sign", "handler", {}, 0.1),
    ("contact", "handler", {"outcome": "reached"}, 0.2),
    ("answer", "handler", {"result": "solved", "reply": "done"}, 1),
    ("call_back", "quality", {"outcome": "reached", "contacted": True, "solved": True, "level": "5"}, 1),
    ("close", "quality", {}, 1),
)
_OPEN_STEPS = 4  # of a case the file has not closed


@dataclass(frozen=True, slots=True)
class Life:
    """target: what the city promised, None where it promised nothing. late: what the
    city's file says itself, None where it says nothing."""

    number: str
    opened: datetime
    target: datetime | None
    closed: datetime | None
    late: bool | None

    def steps(self) -> Iterator[tuple[str, str, Mapping[str, object], datetime]]:
        if self.target:
            order = {**ORDER, "order_number": self.number, "due_at": self.target.isoformat()}
            yield "receive_order", "system", order, self.opened
        span = (self.closed - self.opened) if self.closed else timedelta(days=1)
        for verb, who, form, share in ROAD if self.closed else ROAD[:_OPEN_STEPS]:
            yield verb, who, form, self.opened + span * share


def lives(file: Path, most: int) -> Iterator[Life]:
    """Of the real file where it is; cases closed on paper before they were opened are closed at once."""
    if not file.exists():
        yield from _invented(most)
        return
    with gzip.open(file, "rt", encoding="utf-8", newline="") as stream:
        for count, row in enumerate(csv.DictReader(stream)):
            if count == most:
                return
            opened, closed = _instant(row["OPEN_DT"]), _instant(row["CLOSED_DT"])
            assert opened is not None
            yield Life(
                row["CASE_ENQUIRY_ID"],
                opened,
                _instant(row["TARGET_DT"]),
                max(closed, opened) if closed else None,
                {"OVERDUE": True, "ONTIME": False}.get(row["OnTime_Status"]),
            )


def _instant(said: str) -> datetime | None:
    return datetime.strptime(said, TIMES).replace(tzinfo=BOSTON).astimezone(UTC) if said else None


def _invented(most: int) -> Iterator[Life]:
    chance = random.Random(5)
    start = datetime(2015, 1, 1, tzinfo=UTC)
    for number in range(most):
        opened = start + timedelta(minutes=4 * number)
        closed = opened + timedelta(hours=chance.randrange(1, 900)) if chance.random() < 0.95 else None
        target = opened + timedelta(hours=chance.randrange(1, 900))
        yield Life(str(number), opened, target, closed, closed is not None and closed > target)
