"""`gongzhi report ontime --as-of DATE`: how far our judgement agrees with that of the system cases came from."""

import argparse
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from gongzhi.cli.database import django
from gongzhi.installation.trouble import Trouble


def configure(parser: argparse.ArgumentParser) -> None:
    reports = parser.add_subparsers(dest="report", required=True, metavar="REPORT")
    ontime = reports.add_parser(
        "ontime", help="按时办结，与来源系统的判断对照 · on time, against the source's word"
    )
    ontime.add_argument(
        "--as-of", required=True, help="统计时刻 · 2016-01-12, 2016-01-12T22:23, with --zone or an offset"
    )
    ontime.add_argument("--source", help="来源（映射文件中的 source）· default: the only one there is")
    ontime.add_argument("--zone", default="Asia/Shanghai", help="时区 · time zone of --as-of")
    ontime.add_argument("--list", type=int, default=20, metavar="N", help="列出几条不一致 · how many to list")


def run(options: argparse.Namespace) -> int:
    as_of = instant(options.as_of, options.zone)
    with django("app"):
        from gongzhi.access.actor import SYSTEM
        from gongzhi.indicators.ontime import on_time

        source = options.source or _only_source()
        report = on_time(
            source=source, as_of=as_of, visible_to=SYSTEM, disagreements_max=max(options.list, 0)
        )
    for line in lines(source, report, ZoneInfo(options.zone)):
        print(line)
    return 0


def instant(text: str, zone: str) -> datetime:
    """A day means its end. Raises Trouble."""
    try:
        found = datetime.fromisoformat(text)
        if len(text) == 10:
            found = found.replace(hour=23, minute=59, second=59)
        return (found if found.tzinfo else found.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
    except (ValueError, ZoneInfoNotFoundError):
        raise Trouble(
            "report.as_of",
            f"时刻“{text}”或时区“{zone}”无法识别，应写成 2016-01-12T22:23。",
            f"Cannot read the date {text!r} or the zone {zone!r}: write 2016-01-12T22:23.",
        ) from None


def lines(source: str, report: Any, zone: ZoneInfo) -> list[str]:
    """The report in words, both languages."""
    from gongzhi.indicators.ontime import REASONS

    share = "—" if report.agreement is None else f"{report.agreement:.4%}"
    differing = report.judged - report.agreed
    found = [
        f"{source}，截至 · as of {report.as_of.astimezone(zone):%Y-%m-%d %H:%M %Z}",
        f"诉求 {report.cases}，有时限和来源判断的 {report.judged}，其中按时 {report.on_time} · "
        f"{report.cases} cases, {report.judged} with target and status, {report.on_time} of them on time",
        f"无时限 {report.without_target}，有时限无判断 {report.without_status} · "
        f"{report.without_target} without target, {report.without_status} with a target and no status",
        f"与来源一致 · agreement with the source: {report.agreed}/{report.judged} = {share}",
    ]
    for one in report.disagreements:
        chinese, english = REASONS[one.reason]
        closed = one.closed_at.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S") if one.closed_at else "—"
        found.append(
            f"  {one.external_id} ({one.number}) 时限 due {one.due_at.astimezone(zone):%Y-%m-%d %H:%M:%S}"
            f" 办结 closed {closed}：{chinese} · {english}"
        )
    if differing > len(report.disagreements):
        found.append(f"  … 共 {differing} 条不一致 · {differing} disagreements in all")
    return found


def _only_source() -> str:
    from gongzhi.intake.models import ImportRun

    sources = list(ImportRun.objects.order_by("source").values_list("source", flat=True).distinct())
    if len(sources) == 1:
        return str(sources[0])
    known = "、".join(sources) or "—"
    raise Trouble(
        "report.source",
        f"请用 --source 指明来源，已导入的有：{known}。",
        f"Say which source with --source. Imported so far: {known}.",
    )
