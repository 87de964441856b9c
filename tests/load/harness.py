"""Benchmarks: `python -m tests.load.harness [--quick] [name …]` runs tests/load/bench_NAME.py and prints one table.

A module gives `rows(quick: bool) -> Iterable[Row]`. Each runs in a process of its own; results are kept in
var/bench/NAME.json as {"rows": [{"row", "value", "unit", "baseline", "ratio", "goal", "met"}]}.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Self

FOLDER = Path(__file__).parent
RESULTS = FOLDER.parent.parent / "var" / "bench"


@dataclass(frozen=True, slots=True)
class Row:
    """One measured line. baseline: the same thing done plainly, in the same run; ratio: value / baseline."""

    row: str
    value: float
    unit: str
    baseline: float | None = None
    ratio: float | None = None
    goal: str | None = None
    met: bool | None = None

    @classmethod
    def at_most(
        cls,
        row: str,
        value: float,
        unit: str,
        *,
        goal: float | None = None,
        baseline: float | None = None,
        ratio: float | None = None,
    ) -> Self:
        """Small is good. ratio: value / baseline must not be above it."""
        return cls._judged(row, value, unit, goal, baseline, ratio, 1)

    @classmethod
    def at_least(
        cls,
        row: str,
        value: float,
        unit: str,
        *,
        goal: float | None = None,
        baseline: float | None = None,
        ratio: float | None = None,
    ) -> Self:
        """Large is good. ratio: value / baseline must not be below it."""
        return cls._judged(row, value, unit, goal, baseline, ratio, -1)

    @classmethod
    def _judged(
        cls,
        row: str,
        value: float,
        unit: str,
        goal: float | None,
        baseline: float | None,
        ratio_goal: float | None,
        direction: int,
    ) -> Self:
        sign = "≤" if direction > 0 else "≥"
        ratio = value / baseline if baseline else None
        limits = [(value, goal, f"{sign} {plain(goal)} {unit}")] if goal is not None else []
        if ratio_goal is not None:
            limits.append(
                (ratio if ratio is not None else float("nan"), ratio_goal, f"{sign} {plain(ratio_goal)}×")
            )
        # A nan (nothing was measured) meets no goal.
        met = all((limit - found) * direction >= 0 for found, limit, _ in limits) if limits else None
        words = ", ".join(text for _, _, text in limits) or None
        return cls(row, value, unit, baseline, ratio, words, met)


def plain(value: float | None) -> str:
    """12345.678 → 12,346; 1.234 → 1.23."""
    if value is None:
        return ""
    if value != value:
        return "—"
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def names() -> list[str]:
    """Every benchmark there is."""
    return sorted(file.stem.removeprefix("bench_") for file in FOLDER.glob("bench_*.py"))


def measure(name: str, *, quick: bool) -> list[Row]:
    """Run one benchmark in this process and keep its result; rows measured before a failure are kept too."""
    found: list[Row] = []
    try:
        for row in import_module(f"tests.load.bench_{name}").rows(quick):
            found.append(row)
            print(line(row), flush=True)
    finally:
        RESULTS.mkdir(parents=True, exist_ok=True)
        content = {"name": name, "quick": quick, "rows": [asdict(row) for row in found]}
        (RESULTS / f"{name}.json").write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n")
    return found


def line(row: Row) -> str:
    mark = {True: "✓", False: "✗", None: " "}[row.met]
    against = f"{plain(row.baseline)} ({row.ratio:.2f}×)" if row.baseline and row.ratio else ""
    return "  ".join(
        (
            mark,
            padded(row.row, 64),
            f"{plain(row.value):>10} {row.unit:<8}",
            padded(against, 18),
            row.goal or "",
        )
    )


def padded(text: str, width: int) -> str:
    """Pad to a width on the screen, where Chinese characters take two places."""
    taken = sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)
    return text + " " * (width - taken)


def run(chosen: Iterable[str], *, quick: bool) -> int:
    """Run benchmarks one after another, each in its own process; 1 when a goal was missed or one failed."""
    missed = 0
    for name in chosen:
        print(f"\n{name}", flush=True)
        began = time.perf_counter()
        command = [
            sys.executable,
            "-m",
            "tests.load.harness",
            "--here",
            name,
            *(["--quick"] if quick else []),
        ]
        missed += subprocess.run(command, check=False, cwd=FOLDER.parent.parent).returncode != 0
        print(f"   ({time.perf_counter() - began:.0f} s)", flush=True)
    return 1 if missed else 0


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="gongzhi bench", description="测量 · measure")
    parser.add_argument("names", nargs="*", metavar="name", help=", ".join(names()))
    parser.add_argument("--quick", action="store_true", help="小规模 · smaller, for a first look")
    parser.add_argument(
        "--keep", metavar="FOLDER", help="保留灌好的数据 · keep filled towns for the next run"
    )
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    given: Any = parser.parse_args(arguments)
    if unknown := set(given.names) - set(names()):
        parser.error(f"没有这项测量 · no such benchmark: {', '.join(sorted(unknown))}")
    if given.keep:
        os.environ["GONGZHI_BENCH_KEEP"] = given.keep
    if given.here:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that a benchmark stops what it started
        rows = [row for name in given.names for row in measure(name, quick=given.quick)]
        return 0 if all(row.met is not False for row in rows) else 1
    return run(given.names or names(), quick=given.quick)


if __name__ == "__main__":
    sys.exit(main())
