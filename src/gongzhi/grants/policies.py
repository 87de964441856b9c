"""Rights are given by the security administrator and read by all three administrators. One's own: `queries.own`."""

from gongzhi.access.policy import Rule, declare, declare_permission
from gongzhi.grants.roles import ADMINISTRATORS

declare(
    resource="grants.grant",
    verb="view",
    rules=[Rule(roles=frozenset(ADMINISTRATORS), everyone=True)],
)
declare_permission("grants.give", roles={"security_admin"})
# A deputy's role for the time of a leave; everything else is the security administrator's.
declare_permission("grants.lend", roles={"unit_head"})
