"""Who knocks: a token for a program and session cookies for people of the demo district."""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from typing import Any

from tests.load.town import Town

_PREAMBLE = """
import json, os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongzhi.config.settings")
import django; django.setup()
from gongzhi.kernel import clock
from gongzhi.parties.models import Account
given = json.loads(sys.argv[1])
"""
_TOKEN = """
from gongzhi.exchange.token_actions import issue_token
from gongzhi.grants.queries import actor_of
account, issuer = (Account.objects.get(username=name) for name in given)
now = clock.now()
print(json.dumps(issue_token(account=account, name="bench", days=1, by=actor_of(issuer.id, now), at=now).secret))
"""
_SESSIONS = """
from importlib import import_module
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
cookies = {}
for account in Account.objects.filter(username__in=given):
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(account.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = account.get_session_auth_hash()
    session.create()
    cookies[account.username] = f"{settings.SESSION_COOKIE_NAME}={session.session_key}"
print(json.dumps(cookies))
"""


def token(town: Town, username: str = "integrator.wang", *, by: str = "") -> str:
    """A fresh access token of that account, issued by `by` when that is somebody else (the security administrator)."""
    return str(inside(town, _TOKEN, [username, by or username]))


def cookies(town: Town, usernames: Iterable[str]) -> Mapping[str, str]:
    """username → Cookie header of a signed-in session."""
    found: dict[str, str] = inside(town, _SESSIONS, sorted(usernames))
    return found


def inside(town: Town, code: str, given: object = None, *, role: str = "app") -> Any:
    """Run Python with Django set up in the town's environment; `given` arrives as JSON, the last line printed comes back."""
    done = subprocess.run(
        [sys.executable, "-c", _PREAMBLE + code, json.dumps(given)],
        env={**town.environment, "GONGZHI_DB_ROLE": role},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1])
