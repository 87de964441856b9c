"""What the doctor looks for inside the database: roles, months of act partitions left, next year's holidays."""

from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import psycopg

from gongzhi.cli.database import set_up
from gongzhi.installation import database
from gongzhi.installation import roles as names
from gongzhi.installation.finding import Finding, fine
from gongzhi.installation.home import Home
from gongzhi.kernel import clock

_MONTHS_MIN = 12
_HOLIDAYS_FROM_MONTH = 11


def roles(connection: "psycopg.Connection[Any]", place: Home) -> Iterator[Finding]:
    """The three roles stand, and none of ours is a superuser."""
    found = connection.execute(
        "SELECT rolname, rolsuper FROM pg_roles WHERE rolname = ANY(%s)", [list(names.NAMES.values())]
    ).fetchall()
    if database.url() and not database.has_roles(place):
        yield Finding(
            "warning",
            "database.roles",
            (
                "没有独立的数据库角色",
                "程序缺陷或 SQL 注入可以改写行为记录",
                "给 DATABASE_URL 的用户 CREATEROLE 权限后重新启动",
            ),
            (
                "the weaker database roles are missing",
                "a bug or SQL injection could rewrite acts",
                "give the user CREATEROLE and start again",
            ),
        )
    elif any(superuser for _, superuser in found):
        yield Finding(
            "error",
            "database.superuser",
            ("平台的数据库角色是超级用户", "数据库不再限制任何操作", "执行 ALTER ROLE … NOSUPERUSER"),
            (
                "a role of ours is a superuser",
                "the database refuses it nothing",
                "run ALTER ROLE … NOSUPERUSER",
            ),
        )
    else:
        yield fine("database.roles", "数据库角色分离", "database roles are separate")


def records() -> Iterator[Finding]:
    """Needs a migrated database."""
    set_up("app")
    if find_spec("gongzhi.acts.partitions"):
        months: int = import_module("gongzhi.acts.partitions").months_left(at=clock.now())
        yield from _partitions(months)
    today = clock.in_china(clock.now())
    if today.month >= _HOLIDAYS_FROM_MONTH and find_spec("gongzhi.timetable.queries"):
        holidays = import_module("gongzhi.timetable.queries").holidays(clock.now())
        if today.year + 1 not in holidays.years:
            year = today.year + 1
            yield Finding(
                "warning",
                "holidays.missing",
                (f"{year} 年节假日尚未载入", "跨年期限只能暂定", "国务院公布后载入该年节假日表"),
                (
                    f"the holidays of {year} are not loaded",
                    "deadlines into it are provisional",
                    "load the year once it is published",
                ),
            )


def _partitions(months: int) -> Iterator[Finding]:
    if months >= _MONTHS_MIN:
        yield fine(
            "acts.partitions", f"行为记录分区还可用 {months} 个月", f"act partitions for {months} months"
        )
        return
    yield Finding(
        "error" if months < 1 else "warning",
        "acts.partitions",
        (f"行为记录分区只剩 {months} 个月", "用完后无法再记录任何办理", "升级到新版本，迁移会建立后续分区"),
        (
            f"act partitions for {months} months only",
            "after that nothing can be recorded",
            "upgrade: its migration adds more",
        ),
    )
