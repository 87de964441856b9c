"""Who is behind a session cookie, asked from the lane's threads."""

from collections.abc import Iterable
from http.cookies import CookieError, SimpleCookie
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.db import close_old_connections
from django.utils.crypto import constant_time_compare

from gongzhi.access.actor import Actor
from gongzhi.grants.queries import actor_of
from gongzhi.kernel import clock


def _key(cookie_header: str) -> str:
    try:
        morsel = SimpleCookie(cookie_header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return ""
    return morsel.value if morsel is not None else ""


def still_open(cookie_headers: Iterable[str]) -> set[str]:
    """Those whose session has neither ended nor expired. One query; says nothing about the account behind."""
    keys = {cookie: _key(cookie) for cookie in cookie_headers}
    close_old_connections()
    try:
        rows = import_module(settings.SESSION_ENGINE).SessionStore.get_model_class().objects
        opened = set(
            rows.filter(session_key__in=keys.values(), expire_date__gt=clock.now()).values_list(
                "session_key", flat=True
            )
        )
    finally:
        close_old_connections()
    return {cookie for cookie, key in keys.items() if key in opened}


def actor_behind(cookie_header: str) -> Actor | None:
    """The signed-in actor with the roles valid now; None without a live session or with a disabled account."""
    key = _key(cookie_header)
    if not key:
        return None
    close_old_connections()
    try:
        session = import_module(settings.SESSION_ENGINE).SessionStore(key)
        if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
            return None
        account = get_user_model().objects.filter(pk=session.get(SESSION_KEY), disabled_at=None).first()
        if account is None or not constant_time_compare(
            session.get(HASH_SESSION_KEY, ""), account.get_session_auth_hash()
        ):
            return None
        return actor_of(account.pk, clock.now())
    finally:
        close_old_connections()
