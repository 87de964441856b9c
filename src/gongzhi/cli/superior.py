"""`gongzhi superior …`: connect a platform above us, take its files in, send what waits for it."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from gongzhi.cli import rejecting
from gongzhi.cli.database import django
from gongzhi.installation.trouble import Trouble
from gongzhi.kernel import clock

SKEW_SECONDS_MAX = 60

if TYPE_CHECKING:
    from gongzhi.superiors.models import Superior


def configure(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="add|list|receive|read|send|end")
    add = verbs.add_parser("add", help="接入或更新上级平台 · connect a superior, or renew its mapping")
    add.add_argument("mapping", type=Path, help="映射（YAML）· docs/superiors.md")
    add.add_argument("--url", default="", help="接口地址 · address of its interface")
    add.add_argument(
        "--secret-file",
        type=Path,
        help="密钥所在文件 · file with its secret",
    )
    verbs.add_parser("list", help="列出 · what is connected, and how it goes")
    receive = verbs.add_parser("receive", help="接收文件 · take one of its files in")
    receive.add_argument("code")
    receive.add_argument("file", type=Path)
    rejecting.configure(receive)
    for verb, words in (
        ("read", "现在就读取 · read its feed or folder now"),
        ("send", "现在就发送 · send what waits for it now"),
        ("end", "停用 · end the connection, keep what was exchanged"),
    ):
        verbs.add_parser(verb, help=words).add_argument("code")


def run(options: argparse.Namespace) -> int:
    """0 done; 1 some rows were rejected, or some messages could not be sent."""
    with django("app"):
        from gongzhi.cli import saying
        from gongzhi.kernel.refusals import Refusal

        try:
            return _VERBS[options.verb](options)
        except Refusal as refusal:
            raise saying.trouble(refusal) from refusal


def _add(options: argparse.Namespace) -> int:
    from gongzhi.access.actor import SYSTEM
    from gongzhi.superiors import actions

    mapping = _existing(options.mapping).read_text(encoding="utf-8")
    file = options.secret_file
    secret = _existing(file).read_text(encoding="utf-8") if file else ""
    made = actions.add(mapping=mapping, url=options.url, secret=secret.strip(), by=SYSTEM, at=clock.now())
    print(f"已接入 {made.titles['zh']}（{made.code}）· connected {made.titles['en']}")
    if made.transport == "folder":
        from gongzhi.superiors.adapters.folder.places import IN, OUT, place

        print(f"来件 · in: {place(made.code, IN)}\n回件 · out: {place(made.code, OUT)}")
    return 0


def _list(options: argparse.Namespace) -> int:
    from gongzhi.access.actor import SYSTEM
    from gongzhi.superiors import queries

    for row in queries.superiors(visible_to=SYSTEM):
        print(
            f"{row.code}\t{row.titles.zh}\t{row.transport}\t"
            f"来件 {row.orders} · 待发 {row.queued} · 失败 {row.failed} · 未采纳 {row.refused}\t{row.trouble}"
            f"{_skewed(row.skew_seconds)}"
        )
    return 0


def _skewed(seconds: int | None) -> str:
    """Said where the two clocks differ enough to make a deadline look wrong."""
    if seconds is None or abs(seconds) < SKEW_SECONDS_MAX:
        return ""
    return f"时钟相差 {seconds} 秒 · its clock is {seconds:+} s from ours"


def _receive(options: argparse.Namespace) -> int:
    from gongzhi.access.actor import SYSTEM
    from gongzhi.superiors import files

    path = _existing(options.file)
    rejects = options.rejects or path.with_name(f"{path.name}.rejects.csv")
    with rejecting.spoken(options):
        done = files.receive_file(
            superior=_named(options.code), path=path, rejects=rejects, by=SYSTEM, at=clock.now()
        )
    print(
        f"共 {done.rows}：采纳 {done.taken}，已有 {done.present}，拒收 {done.rejected}\n"
        f"{done.rows} in all: {done.taken} taken, {done.present} known already, {done.rejected} rejected"
    )
    if done.rejects:
        print(f"拒收清单 · rejects: {done.rejects}")
    return 1 if done.rejected else 0


def _read(options: argparse.Namespace) -> int:
    from gongzhi.superiors import polling
    from gongzhi.superiors.models import Superior

    superior = _named(options.code)
    rows = polling.read(superior=superior, at=clock.now())
    trouble = Superior.objects.get(id=superior.id).trouble
    print(f"读取 {rows} 条 · {rows} rows read" + (f"\n{trouble}" if trouble else ""))
    return 1 if trouble else 0


def _send(options: argparse.Namespace) -> int:
    from gongzhi.superiors import sending

    superior, at = _named(options.code), clock.now()
    tried = sending.send_due(at=at, superior=superior)
    left = superior.messages.filter(outgoing=True, state__in=("queued", "failed")).count()
    print(f"发送 {tried - left if tried > left else 0} 条，未送达 {left} 条 · {left} not delivered")
    return 1 if left else 0


def _end(options: argparse.Namespace) -> int:
    from gongzhi.access.actor import SYSTEM
    from gongzhi.superiors import actions

    actions.end(code=options.code, by=SYSTEM, at=clock.now())
    print("已停用 · ended")
    return 0


def _named(code: str) -> "Superior":
    from gongzhi.kernel.refusals import NotFound
    from gongzhi.superiors.models import Superior

    found = Superior.objects.filter(code=code[:40], ended_at=None).first()
    if found is None:
        raise NotFound("superiors.unknown", "没有接入这个上级平台。")
    return found


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise Trouble("file.missing", f"找不到文件 {path}。", f"No such file: {path}.")
    return path


_VERBS = {
    "add": _add,
    "list": _list,
    "receive": _receive,
    "read": _read,
    "send": _send,
    "end": _end,
}
