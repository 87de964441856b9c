"""Acts at size: ten million over 36 months, timelines, recording, the sequencer and how long a position takes."""

import statistics
import threading
import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tests.load.harness import Row
from tests.load.scratch import scratch

MONTHS = 36
ACTS_PER_SUBJECT = 10
# Subjects live three months on average, like matters do: their acts spread over a few partitions.
LOAD = """
INSERT INTO acts_act (id, at, by, verb, subject_kind, subject_id, area_path, origin)
SELECT (lpad(to_hex(ms), 12, '0') || '7' || lpad(to_hex(n %% 4096), 3, '0') || '8' || right(md5(n::text), 15))::uuid,
       to_timestamp(ms / 1000.0), 'account:' || md5((n %% 5000)::text)::uuid, 'bench.note', 'bench.thing',
       (lpad(to_hex(born), 12, '0') || '7' || '000' || '8' || lpad(to_hex(subject), 15, '0'))::uuid::text,
       '430102/' || (n %% 400), 'bench'
FROM (
    SELECT n, subject, born, least(born + step * %(gap)s + n %% 977, %(last)s) AS ms
    FROM (SELECT n, n / {per} AS subject, n %% {per} AS step,
                 %(first)s + ((n / {per})::numeric * %(span)s / %(subjects)s)::bigint AS born
          FROM generate_series(%(low)s::bigint, %(high)s::bigint) n) a) b
"""


def rows(quick: bool) -> Iterable[Row]:
    """Quick: 10⁶ acts instead of 10⁷."""
    count = 10**6 if quick else 10**7
    with scratch("acts") as connection:
        began = time.perf_counter()
        first, last = fill(connection, count)
        print(
            f"   ({count:,} acts over {MONTHS} months loaded in {time.perf_counter() - began:.0f} s)",
            flush=True,
        )
        yield from timelines(connection, count, first, last)
        yield from recording(quick)
        yield from sequencing(quick)
        yield from delay(quick)


def fill(connection: Any, count: int) -> tuple[int, int]:
    """Acts with their indexes; returns the first and last instant in milliseconds."""
    last = int(time.time() * 1000) - 1000
    span = MONTHS * 30 * 86_400_000
    first = last - span
    values = {"first": first, "last": last, "gap": 8 * 86_400_000}
    values |= {"span": span - 90 * 86_400_000, "subjects": count // ACTS_PER_SUBJECT}
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
        start = datetime.fromtimestamp(first / 1000).astimezone()
        cursor.execute("SELECT acts_add_months(%s, %s)", [start.date(), MONTHS + 2])
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'acts_act' AND indexname <> 'acts_act_pkey'"
        )
        indexes = cursor.fetchall()
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        for low in range(0, count, 500_000):
            values |= {"low": low, "high": min(low + 500_000, count) - 1}
            cursor.execute(LOAD.format(per=ACTS_PER_SUBJECT), values)
        for _, definition in indexes:
            cursor.execute(definition.replace(" ONLY ", " "))
        cursor.execute("ANALYZE acts_act")
        cursor.execute("RESET synchronous_commit")
    return first, last


def timelines(connection: Any, count: int, first: int, last: int) -> Iterable[Row]:
    from gongzhi.acts.queries import timeline

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT subject_id FROM acts_act TABLESAMPLE SYSTEM (%s) WHERE subject_kind = 'bench.thing' LIMIT 3000",
            [min(100.0, 3000 * 100 * 20 / count)],
        )
        subjects = sorted({subject for (subject,) in cursor.fetchall()}, key=hash)[:1000]
        whole = [timed(lambda s=subject: timeline("bench.thing", s)) for subject in subjects]
        assert len(timeline("bench.thing", subjects[0])) == ACTS_PER_SUBJECT
        plain_sql = (
            "SELECT * FROM acts_act WHERE subject_kind = 'bench.thing' AND subject_id = %s ORDER BY id DESC"
        )
        plain = [
            timed(lambda s=one: (cursor.execute(plain_sql, [s]), cursor.fetchall())) for one in subjects[:200]
        ]
    size = f"{count:,} acts, {MONTHS} months"
    yield Row.at_most(
        f"timeline of a subject, p95 ({size})", p(whole, 95), "ms", goal=5, baseline=p(plain, 95)
    )


def recording(quick: bool) -> Iterable[Row]:
    from django.db import transaction

    from gongzhi.acts import actions

    singles = []
    for number in range(300 if quick else 2000):
        with transaction.atomic():
            singles.append(timed(lambda n=number: actions.record_many([draft(n)])))
    yield Row.at_most("record one act, p50, inside its transaction", p(singles, 50), "ms", goal=1)
    count = 50_000
    began = time.perf_counter()
    for start in range(0, count, 5000):
        with transaction.atomic():
            actions.record_many([draft(start + n) for n in range(5000)])
    yield Row.at_least(
        "record in bulk (5,000 a commit)", count / (time.perf_counter() - began), "acts/s", goal=10_000
    )


def sequencing(quick: bool) -> Iterable[Row]:
    from gongzhi.acts.models import Pending
    from gongzhi.acts.sealer import Sealer
    from gongzhi.acts.sequencer import sequence_all

    waiting = Pending.objects.count()
    yield Row.at_least("sequencer", waiting / (timed(sequence_all) / 1000), "positions/s", goal=3000)
    sealer = Sealer()
    yield Row.at_least(
        "sealer, from leaves to a signed checkpoint",
        waiting / (timed(sealer.seal_all) / 1000),
        "leaves/s",
        goal=3000,
    )
    sealer.close()


def delay(quick: bool) -> Iterable[Row]:
    """From commit to the notification of the position, with all loops running and a bulk writer beside."""
    import psycopg
    from django.db import connection, transaction

    from gongzhi.acts import actions, reactions, runner
    from gongzhi.installation import database

    reactions._reactions.clear()  # the tables of other rooms are not here
    reactions.reaction("bench.counts")(lambda acts: None)

    stop, seconds = threading.Event(), 10 if quick else 30
    loops = threading.Thread(target=runner.run, args=(stop,))
    loops.start()
    bulk = threading.Thread(target=_bulk, args=(stop, 1500))
    delays: list[float] = []
    try:
        with psycopg.connect(database.conninfo("owner"), autocommit=True) as listener:
            listener.execute("LISTEN gongzhi_positions")
            bulk.start()
            until = time.perf_counter() + seconds
            while time.perf_counter() < until:
                with transaction.atomic():
                    (id_,) = actions.record_many([draft(0)])
                began = time.perf_counter()
                while not _positioned(connection, id_):
                    for _ in listener.notifies(timeout=0.05, stop_after=1):
                        pass
                delays.append((time.perf_counter() - began) * 1000)
    finally:
        stop.set()
        bulk.join()
        loops.join()
    row = "commit to position, p99, beside 1,500 acts/s and all loops"
    yield Row.at_most(row, p(delays, 99), "ms", goal=1000)


def _positioned(connection: Any, id_: Any) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM acts_leaf WHERE act_id = %s)", [id_])
        return bool(cursor.fetchone()[0])


def _bulk(stop: threading.Event, per_second: int) -> None:
    from django.db import connection, transaction

    from gongzhi.acts import actions

    while not stop.wait(0.1):
        with transaction.atomic():
            actions.record_many([draft(n) for n in range(per_second // 10)])
    connection.close()


def draft(number: int) -> Any:
    from gongzhi.access.actor import SYSTEM
    from gongzhi.acts.drafts import Draft, Subject
    from gongzhi.acts.erasure import ContentErased
    from gongzhi.kernel import clock, ids

    now = clock.now()
    event = ContentErased(ids.uuid7(now), "some text of ordinary length, about as long as a note")
    return Draft(
        verb="bench.note", subject=Subject("bench.thing", f"n{number}"), by=SYSTEM, at=now, event=event
    )


def timed(work: Any) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def p(values: list[float], percent: int) -> float:
    return statistics.quantiles(values, n=100)[percent - 1]
