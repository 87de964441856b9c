"""Whom a complaint must not reach: the route goes past the unit complained of. Pure."""

from collections.abc import Set as AbstractSet
from dataclasses import replace
from uuid import UUID

from gongzhi.mandates.reasons import Reason
from gongzhi.mandates.rules import Candidate, Route

NOBODY_NAMED = ""


def past(route: Route, *, avoided: AbstractSet[UUID], named: str, above: Candidate | None) -> Route:
    """The route of a complaint about `named` (names of the unit or person; "" = the desk must find out who is meant).

    A lead among `avoided` is replaced by the unit above, or by nobody: the supervising desk designates. They neither
    assist nor supervise either. 信访工作条例：不得将检举、揭发材料透露或者转给被检举、揭发的人员或者单位.
    """
    helping = tuple(id_ for id_ in route.assistants if id_ not in avoided)
    watching = tuple(id_ for id_ in route.supervisors if id_ not in avoided)
    kept = replace(route, assistants=helping, supervisors=watching)
    if named == NOBODY_NAMED:
        return _to_the_desk(kept, "accused_unknown", named)
    meant = {candidate.organisation_id for candidate in route.candidates} | {route.organisation_id}
    if not meant & avoided:
        return kept
    if above is None or above.organisation_id in avoided:
        return _to_the_desk(kept, "past_to_desk", named)
    return replace(
        kept,
        state="led",
        organisation_id=above.organisation_id,
        mandate_id=None,
        reason=_reason("past_to_above", route, named, above.organisation),
        candidates=(above,),
    )


def _to_the_desk(route: Route, code: str, named: str) -> Route:
    reason = _reason(code, route, named, "")
    return replace(
        route, state="gap", organisation_id=None, mandate_id=None, reason=reason, candidates=(), assistants=()
    )


def _reason(code: str, route: Route, named: str, organisation: str) -> Reason:
    words = {"zh": route.reason.params.get("zh", ""), "en": route.reason.params.get("en", "")}
    return Reason(code, {**words, "named": named, "organisation": organisation})
