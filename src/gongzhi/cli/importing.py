"""`gongzhi import KIND FILE …`: one sub-command per kind, each in its own module `import_KIND`."""

import argparse
from importlib import import_module
from importlib.util import find_spec

KINDS = {
    "areas": "区域与地名（GeoJSON）· areas and place names",
    "parties": "单位与人员 · organisations and people",
    "catalogue": "类别与程序（YAML）· categories and procedures",
    "mandates": "责任清单（CSV、YAML）· responsibility lists",
    "holidays": "节假日 · holiday years",
    "cases": "历史诉求 · cases of the past",
}


def configure(parser: argparse.ArgumentParser) -> None:
    kinds = parser.add_subparsers(dest="kind", required=True)
    for kind, words in KINDS.items():
        if find_spec(f"gongzhi.cli.import_{kind}"):
            below = kinds.add_parser(kind, help=words, description=words)
            import_module(f"gongzhi.cli.import_{kind}").configure(below)


def run(options: argparse.Namespace) -> int:
    return int(import_module(f"gongzhi.cli.import_{options.kind}").run(options))
