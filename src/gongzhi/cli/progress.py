"""One line that counts while long work runs: redrawn on a terminal, said now and then in a log."""

import sys
import time
from collections.abc import Collection, Iterator
from types import TracebackType
from typing import Self, TypeVar

T = TypeVar("T")
_DRAWN_SECONDS = 0.2
_LOGGED_SECONDS = 10.0


class Progress:
    """`with Progress("cases") as progress: … progress(done, total)`. Interrupted, it says how far it came."""

    def __init__(self, what: str) -> None:
        self._what, self._began = what, time.monotonic()
        self._watched = sys.stderr.isatty()
        self._said = self._began if not self._watched else 0.0
        self._done = self._total = 0

    def __call__(self, done: int, total: int = 0) -> None:
        self._done, self._total = done, total
        now = time.monotonic()
        if now - self._said < (_DRAWN_SECONDS if self._watched else _LOGGED_SECONDS) and not (
            self._watched and done == total
        ):
            return
        self._said = now
        if self._watched:
            print(f"\r{self._line(now)}\x1b[K", end="", file=sys.stderr, flush=True)
        else:
            print(self._line(now), file=sys.stderr, flush=True)

    def over(self, rows: Collection[T]) -> Iterator[T]:
        """The rows themselves, counted as they are taken."""
        for number, row in enumerate(rows, start=1):
            yield row
            self(number, len(rows))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._watched and self._done:
            print(file=sys.stderr)
        if kind is KeyboardInterrupt:
            print(
                f"{self._line(time.monotonic())}\n再次执行同一命令即可接着做，不会重复。\n"
                "Run the same command again: it goes on, and nothing is done twice.",
                file=sys.stderr,
            )

    def _line(self, now: float) -> str:
        rate = self._done / max(now - self._began, 1e-9)
        share = f" {self._done * 100 // self._total}%" if self._total else ""
        of = f"/{self._total}" if self._total else ""
        return f"{self._what} {self._done}{of}{share} {rate:.0f}/s"
