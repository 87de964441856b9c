"""Who reads and who keeps a council. Units that are asked to come read it."""

from gongzhi.access.policy import Rule, declare

KEEPERS = frozenset(("dispatcher",))
READERS = frozenset(("dispatcher", "street_leader", "supervisor"))
MEMBERS = frozenset(("handler", "unit_head", "community_worker"))

declare(
    resource="councils.council",
    verb="view",
    rules=[
        Rule(roles=READERS, area="area_path"),
        Rule(roles=MEMBERS, organisation="organisation_id", through="councils.seat", key="council_id"),
    ],
)
# Deciding dispatches, so it is the desk's: whoever keeps the council writes down what it decided.
declare(resource="councils.council", verb="keep", rules=[Rule(roles=KEEPERS, area="area_path")])
