"""Every address opened by everybody: nothing breaks, nothing changes, nothing is open that does not say so."""

import logging

import pytest
from django.test import Client
from django.urls import get_resolver

from gongzhi.acts.models import Act
from gongzhi.matters.models import Matter
from gongzhi.web.doors import door_of, leaves
from tests.security import house as houses
from tests.security.addresses import with_queries
from tests.security.holes import holes
from tests.security.house import House
from tests.security.test_roles_verbs_states import scene

WITHOUT = ("django_session", "web_ratebucket")
PUBLIC = (".svg", "/diagram", "/desk/areas.geojson")  # shapes of areas and procedures: nobody's secret
EXPORTED = ("acts_act", "acts_content", "acts_pending")  # an export is a read that leaves a trace


def values(house: House) -> dict[str, str]:
    return holes(house, scene(house, "calling_back").number)


def body(answer) -> bytes:  # type: ignore[no-untyped-def]
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.fixture
def loud(caplog: pytest.LogCaptureFixture) -> pytest.LogCaptureFixture:
    caplog.set_level(logging.WARNING)
    return caplog


def test_no_address_breaks_and_reading_changes_nothing(house: House, loud: pytest.LogCaptureFixture) -> None:
    addresses = with_queries(values(house))
    assert len(addresses) > 50
    clients = {name: house.client(name) for name in house.roles}
    before, acts = houses.contents(WITHOUT), Act.objects.count()
    opened: dict[str, int] = {}
    for name, client in clients.items():
        client.raise_request_exception = False
        for address in addresses:
            answer = client.get(address)
            body(answer)
            assert answer.status_code < 500, (name, address, loud.text[-3000:])
            opened[name] = opened.get(name, 0) + (answer.status_code == 200)
    exports = list(Act.objects.order_by("-id")[: Act.objects.count() - acts].values_list("verb", flat=True))
    assert set(exports) == {"centre.export", "api.export"}
    after = houses.contents(WITHOUT)
    changed = {name for name in before if before[name] != after[name]}
    assert {name.split("_2")[0] for name in changed} <= set(EXPORTED)
    assert opened["dispatcher"] > opened["resident"] >= opened["anonymous"] > 5


def test_heads_and_options_change_nothing_either(house: House) -> None:
    addresses = [one for one in with_queries(values(house)) if not one.startswith("/desk/export")]
    clients = [house.client("dispatcher"), house.client("anonymous")]
    before = houses.contents(WITHOUT)
    for client in clients:
        client.raise_request_exception = False
        for address in addresses:
            for method in (client.head, client.options):
                assert method(address).status_code < 500, (address, method)
    assert houses.contents(WITHOUT) == before


def test_every_address_says_who_may_open_it_and_a_wrong_method_is_refused(house: House) -> None:
    for pattern in leaves(get_resolver().url_patterns):
        assert door_of(pattern.callback) is not None, pattern
    client = house.client("dispatcher", accept="application/json")
    client.raise_request_exception = False
    addresses = [one for one in with_queries(values(house)) if not one.endswith("openapi.json")]
    for address in addresses:
        for method in ("PATCH", "TRACE", "DELETE"):
            assert client.generic(method, address).status_code in (301, 400, 403, 404, 405, 411, 422), (
                method,
                address,
            )


def test_every_answer_carries_the_content_policy_and_is_kept_by_nobody(house: House) -> None:
    for name in ("dispatcher", "resident", "anonymous"):
        client: Client = house.client(name)
        for address in with_queries(values(house)):
            answer = client.get(address)
            policy = answer["Content-Security-Policy"]
            assert "default-src 'none'" in policy, address
            assert "unsafe" not in policy, address
            assert answer["X-Content-Type-Options"] == "nosniff"
            if answer.status_code == 200 and not address.endswith(PUBLIC):
                kept = answer["Cache-Control"]
                assert "no-store" in kept or "private" in kept, address
            body(answer)


def test_matters_are_untouched_by_unsigned_writes(house: House) -> None:
    """The same crawl with POST and nothing in it: refused or asked again, never half done."""
    filled = values(house)
    before = {row.number: row.version for row in Matter.objects.all()}
    client = house.client("anonymous")
    client.raise_request_exception = False
    for address in with_queries(filled):
        assert client.post(address).status_code < 500, address
    assert {row.number: row.version for row in Matter.objects.all()} == before
