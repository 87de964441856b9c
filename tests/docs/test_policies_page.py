"""docs/policies.md says what the code decides."""

from gongzhi.access import policy
from gongzhi.grants.roles import ROLES
from tests.docs.policies_page import PAGE, page


def test_the_page_is_what_the_rooms_declare() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "run python -m tests.docs.policies_page"


def test_rules_and_permissions_name_roles_that_exist() -> None:
    named = {role for _, _, rules in policy.policies() for rule in rules for role in rule.roles}
    named |= {role for permission in policy.permissions() for role in permission.roles}
    assert named <= set(ROLES)
