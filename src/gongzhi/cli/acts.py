"""`gongzhi acts health|fsck|retry|months|erase`: looking after the record of acts."""

import argparse
from uuid import UUID

from gongzhi.cli.database import django
from gongzhi.cli.saying import trouble
from gongzhi.installation.trouble import Trouble
from gongzhi.kernel import clock
from gongzhi.kernel.refusals import Refusal


def configure(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    verbs.add_parser("health", help="各循环进度 · how far the loops are")
    fsck = verbs.add_parser("fsck", help="检查证据是否完整 · does the evidence hold together")
    fsck.add_argument("--quick", action="store_true", help="不重算摘要 · do not recompute digests")
    verbs.add_parser("retry", help="重试死信 · retry all dead letters now")
    months = verbs.add_parser("months", help="预建分区 · make more monthly partitions")
    months.add_argument("count", type=int)
    erase = verbs.add_parser("erase", help="依法清除一条记录的内容 · erase the content of an act")
    erase.add_argument("act", type=UUID)
    erase.add_argument("--ground", required=True, help="法律依据代码 · code of the legal ground (pipl.47)")


def run(options: argparse.Namespace) -> int:
    role = {"months": "owner", "erase": "eraser"}.get(options.verb, "app")
    verbs = {"health": _health, "fsck": _fsck, "retry": _retry, "months": _months, "erase": _erase}
    with django(role):
        from django.db import ProgrammingError

        try:
            return verbs[options.verb](options)
        except Refusal as refusal:
            raise trouble(refusal) from refusal
        except ProgrammingError as error:
            reason = str(error).splitlines()[0]
            raise Trouble(
                "acts.tables",
                f"数据库尚未就绪（{reason}）。请先执行 gongzhi up。",
                f"The database is not ready ({reason}). Run gongzhi up first.",
            ) from error


def _health(options: argparse.Namespace) -> int:
    from gongzhi.acts.partitions import months_left
    from gongzhi.acts.queries import health
    from gongzhi.acts.sealer import sealed_size

    found = health()
    print(f"位置 · head              {found.head}")
    print(f"已封存 · sealed          {sealed_size() - 1}")
    print(f"待编号 · pending         {found.pending} ({found.oldest_pending_seconds:.1f} s)")
    print(f"死信 · dead letters      {found.dead_letters}")
    print(f"剩余月份 · months left   {months_left(clock.now())}")
    for name, behind in found.reactions_behind.items():
        print(f"{name:<24} -{behind}")
    return 0


def _fsck(options: argparse.Namespace) -> int:
    from gongzhi.acts import fsck

    wrong = 0
    for finding in fsck.check(seals=not options.quick):
        wrong += 1
        print(f"✗ {finding.kind}: {finding.what}")
    print(f"{'✗' if wrong else '✓'} {wrong} 处问题 · findings")
    return 1 if wrong else 0


def _retry(options: argparse.Namespace) -> int:
    from gongzhi.acts.models import DeadLetter
    from gongzhi.acts.reacting import retry

    letters = list(DeadLetter.objects.filter(settled_at__isnull=True).order_by("id"))
    settled = sum(retry(letter, at=clock.now()) for letter in letters)
    print(f"{settled} / {len(letters)} 已解决 · settled")
    return 0 if settled == len(letters) else 1


def _months(options: argparse.Namespace) -> int:
    from gongzhi.acts.partitions import add_months, last_month

    made = add_months(options.count)
    year, month = last_month()
    print(f"+{made} → {year}-{month:02}")
    return 0


def _erase(options: argparse.Namespace) -> int:
    from gongzhi.access.actor import SYSTEM
    from gongzhi.acts.erasure import erase

    erase(act_id=options.act, by=SYSTEM, at=clock.now(), ground=options.ground)
    print(f"✓ {options.act}")
    return 0
