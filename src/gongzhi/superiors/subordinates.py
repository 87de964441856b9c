"""Below us: an organisation that works in an installation of its own. It is told by its key what is dispatched to it,
and says where that stands over there."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from gongzhi.access.actor import SYSTEM, Actor
from gongzhi.access.decisions import may, require_to
from gongzhi.acts import actions as acts
from gongzhi.acts.drafts import Subject
from gongzhi.catalogue.procedure import Wording
from gongzhi.exchange import token_actions
from gongzhi.grants import actions as grants
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import Invalid, NotAllowed, NotFound
from gongzhi.matters.models import Matter
from gongzhi.parties.actions import create_account
from gongzhi.parties.models import Account, Organisation
from gongzhi.superiors import events
from gongzhi.superiors.models import Standing, Subordinate
from gongzhi.superiors.policies import ADMINISTER

_ROLE = "handler"
_PREFIX = "sister."


@dataclass(frozen=True, slots=True)
class Connected:
    """secret: the key of that installation, shown this once."""

    subordinate: Subordinate
    secret: str


@dataclass(frozen=True, slots=True)
class Word:
    """What a subordinate says: its number and state there. version: of its matter, by which newer words are known
    whatever the clocks say · said_at: by its own clock."""

    number: str
    state: Wording
    version: int
    said_at: datetime


def add(*, organisation: str, days: int = 365, by: Actor, at: datetime) -> Connected:
    """Connect the installation of an organisation (its code), or give it a new key: the old one is dead at once.

    Its account may do what a handler of the organisation may, through the API only. Raises NotFound, Invalid, NotAllowed.
    """
    require_to(by, ADMINISTER)
    with transaction.atomic():
        unit = _unit(organisation)
        account = _account(unit, at)
        subordinate = Subordinate.objects.filter(organisation=unit, ended_at=None).first()
        if subordinate is not None:
            token_actions.end_token(token_id=subordinate.token_id, by=SYSTEM, at=at)
        issued = token_actions.issue_token(
            account=account, name=f"superiors:{unit.code}", days=days, by=SYSTEM, at=at
        )
        if subordinate is None:
            subordinate = Subordinate(id=ids.uuid7(at), organisation=unit, created_at=at)
        subordinate.token_id, subordinate.area_path = issued.id, unit.area_path
        subordinate.save()
        _record("superiors.add_subordinate", subordinate, by, at, events.SubordinateAdded(unit.code, days))
    return Connected(subordinate, issued.secret)


def end(*, organisation: str, by: Actor, at: datetime) -> None:
    """Its key is dead at once; what it said stays to be read. Raises NotFound, NotAllowed."""
    require_to(by, ADMINISTER)
    with transaction.atomic():
        subordinate = (
            Subordinate.objects.select_for_update(of=("self",))
            .filter(organisation__code=organisation[:40], ended_at=None)
            .first()
        )
        if subordinate is None:
            raise NotFound("superiors.no_subordinate", "这个单位没有接入自己的平台。")
        subordinate.ended_at = at
        subordinate.save(update_fields=["ended_at"])
        token_actions.end_token(token_id=subordinate.token_id, by=SYSTEM, at=at)
        _record("superiors.end_subordinate", subordinate, by, at, events.SubordinateEnded(organisation[:40]))


def stand(*, number: str, word: Word, by: Actor, at: datetime) -> Standing:
    """What a subordinate says of one of our matters it leads. The same again, or older than the last, changes nothing.

    Raises NotFound for a matter it may not see, NotAllowed for anybody who is no subordinate's key.
    """
    with transaction.atomic():
        matter = Matter.objects.filter(number=number).first()
        if matter is None or not may(by, "view", matter):
            raise NotFound("access.not_found", "没有找到，或者您无权查看。")
        subordinate = _behind(by)
        if subordinate is None or subordinate.organisation_id != matter.lead_id:
            raise NotAllowed("superiors.only_subordinates", "只有承办单位自己的平台可以报送它那边的状态。")
        _judge(word)
        row = Standing.objects.select_for_update().filter(matter=matter, subordinate=subordinate).first()
        if row is None:
            row = Standing(id=ids.uuid7(at), matter=matter, subordinate=subordinate)
        elif row.number == word.number and row.version >= word.version:
            return row
        row.number, row.state_zh, row.state_en = word.number, word.state.zh, word.state.en
        row.version, row.said_at, row.heard_at = word.version, word.said_at, at
        row.save()
        acts.record(
            verb="superiors.stand",
            subject=Subject("superiors.standing", row.id),
            by=by,
            at=at,
            event=events.Stood(matter.number, word.number, word.state.zh, word.state.en),
            area_path=matter.area_path,
        )
    return row


def _behind(by: Actor) -> Subordinate | None:
    if by.id is None:
        return None
    return Subordinate.objects.filter(token__account_id=by.id, ended_at=None).first()


def _judge(word: Word) -> None:
    for field, text, longest in (
        ("number", word.number, 40),
        ("state_zh", word.state.zh, 80),
        ("state_en", word.state.en, 80),
    ):
        if not text.strip() or len(text) > longest or not text.isprintable():
            raise Invalid("superiors.bad_standing", "请填写可见的文字，不要太长。", field=field)


def _unit(code: str) -> Organisation:
    unit = Organisation.objects.select_for_update(of=("self",)).filter(code=code[:40], ended_at=None).first()
    if unit is None:
        raise NotFound("superiors.no_unit", "没有这个机构。")
    return unit


def _account(unit: Organisation, at: datetime) -> Account:
    """Without a password: nobody signs in with it."""
    username = f"{_PREFIX}{unit.code}".lower()
    account = Account.objects.filter(username=username).first()
    if account is None:
        account = create_account(username=username, display_name=unit.name, by=SYSTEM, at=at)
        grants.give(account_id=account.id, role=_ROLE, organisation_id=unit.id, by=SYSTEM, at=at)
    return account


def _record(verb: str, subordinate: Subordinate, by: Actor, at: datetime, event: object) -> None:
    subject = Subject("superiors.subordinate", subordinate.id)
    acts.record(verb=verb, subject=subject, by=by, at=at, event=event, area_path=subordinate.area_path)
