"""Who is behind a token."""

from dataclasses import replace
from datetime import datetime

from django.db.models import QuerySet

from gongzhi.access.actor import Actor
from gongzhi.exchange.models import AccessToken
from gongzhi.exchange.token_actions import PREFIX, digest_of
from gongzhi.grants.queries import actor_of
from gongzhi.kernel.refusals import NotSignedIn


def actor_behind(authorization: str, *, at: datetime, request_id: str = "") -> Actor:
    """The actor of an `Authorization: Bearer gz_…` header, with the roles its account holds now.

    Raises NotSignedIn for a token that is unknown, ended or expired, or whose account is disabled: one answer for all.
    """
    scheme, _, secret = authorization.partition(" ")
    secret = secret.strip()
    if scheme.lower() == "bearer" and secret.startswith(PREFIX):
        token = AccessToken.objects.filter(digest=digest_of(secret), ended_at=None, expires_at__gt=at).first()
        if token is not None:
            actor = actor_of(token.account_id, at, request_id=request_id)
            if actor.id is not None:
                return replace(actor, kind="token")
    raise NotSignedIn("exchange.bad_token", "令牌无效、已停用或已过期，请更换后重试。")


def tokens_of(*, by: Actor) -> QuerySet[AccessToken]:
    """The actor's own tokens, newest first."""
    if by.id is None:
        return AccessToken.objects.none()
    return AccessToken.objects.filter(account_id=by.id).order_by("-created_at", "-id")
