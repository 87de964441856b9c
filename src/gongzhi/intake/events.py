"""What this room's acts say."""

from dataclasses import dataclass

from gongzhi.acts.events import event


@event("intake.import_started", version=1)
@dataclass(frozen=True, slots=True)
class ImportStarted:
    """file_digest, mapping_digest: SHA-256 of what was read."""

    source: str
    file_name: str
    file_digest: str
    mapping_digest: str


@event("intake.import_finished", version=1)
@dataclass(frozen=True, slots=True)
class ImportFinished:
    """Counts of rows: opened + present + rejected = rows."""

    source: str
    rows: int
    opened: int
    present: int
    rejected: int
