"""Events are documented, named in their room, and none is declared twice."""

from collections import Counter

from django.apps import apps

from gongzhi.acts.events import registered
from tests.architecture.events_page import PAGE, events, page


def test_the_page_of_events_is_up_to_date():
    assert PAGE.read_text() == page(), "run: python -m tests.architecture.events_page"


def test_an_event_is_named_after_a_room_and_declared_once():
    types = Counter(event.type for event in events())
    assert [name for name, count in types.items() if count > 1] == []
    rooms = {config.label for config in apps.get_app_configs() if config.name.startswith("gongzhi.")}
    assert [name for name in types if name.split(".")[0] not in rooms] == []


def test_what_the_process_knows_is_what_the_source_says():
    known = {name: one.version for name, one in registered().items() if not one.cls.__module__.count("test")}
    declared = {event.type: event.version for event in events()}
    assert known.items() <= declared.items()
