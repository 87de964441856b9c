"""`gongzhi doctor`: what is wrong with this installation, why it matters and what to do. Changes nothing."""

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

import psycopg

import gongzhi
from gongzhi.cli import examination
from gongzhi.installation import (
    checkup,
    cluster,
    database,
    external,
    handshake,
    instance,
    keys,
    postgres,
    release,
)
from gongzhi.installation.finding import Finding, fine, from_trouble
from gongzhi.installation.home import Home, home
from gongzhi.installation.trouble import Trouble
from gongzhi.kernel import clock
from gongzhi.notices import adapters

_PACKAGE = Path(gongzhi.__file__).parent
_MARKS = {"ok": "✓", "warning": "!", "error": "✗"}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    parser.add_argument("--bind", default=os.environ.get("GONGZHI_BIND", "127.0.0.1"))


def run(options: argparse.Namespace) -> int:
    """0 when nothing keeps the platform from working (warnings allowed), else 1."""
    place = home()
    findings = list(_machine(place, bind=options.bind, port=options.port))
    findings += _database(place)
    for finding in findings:
        print(described(finding))
    errors = sum(finding.level == "error" for finding in findings)
    warnings = sum(finding.level == "warning" for finding in findings)
    print(f"\n{errors} 个错误，{warnings} 个提醒 · {errors} errors, {warnings} warnings")
    return 1 if errors else 0


def described(finding: Finding) -> str:
    """Chinese first, English below; reasons and advice only where something is wrong."""
    mark = _MARKS[finding.level]
    if finding.level == "ok":
        return f"{mark} {finding.zh[0]} · {finding.en[0]}"
    chinese = "。".join(part for part in finding.zh if part)
    english = ". ".join(part for part in finding.en if part)
    return f"{mark} {chinese}\n  {english} [{finding.code}]"


def _machine(place: Home, *, bind: str, port: int) -> Iterator[Finding]:
    yield from release.versions()
    yield from checkup.rights(place)
    yield from checkup.disk(place)
    yield from checkup.clock(clock.now())
    yield from checkup.secrets(place)
    yield from checkup.port(place, bind=bind, number=port)
    yield from release.built(_PACKAGE)
    yield from adapters.findings()


def _database(place: Home) -> list[Finding]:
    """Looks into the database, starting the embedded one for the look if it is not running."""
    if not database.url() and not cluster.cluster(place).exists:
        return [fine("database", "还没有数据库，首次启动时创建", "no database yet; the first start makes it")]
    try:
        owner = database.conninfo("owner", place)
        if database.url():
            external.check(owner)
            return list(_inside(place, owner))
        with postgres.running(cluster.cluster(place), owner):
            external.check(owner)
            return list(_inside(place, owner))
    except Trouble as trouble:
        return [from_trouble(trouble)]


def _inside(place: Home, owner: str) -> Iterator[Finding]:
    with psycopg.connect(owner, autocommit=True) as connection:
        version = connection.info.server_version
        yield fine(
            "database", f"PostgreSQL {version // 10000} 可用", f"PostgreSQL {version // 10000} answers"
        )
        known = handshake.facts(connection)
        handshake.same_keys(known, keys.keyring(place))
        waiting = handshake.waiting(handshake.on_disk(_PACKAGE), handshake.in_database(connection))
        yield from examination.roles(connection, place)
    if waiting:
        running = instance.running_at(place) is not None
        yield Finding(
            "error" if running else "warning",
            "database.waiting",
            (
                f"有 {len(waiting)} 项数据库迁移未执行",
                "程序与数据库版本不一致",
                "重新启动平台，迁移会自动执行",
            ),
            (
                f"{len(waiting)} migrations wait",
                "code and database differ",
                "start the platform again: it migrates",
            ),
        )
        return
    yield from examination.records()
