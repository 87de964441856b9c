"""Every address the house has, filled in with something real."""

import re
from collections.abc import Iterator, Mapping

from django.urls import URLPattern, URLResolver, get_resolver

_HOLE = re.compile(r"<(?:(?P<kind>\w+):)?(?P<name>\w+)>")


def every(values: Mapping[str, str]) -> Iterator[str]:
    """Raises KeyError for a hole nobody knows how to fill: say it in the test when a new kind of address comes."""
    for prefix, pattern in _leaves(get_resolver().url_patterns, ""):
        yield "/" + _HOLE.sub(lambda hole: values[hole["name"]], prefix + str(pattern.pattern))


def _leaves(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _leaves(pattern.url_patterns, prefix + str(pattern.pattern))
        else:
            yield prefix, pattern


# What pages and programs also ask: sorted, filtered, paged, in parts.
QUERIES = {
    "/desk/": ("?queue=all&q=路灯", "?queue=all&late=1&state=handling", "?queue=to_accept&case={number}"),
    "/desk/map/clusters.json": ("?bbox=112,28,113,29&zoom=17", "?bbox=112,28,113,29&zoom=9"),
    "/desk/ledger/": ("?position=0",),
    "/api/v1/matters": ("?order=newest&limit=3", "?text=路灯&open=true"),
    "/api/v1/matters/clusters": ("?west=112&south=28&east=113&north=29&zoom=17",),
    "/api/v1/places/point": ("?lon=112.91&lat=28.21",),
    "/api/v1/places/address": ("?text=桃源第一社区",),
    "/api/v1/catalogue/categories/suggestions": ("?text=路灯不亮",),
    "/api/v1/catalogue/mandates/route": ("?category=0201",),
    "/api/v1/statistics/rates": ("?since=2026-01-01&until=2026-12-01&by=organisation",),
    "/api/v1/statistics/weeks": ("?since=2026-01-01&until=2026-03-01",),
    "/open311/v2/requests.json": ("?status=open", "?service_request_id={number}"),
}


def with_queries(values: Mapping[str, str]) -> list[str]:
    found = []
    for address in every(values):
        found.append(address)
        found += [address + query.format(**values) for query in QUERIES.get(address, ())]
    return list(dict.fromkeys(found))
