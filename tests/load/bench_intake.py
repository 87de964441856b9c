"""Durable creates a second: the plain Django way, the lane, the lane beside page readers, the ordinary API."""

import asyncio
import json
import multiprocessing
from collections.abc import Callable, Iterable
from typing import Any

from tests.load import gunicorn_baseline, people, town
from tests.load.believable import Reports
from tests.load.client import Outcome, drive, request
from tests.load.harness import Row

_LANE_CONNECTIONS = 64
_API_CONNECTIONS = 16
_READERS = 16
_JSON = ("Content-Type", "application/json")
_COUNT = """
from gongzhi.matters.models import Matter
numbers = set(Matter.objects.values_list("number", flat=True))
with open(given) as file:
    acknowledged = [line.strip() for line in file]
print(json.dumps({"lost": sum(number not in numbers for number in acknowledged), "all": len(numbers),
                  "twice": len(acknowledged) - len(set(acknowledged))}))
"""


def rows(quick: bool) -> Iterable[Row]:
    """Every lane report is validated, categorised, placed, routed, dated and recorded in the commit that answers it."""
    seconds = 5.0 if quick else 20.0
    with town.running() as here:
        secret = people.token(here)
        with gunicorn_baseline.running(here) as port:
            plain = _drive(port, _baseline_maker(), _LANE_CONNECTIONS, seconds)
        yield Row.at_least(
            "baseline: Django + DRF on gunicorn, three rows, 64 connections", plain.per_second, "1/s"
        )
        yield Row.at_most("  its p99", plain.percentile_ms(99), "ms")
        alone = _drive(
            here.port, _report_maker("/lane/reports", secret), _LANE_CONNECTIONS, seconds, keep=True
        )
        yield Row.at_least(
            "lane, 64 connections, durable creates",
            alone.per_second,
            "1/s",
            goal=1500,
            baseline=plain.per_second,
            ratio=4,
        )
        yield Row.at_most("  its p50", alone.percentile_ms(50), "ms")
        yield Row.at_most("  its p99", alone.percentile_ms(99), "ms", goal=60)
        yield Row.at_most("  refused", alone.refused, "", goal=0)
        beside, readers = _beside_readers(here, secret, seconds)
        yield Row.at_least(f"lane beside {_READERS} readers of the desk", beside.per_second, "1/s")
        yield Row.at_most("  its p99", beside.percentile_ms(99), "ms", goal=100)
        yield Row.at_least("  pages read meanwhile", readers.per_second, "1/s")
        yield Row.at_most("  their p95", readers.percentile_ms(95), "ms")
        yield Row.at_most("  refused, reports and pages", beside.refused + readers.refused, "", goal=0)
        api = _drive(
            here.port, _report_maker("/api/v1/reports", secret), _API_CONNECTIONS, seconds, keep=True
        )
        yield Row.at_least("ordinary API, 16 connections", api.per_second, "1/s", goal=150)
        yield Row.at_most("  its p99", api.percentile_ms(99), "ms")
        yield Row.at_most("  refused", api.refused, "", goal=0)
        acknowledged = [json.loads(body)["number"] for o in (alone, beside, api) for body in o.bodies]
        found = _audit(here, acknowledged)
        yield Row.at_most(
            f"lost or given twice, of {len(acknowledged):,} acknowledged",
            found["lost"] + found["twice"],
            "",
            goal=0,
        )


def _drive(
    port: int,
    make: Callable[[int, int], bytes],
    connections: int,
    seconds: float,
    *,
    keep: bool = False,
) -> Outcome:
    return asyncio.run(
        drive(
            port=port,
            connections=connections,
            seconds=seconds,
            make=make,
            keep_bodies=keep,
            warm_up_seconds=2.0,
        )
    )


def _baseline_maker() -> Callable[[int, int], bytes]:
    reports = Reports()

    def make(_connection: int, _number: int) -> bytes:
        given = reports.body()
        content = {
            "category": "020101",
            "title": str(given["text"])[:40],
            "text": given["text"],
            "longitude": given["lon"],
            "latitude": given["lat"],
            "opened_at": "2026-11-20T08:00:00+08:00",
        }
        return request(
            "POST", "/cases", body=json.dumps(content, ensure_ascii=False).encode(), headers=[_JSON]
        )

    return make


def _report_maker(path: str, secret: str) -> Callable[[int, int], bytes]:
    reports, headers = Reports(), [_JSON, ("Authorization", f"Bearer {secret}")]

    def make(_connection: int, _number: int) -> bytes:
        return request(
            "POST", path, body=json.dumps(reports.body(), ensure_ascii=False).encode(), headers=headers
        )

    return make


def _beside_readers(here: town.Town, secret: str, seconds: float) -> tuple[Outcome, Outcome]:
    """The readers run in a process of their own: they must not slow down the writers' client."""
    cookies = list(people.cookies(here, ["desk.he", "handler.zhou", "supervisor.qin", "leader.gao"]).values())
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        reading = pool.apply_async(_read, (here.port, cookies, seconds))
        writing = _drive(
            here.port, _report_maker("/lane/reports", secret), _LANE_CONNECTIONS, seconds, keep=True
        )
        return writing, reading.get(seconds + 60)


def _read(port: int, cookies: list[str], seconds: float) -> Outcome:
    def make(connection: int, _number: int) -> bytes:
        return request("GET", "/desk/", headers=[("Cookie", cookies[connection % len(cookies)])])

    return _drive(port, make, _READERS, seconds)


def _audit(here: town.Town, acknowledged: list[str]) -> dict[str, Any]:
    file = here.home / "acknowledged.txt"
    file.write_text("\n".join(acknowledged) + "\n")
    found: dict[str, Any] = people.inside(here, _COUNT, str(file))
    return found
