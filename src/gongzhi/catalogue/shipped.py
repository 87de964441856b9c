"""The procedure and the category tree that come with the product, and reading a folder of the town's own."""

from collections.abc import Callable, Iterator
from pathlib import Path

from gongzhi.catalogue import categories, parts, reading, vocabulary
from gongzhi.catalogue.categories import CategoryRow
from gongzhi.catalogue.procedure import Procedure

FOLDER = Path(__file__).resolve().parent / "data"


def _utf8(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def read_procedures(folder: Path = FOLDER) -> Iterator[Procedure]:
    """Every procedure of procedures/, checked: a file NAME.yaml, or a folder of parts NAME/*.yaml. Raises BadCatalogue."""
    guards = vocabulary.declared_guards()
    for path in sorted((folder / "procedures").iterdir()):
        if path.is_dir() or path.suffix == ".yaml":
            yield reading.read_procedure(read_raw(path), source=path.name, guards=guards)


def read_raw(path: Path, *, text: Callable[[Path], str] = _utf8) -> reading.Raw:
    """What a procedure's file says, or its folder's parts put together in the order of their names. text: reads a file."""
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    return parts.joined({file.name: reading.parse_yaml(text(file), source=file.name) for file in files})


def read_categories(path: Path = FOLDER / "categories.yaml") -> list[CategoryRow]:
    """The tree of a file, checked. Raises BadCatalogue."""
    raw = reading.parse_yaml(_utf8(path), source=path.name)
    return categories.read_categories(raw, source=path.name)
