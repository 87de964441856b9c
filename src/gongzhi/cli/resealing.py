"""Moving what older keys sealed to the current ones: contacts, names and webhook secrets, batch by batch."""

from collections.abc import Callable

from gongzhi.kernel import clock


def remaining() -> int:
    """Values under older keys. Needs Django set up."""
    from gongzhi.exchange.models import Subscription
    from gongzhi.installation.keys import keyring
    from gongzhi.parties import rotation
    from gongzhi.superiors import rotation as superiors

    current = keyring().current("webhook").id
    webhooks = Subscription.objects.exclude(secret_key_id=current).count()
    return rotation.remaining() + webhooks + superiors.remaining()


def reseal(progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Re-seal everything; returns how many values. Small transactions: stopped anywhere, the next call goes on."""
    from gongzhi.access.actor import SYSTEM
    from gongzhi.exchange import rotation as webhooks
    from gongzhi.parties import rotation
    from gongzhi.superiors import rotation as superiors

    total = remaining()
    moved = rotation.rotate(by=SYSTEM, at=clock.now(), progress=lambda done: progress(done, total))
    done = moved.names + moved.contacts
    while count := webhooks.reseal() or superiors.reseal():
        done += count
        progress(done, total)
    return done
