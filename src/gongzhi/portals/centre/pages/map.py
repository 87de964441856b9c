"""The map: clusters of open matters in view, and the same in a table beside it."""

from dataclasses import dataclass

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongzhi.acts import queries as acts
from gongzhi.kernel.refusals import Invalid
from gongzhi.matters import queries as matters
from gongzhi.matters.queries import Box
from gongzhi.places import snapshot as places
from gongzhi.portals.centre.frame import page
from gongzhi.web.doors import door
from gongzhi.web.visits import Visit

_TABLE_ZOOM = 9


@dataclass(frozen=True, slots=True)
class AreaLine:
    name: str
    url: str
    count: int


@door(policy="staff")
@require_safe
def map_page(request: Visit) -> HttpResponse:
    """The table counts the same cells by the street their centre lies in: near a border that is a near miss, and the
    heading says so."""
    since = acts.head()
    return page(request, "centre/map.html", "map", {"since": since, "areas": _table(request)})


@door(policy="staff")
@require_safe
def clusters(request: Visit) -> HttpResponse:
    """GeoJSON of what is in the box."""
    found = matters.clusters(visible_to=request.actor, box=_box(request), zoom=_zoom(request), at=request.at)
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [cluster.lon, cluster.lat]},
            "properties": {"count": cluster.count, "late": int(cluster.late), "number": cluster.number},
        }
        for cluster in found
    ]
    return JsonResponse({"type": "FeatureCollection", "features": features})


@door(policy="staff")
@require_safe
def late(request: Visit) -> HttpResponse:
    """Where in the box something is late, the longest waiting first: the page counts them into its clusters. `left_out`
    says in words that there are more than are told, and is empty when all are."""
    box = _box(request)
    found = matters.late_points(visible_to=request.actor, box=box, at=request.at)
    said = ""
    if len(found) >= matters.LATE_MAX:
        total = matters.late_count(visible_to=request.actor, box=box, at=request.at)
        said = _left_out(len(found), total) if total > len(found) else ""
    return JsonResponse({"points": found, "left_out": said})


def _left_out(shown: int, total: int) -> str:
    more = "+" if total >= matters.LATE_COUNTED_MAX else ""
    return _("超期的只显示最迟的 %(shown)s 件，共 %(total)s 件。放大地图可看到其余的。") % {
        "shown": f"{shown:,}",
        "total": f"{total:,}{more}",
    }


def _table(request: Visit) -> list[AreaLine]:
    index = places.at_hand()
    if index.box is None:
        return []
    counts: dict[str, int] = {}
    everything = matters.clusters(
        visible_to=request.actor, box=Box(*index.box), zoom=_TABLE_ZOOM + 4, at=request.at
    )
    for cluster in everything:
        line = index.line(index.locate_point(cluster.lon, cluster.lat).area_path)
        path = next((area.path for area in line if area.level == "street"), line[-1].path if line else "")
        counts[path] = counts.get(path, 0) + cluster.count
    return [
        AreaLine(
            index.areas[path].name if path in index.areas else _("不在任何网格内"),
            f"{reverse('centre:inbox')}?queue=all&area={path}" if path else "",
            count,
        )
        for path, count in sorted(counts.items(), key=lambda item: -item[1])
    ]


def _box(request: Visit) -> Box:
    try:
        west, south, east, north = (float(part) for part in request.GET.get("bbox", "").split(","))
    except ValueError:
        raise _bad_box() from None
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise _bad_box()
    return Box(west, south, east, north)


def _bad_box() -> Invalid:
    return Invalid("centre.bad_box", "地图范围应为 西,南,东,北 四个经纬度。", field="bbox")


def _zoom(request: Visit) -> int:
    try:
        return max(0, min(22, int(float(request.GET.get("zoom", "12")))))
    except (ValueError, OverflowError):
        return 12
