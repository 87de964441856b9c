"""What this room's acts say."""

from dataclasses import dataclass

from gongzhi.acts.events import event


@event("sampling.frozen", version=1)
@dataclass(frozen=True, slots=True)
class Frozen:
    """digest: SHA-256 of the population; with method and seed anybody who has the population draws the same again.
    drawn_digest: SHA-256 of what was drawn."""

    kind: str
    since_on: str
    until_on: str
    method: str
    seed: str
    population: int
    digest: str
    drawn: int
    drawn_digest: str
    doubled: int


@event("sampling.entered", version=1)
@dataclass(frozen=True, slots=True)
class Entered:
    """That somebody entered what they found, not what."""

    seat: int


@event("sampling.third_called", version=1)
@dataclass(frozen=True, slots=True)
class ThirdCalled:
    """Two entries differ: a third evaluator decides."""

    seat: int
