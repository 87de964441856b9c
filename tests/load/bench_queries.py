"""The desk at size, page by page through lane and web: 10⁴, 10⁵ and 10⁶ matters, eight readers at once, for the busiest
viewer (the district's dispatcher) and the rarest (a village with one matter).

Readers ask again as soon as they have read: on two processors a page also waits for the seven others, so each row says
above it what the page took a reader alone. `--keep FOLDER` keeps the filled towns there for the next run.
"""

import asyncio
from collections.abc import Iterable
from functools import partial
from urllib.parse import quote

from tests.load import people, town
from tests.load.client import Outcome, drive, request
from tests.load.filling import COMMON_CASE, RARE_CASE, fill
from tests.load.harness import Row

READERS = 8
_VIEWERS = {"busiest": "desk.he", "rarest": "community.nt"}
_BOX = "bbox=123.39,29.19,123.58,29.38&zoom=12"
_SEARCHES = {
    "common word": "路灯",
    "rare word": "k4321",
    "piece of a text": "口井盖松",
    "number": COMMON_CASE,
}


def rows(quick: bool) -> Iterable[Row]:
    """Goals hold at the largest size; ratio: against 10⁴, a reader alone."""
    sizes = (10_000, 100_000) if quick else (10_000, 100_000, 1_000_000)
    seconds = 3.0 if quick else 6.0
    small: dict[str, float] = {}
    for high in sizes:
        with town.kept(f"{high}", partial(fill, low=0, high=high)) as here:
            cookies = people.cookies(here, _VIEWERS.values())
            largest = high == sizes[-1]
            for viewer, user in _VIEWERS.items():
                for page, path in _pages(viewer).items():
                    name = f"{page}, {viewer} viewer"
                    alone = _read(here.port, path, cookies[user], 1, seconds / 2).percentile_ms(95)
                    together = _read(here.port, path, cookies[user], READERS, seconds)
                    first = small.setdefault(name, alone)
                    search = page.startswith("search")
                    yield Row.at_most(
                        f"{name}, {high:,}: p95 alone",
                        alone,
                        "ms",
                        goal=(100 if search else 50) if largest else None,
                        baseline=first if largest else None,
                        ratio=2 if largest and not search else None,
                    )
                    yield Row.at_most(
                        f"  {READERS} at once", together.percentile_ms(95), "ms",
                        goal=(100 if search else 50) if largest else None,
                    )  # fmt: skip
                    if wrong := {status: n for status, n in together.statuses.items() if status != 200}:
                        yield Row.at_most(
                            f"  answers other than 200: {wrong}", sum(wrong.values()), "", goal=0
                        )


def _pages(viewer: str) -> dict[str, str]:
    case = RARE_CASE if viewer == "rarest" else COMMON_CASE
    pages = {
        "inbox with counts": "/desk/",
        "list with filter": "/desk/?queue=all&state=handling&late=1",
        "map clusters": f"/desk/map/clusters.json?{_BOX}",
        "case page": f"/desk/cases/{case}/",
    }
    return pages | {f"search, {name}": f"/desk/?q={quote(text)}" for name, text in _SEARCHES.items()}


def _read(port: int, path: str, cookie: str, readers: int, seconds: float) -> Outcome:
    sent = request("GET", path, headers=[("Cookie", cookie)])
    return asyncio.run(
        drive(
            port=port,
            connections=readers,
            seconds=seconds,
            make=lambda _connection, _number: sent,
            warm_up_seconds=0.5,
        )
    )
