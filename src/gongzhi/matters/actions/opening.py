"""Taking reports in, set-based: opening one is a batch of one."""

from collections.abc import Sequence
from datetime import datetime

from gongzhi.access.actor import Actor
from gongzhi.matters.reports import Opened, Report


def open_many(reports: Sequence[Report], *, by: Actor, at: datetime) -> list[Opened]:
    """Open a matter for each report, in order, in one transaction and a handful of statements; one act each.

    A report whose (origin, external_id) is here already is answered with the matter it became.
    """
    raise NotImplementedError
