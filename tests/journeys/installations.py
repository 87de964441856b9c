"""Two installations of ours that know nothing of each other but an address and a key."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

import gongzhi
from gongzhi.installation.home import Home
from gongzhi.installation.tests.places import fresh_home

SECONDS_MAX = 600.0
_SOURCE = Path(gongzhi.__file__).parent.parent
_SHIFTED = """
from datetime import UTC, datetime, timedelta

from gongzhi.kernel import clock

clock.now = lambda: datetime.now(UTC) + timedelta(seconds={seconds})
"""
_KEYS = """
import json, sys
from gongzhi.cli.database import django
with django("app"):
    from gongzhi.access.actor import SYSTEM
    from gongzhi.exchange.token_actions import issue_token
    from gongzhi.kernel import clock
    from gongzhi.parties.models import Account
    keys = {
        account.username: issue_token(account=account, name="journey", days=2, by=SYSTEM, at=clock.now()).secret
        for account in Account.objects.filter(username__in=sys.argv[1:])
    }
    print(json.dumps(keys))
"""


@dataclass
class Installation:
    """A home, a port, and `gongzhi up` in it. ahead_seconds: how far its clock is ahead of the machine's."""

    home: Home
    folder: Path
    ahead_seconds: int = 0
    outbound: str = ""
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    keys: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as probe:
            self.port = int(probe.getsockname()[1])
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.ahead_seconds:
            (self.folder / "sitecustomize.py").write_text(_SHIFTED.format(seconds=self.ahead_seconds))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("GONGZHI_", "DATABASE_", "DJANGO_", "PORT"))
        }
        path = f"{self.folder}{os.pathsep}{_SOURCE}" if self.ahead_seconds else str(_SOURCE)
        own = {"GONGZHI_HOME": str(self.home.path), "PYTHONPATH": path}
        return {**kept, **own, "GONGZHI_OUTBOUND_ALLOW": self.outbound}

    def up(self) -> None:
        words = [sys.executable, "-m", "gongzhi.cli.main", "up", "--no-demo", "--port", str(self.port)]
        with (self.folder / "up.log").open("ab") as log:
            self.process = subprocess.Popen(
                words, env=self.environment, stdout=log, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL
            )

    def ready(self) -> None:
        self.until(lambda: self._status("/readyz") == 200)

    def killed(self) -> None:
        """All of it at once, as when the power goes."""
        assert self.process is not None
        everybody = [*psutil.Process(self.process.pid).children(recursive=True)]
        for one in (psutil.Process(self.process.pid), *everybody):
            with contextlib.suppress(psutil.Error):
                one.kill()
        self.process.wait()
        psutil.wait_procs(everybody, timeout=10)

    def down(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.killed()

    def until(self, condition: Callable[[], Any]) -> Any:
        """What the condition says at last."""
        end = time.monotonic() + SECONDS_MAX
        while not (found := condition()):
            log = self.folder / "up.log"
            assert time.monotonic() < end, log.read_text()[-3000:] if log.exists() else "nothing"
            time.sleep(0.1)
        return found

    def command(self, *words: object, code: int | None = 0) -> str:
        """A command of ours beside the running platform; what it printed. code: None = any."""
        return self._run(["-m", "gongzhi.cli.main", *map(str, words)], code)

    def staff(self, *usernames: str) -> None:
        """Keys for their programs."""
        self.keys |= json.loads(self._run(["-c", _KEYS, *usernames], 0).splitlines()[-1])

    def api(self, who: str, method: str, path: str, content: object = None) -> tuple[int, Any]:
        """One call with that person's key: status and JSON."""
        body = b"" if content is None else json.dumps(content).encode()
        return self.call(method, path, body, self.keys[who])

    def call(self, method: str, path: str, body: bytes, key: str, **headers: str) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", **headers}
        try:
            connection.request(method, f"/api/v1{path}", body or None, sent)
            answer = connection.getresponse()
            content = answer.read()
            return answer.status, json.loads(content) if content else None
        finally:
            connection.close()

    def do(self, who: str, number: str, verb: str, **form: object) -> dict[str, Any]:
        """One verb that must be done."""
        status, said = self.api(who, "POST", f"/matters/{number}/transitions", {"verb": verb, "form": form})
        assert status == 201, said
        return dict(said)

    def case(self, who: str, number: str) -> dict[str, Any]:
        status, said = self.api(who, "GET", f"/matters/{number}")
        assert status == 200, said
        return dict(said)

    def state(self, who: str, number: str) -> str:
        return str(self.case(who, number)["header"]["state"])

    def stands(self, who: str, number: str, state: str) -> None:
        """Until the matter is there."""
        self.until(lambda: self.state(who, number) == state)

    def upload(self, who: str, content: bytes, purpose: str) -> str:
        told = {"name": "photo.jpg", "size_bytes": len(content), "purpose": purpose}
        status, begun = self.api(who, "POST", "/files/uploads", told)
        assert status == 201, begun
        token = {"Upload-Token": begun["token"], "Content-Type": "application/octet-stream"}
        place = f"/files/uploads/{begun['id']}"
        status, said = self.call("PUT", f"{place}/bytes?offset=0", content, self.keys[who], **token)
        assert status == 200, said
        status, kept = self.call("POST", f"{place}/completion", b"", self.keys[who], **token)
        assert status == 201, kept
        return str(kept["id"])

    def _status(self, path: str) -> int:
        assert self.process is not None
        assert self.process.poll() is None, (self.folder / "up.log").read_text()[-3000:]
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            connection.close()

    def _run(self, words: Sequence[str], code: int | None) -> str:
        done = subprocess.run(
            [sys.executable, *words],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=SECONDS_MAX,
            check=False,
        )
        assert code is None or done.returncode == code, done.stdout + done.stderr
        assert "Traceback" not in done.stderr, done.stderr
        return done.stdout


@contextlib.contextmanager
def installation(folder: Path, **more: Any) -> Iterator[Installation]:
    """Not started yet; whatever of it still runs at the end is ended."""
    with fresh_home() as home:
        made = Installation(home, folder, **more)
        try:
            yield made
        finally:
            made.down()
            for process in psutil.process_iter():
                with contextlib.suppress(psutil.Error):
                    if process.environ().get("GONGZHI_HOME") == str(home.path):
                        process.kill()
