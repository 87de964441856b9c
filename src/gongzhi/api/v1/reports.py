"""Reporting and following."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from gongzhi.api.v1.answers import CaseOut, case
from gongzhi.api.v1.asking import asking, json, limit_anonymous, once
from gongzhi.api.v1.shapes import FollowIn, OpenedOut, ReportIn
from gongzhi.intake.actions import take_in
from gongzhi.intake.raw import RawReport
from gongzhi.kernel.refusals import Invalid
from gongzhi.matters import queries as matters
from gongzhi.web.visits import Visit

router = Router(tags=["reports"])

_DESK_CHANNELS = {
    "phone": ("dispatcher", "window"),
    "window": ("window", "dispatcher"),
    "worker": ("grid_worker", "community_worker"),
    "police_110": ("dispatcher", "integrator"),
}


def _origin(visit: Visit, body: ReportIn) -> str:
    """110 counts its own numbers, whoever brings them in; programs count each theirs."""
    return body.channel if body.channel == "police_110" else f"api:{visit.actor.id}"


@router.post("", response={201: OpenedOut, 200: OpenedOut}, summary="Report something")
def report(request: HttpRequest, body: ReportIn) -> HttpResponse:
    """Opens a matter: categorised, placed, routed and dated before the answer. 200 when external_id was here before."""
    visit = asking(request)
    limit_anonymous(request, "api.report")
    if (roles := _DESK_CHANNELS.get(body.channel)) and not visit.actor.has_role(*roles):
        raise Invalid("api.channel", "这个受理渠道只供相应岗位使用。", field="channel")
    if body.external_id and visit.actor.id is None:
        raise Invalid(
            "api.external_id", "只有登录的人或出示令牌的程序才能使用 external_id。", field="external_id"
        )
    fields = body.dict(exclude={"files"})
    known = visit.actor.party_id if visit.actor.kind == "account" and body.channel == "api" else None
    raw = RawReport(
        **fields,
        reporter_id=None if body.phone or body.name else known,
        origin=_origin(visit, body) if body.external_id else "",
        language=visit.actor.language,
        file_ids=tuple(body.files),
    )

    def work() -> HttpResponse:
        opened = take_in(raw=raw, by=visit.actor, at=visit.at)
        location = f"/api/v1/matters/{opened.number}"
        return json(opened, status=201 if opened.new else 200, location=location)

    return once(request, work)


@router.post("/{number}/following", response=CaseOut, summary="Follow one's own report without an account")
def follow(request: HttpRequest, number: str, body: FollowIn) -> HttpResponse:
    """The reporter's view of the matter for who shows the follow code or the phone number. 404 for a wrong pair."""
    visit = asking(request)
    limit_anonymous(request, "api.follow")
    reader = matters.follow(number=number, code=body.code, phone=body.phone)
    found = matters.case(visible_to=reader, number=number, at=visit.at)
    return json(case(found), etag=found.etag)
