"""Acts of a matter in words."""

from collections.abc import Sequence
from dataclasses import replace

from gongzhi.acts.queries import TimelineEntry
from gongzhi.catalogue.procedure import Procedure, Wording
from gongzhi.matters.queries.rows import TimelineView
from gongzhi.matters.queries.views import Names

_ELSEWHERE = {
    "matters.escalate": Wording("时限提醒", "Time running out"),
    "matters.recompute": Wording("时限重新计算", "Deadline computed again"),
    "matters.hand_over": Wording("移交同事", "Handed over to a colleague"),
    "notices.send": Wording("已通知", "Told"),
    "files.attach": Wording("附上文件", "File attached"),
    "files.detach": Wording("取下文件", "File taken off"),
}


def read(
    acts: Sequence[TimelineEntry], procedure: Procedure, names: Names, *, as_reporter: bool
) -> tuple[TimelineView, ...]:
    """Newest first. The reporter reads what they were told and the public words, not who in person did it."""
    found = (_view(act, procedure, names, as_reporter) for act in acts)
    return tuple(view for view in found if view and (not as_reporter or _concerns_reporter(view)))


def without_content(acts: Sequence[TimelineEntry]) -> list[TimelineEntry]:
    """That it was done, by whom and when."""
    return [replace(act, payload={}) for act in acts]


def _view(act: TimelineEntry, procedure: Procedure, names: Names, as_reporter: bool) -> TimelineView:
    verb = procedure.verb(act.verb.removeprefix("matters."))
    form = act.payload.get("form", {})
    public = act.payload.get("public", ())
    told = act.payload.get("tells", {})
    state = act.payload.get("to_state") or act.payload.get("state", "")
    known = next((one for one in procedure.states if one.code == state), None)
    tells = Wording(told.get("zh", ""), told.get("en", ""))
    if verb and act.verb == "matters.open":
        tells = verb.tells
    shown = {name: value for name, value in form.items() if name in public or not as_reporter}
    return TimelineView(
        act=replace(act, payload={}, by="", under="") if as_reporter else act,
        titles=verb.titles if verb else _ELSEWHERE.get(act.verb, Wording(act.verb, act.verb)),
        state=(known.public if as_reporter else known.titles) if known else Wording(),
        tells=tells,
        by_name="" if as_reporter else names.reference(act.by),
        form=shown,
    )


def _concerns_reporter(view: TimelineView) -> bool:
    return view.act.verb.startswith("matters.") and bool(
        view.tells or view.form or view.act.verb == "matters.recompute"
    )
