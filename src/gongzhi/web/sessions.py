"""Who knocks, looked up twice in every request: the session and its account, by planned statements."""

from uuid import UUID

from django.contrib.auth.backends import ModelBackend
from django.contrib.sessions.backends import db
from django.contrib.sessions.models import Session
from django.utils import timezone

from gongzhi.access.prepared import fetch
from gongzhi.parties.models import Account

_SESSION = "SELECT session_key, session_data, expire_date FROM django_session WHERE session_key = %s AND expire_date > %s"
_FIELDS = [field.attname for field in Account._meta.concrete_fields]
_ACCOUNT = f"SELECT {', '.join(_FIELDS)} FROM parties_account WHERE id = %s"  # noqa: S608 (names of columns)


class SessionStore(db.SessionStore):
    """Django's sessions in the database."""

    def _get_session_from_db(self) -> Session | None:
        for key, data, until in fetch(_SESSION, [self.session_key or "", timezone.now()]):
            return Session(session_key=key, session_data=data, expire_date=until)
        self._session_key = None
        return None


class Accounts(ModelBackend):
    """Django's own way to sign in."""

    def get_user(self, user_id: UUID) -> Account | None:
        for row in fetch(_ACCOUNT, [user_id]):
            account = Account.from_db("default", _FIELDS, row)
            return account if self.user_can_authenticate(account) else None
        return None
