"""Who reads and who keeps projects; units read those they lead."""

from gongzhi.access.policy import Rule, declare

KEEPERS = frozenset(("supervisor", "street_leader"))
READERS = KEEPERS | {"dispatcher", "quality"}
MEMBERS = frozenset(("handler", "unit_head", "community_worker"))

declare(
    resource="projects.project",
    verb="view",
    rules=[Rule(roles=READERS, area="area_path"), Rule(roles=MEMBERS, organisation="lead_id")],
)
declare(
    resource="projects.project",
    verb="keep",
    rules=[
        Rule(roles=KEEPERS, area="area_path"),
        Rule(roles={"unit_head"}, organisation="lead_id"),
    ],
)
# A unit does not give itself a project: whoever supervises the area begins and ends it.
declare(resource="projects.project", verb="begin", rules=[Rule(roles=KEEPERS, area="area_path")])
