"""What this room's acts say."""

from dataclasses import dataclass

from gongzhi.acts.events import event


@event("catalogue.procedure_published", version=1)
@dataclass(frozen=True, slots=True)
class ProcedurePublished:
    code: str
    version: int
    digest: str


@event("catalogue.categories_loaded", version=1)
@dataclass(frozen=True, slots=True)
class CategoriesLoaded:
    edition: int
    digest: str
    added: int
    changed: int
    retired: int
