"""What a receiver is told: that something happened, to what, where and when. Details are fetched through the API,
under the receiver's own rights: a webhook never carries what its subscriber might not see."""

from gongzhi.acts.drafts import Sequenced
from gongzhi.kernel import canonical

VERSION = 1


def body_of(act: Sequenced) -> str:
    """Canonical JSON: the same bytes at every attempt."""
    return canonical.dumps(
        {
            "version": VERSION,
            "position": act.position,
            "act": act.id,
            "verb": act.verb,
            "subject": {"kind": act.subject.kind, "id": str(act.subject.id)},
            "area": act.area_path,
            "at": act.at,
            "recorded_at": act.recorded_at,
        }
    )
