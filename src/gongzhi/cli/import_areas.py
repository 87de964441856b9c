"""`gongzhi import areas FILE.geojson`: areas and place names; again and again, adding nothing twice."""

import argparse
from pathlib import Path

from gongzhi.cli import rejecting
from gongzhi.cli.database import django
from gongzhi.cli.progress import Progress
from gongzhi.cli.saying import trouble
from gongzhi.cli.sheet import decoded
from gongzhi.installation.trouble import Trouble
from gongzhi.kernel import clock


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file", type=Path, help="GeoJSON FeatureCollection，或每行一个要素 · or one feature a line"
    )
    rejecting.configure(parser)
    parser.add_argument(
        "--system", default="wgs84", choices=("wgs84", "gcj02", "bd09"), help="坐标系 · coordinates"
    )
    parser.add_argument(
        "--level", default="", help="全部要素的层级 · level of every feature, if not in the file"
    )
    for field in ("code", "name", "parent"):
        parser.add_argument(
            f"--{field}-field", default=field, help=f"属性名 · property that holds the {field}"
        )


def run(options: argparse.Namespace) -> int:
    """0: everything went in; 1: some features were rejected (they stand in the reject file)."""
    if not options.file.is_file():
        raise Trouble("file.missing", f"找不到文件 {options.file}。", f"No such file: {options.file}.")
    content = decoded(options.file)
    with django("app"):
        from gongzhi.access.actor import SYSTEM
        from gongzhi.kernel.refusals import Refusal
        from gongzhi.places import covering, snapshot
        from gongzhi.places.features import Fields
        from gongzhi.places.importing import import_areas

        names = Fields(
            options.code_field, options.name_field, "level", options.parent_field, level_default=options.level
        )
        try:
            with Progress("区域 · areas") as progress:
                result = import_areas(
                    content,
                    by=SYSTEM,
                    at=clock.now(),
                    source=options.file.name,
                    fields=names,
                    system=options.system,
                    progress=progress,
                )
        except Refusal as refusal:
            raise trouble(refusal) from refusal
        crossing = covering.overlaps(snapshot.load())
    count = rejecting.write(
        [rejecting.Reject(one.row, one.column, one.reason, one.params) for one in result.rejects], options
    )
    print(
        f"共 {result.total}：新增 {result.created}，更新 {result.changed}，未变 {result.unchanged}，拒收 {count}\n"
        f"{result.total} in all: {result.created} new, {result.changed} changed, {result.unchanged} unchanged, {count} rejected"
    )
    for overlap in crossing[:10]:
        print(f"重叠 · overlap: {overlap.first.code} × {overlap.second.code} {overlap.square_metres:.0f} m²")
    if len(crossing) > 10:
        print(f"… 共 {len(crossing)} 处重叠 · {len(crossing)} overlaps in all")
    return 1 if count else 0
