"""`gongzhi subordinate …`: units below us that work in an installation of their own, and their keys."""

import argparse
import os
from pathlib import Path

from gongzhi.cli.database import django
from gongzhi.installation.trouble import Trouble
from gongzhi.kernel import clock


def configure(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="add|list|end")
    add = verbs.add_parser(
        "add", help="接入或换发密钥 · connect the installation of a unit, or give it a new key"
    )
    add.add_argument("organisation", help="机构代码 · code of the organisation")
    add.add_argument(
        "--secret-file", type=Path, required=True, help="密钥写入的新文件 · new file its key is written to"
    )
    add.add_argument("--days", type=int, default=365, help="密钥有效天数 · how long the key lives")
    verbs.add_parser("list", help="列出 · who is connected, and when it called last")
    end = verbs.add_parser("end", help="停用 · its key is dead at once")
    end.add_argument("organisation")


def run(options: argparse.Namespace) -> int:
    """0: done."""
    with django("app"):
        from gongzhi.cli import saying
        from gongzhi.kernel.refusals import Refusal

        try:
            return _VERBS[options.verb](options)
        except Refusal as refusal:
            raise saying.trouble(refusal) from refusal


def _add(options: argparse.Namespace) -> int:
    from gongzhi.access.actor import SYSTEM
    from gongzhi.superiors import subordinates

    file = _new(options.secret_file)
    try:
        with os.fdopen(file, "w", encoding="utf-8") as out:
            made = subordinates.add(
                organisation=options.organisation, days=options.days, by=SYSTEM, at=clock.now()
            )
            out.write(made.secret + "\n")
    except BaseException:
        options.secret_file.unlink(missing_ok=True)
        raise
    name = made.subordinate.organisation.name
    print(f"已接入 {name}，密钥在 {options.secret_file} · connected, its key is in that file")
    return 0


def _list(options: argparse.Namespace) -> int:
    from gongzhi.access.actor import SYSTEM
    from gongzhi.superiors import queries

    for row in queries.subordinates(visible_to=SYSTEM):
        called = f"{row.heard_at:%Y-%m-%d %H:%M}Z" if row.heard_at else "—"
        print(
            f"{row.organisation}\t{row.name}\t往来 {row.matters}\t最近 {called}\t"
            f"密钥至 {row.expires_at:%Y-%m-%d}Z"
        )
    return 0


def _end(options: argparse.Namespace) -> int:
    from gongzhi.access.actor import SYSTEM
    from gongzhi.superiors import subordinates

    subordinates.end(organisation=options.organisation, by=SYSTEM, at=clock.now())
    print("已停用 · ended")
    return 0


def _new(path: Path) -> int:
    """A file nobody else reads; an existing one is not written over."""
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise Trouble(
            "file.not_new",
            f"无法新建文件 {path}：{error.strerror}。",
            f"{path} cannot be made: {error.strerror}.",
        ) from error


_VERBS = {"add": _add, "list": _list, "end": _end}
