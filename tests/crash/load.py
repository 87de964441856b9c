"""Callers who never give up: each repeats a request with its key until somebody says it was stored, and remembers."""

import http.client
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field

_PAUSE_SECONDS = 0.03


@dataclass
class History:
    """acknowledged: key → number, as first answered · differing: keys answered with another number later
    · statuses: how often each status was seen · silent: 503s that did not say when to come back."""

    acknowledged: dict[str, str] = field(default_factory=dict)
    differing: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    silent: int = 0
    strange: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, key: str, status: int, retry_after: str | None, content: bytes) -> bool:
        """True when the caller is done with this key."""
        with self.lock:
            self.statuses[status] += 1
            if status == 503:
                self.silent += retry_after is None
                return False
            if status in (200, 201):
                number = json.loads(content)["number"]
                if self.acknowledged.setdefault(key, number) != number:
                    self.differing.append(key)
                return True
            if status != 409:  # 409: the same key is being worked on just now
                self.strange.append(f"{status} {content[:200]!r}")
            return False


class Caller(threading.Thread):
    """Reports through the lane and through the API in turns, under one token; every fifth answer is asked for again."""

    def __init__(self, *, name: str, port: int, token: str, history: History, stop: threading.Event) -> None:
        super().__init__(name=name, daemon=True)
        self._port, self._history, self._halt = port, history, stop
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def run(self) -> None:
        n = 0
        while not self._halt.is_set():
            n += 1
            key = f"{self.name}-{n}"
            path = "/lane/reports" if n % 2 else "/api/v1/reports"
            self._until_done(path, key)
            if n % 5 == 0:
                self._until_done(path, key)

    def _until_done(self, path: str, key: str) -> None:
        body = json.dumps({"text": f"路灯不亮 {key}", "address": "桃源路"}).encode()
        while not self._halt.is_set():
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=10)
            try:
                connection.request("POST", path, body, {**self._headers, "Idempotency-Key": key})
                answer = connection.getresponse()
                content = answer.read()
            except (OSError, http.client.HTTPException):
                self._history.statuses[0] += 1
                time.sleep(_PAUSE_SECONDS)
                continue
            finally:
                connection.close()
            if self._history.note(key, answer.status, answer.headers["Retry-After"], content):
                return
            time.sleep(_PAUSE_SECONDS)
