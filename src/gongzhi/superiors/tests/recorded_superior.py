"""A superior that answers from a recording, over real HTTP: signed feed by cursor, receipts, and faults on demand."""

import contextlib
import json
import os
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from gongzhi.exchange import signing

RECORDED = Path(__file__).parent / "recorded"
SECRET = "a shared secret of thirty-two letters"


@dataclass
class RecordedSuperior:
    """faults: what the next calls get instead of an answer: a status, "slow", "drop" (taken, answer lost) or "forged".

    received: every message by its id, as often as it came; a repetition gets the first receipt.
    """

    feed: list[dict[str, Any]]
    faults: list[int | str] = field(default_factory=list)
    received: list[dict[str, Any]] = field(default_factory=list)
    receipts: dict[str, str] = field(default_factory=dict)
    unsigned: int = 0
    url: str = ""
    stop: threading.Event = field(default_factory=threading.Event)

    def page(self, cursor: str) -> dict[str, Any]:
        names = ["", *(page["next"] for page in self.feed)]
        place = names.index(cursor)
        return self.feed[place] if place < len(self.feed) else {"items": [], "next": cursor}

    def receipt(self, message: dict[str, Any]) -> str:
        self.received.append(message)
        return self.receipts.setdefault(message["id"], f"R-{len(self.receipts) + 1}")


@contextlib.contextmanager
def answering(name: str) -> Iterator[RecordedSuperior]:
    """A server on a free port that outbound calls may reach while it runs."""
    recorded = RecordedSuperior(json.loads((RECORDED / name).read_text(encoding="utf-8"))["feed"])

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            cursor = parse_qs(urlsplit(self.path).query, keep_blank_values=True)["after"][0]
            if self._known(b""):
                self._fault() or self._answer(200, recorded.page(cursor))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if not self._known(body):
                return
            lost = recorded.faults[:1] == ["drop"]
            if lost or not self._fault():
                receipt = recorded.receipt(json.loads(body))
                if lost:
                    recorded.faults.pop(0)
                    self.close_connection = True
                else:
                    self._answer(200, {"receipt": receipt})

        def _known(self, body: bytes) -> bool:
            headers = {name.lower(): value for name, value in self.headers.items()}
            good = signing.verified(
                secret=SECRET.encode(), headers=headers, body=body, now=int(headers["webhook-timestamp"])
            )
            if not good:
                recorded.unsigned += 1
                self._answer(401, {})
            return good

        def _fault(self) -> bool:
            fault = recorded.faults.pop(0) if recorded.faults else 0
            if fault == "slow":
                recorded.stop.wait(5)
                self.close_connection = True
            elif fault == "forged":
                self._answer(200, recorded.page(""), secret="not the secret that was agreed upon")
            elif isinstance(fault, int) and fault:
                self._answer(fault, {"detail": "fault"})
            return bool(fault)

        def _answer(self, status: int, said: dict[str, Any], *, secret: str = SECRET) -> None:
            body = json.dumps(said, ensure_ascii=False).encode()
            stamp = int(self.headers.get("webhook-timestamp", time.time()))
            signed = signing.headers(
                secret=secret.encode(), delivery_id=str(uuid4()), timestamp=stamp, body=body
            )
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **signed}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *words: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    port = server.server_address[1]
    recorded.url = f"http://127.0.0.1:{port}/gateway"
    before = os.environ.get("GONGZHI_OUTBOUND_ALLOW")
    os.environ["GONGZHI_OUTBOUND_ALLOW"] = f"127.0.0.1/32:{port}"
    try:
        yield recorded
    finally:
        recorded.stop.set()
        server.shutdown()
        server.server_close()
        thread.join()
        if before is None:
            os.environ.pop("GONGZHI_OUTBOUND_ALLOW", None)
        else:
            os.environ["GONGZHI_OUTBOUND_ALLOW"] = before
