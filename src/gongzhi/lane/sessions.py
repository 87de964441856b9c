"""Who is behind a session cookie, asked from the lane's threads."""

from http.cookies import CookieError, SimpleCookie
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.db import close_old_connections
from django.utils.crypto import constant_time_compare

from gongzhi.access.actor import Actor
from gongzhi.grants.queries import actor_of
from gongzhi.kernel import clock


def actor_behind(cookie_header: str) -> Actor | None:
    """The signed-in actor with the roles valid now; None without a live session or with a disabled account."""
    try:
        morsel = SimpleCookie(cookie_header).get(settings.SESSION_COOKIE_NAME)
    except CookieError:
        return None
    if morsel is None or not morsel.value:
        return None
    close_old_connections()
    try:
        session = import_module(settings.SESSION_ENGINE).SessionStore(morsel.value)
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
