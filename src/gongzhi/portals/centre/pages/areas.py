"""Areas as GeoJSON for the maps: names and shapes only, public by law."""

import json

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from gongzhi.places import snapshot as places
from gongzhi.places.levels import DEPTH
from gongzhi.web.doors import door
from gongzhi.web.visits import Visit

_SHAPES_MAX = 3_000


@door(policy="public")
@require_safe
def areas(request: Visit) -> HttpResponse:
    """Widest first; beyond three thousand shapes the finest levels are left out."""
    index = places.at_hand()
    etag = f'"areas-{index.version}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304)
    shaped = [
        area for area in sorted(index.areas.values(), key=lambda area: DEPTH[area.level]) if area.geometry
    ]
    features = [
        f'{{"type":"Feature","properties":{json.dumps({"name": a.name, "level": a.level}, ensure_ascii=False)},"geometry":{a.geometry}}}'
        for a in shaped[:_SHAPES_MAX]
    ]
    body = '{"type":"FeatureCollection","features":[' + ",".join(features) + "]}"
    response = HttpResponse(body, content_type="application/geo+json")
    response["ETag"] = etag
    response["Cache-Control"] = "private, max-age=60"
    return response
