"""docs/procedures.md: its example is a procedure, and every key, effect, guard and relation of the format is on the page."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from gongzhi.catalogue import categories, procedure, reading, vocabulary

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "procedures.md").read_text(encoding="utf-8")
NAMED = set(re.findall(r"`([a-z_.@0-9]+)`", PAGE)) | {
    word for group in re.findall(r"`\{([a-z_, ]+)\}`", PAGE) for word in group.split(", ")
}
# Keys as the file has them, where they differ from the fields they become.
WRITTEN = {"from_states": "from", "to_state": "to"}
GIVEN = {"version", "digest"}  # by the catalogue, when it is published


def test_the_example_is_a_whole_procedure() -> None:
    from gongzhi.matters import guards

    [example] = re.findall(r"```yaml procedure\n(.*?)```", PAGE, re.S)
    raw = reading.parse_yaml(example, source="procedures.md")
    found = reading.read_procedure(raw, source="procedures.md", guards=frozenset(guards.GUARDS))
    assert found.code == "lost_property"
    assert [step.at_percent for step in found.escalation] == [80, 100]
    answer = found.verb("answer")
    assert answer is not None
    told = found.outcome(answer, from_state="reported", form={"result": "not_found"}, passes=lambda _: False)
    assert told.tells.en == "We are sorry, it was not found."


@pytest.mark.parametrize(
    "part",
    [
        procedure.Procedure, procedure.State, procedure.Verb, procedure.Branch, procedure.Field, procedure.Choice,
        procedure.Notify, procedure.SecondPerson, procedure.Who, procedure.Clock, procedure.Escalation,
        procedure.Number, procedure.Basis,
    ],
    ids=lambda part: part.__name__,
)  # fmt: skip
def test_every_key_is_explained(part: type) -> None:
    keys = {WRITTEN.get(field.name, field.name) for field in fields(part)} - GIVEN
    assert keys - NAMED == set()


def test_every_name_a_file_may_use_is_listed() -> None:
    from gongzhi.matters import guards

    known = (
        vocabulary.declared_effects() | vocabulary.FIELD_KINDS | vocabulary.DURATION_UNITS | vocabulary.LIMIT_SOURCES
        | vocabulary.CALENDARS | vocabulary.BASIS_KINDS | vocabulary.DELIVERIES | vocabulary.RELATION_CODES
        | vocabulary.STAGE_CODES | categories.KEYS | set(guards.GUARDS)
    )  # fmt: skip
    assert known - NAMED == set()


def test_no_guard_is_listed_that_does_not_exist() -> None:
    from gongzhi.matters import guards

    assert {name for name in NAMED if "@" in name} == set(guards.GUARDS)
