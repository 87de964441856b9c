"""One verb on one matter."""

from collections.abc import Mapping
from datetime import datetime

from gongzhi.access.actor import Actor
from gongzhi.matters.reports import Performed


def perform(
    *,
    number: str,
    verb: str,
    form: Mapping[str, object],
    by: Actor,
    at: datetime,
    version: int | None = None,
) -> Performed:
    """Do one verb, judged by the procedure the matter runs under.

    version: the version the doer has seen (If-Match). Raises NotFound (may not see it, or no such verb), NotAllowed
    (wrong person), PreconditionFailed (another version), Conflict (wrong state or a guard: says the present state),
    InvalidForm (every wrong field).
    """
    raise NotImplementedError
