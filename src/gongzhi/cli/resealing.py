"""Moving what older keys sealed to the current ones: contacts, names and webhook secrets, batch by batch."""

from collections.abc import Callable

from gongzhi.kernel import clock


def remaining() -> int:
    """Values under older keys. Needs Django set up."""
    from gongzhi.exchange.models import Subscription
    from gongzhi.installation.keys import keyring
    from gongzhi.parties import rotation

    current = keyring().current("webhook").id
    return rotation.remaining() + Subscription.objects.exclude(secret_key_id=current).count()


def reseal(progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Re-seal everything; returns how many values. Small transactions: stopped anywhere, the next call goes on."""
    from gongzhi.access.actor import SYSTEM
    from gongzhi.exchange import rotation as webhooks
    from gongzhi.parties import rotation

    total = remaining()
    moved = rotation.rotate(by=SYSTEM, at=clock.now(), progress=lambda done: progress(done, total))
    done = moved.names + moved.contacts
    while count := webhooks.reseal():
        done += count
        progress(done, total)
    return done
