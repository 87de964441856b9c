"""The procedure and the category tree that come with the product, and reading a folder of the town's own."""

from collections.abc import Iterator
from pathlib import Path

from gongzhi.catalogue import categories, reading, vocabulary
from gongzhi.catalogue.categories import CategoryRow
from gongzhi.catalogue.procedure import Procedure

FOLDER = Path(__file__).resolve().parent / "data"


def read_procedures(folder: Path = FOLDER) -> Iterator[Procedure]:
    """Every procedures/*.yaml of the folder, checked. Raises BadCatalogue."""
    for path in sorted((folder / "procedures").glob("*.yaml")):
        raw = reading.parse_yaml(path.read_text(encoding="utf-8"), source=path.name)
        yield reading.read_procedure(raw, source=path.name, guards=vocabulary.declared_guards())


def read_categories(path: Path = FOLDER / "categories.yaml") -> list[CategoryRow]:
    """The tree of a file, checked. Raises BadCatalogue."""
    raw = reading.parse_yaml(path.read_text(encoding="utf-8"), source=path.name)
    return categories.read_categories(raw, source=path.name)
