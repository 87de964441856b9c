"""Who may subscribe, and where: acts of areas the role reaches. Subscriptions are the owner's alone."""

from gongzhi.access.policy import declare_permission

SUBSCRIBE = "exchange.subscribe"
ADMINISTER = "exchange.administer"

declare_permission(SUBSCRIBE, roles={"integrator", "system_admin"})
declare_permission(ADMINISTER, roles={"system_admin"})

TOKENS = "exchange.tokens"
TOKENS_OF_OTHERS = "exchange.tokens_of_others"

declare_permission(TOKENS, roles={"integrator", "system_admin"})
declare_permission(TOKENS_OF_OTHERS, roles={"security_admin"})
