"""Saved filters: put by, put away."""

from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from gongzhi.portals.centre import actions
from gongzhi.web.doors import door
from gongzhi.web.visits import Visit


@door(policy="staff")
@require_POST
def save_filter(request: Visit) -> HttpResponse:
    saved = actions.save_filter(
        name=request.POST.get("name", ""),
        query=request.POST.get("query", "")[:2_000],
        by=request.actor,
        at=request.at,
    )
    return HttpResponseRedirect(f"{reverse('centre:inbox')}?{saved.query}")


@door(policy="staff")
@require_POST
def end_filter(request: Visit, filter_id: UUID) -> HttpResponse:
    actions.end_filter(filter_id=filter_id, by=request.actor, at=request.at)
    return HttpResponseRedirect(reverse("centre:inbox"))
