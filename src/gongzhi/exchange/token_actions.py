"""Keys for programs: issue and end them. A token never outlives a year nor carries more than its account."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require_to
from gongzhi.acts import actions as acts
from gongzhi.acts.drafts import Subject
from gongzhi.exchange import events
from gongzhi.exchange.models import AccessToken
from gongzhi.exchange.policies import TOKENS, TOKENS_OF_OTHERS
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import Invalid, NotFound
from gongzhi.parties.models import Account

PREFIX = "gz_"
DAYS_MAX = 366


@dataclass(frozen=True, slots=True)
class Issued:
    """secret: shown this once."""

    id: UUID
    secret: str


def digest_of(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def issue_token(*, account: Account, name: str, days: int, by: Actor, at: datetime) -> Issued:
    """A token for one's own account, or by the security administrator for anybody's. Raises NotAllowed, Invalid."""
    require_to(by, TOKENS if account.id == by.id else TOKENS_OF_OTHERS)
    if not name.strip() or len(name) > 80:
        raise Invalid("exchange.token_name", "请写明令牌的用途，不超过 80 个字。", field="name")
    if not 1 <= days <= DAYS_MAX:
        raise Invalid("exchange.token_days", "有效期应为 1 到 366 天。", field="days")
    secret = PREFIX + secrets.token_urlsafe(32)
    expires_at = at + timedelta(days=days)
    with transaction.atomic():
        token = AccessToken.objects.create(
            id=ids.uuid7(at),
            account=account,
            name=name.strip(),
            digest=digest_of(secret),
            hint=secret[-4:],
            created_at=at,
            expires_at=expires_at,
        )
        acts.record(
            verb="exchange.issue_token",
            subject=Subject("exchange.accesstoken", token.id),
            by=by,
            at=at,
            event=events.TokenIssued(account.id, token.name, expires_at),
        )
    return Issued(token.id, secret)


def end_token(*, token_id: UUID, by: Actor, at: datetime) -> None:
    """Dead from now on; twice does nothing. Raises NotFound for a token that is not the actor's to end."""
    with transaction.atomic():
        token = AccessToken.objects.select_for_update().filter(id=token_id).first()
        if token is None:
            raise NotFound("exchange.no_token", "没有找到这个令牌。")
        require_to(by, TOKENS if token.account_id == by.id else TOKENS_OF_OTHERS)
        if token.ended_at is None:
            token.ended_at = at
            token.save(update_fields=["ended_at"])
            acts.record(
                verb="exchange.end_token",
                subject=Subject("exchange.accesstoken", token.id),
                by=by,
                at=at,
                event=events.TokenEnded(token.name),
            )
