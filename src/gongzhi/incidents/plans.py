"""预案: what is known before it happens, as data: shipped, and overruled by the town's own file."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import msgspec
import yaml

from gongzhi.catalogue.procedure import Wording
from gongzhi.installation.home import home

SHIPPED = Path(__file__).parent / "data" / "plans.yaml"
OTHER = "other"


class Plan(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """banner and script may hold {place}. at_least reports within so many minutes and metres suggest one cause."""

    code: str
    titles: Wording
    categories: tuple[str, ...]
    at_least: int
    within_minutes: int
    radius_metres: int
    banner: Wording
    script: str
    duties: tuple[str, ...]


def plans() -> Mapping[str, Plan]:
    """By code, in the order of the file. Raises ValueError naming the file that cannot be read."""
    own = home().path / "plans.yaml"
    return _plans(own, own.stat().st_mtime_ns if own.exists() else 0)


@lru_cache(maxsize=2)
def _plans(own: Path, changed: int) -> Mapping[str, Plan]:
    found = _read(SHIPPED)
    return {**found, **_read(own)} if changed else found


def _read(path: Path) -> dict[str, Plan]:
    try:
        found = msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")), list[Plan])
    except (OSError, yaml.YAMLError, msgspec.ValidationError) as error:
        raise ValueError(f"{path}: {error}") from error
    return {plan.code: plan for plan in found}


def plan_for(chain: tuple[str, ...]) -> Plan:
    """The plan of a category, the special before the general; the one for everything else otherwise."""
    known = plans()
    for code in chain:
        for plan in known.values():
            if code in plan.categories:
                return plan
    return known[OTHER]
