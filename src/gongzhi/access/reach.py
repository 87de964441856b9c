"""From a declared policy and an actor to branches: the one way in for decisions and hot lists."""

from django.db.models import Model

from gongzhi.access import policy
from gongzhi.access.actor import Actor
from gongzhi.access.branches import Branch, branches_of


def resource_of(model: type[Model] | Model) -> str:
    """ "matters.matter" for a model or one of its rows."""
    return model._meta.concrete_model._meta.label_lower  # type: ignore[union-attr]


def allowed(actor: Actor, verb: str, model: type[Model] | Model) -> list[Branch]:
    """The fewest branches through which the actor may `verb` rows of the model. Raises Undeclared."""
    return branches_of(policy.rules_for(resource_of(model), verb), actor)
