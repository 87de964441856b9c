"""A mandate's route as a Routing row keeps it."""

from typing import Any

from gongzhi.mandates.rules import Route


def columns(route: Route | None) -> dict[str, Any]:
    """The row's own columns; no route at all is a gap nobody has looked at."""
    if route is None:
        return {"state": "gap", "organisation_id": None, "reason": {}}
    return {
        "state": route.state,
        "organisation_id": route.organisation_id,
        "mandate_id": route.mandate_id,
        "reason": {"code": route.reason.code, "params": dict(route.reason.params)},
        "response": list(route.response) if route.response else None,
        "handling": list(route.handling) if route.handling else None,
        "candidates": [[str(one.organisation_id), one.organisation] for one in route.candidates],
        "assistants": [str(id_) for id_ in route.assistants],
        "supervisors": [str(id_) for id_ in route.supervisors],
        "table_version": route.table_version,
    }


def limits(route: Route | None) -> dict[str, Any]:
    """What clocks ask for by name."""
    if route is None:
        return {}
    return {"mandate.response": route.response, "mandate.handling": route.handling}
