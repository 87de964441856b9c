"""Who may bring in whole files, and who may read what the source said."""

from gongzhi.access.policy import Rule, declare, declare_permission

_READERS = frozenset({"system_admin", "auditor", "audit_admin", "supervisor"})

declare_permission("intake.import", roles={"system_admin"})
declare(resource="intake.importrun", verb="view", rules=[Rule(roles=_READERS, everyone=True)])
declare(resource="intake.sourcerecord", verb="view", rules=[Rule(roles=_READERS, everyone=True)])
