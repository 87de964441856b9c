"""The language switch: a cookie, no account needed."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST

from gongzhi.web.doors import door
from gongzhi.web.returning import safe_next
from gongzhi.web.visits import Visit

_YEAR_SECONDS = 365 * 86_400


@door(policy="public")
@require_POST
def language(request: Visit) -> HttpResponse:
    """Unknown languages are ignored: the reader stays where they were, in the words they had."""
    response = HttpResponseRedirect(safe_next(request))
    chosen = request.POST.get("language", "")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=_YEAR_SECONDS,
            samesite="Lax",
            httponly=True,
            secure=request.is_secure(),
        )
    return response
