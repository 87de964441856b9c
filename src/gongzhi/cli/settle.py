"""Bring the database to this code: migrations, what ships with it, the demo district where it is wanted. Own process,
owner's role."""

import argparse
from importlib import import_module
from importlib.util import find_spec

from gongzhi.cli.database import set_up


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--demo", action="store_true", help="种入演示数据 · plant the demo district")


def run(options: argparse.Namespace) -> int:
    """Needs an answering database. Running it again changes nothing."""
    set_up("owner")
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    from gongzhi.cli import shipped
    from gongzhi.kernel import clock

    shipped.install(at=clock.now())
    if options.demo and find_spec("gongzhi.cli.demo"):
        import_module("gongzhi.cli.demo").plant()
    return 0
