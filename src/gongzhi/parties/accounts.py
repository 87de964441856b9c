"""How accounts are looked up. Creating one is `actions.create_account`: there is no create_user on purpose."""

from typing import Any

from django.contrib.auth.base_user import BaseUserManager


class Accounts(BaseUserManager[Any]):
    """Names are compared in lower case, as they are stored."""

    use_in_migrations = False

    def get_by_natural_key(self, username: str | None) -> Any:
        return self.get(username=(username or "").strip().lower())
