"""The one write of this room: everything else is done by the rooms below."""

from datetime import datetime

from django.db import transaction

from gongzhi.access.actor import Actor
from gongzhi.acts.actions import record
from gongzhi.acts.drafts import Subject
from gongzhi.api.events import Exported
from gongzhi.kernel.refusals import NotSignedIn


@transaction.atomic
def note_export(*, form: str, by: Actor, at: datetime) -> None:
    """Record that a list was taken out of the system."""
    if by.id is None:
        raise NotSignedIn("api.sign_in", "请先登录，或出示访问令牌。")
    subject = Subject("parties.account", by.id)
    record(verb="api.export", subject=subject, by=by, at=at, event=Exported(form=form))
