"""Areas and their names are public; the system administrator keeps them."""

from gongzhi.access.policy import Rule, declare, declare_permission

declare(resource="places.area", verb="view", rules=[Rule(everyone=True)])
declare(resource="places.placename", verb="view", rules=[Rule(everyone=True)])
declare_permission("places.change", roles={"system_admin"})
