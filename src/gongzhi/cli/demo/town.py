"""Organisations, people, accounts and rights of the demo district."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from gongzhi.access.actor import SYSTEM
from gongzhi.cli.demo.folder import Persona, read
from gongzhi.grants import actions as grants
from gongzhi.grants.models import Grant
from gongzhi.parties.actions import accounts, organisations, people, posts
from gongzhi.parties.models import Account, Organisation
from gongzhi.places import actions as places
from gongzhi.places.models import Area
from gongzhi.timetable import rostering
from gongzhi.timetable.models import Leave
from gongzhi.web.models import DemoPersona


def settle(*, at: datetime) -> int:
    """Whoever and whatever is missing, in the order of the file; returns how many people were new."""
    town = read("town.yaml")
    areas = dict(Area.objects.filter(ended_at__isnull=True).values_list("code", "path"))
    units = dict(Organisation.objects.values_list("code", "id"))
    for entry in town["organisations"]:
        if entry["code"] not in units:
            units[entry["code"]] = _organisation(entry, areas, units, at)
    known = dict(Account.objects.values_list("username", "id"))
    new = [entry for entry in town["people"] if entry["user"] not in known]
    for entry in new:
        _person(entry, areas, units, at)
    if new:
        _rosters(town.get("rosters", ()), units, at)
    return len(new)


def go_on_leave(*, now: datetime) -> None:
    """Somebody is away these days, once: the demo shows a deputy."""
    units = dict(Organisation.objects.values_list("code", "id"))
    accounts_by_name = dict(Account.objects.values_list("username", "id"))
    for entry in read("town.yaml").get("leaves", ()):
        account_id = accounts_by_name[entry["user"]]
        if not Leave.objects.filter(account_id=account_id).exists():
            rostering.record_leave(
                organisation_id=units[entry["org"]],
                account_id=account_id,
                deputy_id=accounts_by_name[entry["deputy"]],
                kind=entry["kind"],
                begins_at=now - timedelta(days=1),
                ends_at=now + timedelta(days=entry["days"]),
                by=SYSTEM,
                at=now,
            )


def _rosters(entries: Sequence[Mapping[str, Any]], units: Mapping[str, UUID], at: datetime) -> None:
    """Who has the nights and the weekend of a unit."""
    known = dict(Account.objects.values_list("username", "id"))
    for entry in entries:
        for weekday in entry["weekdays"]:
            begins, ends = entry["hours"]
            hours = rostering.Hours(begins_minute=begins * 60, ends_minute=ends * 60, weekday=weekday)
            rostering.put_on_duty(
                organisation_id=units[entry["org"]],
                account_id=known[entry["user"]],
                hours=hours,
                by=SYSTEM,
                at=at,
            )


def offer(personas: Sequence[Persona]) -> None:
    """Put the personas on the one-click sign-in page."""
    ids = dict(
        Account.objects.filter(username__in=[p.username for p in personas]).values_list("username", "id")
    )
    for rank, persona in enumerate(personas, start=1):
        DemoPersona.objects.update_or_create(
            account_id=ids[persona.username],
            defaults={
                "rank": rank,
                "title_zh": persona.title_zh,
                "title_en": persona.title_en,
                "hint_zh": persona.blurb_zh,
                "hint_en": persona.blurb_en,
            },
        )


def _organisation(
    entry: Mapping[str, Any], areas: Mapping[str, str], units: Mapping[str, UUID], at: datetime
) -> UUID:
    made = organisations.register_organisation(
        code=entry["code"],
        name=entry["name"],
        short_name=entry["short"],
        kind=entry["kind"],
        parent_id=units.get(entry.get("parent", "")),
        area_path=areas[entry["area"]],
        by=SYSTEM,
        at=at,
    )
    return made.id


def _person(
    entry: Mapping[str, Any], areas: Mapping[str, str], units: Mapping[str, UUID], at: datetime
) -> None:
    contacts = [("phone", entry["phone"])] if "phone" in entry else []
    person = people.register_person(name=entry["name"], contacts=contacts, by=SYSTEM, at=at)
    account = accounts.create_account(
        username=entry["user"], person_id=person.id, display_name=entry["name"], by=SYSTEM, at=at
    )
    if "org" in entry:
        public = entry.get("post", "").endswith(("网格员", "主任", "局长"))
        posts.take_post(
            person_id=person.id,
            organisation_id=units[entry["org"]],
            title=entry["post"],
            public=public,
            by=SYSTEM,
            at=at,
        )
    for role in entry["roles"]:
        given = {"role": role} if isinstance(role, str) else role
        _grant(account.id, given, areas, units, at)
    for code in entry.get("manages", ()):
        area = Area.objects.get(code=code, ended_at__isnull=True)
        places.appoint_manager(area_id=area.id, person_id=person.id, by=SYSTEM, at=at)


def _grant(
    account_id: UUID,
    given: Mapping[str, str],
    areas: Mapping[str, str],
    units: Mapping[str, UUID],
    at: datetime,
) -> Grant:
    return grants.give(
        account_id=account_id,
        role=given["role"],
        area_path=areas[given["area"]] if "area" in given else "",
        organisation_id=units[given["org"]] if "org" in given else None,
        by=SYSTEM,
        at=at,
    )
