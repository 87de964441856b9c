"""Accounts for the tests of doors: made through the rooms' own actions."""

from datetime import UTC, datetime
from uuid import UUID

from django.test import Client

from gongzhi.access.actor import SYSTEM
from gongzhi.grants import actions as grants
from gongzhi.parties import actions as parties
from gongzhi.parties.models import Account

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PASSWORD = "Lotus-pond-27-bridge"


def account(username: str, *, display_name: str = "") -> Account:
    return parties.create_account(
        username=username, password=PASSWORD, display_name=display_name or username, by=SYSTEM, at=AT
    )


def staff(username: str, *, role: str, area_path: str = "", organisation_id: UUID | None = None) -> Account:
    made = account(username)
    grants.give(
        account_id=made.id, role=role, area_path=area_path, organisation_id=organisation_id, by=SYSTEM, at=AT
    )
    return made


def signed_in(made: Account, **headers: str) -> Client:
    client = Client(headers={"accept": "text/html", **headers})
    client.force_login(made)
    return client
