from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import pytest

from gongzhi.access.actor import Actor, Held

AT = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
WEST, SOUTH, STEP = 112.9, 28.2, 0.01


def square(west: float, south: float, size: float = STEP) -> dict[str, Any]:
    east, north = west + size, south + size
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def feature(geometry: dict[str, Any] | None, **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: dict[str, Any]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": list(features)}


@pytest.fixture
def at() -> datetime:
    return AT


@pytest.fixture
def admin() -> Actor:
    return Actor(kind="account", id=uuid4(), held=(Held("system_admin"),))
