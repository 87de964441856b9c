"""Secrets move to the current key, batch by batch."""

from django.db import transaction

from gongzhi.installation.keys import keyring
from gongzhi.superiors import sealing
from gongzhi.superiors.models import Superior


def remaining() -> int:
    """Secrets under older keys."""
    return Superior.objects.exclude(secret_key_id__in=("", keyring().current("webhook").id)).count()


def reseal(limit: int = 500) -> int:
    """Reseal up to `limit` secrets written under older keys; returns how many. Call until it returns 0."""
    current = keyring().current("webhook").id
    with transaction.atomic():
        old = Superior.objects.exclude(secret_key_id__in=("", current)).order_by("id")
        rows = list(old.select_for_update(skip_locked=True)[:limit])
        for row in rows:
            row.secret_sealed, row.secret_key_id = sealing.sealed(
                sealing.opened(row.secret_sealed, row.id), row.id
            )
        Superior.objects.bulk_update(rows, ["secret_sealed", "secret_key_id"])
    return len(rows)
