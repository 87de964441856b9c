"""Subscriptions and tokens of a program: its own only, secrets shown once and kept nowhere."""

from collections.abc import Callable

import pytest
from django.test import Client

from gongzhi.acts.sequencer import sequence_once
from gongzhi.kernel import clock
from gongzhi.portals.centre.tests.world import World
from gongzhi.web.models import IdempotentRequest
from gongzhi.web.tests.people import staff

Programs = Callable[[str], Client]
HOOK = {"url": "https://93.184.216.34/x", "verbs": ["matters."]}
JSON = "application/json"


@pytest.fixture
def integrator(world: World, program: Programs) -> Client:
    world.accounts["integrator"] = staff("inte.grator", role="integrator")
    world.accounts["colleague"] = staff("inte.grator2", role="integrator")
    return program("integrator")


def post(client: Client, path: str, body: object = None, **headers: str):  # type: ignore[no-untyped-def]
    return client.post(f"/api/v1/exchange/{path}", body or {}, content_type=JSON, headers=headers)


@pytest.mark.parametrize(("path", "body"), [("webhooks", HOOK), ("tokens", {"name": "x"})])
def test_a_secret_is_shown_once_and_kept_nowhere(integrator: Client, path: str, body: object) -> None:
    first = post(integrator, path, body, **{"idempotency-key": "k"})
    again = post(integrator, path, body, **{"idempotency-key": "k"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json()["id"] == again.json()["id"]
    assert first.json()["secret"]
    assert again.json()["secret"] == ""
    kept = bytes(IdempotentRequest.objects.get(key="k").body).decode()
    assert first.json()["secret"] not in kept
    listed = integrator.get(f"/api/v1/exchange/{path}")
    assert first.json()["secret"] not in listed.content.decode()


def test_colleagues_and_strangers_do_not_see_a_subscription(integrator: Client, program: Programs) -> None:
    hook = post(integrator, "webhooks", HOOK).json()["id"]
    for other, status in ((program("colleague"), 404), (program("dispatcher"), 404), (Client(), 404)):
        assert other.get(f"/api/v1/exchange/webhooks/{hook}/acts").status_code == status
        assert other.get(f"/api/v1/exchange/webhooks/{hook}/deliveries").status_code == status
        assert post(other, f"webhooks/{hook}/secret").status_code in (401, 403, 404)
        assert post(other, f"webhooks/{hook}/resumption").status_code in (401, 403, 404)
        assert other.delete(f"/api/v1/exchange/webhooks/{hook}").status_code in (401, 403, 404)
    assert program("colleague").get("/api/v1/exchange/webhooks").json() == []
    assert post(program("dispatcher"), "webhooks", HOOK).status_code == 403
    assert post(program("dispatcher"), "tokens", {"name": "x"}).status_code == 403
    assert post(integrator, f"webhooks/{hook}/secret").status_code == 201
    assert post(integrator, f"webhooks/{hook}/resumption").status_code == 204
    assert integrator.delete(f"/api/v1/exchange/webhooks/{hook}").status_code == 204
    assert integrator.get("/api/v1/exchange/webhooks").json() == []


def test_a_receiver_that_was_away_reads_what_it_missed(integrator: Client, program: Programs, report) -> None:  # type: ignore[no-untyped-def]
    program("dispatcher").post("/api/v1/reports", report, content_type=JSON)
    sequence_once(limit=10_000)  # before the subscription: not its business
    hook = post(integrator, "webhooks", HOOK).json()["id"]
    opened = program("dispatcher").post("/api/v1/reports", report, content_type=JSON).json()
    sequence_once(limit=10_000)
    path = f"/api/v1/exchange/webhooks/{hook}/acts"
    missed = integrator.get(path, {"after": -1}).json()
    assert {act["subject_id"] for act in missed["acts"]} == {opened["id"]}
    assert all(act["verb"].startswith("matters.") for act in missed["acts"])
    again = integrator.get(path, {"after": missed["read_to"]}).json()
    assert again == {"acts": [], "read_to": missed["read_to"]}
    for odd in ("9" * 30, "-5"):
        assert integrator.get(path, {"after": odd}).status_code == 200
    assert integrator.get(path, {"after": "x"}).status_code == 422


def test_an_ended_token_is_refused_at_once(integrator: Client) -> None:
    issued = post(integrator, "tokens", {"name": "x", "days": 1}).json()
    other = Client(headers={"authorization": f"Bearer {issued['secret']}"})
    assert other.get("/api/v1/exchange/tokens").status_code == 200
    assert integrator.delete(f"/api/v1/exchange/tokens/{issued['id']}").status_code == 204
    assert other.get("/api/v1/exchange/tokens").status_code == 401


def test_a_disabled_account_takes_its_tokens_along(integrator: Client, world: World) -> None:
    account = world.accounts["integrator"]
    account.disabled_at = clock.now()
    account.save(update_fields=["disabled_at"])
    assert integrator.get("/api/v1/exchange/tokens").status_code == 401
