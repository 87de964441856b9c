"""Group commit: many waiting requests, one transaction, one answer each.

A batch is whatever waits when a thread is free, so an idle lane commits alone and a busy one commits together. Two
threads: while the database works on one batch the next is got ready.
A poison item must not sink the others: when a batch fails for a reason that is not the database being away, it is
halved until the guilty item stands alone and only that one is refused.
"""

import asyncio
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Full(Exception):
    """Too much waits already; answer 503 with Retry-After."""


class Stopping(Exception):
    """The lane is shutting down and takes nothing new."""


@dataclass(frozen=True, slots=True)
class _Waiting(Generic[Item, Result]):
    item: Item
    answer: asyncio.Future[Result]
    loop: asyncio.AbstractEventLoop


class Committer(Generic[Item, Result]):
    """commit:    takes a list of items, commits them in one transaction, returns their results in the same order
    is_outage: tells an outage (whole batch fails, nobody retried) from a poison item
    """

    def __init__(
        self,
        *,
        commit: Callable[[Sequence[Item]], Sequence[Result]],
        is_outage: Callable[[BaseException], bool],
        batch_items_max: int = 128,
        waiting_items_max: int = 2_000,
        threads: int = 2,
    ) -> None:
        self._commit, self._is_outage, self._batch_items_max = commit, is_outage, batch_items_max
        self._waiting: queue.Queue[_Waiting[Item, Result] | None] = queue.Queue(waiting_items_max)
        self._stopping = False
        self._threads = [
            threading.Thread(target=self._run, name=f"lane-committer-{number}", daemon=True)
            for number in range(threads)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    async def stop(self) -> None:
        """Take nothing new, commit what waits, then return."""
        self._stopping = True
        for _ in self._threads:
            await asyncio.to_thread(self._waiting.put, None)
        for thread in self._threads:
            await asyncio.to_thread(thread.join)

    async def submit(self, item: Item) -> Result:
        """The item's own result, after the commit that made it durable. Raises Full, Stopping or the item's error."""
        if self._stopping:
            raise Stopping
        loop = asyncio.get_running_loop()
        waiting: _Waiting[Item, Result] = _Waiting(item, loop.create_future(), loop)
        try:
            self._waiting.put_nowait(waiting)
        except queue.Full:
            raise Full from None
        return await waiting.answer

    def _run(self) -> None:
        running = True
        while running:
            batch: list[_Waiting[Item, Result]] = []
            first = self._waiting.get()
            running = first is not None
            if first is not None:
                batch.append(first)
            while running and len(batch) < self._batch_items_max:
                try:
                    following = self._waiting.get_nowait()
                except queue.Empty:
                    break
                running = following is not None
                if following is not None:
                    batch.append(following)
            if batch:
                self._settle(batch)

    def _settle(self, batch: list[_Waiting[Item, Result]]) -> None:
        try:
            results = self._commit([waiting.item for waiting in batch])
        except Exception as error:
            if len(batch) > 1 and not self._is_outage(error):
                middle = len(batch) // 2
                self._settle(batch[:middle])
                self._settle(batch[middle:])
                return
            _deliver_error(batch, error)
            return
        if len(results) != len(batch):
            _deliver_error(batch, RuntimeError(f"{len(results)} results for {len(batch)} items"))
            return
        _deliver(batch, results)


def _deliver(batch: Sequence[_Waiting[Item, Result]], results: Sequence[Result]) -> None:
    def settle() -> None:
        for waiting, result in zip(batch, results, strict=True):
            if not waiting.answer.done():
                waiting.answer.set_result(result)

    batch[0].loop.call_soon_threadsafe(settle)


def _deliver_error(batch: Sequence[_Waiting[Item, Result]], error: Exception) -> None:
    def settle() -> None:
        for waiting in batch:
            if not waiting.answer.done():
                waiting.answer.set_exception(error)

    batch[0].loop.call_soon_threadsafe(settle)
