"""Foreign keys point down, like imports. import-linter cannot see them."""

from django.apps import apps
from django.db import models

from tests.architecture.house import bands, may_know, rooms


def room_of(model: type[models.Model]) -> str | None:
    """None for models that are not ours."""
    parts = model.__module__.split(".")
    return parts[1] if parts[0] == "gongzhi" and "tests" not in parts else None


def relations() -> list[tuple[str, str, str]]:
    """(room, room pointed at, the field that does)."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        room = room_of(model)
        for field in model._meta.get_fields() if room else ():
            if field.is_relation and field.concrete and isinstance(field.related_model, type):
                target = room_of(field.related_model)
                if target:
                    found.append((str(room), target, f"{model._meta.label}.{field.name}"))
    return found


def test_every_room_on_disk_has_a_band():
    assert {room.name for room in rooms()} == set(bands())


def test_every_foreign_key_points_down():
    wrong = [field for room, target, field in relations() if not may_know(room, target)]
    assert wrong == []


def test_the_rule_itself_refuses_up_and_sideways():
    assert may_know("matters", "parties")
    assert may_know("matters", "matters")
    assert not may_know("parties", "matters")
    assert not may_know("matters", "exchange")
    assert not may_know("acts", "parties")


def test_foreign_keys_are_really_looked_at():
    assert len({room for room, _, _ in relations()}) >= 3
