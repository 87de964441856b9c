"""One line that counts while long work runs; quiet where nobody is watching."""

import sys
import time
from types import TracebackType
from typing import Self


class Progress:
    """`with Progress("cases") as progress: … progress(done, total)`. On a terminal the line is redrawn, else silent."""

    def __init__(self, what: str) -> None:
        self._what, self._began, self._drawn = what, time.monotonic(), 0.0
        self._watched = sys.stderr.isatty()

    def __call__(self, done: int, total: int = 0) -> None:
        now = time.monotonic()
        if not self._watched or (now - self._drawn < 0.2 and done != total):
            return
        self._drawn = now
        rate = done / max(now - self._began, 1e-9)
        share = f" {done * 100 // total}%" if total else ""
        of = f"/{total}" if total else ""
        print(f"\r{self._what} {done}{of}{share} {rate:.0f}/s\x1b[K", end="", file=sys.stderr, flush=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._watched and self._drawn:
            print(file=sys.stderr)
