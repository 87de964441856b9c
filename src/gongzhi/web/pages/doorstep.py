"""The bare address: everybody is led to where their work is."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from gongzhi.web.doors import door
from gongzhi.web.visits import Visit

# Where a day begins; everybody else of the staff begins in the inbox.
_STARTS = (
    (("street_leader", "supervisor", "unit_head"), "/desk/overview/"),
    (("grid_worker",), "/desk/today/"),
)


@door(policy="public")
@require_safe
def doorstep(request: Visit) -> HttpResponse:
    """Staff to the desk, leaders to their figures, who walks the street to today; residents to their matters; visitors of the demo to its people; everybody else to where one
    says what is wrong, without an account."""
    if any(held.role != "resident" for held in request.actor.held):
        start = next((start for roles, start in _STARTS if request.actor.has_role(*roles)), "/desk/")
        return HttpResponseRedirect(start)
    if request.actor.party_id is not None:
        return HttpResponseRedirect("/mine/")
    if settings.DEMO and request.actor.id is None:
        return HttpResponseRedirect(reverse("web:demo"))
    return HttpResponseRedirect("/report/")
