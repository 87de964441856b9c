"""Where to go after signing in or switching language: only to a path of ours."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def safe_next(request: HttpRequest, default: str = "/", *, key: str = "next") -> str:
    """The address the reader brought under `key`, when it stays on this host, else `default`."""
    wanted = request.POST.get(key) or request.GET.get(key) or ""
    secure = request.is_secure()
    if wanted.startswith("/") and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts=None, require_https=secure
    ):
        return wanted
    return default
