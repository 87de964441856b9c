"""How accounts are looked up. Creating one is `actions.create_account`: there is no create_user on purpose."""

from typing import TYPE_CHECKING

from django.contrib.auth.base_user import BaseUserManager

if TYPE_CHECKING:
    from gongzhi.parties.models import Account


class Accounts(BaseUserManager["Account"]):
    """Names are compared in lower case, as they are stored."""

    use_in_migrations = False

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username=(username or "").strip().lower())
