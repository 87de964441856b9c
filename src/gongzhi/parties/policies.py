"""Who may do what with people, organisations and accounts (GB/T 22239: the three administrators are apart)."""

from gongzhi.access.policy import Rule, declare, declare_permission

DESKS = frozenset({"dispatcher", "window", "quality", "community_worker", "grid_worker"})
UNITS = frozenset({"handler", "unit_head", "street_leader", "supervisor"})

declare(resource="parties.organisation", verb="view", rules=[Rule(everyone=True)])
declare(
    resource="parties.person",
    verb="view",  # masked
    rules=[Rule(party="id"), Rule(roles=DESKS | {"system_admin"}, everyone=True)],
)
declare(resource="parties.person", verb="change", rules=[Rule(party="id"), Rule(roles=DESKS, everyone=True)])
declare(
    resource="parties.contactpoint",
    verb="view",  # masked
    rules=[Rule(party="person_id"), Rule(roles=DESKS | {"system_admin"}, everyone=True)],
)
declare(
    resource="parties.account",
    verb="view",
    rules=[
        Rule(party="person_id"),
        Rule(roles={"system_admin", "security_admin", "audit_admin"}, everyone=True),
    ],
)
declare_permission("parties.organisations", roles={"system_admin"})
declare_permission("parties.accounts", roles={"system_admin"})
declare_permission("parties.register", roles=DESKS | {"system_admin"})
declare_permission("parties.unmask", roles=DESKS | UNITS)
declare_permission("parties.rotate", roles={"security_admin"})
