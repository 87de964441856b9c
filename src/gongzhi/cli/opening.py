"""Before the first request: the database answers, belongs to this home, and has this code's tables."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import psycopg

import gongzhi
from gongzhi.cli.supervisor import Database
from gongzhi.installation import database, external, handshake, keys, passwords, postmaster
from gongzhi.installation.home import Home
from gongzhi.installation.trouble import Trouble

_PACKAGE = Path(gongzhi.__file__).parent
Say = Callable[[str], None]


def answer(place: Home, embedded: Database | None, say: Say) -> None:
    """Start or reach the database; refuse one the platform cannot work with; make or mend its roles."""
    if embedded is not None:
        embedded.start()
        passwords.settle(embedded.cluster, place, embedded.process)
        postmaster.ready(embedded.cluster, database.conninfo("owner", place), embedded.process)
    external.check(database.conninfo("owner", place))
    if embedded is None and (lost := external.set_up(place, keys.keyring(place))):
        say(lost)


def settle(place: Home, ring: keys.Keyring, *, demo: bool, say: Say, go_on: Callable[[], bool]) -> None:
    """Migrations and demo data in a process of their own, and only when something waits: a warm start skips it."""
    owner = database.conninfo("owner", place)
    with psycopg.connect(owner, autocommit=True) as connection:
        known = handshake.facts(connection)
        handshake.same_keys(known, ring)
        waiting = handshake.waiting(handshake.on_disk(_PACKAGE), handshake.in_database(connection))
        plant = (
            demo and known.get("demo") != gongzhi.__version__ and find_spec("gongzhi.cli.demo") is not None
        )
        if waiting or plant:
            say(
                f"正在准备数据库（{len(waiting)} 项迁移）… · preparing the database ({len(waiting)} migrations)"
            )
            _run_settle(place, ["--demo"] if plant else [], go_on)
            if not go_on():
                return
        facts = {"key_ids": json.dumps(sorted(handshake.key_ids(ring))), "version": gongzhi.__version__}
        handshake.note(connection, facts | ({"demo": gongzhi.__version__} if plant else {}))


def _run_settle(place: Home, flags: list[str], go_on: Callable[[], bool]) -> None:
    log = place.log / "settle.log"
    with open(os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as errors:
        command = [sys.executable, "-m", "gongzhi.cli.main", "settle", *flags]
        process = subprocess.Popen(command, stderr=errors)
        stopped = False
        while process.poll() is None:
            if not go_on():
                process.kill()  # every migration and the planting are transactions: nothing is left half done
                stopped = True
                process.wait()
        if process.returncode == 0 or stopped:
            return
    words = next(
        (line for line in reversed(log.read_text(errors="replace").splitlines()) if line.strip()), ""
    )
    raise Trouble(
        "settle.failed",
        f"数据库升级没有完成：{words[:300]}（详见 {log}）。数据保持原样；处理后重新启动即可继续。",
        f"Bringing the database up to date failed (see {log}). Nothing is lost; fix it and start again.",
    )
