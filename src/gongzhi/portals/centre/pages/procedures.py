"""The published procedures: diagram, clocks with their legal basis, who may do what."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from gongzhi.catalogue import diagram as diagrams
from gongzhi.catalogue import queries
from gongzhi.catalogue.procedure import Clock, Procedure, Verb, Who, Wording
from gongzhi.grants.roles import ROLES
from gongzhi.portals.centre.choices import language
from gongzhi.portals.centre.frame import page
from gongzhi.portals.centre.units import limit_words
from gongzhi.web.doors import door
from gongzhi.web.visits import Visit


@dataclass(frozen=True, slots=True)
class ClockLine:
    titles: Wording
    limit: str
    basis: Wording


@dataclass(frozen=True, slots=True)
class VerbLine:
    title: str
    from_states: list[str]
    to_state: str
    who: list[str]


@door(policy="staff")
@require_safe
def procedures(request: Visit) -> HttpResponse:
    """The newest version of the case procedure."""
    return _page(request, queries.procedure("case"))


@door(policy="staff")
@require_safe
def procedure(request: Visit, code: str, version: int) -> HttpResponse:
    """One version: running matters keep theirs."""
    return _page(request, queries.procedure(code, version))


@door(policy="staff")
@require_safe
def diagram(request: Visit, code: str, version: int) -> HttpResponse:
    """The diagram as an image: an SVG of its own cannot run anything inside our page."""
    drawn = diagrams.svg(queries.procedure(code, version), language())
    response = HttpResponse(drawn, content_type="image/svg+xml; charset=utf-8")
    response["Cache-Control"] = "private, max-age=300"
    response["Vary"] = "Accept-Language, Cookie"
    return response


def _page(request: Visit, found: Procedure) -> HttpResponse:
    values: dict[str, object] = {
        "procedure": found,
        "diagram_url": reverse("centre:diagram", args=[found.code, found.version]),
        "clocks": [ClockLine(clock.titles, _limit(clock), clock.basis.text) for clock in found.clocks],
        "verbs": [_verb(found, verb) for verb in found.verbs],
    }
    return page(request, "centre/procedure.html", "procedures", values)


def _limit(clock: Clock) -> str:
    own = limit_words(clock.value, clock.unit)
    return own if clock.limit == "own" else _("按责任清单；未写明时 %(limit)s") % {"limit": own}


def _verb(found: Procedure, verb: Verb) -> VerbLine:
    said = language()
    targets = [found.state(code).titles.in_language(said) if code else _("不变") for code in verb.targets]
    return VerbLine(
        title=verb.titles.in_language(said),
        from_states=[found.state(code).titles.in_language(said) for code in verb.from_states],
        to_state="、".join(targets),
        who=[_who(who) for who in verb.who],
    )


def _who(who: Who) -> str:
    relations = {
        "anyone": _("任何人"),
        "reporter": _("诉求人"),
        "lead": _("主办单位"),
        "handler": _("签收人"),
        "assistant": _("协办单位"),
        "tasked": _("内部承办"),
        "called": _("被召集单位"),
        "supervised": _("被督办单位"),
        "desk": _("本区域派单"),
        "area": _("本区域"),
        "district": _("区级"),
        "supervisor": _("督办"),
        "system": _("系统"),
    }
    role = ROLES.get(who.role)
    relation = relations.get(who.relation, who.relation)
    if role is None:
        return relation
    return f"{role.en if language().startswith('en') else role.zh}（{relation}）"
