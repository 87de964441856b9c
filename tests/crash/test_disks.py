"""A disk that runs full while people work: refused in plain words, and all well again once there is room."""

import contextlib
import http.client
import json
import os
import secrets
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from gongzhi.installation import database, keys
from gongzhi.installation.home import Home
from tests.crash import judging
from tests.crash.platform import Platform, running
from tests.crash.test_kills import ISSUE

pytestmark = [
    pytest.mark.embedded,
    pytest.mark.slow,
    pytest.mark.skipif(os.geteuid() != 0, reason="needs to mount a small disk"),
]
DISK_MEGABYTES = 600
# The database itself may stop and recover: then it is away, not full.
SAID = {"web.disk_full", "web.database_away", "lane.database_away"}
LONG = "路灯不亮，" * 380  # a page of the database fills quickly


@dataclass(frozen=True)
class Answer:
    status: int
    retry_after: str | None
    type: str
    body: dict[str, Any]


@pytest.fixture(scope="module")
def disk() -> Iterator[Path]:
    """A small disk of its own."""
    folder = Path(tempfile.mkdtemp(prefix="gz-", dir="/tmp"))
    folder.chmod(0o711)
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={DISK_MEGABYTES}m,mode=0711", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        folder.rmdir()
        pytest.skip("may not mount here")
    try:
        yield folder
    finally:
        for _ in range(50):
            if subprocess.run(["umount", str(folder)], capture_output=True, check=False).returncode == 0:
                break
            time.sleep(0.1)
        folder.rmdir()


@pytest.fixture(scope="module")
def platform(disk: Path) -> Iterator[Platform]:
    with pytest.MonkeyPatch.context() as patch:
        patch.delenv("DATABASE_URL", raising=False)
        with running(disk, demo=False) as made:
            yield made
        keys.forget()


@pytest.fixture(scope="module")
def token(platform: Platform) -> str:
    account = f"""
import os
os.environ["GONGZHI_PASSWORD"] = {secrets.token_urlsafe(20)!r}
from gongzhi.cli.main import main
assert main(["accounts", "create", "collector", "--role", "integrator"]) == 0
"""
    return judging.python(platform.home, account + ISSUE).strip().splitlines()[-1]


def report(platform: Platform, token: str, path: str, text: str = "路灯不亮") -> Answer:
    connection = http.client.HTTPConnection("127.0.0.1", platform.port, timeout=60)
    try:
        body = json.dumps({"text": text, "address": "桃源路"}).encode()
        headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        content = answer.read()
    except (OSError, http.client.HTTPException):
        return Answer(0, None, "", {})
    finally:
        connection.close()
    parsed = json.loads(content) if content else {}
    return Answer(answer.status, answer.headers["Retry-After"], answer.headers["Content-Type"] or "", parsed)


def fill(disk: Path, *, leave_bytes: int = 0) -> Path:
    """Take all room but a little."""
    ballast = disk / "ballast"
    with ballast.open("ab") as stream:
        for piece in (1 << 20, 1 << 12):
            with contextlib.suppress(OSError):
                while os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize > leave_bytes:
                    stream.write(b"\0" * piece)
                    stream.flush()
    return ballast


@pytest.mark.parametrize("path", ["/lane/reports", "/api/v1/reports"])
def test_a_full_disk_is_said_and_over_when_there_is_room(
    platform: Platform, disk: Path, token: str, path: str
) -> None:
    assert report(platform, token, path).status == 201
    acknowledged: list[str] = []
    refused: list[Answer] = []
    ballast = fill(disk)
    end = time.monotonic() + 60
    try:
        while len(refused) < 8 and time.monotonic() < end:
            answer = report(platform, token, path, LONG)
            if answer.status == 201:
                acknowledged.append(answer.body["number"])
            elif answer.status:
                refused.append(answer)
                time.sleep(0.2)
    finally:
        ballast.unlink()
    print(len(acknowledged), "fitted;", Counter(answer.body.get("code") for answer in refused))
    assert refused
    for answer in refused:
        assert answer.status == 503, answer
        assert answer.retry_after, answer
        assert answer.type.startswith("application/problem+json"), answer
        assert answer.body["code"] in SAID, answer
    platform.until(platform.ready)
    platform.until(lambda: report(platform, token, path).status == 201)
    keys.forget()
    with psycopg.connect(database.conninfo("owner", Home(platform.home))) as connection:
        there = connection.execute(
            "SELECT count(*) FROM matters_matter WHERE number = ANY(%s)", [acknowledged]
        ).fetchone()
    assert there == (len(acknowledged),)  # nothing acknowledged was lost


def test_a_start_without_room_says_so(platform: Platform, disk: Path) -> None:
    """Last: the platform of this module is down afterwards."""
    platform.down()
    ballast = fill(disk, leave_bytes=1_000_000)
    try:
        done = subprocess.run(
            platform.process.args,
            env=_environment(platform),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    finally:
        ballast.unlink()
    words = done.stdout + done.stderr
    assert done.returncode == 1, words
    assert "Traceback" not in words
    assert "磁盘已满" in words
    assert "disk is full" in words


def _environment(platform: Platform) -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("GONGZHI_", "DATABASE_", "DJANGO_"))}
    return {**kept, "GONGZHI_HOME": str(platform.home)}
