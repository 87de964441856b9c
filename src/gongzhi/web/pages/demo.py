"""The demo's front door: become one of its people with one click. Does not exist outside demo mode."""

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.views.decorators.http import require_http_methods

from gongzhi.kernel.refusals import NotFound
from gongzhi.web.doors import door
from gongzhi.web.models import DemoPersona
from gongzhi.web.visits import Visit

_BACKEND = settings.AUTHENTICATION_BACKENDS[0]


@dataclass(frozen=True, slots=True)
class Offered:
    """A persona in the reader's language."""

    account_id: UUID
    title: str
    name: str
    hint: str


@door(policy="public", demo=True)
@require_http_methods(["GET", "HEAD", "POST"])
def demo(request: Visit) -> HttpResponse:
    """GET lists the people on offer; POST signs in as one of them, and only of them."""
    if request.method == "POST":
        return _become(request)
    return render(request, "web/pages/demo.html", {"personas": _offered()})


def _become(request: Visit) -> HttpResponse:
    try:
        wanted = UUID(request.POST.get("account", ""))
    except ValueError:
        wanted = UUID(int=0)
    persona = DemoPersona.objects.select_related("account").filter(pk=wanted).first()
    if persona is None or not persona.account.is_active:
        raise NotFound("web.no_persona", "演示里没有这个人。请回到人物列表重选。")
    login(request, persona.account, backend=_BACKEND)
    return HttpResponseRedirect("/")


def _offered() -> list[Offered]:
    english = (translation.get_language() or "").startswith("en")
    return [
        Offered(
            account_id=row.account_id,
            title=row.title_en if english else row.title_zh,
            name=row.account.display_name,
            hint=row.hint_en if english else row.hint_zh,
        )
        for row in DemoPersona.objects.select_related("account")
        .filter(account__disabled_at=None)
        .order_by("rank")
    ]
