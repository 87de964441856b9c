"""Characters nobody sees, in every field of every verb and at every door: refused by the field's name or cleaned away."""

import json
from typing import Any

import pytest
from django.test import Client

from gongzhi.acts.models import Act
from gongzhi.kernel.refusals import InvalidForm
from gongzhi.matters import forms
from gongzhi.matters.models import Matter
from tests.security.house import House, clear_text
from tests.security.test_roles_verbs_states import VERBS

REFUSED = {
    "nul": "\x00",
    "escape": "\x1b[2J",
    "bell": "\x07",
    "c1": "\x9b",
    "reversal": "\u202e",
    "isolate": "\u2066",
    "half": "\ud800",
}
CLEANED = {"zero width": "\u200b", "joined": "\u2060", "mark": "\ufeff"}
FIELDS = [(verb.code, one.code) for verb in VERBS.values() for one in verb.form if one.kind != "files"]


@pytest.mark.parametrize(("verb", "name"), FIELDS, ids=".".join)
def test_no_field_of_a_verb_takes_what_nobody_sees(house: House, verb: str, name: str) -> None:
    """Judged where every door's form ends."""
    found = VERBS[verb].form_field(name)
    assert found is not None
    for what, letter in REFUSED.items():
        for given in (
            (f"字{letter}字", [f"字{letter}字"]) if found.kind == "organisations" else (f"字{letter}字",)
        ):
            with pytest.raises(InvalidForm) as refused:
                forms.clean(VERBS[verb], {name: given})
            assert name in refused.value.errors, what
            assert refused.value.errors[name].code == "form.control_letters", what
    if found.kind in ("text", "long_text"):
        others = {one.code: None for one in VERBS[verb].form}
        for letter in CLEANED.values():
            values: dict[str, Any] = {}
            try:
                values = forms.clean(VERBS[verb], {**others, name: f"字{letter}字"})
            except InvalidForm as refusal:
                wrong = set(refusal.errors)
            else:
                wrong = set()
            assert name not in wrong
            assert values.get(name, "字字") == "字字"


@pytest.mark.parametrize("what", [*REFUSED, *CLEANED])
@pytest.mark.parametrize("door", ["desk", "api"])
def test_a_verb_is_refused_by_its_field_and_nothing_is_kept(house: House, door: str, what: str) -> None:
    letter = (REFUSED | CLEANED)[what]
    if door == "desk" and what == "half":
        letter = "\x00\x1b"  # a form is sent as UTF-8, which has no halves
    matter = house.report()
    field = VERBS["note"].form[0].code
    acts = Act.objects.count()
    text = f"备注开头{letter}备注结尾"
    if door == "desk":
        answer = house.client("dispatcher").post(f"/desk/cases/{matter.number}/note/", {field: text})
    else:
        answer = house.client("dispatcher", accept="application/json").post(
            f"/api/v1/matters/{matter.number}/transitions",
            json.dumps({"verb": "note", "form": {field: text}}),
            content_type="application/json",
        )
    assert 200 <= answer.status_code < 500, answer.content
    kept = [row for _, row in clear_text() if "备注开头" in row]
    assert not [row for row in kept if "备注开头备注结尾" not in row]
    assert answer.status_code != 404
    if what in CLEANED:
        assert answer.status_code in (201, 302)
    else:
        assert answer.status_code >= 400
        assert Act.objects.count() == acts


@pytest.mark.parametrize("what", [*REFUSED, *CLEANED])
@pytest.mark.parametrize("door", ["desk", "resident", "api"])
def test_a_report_is_refused_or_cleaned(house: House, door: str, what: str) -> None:
    letter = (REFUSED | CLEANED)[what]
    if door != "api" and what == "half":
        return  # a form is sent as UTF-8, which has no halves
    names = {
        "desk": ("text", "address", "caller_name", "caller_phone", "category", "lon", "channel"),
        "resident": ("text", "address", "name", "phone", "category", "lon", "place"),
        "api": ("text", "address", "category", "channel"),
    }[door]
    for name in names:
        before = Matter.objects.count()
        form = {"text": "路灯不亮", "channel": "phone", name: f"路灯{letter}不亮"}
        if door == "desk":
            answer = house.client("dispatcher").post("/desk/reports/new/", form)
        elif door == "resident":
            answer = Client(
                headers={"accept": "text/html"}, REMOTE_ADDR=f"10.0.0.{names.index(name) + 1}"
            ).post("/report/", form)
        else:
            answer = house.client("dispatcher", accept="application/json").post(
                "/api/v1/reports", json.dumps(form), content_type="application/json"
            )
        assert 200 <= answer.status_code < 500, (name, answer.content)
        assert answer.status_code not in (404, 405), (name, "nobody reads reports here")
        if door == "api":
            assert Matter.objects.count() - before == (answer.status_code == 201), name
        if what in CLEANED and name in ("text", "address"):
            assert Matter.objects.count() == before + 1, (name, answer.content)
        if what in REFUSED and name in ("text", "address"):
            assert answer.status_code >= 400, (name, answer.status_code)
            assert Matter.objects.count() == before, name
    assert not [row for _, row in clear_text() if f"路灯{letter}不亮" in row]
