"""Matters shared with another installation: what each side says of them."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema

from gongzhi.api.v1.asking import asking, json
from gongzhi.catalogue.procedure import Wording
from gongzhi.kernel.clock import SHANGHAI
from gongzhi.superiors import queries, subordinates

router = Router(tags=["superiors"])


class StandingIn(Schema):
    """number, state: of the matter in the installation of the unit · version: of the matter there; older words than the
    newest change nothing · said_at: by the clock there."""

    number: str = Field(..., max_length=40)
    state_zh: str = Field(..., max_length=80)
    state_en: str = Field(..., max_length=80)
    version: int = Field(..., ge=0, lt=2**31)
    said_at: datetime


class StandingOut(Schema):
    number: str
    state_zh: str
    state_en: str
    version: int
    heard_at: datetime


class OtherSidesOut(Schema):
    """above: the platform that gave it to us, null = nobody · below: the unit's own installation, null = it has none."""

    above: queries.OtherSide | None
    below: queries.Below | None


@router.put("/{number}/standing", response=StandingOut, summary="Say where it stands with us")
def stand(request: HttpRequest, number: str, body: StandingIn) -> HttpResponse:
    """For the installation of the unit that handles it, with the key it was given."""
    visit = asking(request)
    word = subordinates.Word(
        body.number, Wording(body.state_zh, body.state_en), body.version, _instant(body.said_at)
    )
    row = subordinates.stand(number=number, word=word, by=visit.actor, at=visit.at)
    return json({name: getattr(row, name) for name in StandingOut.model_fields})


@router.get("/{number}/other-sides", response=OtherSidesOut, summary="What the other sides say of it")
def other_sides(request: HttpRequest, number: str) -> HttpResponse:
    """The superior's number, state, deadline and messages; the number and state of the unit's own installation."""
    actor = asking(request).actor
    above, below = queries.other_sides(visible_to=actor, number=number)
    return json({"above": above, "below": below})


def _instant(given: datetime) -> datetime:
    return given if given.tzinfo else given.replace(tzinfo=SHANGHAI)
