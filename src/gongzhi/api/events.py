"""What the API records about itself."""

from dataclasses import dataclass

from gongzhi.acts.events import event


@event("api.exported", version=1)
@dataclass(frozen=True, slots=True)
class Exported:
    """That a program took a list out of the house, and in which form."""

    form: str
