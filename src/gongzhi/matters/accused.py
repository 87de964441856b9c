"""Who is complained of: the units that may not handle it, and the one above them that shall."""

from datetime import datetime
from uuid import UUID

from django.db.models import Q

from gongzhi.grants.queries import valid
from gongzhi.mandates import avoiding
from gongzhi.mandates.rules import Candidate, Route
from gongzhi.matters.facts import Facts
from gongzhi.matters.models import Matter
from gongzhi.matters.reports import Accused
from gongzhi.parties.models import Account, Organisation, Post

_NOT_HANDLING = ("district",)  # a government as a whole handles nothing: its desk decides


def accused(*, unit_id: UUID | None, account_id: UUID | None, words: str = "", at: datetime) -> Accused:
    """With what follows from the posts and rights held at `at`. A handful of statements."""
    account = Account.objects.filter(id=account_id).first() if account_id else None
    own = _units_of(account, at) if account else []
    unit = Organisation.objects.filter(id=unit_id).first() if unit_id else None
    first = unit or (own[0] if own else None)
    avoided = _below(unit) | {one.id for one in own} if unit else {one.id for one in own}
    names = [unit.name] if unit else []
    names += [account.display_name or account.username] if account else []
    return Accused(
        unit_id=unit.id if unit else None,
        account_id=account.id if account else None,
        words=words,
        named="、".join(names),
        avoided=frozenset(avoided),
        above=_above(first, avoided) if first else None,
    )


def of_matter(matter: Matter, facts: Facts, at: datetime) -> Accused | None:
    """Whom a matter complains of; None, without a statement, when nobody."""
    complaint = facts.current("complaint")
    if complaint is None:
        return None
    return accused(
        unit_id=matter.accused_unit_id,
        account_id=matter.accused_account_id,
        words=complaint.values["text"],
        at=at,
    )


def past(route: Route, accused: Accused) -> Route:
    """The route goes past them."""
    return avoiding.past(route, avoided=accused.avoided, named=accused.named, above=accused.above)


def people_barred(matter: Matter, at: datetime) -> frozenset[UUID]:
    """Whom nothing about the matter is told: the person complained of, and who belongs to the unit complained of."""
    if matter.accused_unit_id is None and matter.accused_account_id is None:
        return frozenset()
    units = Q(organisation__path__startswith=matter.accused_unit.path) if matter.accused_unit else Q(pk=None)
    held = valid(at).filter(units | Q(account_id=matter.accused_account_id))
    posts = Post.objects.filter(units, ended_at__isnull=True)
    accused = Account.objects.filter(id=matter.accused_account_id)
    found = {*held.values_list("account__person_id", flat=True), *posts.values_list("person_id", flat=True)}
    return frozenset(id_ for id_ in {*found, *accused.values_list("person_id", flat=True)} if id_)


def _units_of(account: Account, at: datetime) -> list[Organisation]:
    granted = (
        valid(at)
        .filter(account=account, organisation__isnull=False)
        .values_list("organisation_id", flat=True)
    )
    ids = set(granted)
    if account.person_id:
        posts = Post.objects.filter(person_id=account.person_id, ended_at__isnull=True)
        ids |= set(posts.values_list("organisation_id", flat=True))
    return list(Organisation.objects.filter(id__in=ids).order_by("-path"))


def _below(unit: Organisation) -> set[UUID]:
    """The unit and all below it."""
    return {unit.id, *Organisation.objects.filter(path__startswith=unit.path).values_list("id", flat=True)}


def _above(unit: Organisation, avoided: set[UUID]) -> Candidate | None:
    """The nearest unit above that handles cases."""
    codes = unit.path.split("/")[:-2]
    found = Organisation.objects.filter(code__in=codes, ended_at__isnull=True).exclude(kind__in=_NOT_HANDLING)
    for one in found.order_by("-path"):
        if one.id not in avoided:
            return Candidate(one.id, one.name, one.id)
    return None
