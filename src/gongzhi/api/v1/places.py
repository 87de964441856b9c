"""Areas, and where a point or an address lies."""

from typing import Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router

from gongzhi.api.v1.asking import asking, json
from gongzhi.api.v1.shapes import AreaOut
from gongzhi.places import queries, snapshot
from gongzhi.places.coordinates import to_wgs84
from gongzhi.places.gazetteer import Candidate
from gongzhi.places.index import Located

router = Router(tags=["places"])


@router.get("/areas", response=list[AreaOut], summary="Areas below a path, or of a level")
def areas(request: HttpRequest, below: str = "", level: str = "") -> HttpResponse:
    """At most 2,000; ask by `below` for a part of the tree."""
    found = queries.areas(visible_to=asking(request).actor, below=below, level=level)[:2_000]
    return json([{"code": a.code, "name": a.name, "level": a.level, "path": a.path} for a in found])


@router.get("/point", response=Located, summary="The areas a point lies in")
def point(
    request: HttpRequest, lon: float, lat: float, system: Literal["wgs84", "gcj02", "bd09"] = "wgs84"
) -> HttpResponse:
    """system: wgs84, gcj02 or bd09. A point outside every grid is an answer, not an error."""
    lon, lat = to_wgs84(lon, lat, system)
    return json(snapshot.current().locate_point(lon, lat))


@router.get("/address", response=list[Candidate], summary="Where an address could be, with reasons")
def address(request: HttpRequest, text: str) -> HttpResponse:
    return json(snapshot.current().locate_text(text[:300]))
