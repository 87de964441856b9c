"""The reads of this room: always `visible_to=`, frozen values out."""

from gongzhi.matters.queries.alike import alike
from gongzhi.matters.queries.case import case, trail
from gongzhi.matters.queries.clusters import (
    LATE_COUNTED_MAX,
    LATE_MAX,
    clusters,
    late_count,
    late_points,
)
from gongzhi.matters.queries.counting import counts
from gongzhi.matters.queries.exporting import export
from gongzhi.matters.queries.following import follow
from gongzhi.matters.queries.keeping import accused_accounts
from gongzhi.matters.queries.naming import Named, named
from gongzhi.matters.queries.outlook import Outlook, outlook
from gongzhi.matters.queries.pages import page
from gongzhi.matters.queries.precedents import Precedent, nearest, precedents
from gongzhi.matters.queries.rows import (
    Box,
    CaseView,
    ClockView,
    Cluster,
    FactView,
    Filters,
    MatterRow,
    Order,
    Page,
    QueueCount,
    RouteView,
    TimelineView,
    VerbOffer,
)
from gongzhi.matters.queries.searching import search

__all__ = [
    "LATE_COUNTED_MAX",
    "LATE_MAX",
    "Box",
    "CaseView",
    "ClockView",
    "Cluster",
    "FactView",
    "Filters",
    "MatterRow",
    "Named",
    "Order",
    "Outlook",
    "Page",
    "Precedent",
    "QueueCount",
    "RouteView",
    "TimelineView",
    "VerbOffer",
    "accused_accounts",
    "alike",
    "case",
    "clusters",
    "counts",
    "export",
    "follow",
    "late_count",
    "late_points",
    "named",
    "nearest",
    "outlook",
    "page",
    "precedents",
    "search",
    "trail",
]
