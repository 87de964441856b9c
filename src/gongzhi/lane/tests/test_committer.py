"""Group commit: order, poison, outage, bounds, shutdown."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from gongzhi.lane.committer import Committer, Full, Stopping


class Outage(Exception):
    pass


def _committer(commit, **options) -> Committer[int, int]:
    return Committer(commit=commit, is_outage=lambda error: isinstance(error, Outage), **options)


def test_everyone_gets_the_answer_to_their_own_item() -> None:
    async def story() -> list[int]:
        committer = _committer(lambda items: [item * 10 for item in items])
        committer.start()
        results = await asyncio.gather(*(committer.submit(n) for n in range(500)))
        await committer.stop()
        return results

    assert asyncio.run(story()) == [n * 10 for n in range(500)]


def test_what_waits_while_a_commit_runs_goes_into_the_next_one_together() -> None:
    batches: list[int] = []
    entered, gate = threading.Event(), threading.Event()

    def commit(items: Sequence[int]) -> Sequence[int]:
        batches.append(len(items))
        entered.set()
        gate.wait()
        return items

    async def story() -> None:
        committer = _committer(commit, threads=1)
        committer.start()
        first = asyncio.create_task(committer.submit(0))
        await asyncio.to_thread(entered.wait)
        rest = [asyncio.create_task(committer.submit(n)) for n in range(1, 21)]
        await asyncio.sleep(0)
        gate.set()
        await asyncio.gather(first, *rest)
        await committer.stop()

    asyncio.run(story())
    assert batches == [1, 20]


def test_while_one_batch_is_with_the_database_the_next_one_is_got_ready() -> None:
    both = threading.Barrier(2)

    def commit(items: Sequence[int]) -> Sequence[int]:
        both.wait(timeout=10)  # passes only when two batches are on their way at once
        return items

    async def story() -> list[int]:
        committer = _committer(commit, batch_items_max=1)
        committer.start()
        results = await asyncio.gather(*(committer.submit(n) for n in range(10)))
        await committer.stop()
        return results

    assert asyncio.run(story()) == list(range(10))


def test_a_poison_item_is_refused_alone() -> None:
    def commit(items: Sequence[int]) -> Sequence[int]:
        if 13 in items:
            raise ValueError("thirteen")
        return items

    async def story() -> list[object]:
        committer = _committer(commit)
        committer.start()
        results = await asyncio.gather(*(committer.submit(n) for n in range(40)), return_exceptions=True)
        await committer.stop()
        return list(results)

    results = asyncio.run(story())
    assert isinstance(results.pop(13), ValueError)
    assert results == [n for n in range(40) if n != 13]


def test_an_outage_fails_the_batch_once_instead_of_hammering_the_database() -> None:
    calls = 0
    gate = threading.Event()

    def commit(items: Sequence[int]) -> Sequence[int]:
        nonlocal calls
        gate.wait()
        calls += 1
        raise Outage

    async def story() -> list[object]:
        committer = _committer(commit, batch_items_max=50, threads=1)
        committer.start()
        tasks = [asyncio.create_task(committer.submit(n)) for n in range(50)]
        await asyncio.sleep(0)
        gate.set()
        results = await asyncio.gather(*tasks, return_exceptions=True)
        await committer.stop()
        return list(results)

    results = asyncio.run(story())
    assert all(isinstance(result, Outage) for result in results)
    assert calls <= 2


def test_a_full_queue_says_so_and_a_stopping_lane_takes_nothing_but_finishes_what_waits() -> None:
    entered, gate = threading.Event(), threading.Event()

    def commit(items: Sequence[int]) -> Sequence[int]:
        entered.set()
        gate.wait()
        return items

    async def story() -> None:
        committer = _committer(commit, waiting_items_max=1, threads=1)
        committer.start()
        running = asyncio.create_task(committer.submit(1))
        await asyncio.to_thread(entered.wait)
        waiting = asyncio.create_task(committer.submit(2))
        await asyncio.sleep(0)
        with pytest.raises(Full):
            await committer.submit(3)
        stopping = asyncio.create_task(committer.stop())
        await asyncio.sleep(0)
        with pytest.raises(Stopping):
            await committer.submit(4)
        gate.set()
        assert await asyncio.gather(running, waiting) == [1, 2]
        await stopping

    asyncio.run(story())
