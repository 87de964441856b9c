"""One running platform for all of these tests, with a few accounts in it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
import requests

from tests.load import people, town
from tests.load.town import Town

_ACCOUNTS = """
from gongzhi.access.actor import SYSTEM
from gongzhi.grants import actions as grants
from gongzhi.parties import actions as parties
now = clock.now()
for name, role in given.items():
    made = parties.create_account(username=name, password=None, display_name=name, by=SYSTEM, at=now)
    if role:
        grants.give(account_id=made.id, role=role, area_path="", organisation_id=None, by=SYSTEM, at=now)
print("null")
"""
_NUMBERS = """
from gongzhi.matters.models import Matter
print(json.dumps(sorted(Matter.objects.values_list("number", flat=True))))
"""


@dataclass(frozen=True, slots=True)
class Door:
    """url: of the public port · token: of the integrator · cookies: username → Cookie header."""

    town: Town
    token: str
    cookies: Mapping[str, str]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.town.port}"

    def report(self, body: Any, *, token: str | None = None, **headers: str) -> requests.Response:
        """body: bytes as they are, anything else as JSON. token "" = none."""
        shown = self.token if token is None else token
        given = {"Authorization": f"Bearer {shown}"} if shown else {}
        sent = {"data": body} if isinstance(body, bytes) else {"json": body}
        return requests.post(f"{self.url}/lane/reports", headers={**given, **headers}, timeout=30, **sent)

    def numbers(self) -> list[str]:
        """Of every matter in the database."""
        found: list[str] = people.inside(self.town, _NUMBERS)
        return found


@pytest.fixture(scope="session")
def door() -> Iterator[Door]:
    with town.running(demo=False) as here:
        roles = {
            "disp": "dispatcher", "other": "dispatcher", "short": "dispatcher", "stranger": "",
            "integrator": "integrator",
        }  # fmt: skip
        people.inside(here, _ACCOUNTS, roles, role="owner")
        yield Door(here, people.token(here, "integrator"), people.cookies(here, roles))
