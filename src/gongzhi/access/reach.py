"""From a declared policy and an actor to branches: the one way in for decisions and hot lists."""

from django.db.models import Model

from gongzhi.access import policy
from gongzhi.access.actor import Actor
from gongzhi.access.branches import Branch, branches_of
from gongzhi.access.policy import Rule

_REMEMBERED_MAX = 20_000
_remembered: dict[tuple[object, ...], tuple[tuple[Rule, ...], tuple[Branch, ...]]] = {}


def resource_of(model: type[Model] | Model) -> str:
    """ "matters.matter" for a model or one of its rows."""
    return model._meta.concrete_model._meta.label_lower  # type: ignore[union-attr]


def allowed(actor: Actor, verb: str, model: type[Model] | Model) -> list[Branch]:
    """The fewest branches through which the actor may `verb` rows of the model. Raises Undeclared.

    Follows from the declaration and the actor alone, so it is remembered: a change is judged for a thousand streams.
    """
    resource = resource_of(model)
    rules = policy.rules_for(resource, verb)
    key = (resource, verb, actor.kind, actor.id, actor.party_id, actor.held, actor.belongs)
    known = _remembered.get(key)
    if known is None or known[0] is not rules:
        if len(_remembered) >= _REMEMBERED_MAX:
            _remembered.clear()
        known = _remembered[key] = rules, tuple(branches_of(rules, actor))
    return list(known[1])
