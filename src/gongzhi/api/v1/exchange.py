"""Webhooks and access tokens of the caller."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Field, Router

from gongzhi.api.v1.asking import asking, json, once, signed_in
from gongzhi.api.v1.shapes import SubscribedOut, SubscriptionIn, TokenIn, TokenOut
from gongzhi.exchange import actions, queries, token_actions, token_queries
from gongzhi.exchange.missed import Missed, acts_after
from gongzhi.exchange.queries import DeliveryRow, SubscriptionRow
from gongzhi.parties.models import Account

router = Router(tags=["exchange"])


@router.get("/webhooks", response=list[SubscriptionRow], summary="The caller's subscriptions")
def subscriptions(request: HttpRequest) -> HttpResponse:
    return json(queries.subscriptions(visible_to=asking(request).actor))


@router.post("/webhooks", response={201: SubscribedOut}, summary="Be told of acts from now on")
def subscribe(request: HttpRequest, body: SubscriptionIn) -> HttpResponse:
    visit = asking(request)

    def work() -> actions.Subscribed:
        return actions.subscribe(
            url=body.url, verbs=body.verbs, area_path=body.area_path, by=visit.actor, at=visit.at
        )

    return _shown_once(request, work)


@router.post(
    "/webhooks/{subscription_id}/secret", response={201: SubscribedOut}, summary="A new secret for signatures"
)
def renew(request: HttpRequest, subscription_id: UUID) -> HttpResponse:
    """The old one is gone at once."""
    visit = asking(request)
    return _shown_once(
        request,
        lambda: actions.renew_secret(subscription_id=subscription_id, by=visit.actor, at=visit.at),
    )


@router.post(
    "/webhooks/{subscription_id}/resumption", response={204: None}, summary="Send again after a stop"
)
def resume(request: HttpRequest, subscription_id: UUID) -> HttpResponse:
    """What waited is sent; acts of the time between are read by position."""
    visit = asking(request)
    actions.enable(subscription_id=subscription_id, by=visit.actor, at=visit.at)
    return HttpResponse(status=204)


@router.get(
    "/webhooks/{subscription_id}/acts", response=Missed, summary="The acts a subscription wants, by position"
)
def acts(request: HttpRequest, subscription_id: UUID, after: int = -1) -> HttpResponse:
    """For a receiver that was away. Hand `read_to` back as `after` until it stops growing."""
    after = max(-1, min(after, 2**62))
    return json(acts_after(visible_to=asking(request).actor, subscription_id=subscription_id, after=after))


@router.delete("/webhooks/{subscription_id}", response={204: None}, summary="End a subscription")
def unsubscribe(request: HttpRequest, subscription_id: UUID) -> HttpResponse:
    visit = asking(request)
    actions.unsubscribe(subscription_id=subscription_id, by=visit.actor, at=visit.at)
    return HttpResponse(status=204)


@router.get(
    "/webhooks/{subscription_id}/deliveries",
    response=list[DeliveryRow],
    summary="What was sent, and how it was answered",
)
def deliveries(
    request: HttpRequest,
    subscription_id: UUID,
    state: Literal["", "queued", "sent", "failed"] = "",
    before: Annotated[int | None, Field(ge=0, lt=2**62)] = None,
    limit: int = 50,
) -> HttpResponse:
    """Newest first. before: the position of the last row of the page before."""
    return json(
        queries.deliveries(
            visible_to=asking(request).actor,
            subscription_id=subscription_id,
            state=state,
            before=before,
            limit=max(1, min(limit, 200)),
        )
    )


@router.post("/deliveries/{delivery_id}/repetition", response={204: None}, summary="Send one delivery again")
def redeliver(request: HttpRequest, delivery_id: UUID) -> HttpResponse:
    visit = asking(request)
    actions.redeliver(delivery_id=delivery_id, by=visit.actor, at=visit.at)
    return HttpResponse(status=204)


@router.get("/tokens", response=list[TokenOut], summary="The caller's access tokens, without their secrets")
def tokens(request: HttpRequest) -> HttpResponse:
    actor = signed_in(request)
    fields = ("id", "name", "hint", "created_at", "expires_at", "ended_at")
    return json(
        [{name: getattr(token, name) for name in fields} for token in token_queries.tokens_of(by=actor)]
    )


@router.post("/tokens", response={201: SubscribedOut}, summary="Issue an access token for one's own account")
def issue(request: HttpRequest, body: TokenIn) -> HttpResponse:
    visit = asking(request)
    account = Account.objects.get(pk=signed_in(request).id)
    return _shown_once(
        request,
        lambda: token_actions.issue_token(
            account=account, name=body.name, days=body.days, by=visit.actor, at=visit.at
        ),
    )


@router.delete("/tokens/{token_id}", response={204: None}, summary="End a token at once")
def end(request: HttpRequest, token_id: UUID) -> HttpResponse:
    visit = asking(request)
    token_actions.end_token(token_id=token_id, by=visit.actor, at=visit.at)
    return HttpResponse(status=204)


def _shown_once(
    request: HttpRequest, work: Callable[[], actions.Subscribed | token_actions.Issued]
) -> HttpResponse:
    """What is kept for a repeated Idempotency-Key holds no secret: whoever lost it asks for a new one."""
    made: list[actions.Subscribed | token_actions.Issued] = []

    def unsaid() -> HttpResponse:
        made.append(work())
        return json(replace(made[-1], secret=""), status=201)

    response = once(request, unsaid)
    return json(made[-1], status=201) if made else response
