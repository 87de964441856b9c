"""Before sending: where we think it is, other places it may be, and what is already being done close by."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from gongzhi.catalogue import snapshot as catalogue
from gongzhi.intake import judging
from gongzhi.kernel.refusals import Refusal
from gongzhi.matters.queries.public import PublicRow, public
from gongzhi.places import snapshot as places
from gongzhi.places.gazetteer import Candidate
from gongzhi.places.index import Located, PlaceIndex
from gongzhi.portals.resident import showing

_PLACES_MAX = 4
_ALIKE_MAX = 4
_LOOKED_AT = 100
_ADDRESS_LETTERS = 300
_TEXT_LETTERS = 2_000


@dataclass(frozen=True, slots=True)
class Choice:
    """A place to choose. value: "lon,lat" where a point is known, else the code of an area."""

    value: str
    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """state: located · outside · unknown · "" (nothing said yet). choices: empty when there is no doubt."""

    state: str
    name: str
    choices: tuple[Choice, ...]
    alike: tuple[showing.Line, ...]


def surroundings(values: Mapping[str, str], *, at: datetime) -> Surroundings:
    """Reads text, address, lon, lat as typed; what cannot be read is nothing said yet."""
    index = places.current()
    address = values.get("address", "").strip()[:_ADDRESS_LETTERS]
    point = _point(values)
    if point is None and not address:
        return Surroundings("", "", (), ())
    found = index.locate_point(*point) if point else index.place_text(address)
    choices = () if found.area_path or point else _choices(index, address)
    state = found.state if point or found.area_path or choices else ""
    alike = _alike(found, point, values.get("text", "")[:_TEXT_LETTERS])
    lines = tuple(showing.public_line(row, at=at) for row in alike)
    return Surroundings(state, index.full_name(found.area_path), choices, lines)


def chosen(values: Mapping[str, str]) -> tuple[str | None, str | None, str]:
    """lon, lat, area of what was picked: a pin before a choice of the list. Judged by intake like everything else."""
    if values["lon"] or values["lat"]:
        return values["lon"] or None, values["lat"] or None, ""
    lon, comma, lat = values["place"].partition(",")
    return (lon, lat, "") if comma else (None, None, values["place"])


def _point(values: Mapping[str, str]) -> tuple[float, float] | None:
    try:
        lon = judging.number(values.get("lon", ""), field="lon")
        lat = judging.number(values.get("lat", ""), field="lat")
    except Refusal:
        return None
    return None if lon is None or lat is None else (lon, lat)


def _choices(index: PlaceIndex, address: str) -> tuple[Choice, ...]:
    return tuple(_choice(index, found) for found in index.locate_text(address)[:_PLACES_MAX])


def _choice(index: PlaceIndex, found: Candidate) -> Choice:
    area = index.areas[found.area_path]
    value = area.code if found.lon is None or found.lat is None else f"{found.lon:.6f},{found.lat:.6f}"
    return Choice(value, index.full_name(found.area_path), "、".join(name.text for name in found.names))


def _alike(found: Located, point: tuple[float, float] | None, text: str) -> list[PublicRow]:
    """Open ones close by; those of the same kind of thing first."""
    if point is None and found.lon is not None and found.lat is not None:
        point = (found.lon, found.lat)
    if point is None and not found.area_path:
        return []
    rows = public(open=True, near=point, area_path="" if point else found.area_path, limit=_LOOKED_AT)
    tree = catalogue.current()
    wanted = next((tree.nodes[hit.code].chain[-1] for hit in tree.suggest(text, limit=1)), "") if text else ""
    kinds = {row.number: tree.nodes[row.category].chain[-1] == wanted for row in rows}
    return sorted(rows, key=lambda row: not kinds[row.number])[:_ALIKE_MAX]
