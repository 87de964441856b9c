"""Residents and what they write, for the tests of this door."""

import re
from typing import Any
from uuid import uuid4

from django.test import Client

from gongzhi.access.actor import SYSTEM
from gongzhi.matters.models import Matter
from gongzhi.parties import actions as parties
from gongzhi.parties.models import Account
from gongzhi.portals.centre.tests import world as worlds
from gongzhi.web.tests.people import AT, PASSWORD

PHONE = "13900002222"
PAYLOAD = "<script>alert(1)</script><img src=x onerror=alert(2)>"
HTML = {"accept": "text/html"}
LON, LAT = worlds.WEST + 0.5 * worlds.STEP, worlds.SOUTH + 0.5 * worlds.STEP


def resident(username: str, *, name: str = "林桂花", phone: str = "") -> Account:
    """An account with a person behind it and no post."""
    contacts = [("phone", phone)] if phone else []
    person = parties.register_person(name=name, contacts=contacts, by=SYSTEM, at=AT)
    return parties.create_account(
        username=username, password=PASSWORD, person_id=person.id, display_name=name, by=SYSTEM, at=AT
    )


def written(**more: Any) -> dict[str, Any]:
    """A good report as the form sends it."""
    return {
        "_once": str(uuid4()),
        "text": "小区门口路灯不亮三天了，晚上看不见路。",
        "address": "桃源路 18 号",
        "lon": str(LON),
        "lat": str(LAT),
        "phone": PHONE,
        **more,
    }


def sent(client: Client, **more: Any) -> tuple[str, str]:
    """Number and follow code of a report sent through the page."""
    answer = client.post("/report/", written(**more))
    assert answer.status_code == 302, answer.content.decode()
    opened = client.session["sent"]
    return opened["number"], opened["code"]


def visitor() -> Client:
    return Client(headers=HTML)


def words(answer: Any) -> str:
    """The page as it is read: without markup, white space closed up."""
    return re.sub(r"\s+", "", re.sub(r"<[^>]+>", "", answer.content.decode()))


def matter(number: str) -> Matter:
    return Matter.objects.get(number=number)
