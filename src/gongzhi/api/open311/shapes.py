"""Our nouns in GeoReport's words."""

from datetime import datetime

from gongzhi.api.open311.rendering import Value
from gongzhi.catalogue.snapshot import Node
from gongzhi.matters.queries.public import PublicRow


def instant(at: datetime | None) -> str | None:
    """W3C date and time, as the specification asks."""
    return None if at is None else at.isoformat(timespec="seconds").replace("+00:00", "Z")


def service(node: Node, group: str, language: str) -> dict[str, Value]:
    return {
        "service_code": node.code,
        "service_name": node.title(language),
        "description": node.title(language),
        "metadata": False,
        "type": "realtime",
        "keywords": "",
        "group": group,
    }


def definition(node: Node) -> dict[str, Value]:
    """We ask no attributes beyond the report itself."""
    return {"service_code": node.code, "attributes": []}


def request(row: PublicRow, language: str) -> dict[str, Value]:
    return {
        "service_request_id": row.number,
        "status": "open" if row.open else "closed",
        "status_notes": row.state.in_language(language),
        "service_name": row.category_titles.in_language(language),
        "service_code": row.category,
        "description": None,
        "agency_responsible": row.lead,
        "service_notice": None,
        "requested_datetime": instant(row.opened_at),
        "updated_datetime": instant(row.closed_at or row.opened_at),
        "expected_datetime": instant(row.due_at),
        "address": row.area,
        "address_id": None,
        "zipcode": None,
        "lat": row.lat,
        "long": row.lon,
        "media_url": None,
    }
