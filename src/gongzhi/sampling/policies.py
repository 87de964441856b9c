"""Who freezes frames and reads results: whoever supervises the area. Units and evaluators never read results; an
evaluator reads the own tasks only (`queries.task`)."""

from gongzhi.access.policy import Rule, declare, declare_permission

FREEZERS = frozenset(("supervisor",))
READERS = FREEZERS | {"auditor"}
EVALUATORS = frozenset(("quality", "evaluator"))
REVISITORS = frozenset(("grid_worker",))
EVALUATE = "sampling.evaluate"

declare(resource="sampling.frame", verb="view", rules=[Rule(roles=READERS, area="area_path")])
declare(resource="sampling.frame", verb="freeze", rules=[Rule(roles=FREEZERS, area="area_path")])
declare_permission(EVALUATE, roles=EVALUATORS | REVISITORS)
