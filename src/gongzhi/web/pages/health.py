"""/livez: the process answers. /readyz: it can do its work, or 503 with what is missing."""

from django.db import Error, connection
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from gongzhi.web.doors import door
from gongzhi.web.visits import Visit


@door(policy="token")
@require_safe
def livez(request: Visit) -> HttpResponse:
    """Never touches the database: a dead database is no reason to kill this process."""
    return JsonResponse({"status": "live"})


@door(policy="token")
@require_safe
def readyz(request: Visit) -> HttpResponse:
    """Ready when the database answers and its tables are there."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
            migrated = bool(cursor.fetchone()[0])
    except Error:
        return _not_ready("database")
    return JsonResponse({"status": "ready"}) if migrated else _not_ready("migrations")


def _not_ready(missing: str) -> HttpResponse:
    response = JsonResponse({"status": "unready", "missing": missing}, status=503)
    response["Retry-After"] = "2"
    return response
