"""What this room's acts say."""

from dataclasses import dataclass

from gongzhi.acts.events import event


@event("lab.replayed", version=1)
@dataclass(frozen=True, slots=True)
class Replayed:
    """digest: SHA-256 of the period, the rules in force, the proposal and the facts. moved: cases with another lead."""

    since: str
    until: str
    digest: str
    cases: int
    moved: int
