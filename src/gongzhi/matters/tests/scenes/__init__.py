"""Matters brought into every state of the procedure, and a good form for every verb. A module per part of the procedure:
`WHO` verb → member of the cast, `STATES` verb → the state it needs, `BEFORE` verb → the verbs that come first there,
`forms(town)` verb → form.
"""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from gongzhi.catalogue.models import Category
from gongzhi.matters.tests.scenes import sign_off
from gongzhi.matters.tests.town import Town

_PARTS: list[Any] = [import_module(f"{__name__}.{one.name}") for one in iter_modules(__path__)]
WHO: dict[str, str] = {verb: who for part in _PARTS for verb, who in part.WHO.items()}
STATES: dict[str, str] = {verb: state for part in _PARTS for verb, state in part.STATES.items()}
BEFORE: dict[str, tuple[str, ...]] = {verb: first for part in _PARTS for verb, first in part.BEFORE.items()}


def form(town: Town, verb: str) -> dict[str, Any]:
    """A form that the verb takes."""
    for part in _PARTS:
        if verb in part.WHO:
            return dict(part.forms(town).get(verb, {}))
    return {}


def ready_for(town: Town, verb: str) -> str:
    """The number of a matter on which WHO[verb] may do `verb` now."""
    Category.objects.filter(code="lamp").update(
        verification_required=verb == "verify", sign_off_required=verb in sign_off.WHO
    )
    if verb in sign_off.WHO:
        sign_off.appoint(town, "head")
    number = town.open(category="lamp").number
    if verb in STATES:
        town.road(number, until=STATES[verb])
    for first in BEFORE.get(verb, ()):
        town.do(number, first, WHO[first], **form(town, first))
    return number
