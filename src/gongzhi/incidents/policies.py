"""Who reads and who leads an incident. Its banner is everybody's (queries.banners)."""

from gongzhi.access.policy import Rule, declare

_READERS = frozenset(
    (
        *("dispatcher", "window", "quality", "grid_worker", "community_worker"),
        *("street_leader", "supervisor"),
    )
)
LEADERS = frozenset(("dispatcher", "street_leader", "supervisor"))
CALLERS = frozenset(("dispatcher", "quality"))

for _verb, _roles in (("view", _READERS), ("lead", LEADERS), ("call", CALLERS)):
    declare(resource="incidents.incident", verb=_verb, rules=[Rule(roles=_roles, area="area_path")])
