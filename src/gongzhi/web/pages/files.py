"""A file's bytes, decided at each download: never a link that works by itself."""

from urllib.parse import quote
from uuid import UUID

from django.http import FileResponse, HttpResponseBase
from django.views.decorators.http import require_safe

from gongzhi.files import queries as files
from gongzhi.web.doors import door
from gongzhi.web.visits import Visit


@door(policy="public")
@require_safe
def file(request: Visit, file_id: UUID) -> HttpResponseBase:
    """Redrawn images may be shown in a page, everything else is saved. `?thumbnail=1` gives the small one."""
    found = files.open_for(request.actor, file_id, thumbnail=request.GET.get("thumbnail") == "1")
    response = FileResponse(found.stream, content_type=found.type)
    response["Content-Length"] = str(found.size_bytes)
    place = "inline" if found.inline else "attachment"
    response["Content-Disposition"] = f"{place}; filename*=UTF-8''{quote(found.name)}"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
