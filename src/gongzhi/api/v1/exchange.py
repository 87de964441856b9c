"""Webhooks and access tokens of the caller."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from gongzhi.api.v1.asking import asking, json, once, signed_in
from gongzhi.api.v1.shapes import SubscribedOut, SubscriptionIn, TokenIn, TokenOut
from gongzhi.exchange import actions, queries, token_actions, token_queries
from gongzhi.exchange.queries import DeliveryRow, SubscriptionRow
from gongzhi.parties.models import Account

router = Router(tags=["exchange"])


@router.get("/webhooks", response=list[SubscriptionRow], summary="The caller's subscriptions")
def subscriptions(request: HttpRequest) -> HttpResponse:
    return json(queries.subscriptions(visible_to=asking(request).actor))


@router.post("/webhooks", response={201: SubscribedOut}, summary="Be told of acts from now on")
def subscribe(request: HttpRequest, body: SubscriptionIn) -> HttpResponse:
    visit = asking(request)

    def work() -> HttpResponse:
        done = actions.subscribe(
            url=body.url, verbs=body.verbs, area_path=body.area_path, by=visit.actor, at=visit.at
        )
        return json(done, status=201, location=f"/api/v1/exchange/webhooks/{done.id}")

    return once(request, work)


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
def deliveries(request: HttpRequest, subscription_id: UUID, limit: int = 50) -> HttpResponse:
    limit = max(1, min(limit, 200))
    return json(
        queries.deliveries(visible_to=asking(request).actor, subscription_id=subscription_id, limit=limit)
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
    return json(
        token_actions.issue_token(
            account=account, name=body.name, days=body.days, by=visit.actor, at=visit.at
        ),
        status=201,
    )


@router.delete("/tokens/{token_id}", response={204: None}, summary="End a token at once")
def end(request: HttpRequest, token_id: UUID) -> HttpResponse:
    visit = asking(request)
    token_actions.end_token(token_id=token_id, by=visit.actor, at=visit.at)
    return HttpResponse(status=204)
