"""Reads of areas for pages: the tree, one area, map shapes. Answers about points and texts come from `snapshot`."""

from uuid import UUID

from django.db.models import QuerySet

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import visible
from gongzhi.kernel.refusals import NotFound
from gongzhi.places.models import Area, PlaceName


def areas(*, visible_to: Actor, below: str = "", level: str = "") -> QuerySet[Area]:
    """Present areas in tree order, without their shapes. below: path, itself included."""
    rows = visible(Area.objects.filter(ended_at__isnull=True), visible_to).defer("geometry")
    if below:
        rows = rows.filter(path__gte=below, path__lt=below[:-1] + "0")  # "0" follows "/"
    return (rows.filter(level=level) if level else rows).order_by("path")


def children(*, visible_to: Actor, of: UUID | None) -> QuerySet[Area]:
    """The areas directly below, or the roots; without shapes."""
    return (
        areas(visible_to=visible_to).filter(parent_id=of)
        if of
        else areas(visible_to=visible_to).filter(parent=None)
    )


def area(*, visible_to: Actor, path: str) -> Area:
    """One area with shape and manager. Raises NotFound."""
    rows = visible(Area.objects.select_related("parent", "manager"), visible_to)
    found = rows.filter(path=path, ended_at__isnull=True).first()
    if found is None:
        raise NotFound("places.area_unknown", "没有这个区域，或它已撤销。")
    return found


def names(*, visible_to: Actor, area_id: UUID) -> QuerySet[PlaceName]:
    """The names in use within an area."""
    rows = visible(PlaceName.objects.filter(area_id=area_id, valid_until__isnull=True), visible_to)
    return rows.order_by("normalised", "id")


def within(
    *, visible_to: Actor, level: str, box: tuple[float, float, float, float], limit: int = 500
) -> QuerySet[Area]:
    """Areas of one level whose box touches a map window (west, south, east, north), shapes included."""
    west, south, east, north = box
    rows = visible(Area.objects.filter(level=level, ended_at__isnull=True), visible_to)
    return rows.filter(west__lte=east, east__gte=west, south__lte=north, north__gte=south).order_by("path")[
        :limit
    ]
