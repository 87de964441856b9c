"""What a desk records about itself."""

from dataclasses import dataclass

from gongzhi.acts.events import event


@event("centre.filter_saved", version=1)
@dataclass(frozen=True, slots=True)
class FilterSaved:
    """Neither name nor query: people write personal data there."""

    replaced: bool


@event("centre.filter_ended", version=1)
@dataclass(frozen=True, slots=True)
class FilterEnded:
    own: bool = True


@event("centre.exported", version=1)
@dataclass(frozen=True, slots=True)
class Exported:
    """That a list left the house, and in which form."""

    form: str
