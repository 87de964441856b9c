"""One verb on many cases: each judged by itself, each with its own outcome; one refused sinks no other."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from gongzhi.catalogue import queries as catalogue
from gongzhi.catalogue.procedure import Verb
from gongzhi.kernel.refusals import Invalid, InvalidForm, Refusal
from gongzhi.matters import actions as matters
from gongzhi.portals.centre import choices
from gongzhi.portals.centre.frame import page
from gongzhi.web import forms, problems
from gongzhi.web.doors import door
from gongzhi.web.returning import safe_next
from gongzhi.web.visits import Visit

CASES_MAX = 200


@dataclass(frozen=True, slots=True)
class Outcome:
    number: str
    url: str
    state: str = ""
    refusal: str = ""


@door(policy="staff")
@require_POST
def bulk(request: Visit) -> HttpResponse:
    """First the form of the verb (if it has one), then the outcome of every case."""
    numbers = list(dict.fromkeys(request.POST.getlist("number")))
    if not numbers:
        raise Invalid("centre.nothing_selected", "没有选中任何工单。请先在列表里勾选。")
    if len(numbers) > CASES_MAX:
        raise Invalid(
            "centre.too_many_selected",
            "一次最多 %(most)s 件，现在选了 %(now)s 件。",
            most=CASES_MAX,
            now=len(numbers),
        )
    procedure = catalogue.procedure("case")
    verb = procedure.verb(request.POST.get("verb", ""))
    if verb is None or not verb.bulk:
        raise Invalid("centre.not_bulk", "这一步不能批量办理，请逐件办理。")
    form = _form(request, verb)
    if form is not None:
        return page(
            request, "centre/bulk.html", "inbox", {**_words(request, verb), "form": form, "numbers": numbers}
        )
    values = forms.read(request, verb.form)
    outcomes = [_one(request, number, verb, values) for number in numbers]
    refused = sum(bool(outcome.refusal) for outcome in outcomes)
    said = {
        **_words(request, verb),
        "outcomes": outcomes,
        "done": len(outcomes) - refused,
        "refused": refused,
    }
    return page(request, "centre/bulk.html", "inbox", said)


def _words(request: Visit, verb: Verb) -> dict[str, object]:
    back = safe_next(request, reverse("centre:inbox"), key="back")
    return {"title": verb.titles.in_language(choices.language()), "verb": verb.code, "back": back}


def _form(request: Visit, verb: Verb) -> forms.VerbForm | None:
    """The form to fill in first; None when it is filled in or there is nothing to fill in."""
    if not verb.form:
        return None
    drawn = forms.verb_form(
        code=verb.code,
        title=verb.titles.in_language(choices.language()),
        fields=verb.form,
        language=choices.language(),
        options={
            "organisation": lambda: choices.organisations(request.actor),
            "category": choices.categories,
        },
    )
    if request.POST.get("confirmed") != "1":
        return drawn
    try:
        given = forms.read(request, verb.form)
        missing = {
            entry.code: _required() for entry in verb.form if entry.required and entry.code not in given
        }
        if missing:
            raise InvalidForm(missing)
    except Refusal as refusal:
        forms.refill(drawn, posted=request.POST, refusal=refusal)
        return drawn
    return None


def _required() -> Invalid:
    return Invalid("form.required", "这一项要填。")


def _one(request: Visit, number: str, verb: Verb, values: dict[str, object]) -> Outcome:
    url = reverse("centre:case", args=[number]) if number.isalnum() else ""
    try:
        done = matters.perform(number=number, verb=verb.code, form=values, by=request.actor, at=request.at)
    except Refusal as refusal:
        errors = problems.field_errors(refusal).values()
        words = "；".join(problems.text(error) for error in errors) or problems.text(refusal)
        return Outcome(number, url, refusal=words)
    state = catalogue.procedure("case").state(done.state)
    return Outcome(number, url, state=state.titles.in_language(choices.language()))
