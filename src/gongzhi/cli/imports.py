"""`gongzhi import KIND FILE …`: hands over to the module of the kind."""

import argparse
from importlib import import_module

# kind: (module, what it brings in)
KINDS: dict[str, tuple[str, str]] = {
    "areas": ("gongzhi.cli.import_areas", "区域与地名（GeoJSON）· areas and place names"),
    "catalogue": ("gongzhi.cli.import_catalogue", "类别与程序（YAML）· categories and procedures"),
    "mandates": ("gongzhi.cli.import_mandates", "责任清单（CSV、YAML）· responsibility lists"),
    "cases": ("gongzhi.cli.import_cases", "其他系统的诉求（CSV、XLSX、JSONL）· cases of another system"),
    "holidays": ("gongzhi.cli.import_holidays", "节假日（YAML）· holiday years"),
    "parties": ("gongzhi.cli.import_parties", "机构或人员（CSV、XLSX）· organisations or staff"),
}


def configure(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="kind", required=True, metavar="KIND")
    for kind, (module, words) in KINDS.items():
        import_module(module).configure(kinds.add_parser(kind, help=words, description=words))


def run(options: argparse.Namespace) -> int:
    return int(import_module(KINDS[options.kind][0]).run(options))
