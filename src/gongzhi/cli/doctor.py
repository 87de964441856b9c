"""`gongzhi doctor`: what is wrong with this installation, why it matters and what to do. Changes nothing."""

import argparse
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg

import gongzhi
from gongzhi.cli import examination, following
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
from gongzhi.installation.home import Home, home, not_writable
from gongzhi.installation.trouble import Trouble
from gongzhi.kernel import clock
from gongzhi.notices import adapters

_PACKAGE = Path(gongzhi.__file__).parent
_HOPELESS = {
    "home.read_only",
    "home.full",
    "keys.wrong",
    "keys.lost",
}  # then a look into the database cannot help
_SKEW_SECONDS_MAX = 2.0
_MARKS = {"ok": "✓", "warning": "!", "error": "✗"}


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    parser.add_argument("--bind", default=os.environ.get("GONGZHI_BIND", "127.0.0.1"))
    parser.add_argument(
        "--backup", type=Path, help="备份所在目录，也量它的磁盘 · where backups go: measure that disk, too"
    )


def run(options: argparse.Namespace) -> int:
    """0 when nothing keeps the platform from working (warnings allowed), else 1."""
    place = home()
    findings = list(_machine(place, bind=options.bind, port=options.port, backup=options.backup))
    if not {finding.code for finding in findings if finding.level == "error"} & _HOPELESS:
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


def _machine(place: Home, *, bind: str, port: int, backup: Path | None) -> Iterator[Finding]:
    yield from release.versions()
    yield from checkup.rights(place)
    yield from checkup.disks(place, backup)
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
    except OSError as error:
        return [from_trouble(not_writable(Path(error.filename or place.path), error))]
    except psycopg.OperationalError as error:
        return [_silent(str(error))]


def _silent(reason: str) -> Finding:
    words = reason.strip().splitlines()[-1] if reason.strip() else "—"
    return Finding(
        "error",
        "database.silent",
        (f"数据库没有应答（{words}）", "平台会以 503 拒绝请求", "查看数据库日志；磁盘是否已满，是否正在恢复"),
        (
            f"the database does not answer ({words})",
            "the platform answers 503 meanwhile",
            "look into the database's log: is the disk full, is it recovering",
        ),
    )


def _inside(place: Home, owner: str) -> Iterator[Finding]:
    with psycopg.connect(owner, autocommit=True) as connection:
        version = connection.info.server_version
        yield fine(
            "database", f"PostgreSQL {version // 10000} 可用", f"PostgreSQL {version // 10000} answers"
        )
        yield from _same_time(connection)
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
    yield from following.all_of_it(running=instance.running_at(place) is not None)


def _same_time(connection: "psycopg.Connection[Any]") -> Iterator[Finding]:
    """Acts carry the database's clock beside ours: the two must agree."""
    row = connection.execute("SELECT clock_timestamp()").fetchone()
    skew = abs((row[0] - clock.now()).total_seconds()) if row else 0.0
    if skew > _SKEW_SECONDS_MAX:
        yield Finding(
            "warning",
            "clock.skew",
            (f"数据库与本机时间相差 {skew:.0f} 秒", "期限与记录时间对不上", "两台机器都开启 NTP 对时"),
            (
                f"the database's clock differs by {skew:.0f} s",
                "deadlines and recorded times disagree",
                "switch NTP on at both machines",
            ),
        )
