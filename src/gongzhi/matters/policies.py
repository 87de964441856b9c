"""Who sees matters, by role and relation. Confidential ones: the desk that dispatches, the lead, the reporter — and
call-back while it has to verify and appraise, because nobody else could end them. A complaint is kept from the unit and
the person complained of, whatever else they hold (信访工作条例：不得转给被检举、揭发的人员或者单位).
"""

from gongzhi.access.policy import Rule, declare, declare_permission
from gongzhi.matters.queues import KEPT

_MEMBERS = frozenset(("handler", "unit_head", "community_worker", "grid_worker"))
_OVER_THE_AREA = frozenset(
    ("window", "quality", "grid_worker", "community_worker", "street_leader", "supervisor")
)
_OPEN = {"confidential": False}

declare(
    resource="matters.matter",
    verb="view",
    rules=[
        Rule(roles={"dispatcher"}, area="area_path"),
        Rule(roles=_OVER_THE_AREA, area="area_path", where=_OPEN),
        Rule(
            roles={"quality"},
            area="area_path",
            where={"confidential": True, "stage__in": ("review", "appraisal")},
        ),
        Rule(roles=_MEMBERS, organisation="lead_id"),
        Rule(
            roles=_MEMBERS,
            organisation="organisation_id",
            through="matters.assignment",
            key="matter_id",
            through_where={"role": "assist", "ended_at": None},
            where=_OPEN,
        ),
        Rule(
            roles=_MEMBERS,
            organisation="unit_id",
            through="matters.task",
            key="matter_id",
            through_where={"ended_at": None},
            where=_OPEN,
        ),
        Rule(
            roles=_MEMBERS,
            organisation="organisation_id",
            through="matters.whistlecall",
            key="matter_id",
            through_where={"ended_at": None},
            where=_OPEN,
        ),
        Rule(
            roles=_MEMBERS,
            organisation="supervised_id",
            through="matters.supervision",
            key="matter_id",
            through_where={"ended_at": None},
            where=_OPEN,
        ),
        Rule(party="reporter_id"),
        Rule(party="id"),  # who follows this one matter by its code (queries.follow)
    ],
    unless=KEPT,
)
# Auditors read that something was done, by whom and when, never what was said.
declare(
    resource="matters.matter", verb="audit", rules=[Rule(roles={"auditor"}, area="area_path")], unless=KEPT
)
# Counts by cell never include confidential matters, nor complaints about those who handle.
declare(
    resource="matters.cellcount",
    verb="view",
    rules=[
        Rule(roles=_OVER_THE_AREA | {"dispatcher"}, area="area_path"),
        Rule(roles=_MEMBERS, organisation="lead_id"),
    ],
)
declare_permission(
    "matters.export", roles={"dispatcher", "quality", "unit_head", "street_leader", "supervisor"}
)
# What was argued and ruled about who is responsible concerns everybody who works on cases; it names no reporter.
declare_permission(
    "matters.precedents",
    roles={
        "dispatcher",
        "handler",
        "unit_head",
        "community_worker",
        "quality",
        "street_leader",
        "supervisor",
        "auditor",
    },
)
