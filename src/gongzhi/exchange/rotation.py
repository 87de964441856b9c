"""Secrets move to the current key, batch by batch, while deliveries go on."""

from django.db import transaction

from gongzhi.exchange import sealing
from gongzhi.exchange.models import Subscription
from gongzhi.installation.keys import keyring


def reseal(limit: int = 500) -> int:
    """Reseal up to `limit` secrets written under older keys; returns how many. Call until it returns 0."""
    current = keyring().current("webhook").id
    with transaction.atomic():
        old = Subscription.objects.exclude(secret_key_id=current).order_by("id")
        rows = list(old.select_for_update(skip_locked=True)[:limit])
        for row in rows:
            secret = sealing.opened(row.secret_sealed, row.id)
            row.secret_sealed, row.secret_key_id = sealing.sealed(secret, row.id)
        Subscription.objects.bulk_update(rows, ["secret_sealed", "secret_key_id"])
    return len(rows)
