"""Who loads holiday years and sets working hours (everybody reads them), and who sees and sets rosters and leaves."""

from gongzhi.access.policy import Rule, declare, declare_permission

declare_permission("timetable.manage", roles={"system_admin"})
_MEMBERS = frozenset(("handler", "unit_head", "community_worker"))
_WATCHING = frozenset(("dispatcher", "supervisor", "street_leader", "system_admin"))

declare(
    resource="timetable.rosterplace",
    verb="view",
    rules=[Rule(roles=_MEMBERS, organisation="organisation_id"), Rule(roles=_WATCHING, everyone=True)],
)
declare(
    resource="timetable.deputyship",
    verb="view",
    rules=[Rule(roles=_MEMBERS, organisation="organisation_id"), Rule(roles=_WATCHING, everyone=True)],
)
declare(
    resource="timetable.leave",
    verb="view",
    rules=[Rule(roles=_MEMBERS, organisation="organisation_id"), Rule(roles={"system_admin"}, everyone=True)],
)
# The head of a unit (and of those above it) sets its roster; the system administrator where a unit has no head.
declare_permission("timetable.roster", roles={"unit_head", "system_admin"})
