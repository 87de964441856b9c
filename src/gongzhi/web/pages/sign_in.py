"""Signing in with name and password; the same words for a wrong password and an unknown name."""

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from gongzhi.kernel.refusals import Refusal
from gongzhi.parties import actions as parties
from gongzhi.web import problems, rates
from gongzhi.web.doors import door
from gongzhi.web.returning import safe_next
from gongzhi.web.visits import Visit, network

_BACKEND = settings.AUTHENTICATION_BACKENDS[0]
_TRIES_PER_NETWORK = 60
_TRIES_SECONDS = 300


@door(policy="public")
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: Visit) -> HttpResponse:
    """GET shows the form; POST signs in, gives the session a new key and leads back to where the reader came from."""
    following = safe_next(request)
    if request.method != "POST":
        if request.actor.id is not None:
            return HttpResponseRedirect(following)
        return _page(request, following)
    username = request.POST.get("username", "")[:64]
    try:
        rates.take(
            purpose="sign-in",
            who=network(request),
            capacity=_TRIES_PER_NETWORK,
            per_seconds=_TRIES_SECONDS,
            at=request.at,
        )
        account = parties.sign_in(
            username=username,
            password=request.POST.get("password", "")[:256],
            network=network(request),
            at=request.at,
        )
    except Refusal as refusal:
        return _page(request, following, username=username, refusal=refusal)
    login(request, account, backend=_BACKEND)
    return HttpResponseRedirect(following)


@door(policy="public")
@require_POST
def sign_out(request: Visit) -> HttpResponse:
    """Ends the session on the server; its live streams end with it."""
    logout(request)
    return HttpResponseRedirect("/")


def _page(
    request: Visit, following: str, *, username: str = "", refusal: Refusal | None = None
) -> HttpResponse:
    values = {
        "next": following if following != "/" else "",
        "username": username,
        "problem": problems.text(refusal) if refusal else "",
        "demo": settings.DEMO,
    }
    return render(request, "web/pages/sign_in.html", values, status=refusal.status if refusal else 200)
