"""Who reads a notice: the person it is for, people of the organisation, holders of the role over the area."""

from gongzhi.access.policy import Rule, Unless, declare, declare_permission
from gongzhi.grants.roles import ROLES

_OF_ORGANISATIONS = frozenset(r.code for r in ROLES.values() if r.scope in ("organisation", "either"))

declare(
    resource="notices.notice",
    verb="view",
    rules=[
        Rule(party="person_id"),
        Rule(roles=_OF_ORGANISATIONS, organisation="organisation_id"),
        *(
            Rule(roles={role.code}, area="area_path", where={"role": role.code})
            for role in ROLES.values()
            if role.scope in ("area", "either")
        ),
        *(
            Rule(roles={role.code}, everyone=True, where={"role": role.code})
            for role in ROLES.values()
            if role.scope == "none" and role.code != "resident"
        ),
    ],
    unless=Unless(organisation="kept_from_unit", account="kept_from_account"),
)
declare_permission("notices.deliveries", roles={"system_admin"})
declare_permission("notices.rules", roles={"system_admin"})
