"""Who connects superiors, and who sees what went and came: the desk of the area, and who looks after the connection."""

from gongzhi.access.policy import Rule, declare, declare_permission

ADMINISTER = "superiors.administer"

declare_permission(ADMINISTER, roles={"integrator", "system_admin"})
_VIEW = [
    Rule(roles={"dispatcher"}, area="area_path"),
    Rule(roles={"integrator", "system_admin"}, everyone=True),
]
declare(resource="superiors.superior", verb="view", rules=_VIEW)
declare(resource="superiors.superior", verb="send_again", rules=_VIEW)
declare(resource="superiors.subordinate", verb="view", rules=_VIEW)
