"""`gongzhi import cases FILE --mapping FILE.yaml`: the past of another system, replayed once."""

import argparse
from pathlib import Path

from gongzhi.cli import rejecting
from gongzhi.cli.database import django
from gongzhi.cli.progress import Progress
from gongzhi.installation.trouble import Trouble
from gongzhi.kernel import clock


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="CSV、CSV.GZ、XLSX、JSONL")
    parser.add_argument(
        "--mapping",
        type=Path,
        required=True,
        help="列映射（YAML）· what the columns mean (docs/importing.md)",
    )
    rejecting.configure(parser)


def run(options: argparse.Namespace) -> int:
    """0: every row is in; 1: some rows were rejected (they stand in the reject file). Interrupted: run it again."""
    for file in (options.file, options.mapping):
        if not file.is_file():
            raise Trouble("file.missing", f"找不到文件 {file}。", f"No such file: {file}.")
    rejects = options.rejects or options.file.with_name(f"{options.file.name}.rejects.csv")
    with django("app"):
        from gongzhi.access.actor import SYSTEM
        from gongzhi.cli import saying
        from gongzhi.intake.imports.mapping import read_mapping
        from gongzhi.intake.imports.runs import import_cases
        from gongzhi.kernel.refusals import Refusal

        try:
            mapping = read_mapping(options.mapping.read_text(encoding="utf-8"))
            with rejecting.spoken(options), Progress("诉求 · cases") as progress:
                done = import_cases(
                    options.file,
                    mapping=mapping,
                    rejects=rejects,
                    by=SYSTEM,
                    at=clock.now(),
                    progress=progress,
                )
        except Refusal as refusal:
            raise saying.trouble(refusal) from refusal
    if done.resumed_at_row > 1:
        print(f"从第 {done.resumed_at_row} 行接着上次中断处导入 · went on from row {done.resumed_at_row}")
    made = "、".join(f"{name} {count}" for name, count in sorted(done.made.items()))
    if made:
        print(f"新登记 · registered: {made}")
    print(
        f"共 {done.rows}：新增 {done.opened}，已有 {done.present}，拒收 {done.rejected}\n"
        f"{done.rows} in all: {done.opened} new, {done.present} here before, {done.rejected} rejected"
    )
    if done.rejected:
        print(f"拒收清单 · rejects: {rejects}")
    return 1 if done.rejected else 0
