"""`gongzhi import catalogue [PATH …]`: publish procedures and load the category tree, all checked before anything is."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from gongzhi.cli.database import django
from gongzhi.cli.saying import said
from gongzhi.cli.sheet import decoded
from gongzhi.installation.trouble import Trouble

if TYPE_CHECKING:
    from gongzhi.catalogue.actions import Loaded


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        help="YAML 文件或文件夹；不写则载入自带的目录 · files or folders; none: what the product ships",
    )
    parser.add_argument("--check", action="store_true", help="只检查，不载入 · check only")


def run(options: argparse.Namespace) -> int:
    """0 when everything was loaded, 1 when any file has problems (then nothing is)."""
    with django():
        from gongzhi.catalogue import shipped

        return _load(list(_files(options.paths or [shipped.FOLDER])), check_only=options.check)


def _files(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if not path.exists():
            raise Trouble("file.missing", f"找不到文件 {path}。", f"No such file: {path}.")
        yield from _below(path) if path.is_dir() else [path]


def _below(folder: Path) -> Iterable[Path]:
    """Files, and folders that hold the parts of one procedure: those inside `procedures`."""
    if folder.parent.name == "procedures":
        yield folder
        return
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            yield from _below(path)
        elif path.suffix == ".yaml":
            yield path


def _load(files: list[Path], *, check_only: bool) -> int:
    from gongzhi.access.actor import SYSTEM
    from gongzhi.catalogue import actions, categories, reading, shipped, vocabulary
    from gongzhi.catalogue.problems import BadCatalogue
    from gongzhi.kernel import clock

    trees, procedures, bad = [], [], 0
    for path in files:
        try:
            raw = shipped.read_raw(path, text=decoded)
            if "categories" in raw:
                trees.append((path, categories.read_categories(raw, source=path.name)))
            else:
                guards = vocabulary.declared_guards()
                procedures.append((path, reading.read_procedure(raw, source=path.name, guards=guards)))
        except BadCatalogue as refusal:
            bad += 1
            print(path, file=sys.stderr)
            for problem in refusal.problems:
                print("  {}\n  {}".format(*said(problem)), file=sys.stderr)
    if bad:
        print("没有载入任何内容。\nNothing was loaded.", file=sys.stderr)
        return 1
    for path, rows in trees:
        done = None if check_only else actions.load_categories(rows=rows, by=SYSTEM, at=clock.now())
        print(f"{path.name}: {len(rows)} 个类别 categories{_what(done)}")
    for path, procedure in procedures:
        done = (
            None if check_only else actions.publish_procedure(procedure=procedure, by=SYSTEM, at=clock.now())
        )
        print(f"{path.name}: 程序 procedure {procedure.code}{_what(done)}")
    return 0


def _what(done: "Loaded | None") -> str:
    if done is None:
        return " · 检查通过 checked"
    return f" · 第 {done.number} 版 version {done.number}" + ("" if done.new else "（未变 unchanged）")
