"""Open matters and tasks of somebody who goes pass to a colleague; clocks run on as they were."""

from django.db.models import F, QuerySet

from gongzhi.access.actor import Actor
from gongzhi.acts.actions import record_many
from gongzhi.acts.drafts import Draft, Subject
from gongzhi.kernel import ids
from gongzhi.matters import events, loading
from gongzhi.matters.models import Matter, Signature, Task
from gongzhi.timetable import handing_over
from gongzhi.timetable.handing_over import Passing, Work


def open_matters() -> QuerySet[Matter]:
    return Matter.objects.filter(closed_at__isnull=True)


def open_tasks() -> QuerySet[Task]:
    return Task.objects.filter(ended_at__isnull=True)


def pass_matters(passing: Passing) -> int:
    """One act for each; drafts go with their matter. A handful of statements however many."""
    rows = loading.rows().select_for_update(of=("self",)).order_by("id")
    matters = list(
        rows.filter(handler_id=passing.account_id, lead_id=passing.organisation_id, closed_at__isnull=True)
    )
    _sign_anew(matters, passing)
    Matter.objects.filter(id__in=[matter.id for matter in matters]).update(
        handler_id=passing.to_account_id, version=F("version") + 1
    )
    record_many([_draft(matter, passing, "handler") for matter in matters])
    return len(matters)


def pass_tasks(passing: Passing) -> int:
    """The same task, with its clock, lies with the colleague."""
    tasks = Task.objects.select_for_update(of=("self",)).filter(
        account_id=passing.account_id, organisation_id=passing.organisation_id, ended_at__isnull=True
    )
    found = list(tasks.select_related("matter").order_by("id"))
    Task.objects.filter(id__in=[task.id for task in found]).update(account_id=passing.to_account_id)
    concerned = {task.matter_id: task.matter for task in found}
    Matter.objects.filter(id__in=concerned).update(version=F("version") + 1)
    record_many([_draft(matter, passing, "task") for matter in concerned.values()])
    return len(found)


def _sign_anew(matters: list[Matter], passing: Passing) -> None:
    """Who handles a matter is who signed last: the colleague stands as signer from now on."""
    signer = Actor(kind="account", id=passing.to_account_id).reference
    old = Signature.objects.filter(matter__in=matters, ended_at__isnull=True).order_by("id")
    latest = {signature.matter_id: signature.at for signature in old}
    for signature in old:
        signature.ended_at = max(passing.at, signature.at)
    Signature.objects.bulk_update(old, ["ended_at"])
    Signature.objects.bulk_create(
        Signature(
            id=ids.uuid7(passing.at),
            matter=matter,
            at=max(passing.at, latest.get(matter.id, passing.at)),
            by=signer,
            organisation_id=matter.lead_id,
        )
        for matter in matters
    )


def _draft(matter: Matter, passing: Passing, what: str) -> Draft:
    event = events.HandedOver(matter.number, what, passing.account_id, passing.to_account_id)
    return Draft(
        verb="matters.hand_over",
        subject=Subject("matters.matter", matter.id),
        by=passing.by,
        at=passing.at,
        event=event,
        area_path=matter.area_path,
    )


handing_over.register("matters", Work(open_matters, "lead_id", "handler_id", pass_matters))
handing_over.register("tasks", Work(open_tasks, "organisation_id", "account_id", pass_tasks))
