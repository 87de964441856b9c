"""Who replays, and who reads what came of it: whoever supervises the area. Units do not weigh their own lists."""

from gongzhi.access.policy import Rule, declare, declare_permission

REPLAY = "lab.replay"
KEEPERS = frozenset(("supervisor", "street_leader"))

declare_permission(REPLAY, roles=KEEPERS)
declare(resource="lab.trial", verb="view", rules=[Rule(roles=KEEPERS, area="area_path")])
