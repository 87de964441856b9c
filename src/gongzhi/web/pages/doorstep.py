"""The bare address: everybody is led to where their work is."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from gongzhi.web.doors import door
from gongzhi.web.visits import Visit


@door(policy="public")
@require_safe
def doorstep(request: Visit) -> HttpResponse:
    """Staff to the desk; residents to their matters; visitors of the demo to its people; everybody else to where one
    says what is wrong, without an account."""
    if any(held.role != "resident" for held in request.actor.held):
        return HttpResponseRedirect("/desk/")
    if request.actor.party_id is not None:
        return HttpResponseRedirect("/mine/")
    if settings.DEMO and request.actor.id is None:
        return HttpResponseRedirect(reverse("web:demo"))
    return HttpResponseRedirect("/report/")
