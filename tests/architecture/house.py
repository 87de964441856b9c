"""What the architecture tests know of the house: the band list of pyproject.toml and the modules on disk."""

import ast
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "gongzhi"


@cache
def bands() -> dict[str, int]:
    """room → band number, 0 at the bottom; rooms of one band share a number."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text())
    (contract,) = [one for one in settings["tool"]["importlinter"]["contracts"] if one["type"] == "layers"]
    layers = reversed(contract["layers"])
    return {room.strip(): number for number, layer in enumerate(layers) for room in layer.split("|")}


def may_know(room: str, other: str) -> bool:
    """May `room` point at `other`? Only at itself and strictly below."""
    return room == other or bands()[other] < bands()[room]


@cache
def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(), str(file))


def modules(room: Path | None = None) -> Iterator[Path]:
    """Source files without tests and migrations."""
    for file in sorted((room or SOURCE).rglob("*.py")):
        if not {"tests", "migrations"} & set(file.relative_to(SOURCE).parts):
            yield file


def rooms() -> list[Path]:
    return sorted(folder for folder in SOURCE.iterdir() if (folder / "__init__.py").exists())
