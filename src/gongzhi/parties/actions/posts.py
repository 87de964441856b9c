"""People taking and leaving posts in organisations."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require_to
from gongzhi.acts.actions import record
from gongzhi.acts.drafts import Subject
from gongzhi.kernel.ids import uuid7
from gongzhi.kernel.refusals import Conflict, Invalid, NotFound
from gongzhi.parties import events, normalising
from gongzhi.parties.models import Organisation, Person, Post


@transaction.atomic
def take_post(
    *, person_id: UUID, organisation_id: UUID, title: str, by: Actor, at: datetime, public: bool = False
) -> Post:
    """Raises Conflict when the person holds this very post, NotFound for an ended person or organisation."""
    require_to(by, "parties.organisations")
    title = normalising.line(title)
    if not 0 < len(title) <= 60:
        raise Invalid("parties.post_title", "职务不能为空，且不能超过 60 个字。", field="title")
    if not Organisation.objects.filter(id=organisation_id, ended_at__isnull=True).exists():
        raise NotFound("parties.organisation_unknown", "没有这个机构，或它已撤销。")
    if not Person.objects.filter(id=person_id, ended_at__isnull=True).exists():
        raise NotFound("parties.person_unknown", "没有这个人的登记。")
    held = Post.objects.filter(
        person_id=person_id, organisation_id=organisation_id, title=title, ended_at__isnull=True
    )
    if held.exists():
        raise Conflict("parties.post_held", "此人已担任这一职务。")
    post = Post.objects.create(
        id=uuid7(at),
        person_id=person_id,
        organisation_id=organisation_id,
        title=title,
        public=public,
        started_at=at,
    )
    event = events.PostTaken(post.id, organisation_id, title)
    record(verb="parties.take_post", subject=Subject("parties.person", person_id), by=by, at=at, event=event)
    return post


@transaction.atomic
def leave_post(*, post_id: UUID, by: Actor, at: datetime) -> Post:
    """Raises NotFound when the post is unknown or left already."""
    require_to(by, "parties.organisations")
    post = Post.objects.select_for_update().filter(id=post_id, ended_at__isnull=True).first()
    if post is None:
        raise NotFound("parties.post_unknown", "没有这一任职记录，或已离任。")
    post.ended_at = at
    post.save(update_fields=["ended_at"])
    event = events.PostLeft(post.id, post.organisation_id, post.title)
    record(
        verb="parties.leave_post",
        subject=Subject("parties.person", post.person_id),
        by=by,
        at=at,
        event=event,
    )
    return post
