"""`gongzhi bench [--quick] [name …]`: measurements of a checkout (tests/load), one table, rows in var/bench/."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from gongzhi.installation.trouble import Trouble

_CHECKOUT = Path(__file__).parents[3]


def main(arguments: Sequence[str]) -> int:
    """0 when every goal was met. Raises Trouble outside a checkout: an installed package has no tests beside it."""
    if not (_CHECKOUT / "tests" / "load" / "harness.py").exists():
        raise Trouble(
            "bench.no_checkout",
            "测量程序在源码目录 tests/load 中，请在源码目录里运行 make bench。",
            "The measurements are in tests/load of the source: run make bench in a checkout.",
        )
    command = [sys.executable, "-m", "tests.load.harness", *arguments]
    return subprocess.run(command, cwd=_CHECKOUT, check=False).returncode
