"""Role × verb × state, generated from the procedure: what is offered is done, everything else is refused."""

import random

import pytest
from django.db import transaction

from gongzhi.acts.models import Act
from gongzhi.catalogue import shipped
from gongzhi.files.models import Attachment
from gongzhi.kernel.refusals import Conflict, NotAllowed, NotFound, Refusal
from gongzhi.matters import actions
from gongzhi.matters.models import Matter
from tests.security.house import NEVER, House

[PROCEDURE] = shipped.read_procedures()
VERBS = {verb.code: verb for verb in PROCEDURE.verbs if verb.from_states}
ROAD = (
    ("accept", "dispatcher"), ("dispatch", "dispatcher"), ("sign", "handler"), ("contact", "handler"),
    ("ask_extension", "handler"), ("answer", "handler"), ("call_back", "quality"), ("close", "quality"),
)  # fmt: skip
SIDE = {
    "return_asked": ("accept", "dispatch", "ask_return"),
    "diverted": ("divert",),
    "merged": ("accept", "merge"),
    "withdrawn": ("withdraw",),
    "transferred": ("transfer",),
}
STRANGERS = (
    "leader",
    "window",
    "grid_worker",
    "community_worker",
    "other_handler",
    "other_resident",
    "nobody",
)


class Undo(Exception):
    pass


def scene(house: House, state: str) -> Matter:
    """A matter of the resident in the first street, brought into a state."""
    house.target = house.report("垃圾成堆").number
    matter = house.report(reporter_id=house.actor("resident").party_id, category="0201")
    steps = [
        (verb, {"ask_return": "handler", "withdraw": "resident"}.get(verb, "dispatcher"))
        for verb in SIDE.get(state, ())
    ] or ROAD
    for verb, name in steps:
        matter.refresh_from_db()
        if matter.state == state and verb not in ("contact", "ask_extension", "call_back"):
            return matter
        house.step(name, matter, verb, **house.form(VERBS[verb].form, house.actor(name)))
        if verb == "answer":
            matter.refresh_from_db()
            if matter.state == "verifying" and state != "verifying":
                house.step(
                    "grid_worker",
                    matter,
                    "verify",
                    **house.form(VERBS["verify"].form, house.actor("grid_worker")),
                )
    matter.refresh_from_db()
    assert matter.state == state
    return matter


STATES = ("reported", "accepted", "assigned", "handling", "calling_back", "closed", *SIDE)


def attempt(house: House, name: str, matter: Matter, verb: str) -> Refusal | None:
    """Do it and take it back; the refusal if there was one."""
    by = house.actor(name)
    try:
        with transaction.atomic():
            form = house.form(VERBS[verb].form, by)
            actions.perform(number=matter.number, verb=verb, form=form, by=by, at=house.at)
            raise Undo
    except Undo:
        return None
    except Refusal as refusal:
        return refusal


@pytest.mark.parametrize("state", STATES)
def test_what_is_offered_is_what_is_done(house: House, state: str) -> None:
    matter = scene(house, state)
    before = Act.objects.count()
    done = 0
    for name in house.personas:
        try:
            offered = {one.code for one in house.offered(name, matter)}
        except NotFound:
            offered = set()
            assert all(
                isinstance(attempt(house, name, matter, verb), NotFound) for verb in ("accept", "note")
            )
            continue
        for verb in VERBS:
            refusal = attempt(house, name, matter, verb)
            if verb in offered:
                assert refusal is None or refusal.code in GUARDED, (name, verb, refusal)
                done += refusal is None
            else:
                assert isinstance(refusal, NotAllowed | Conflict), (name, verb, refusal)
    assert done or state == "merged"
    assert Act.objects.count() == before
    matter_now = Matter.objects.get(id=matter.id)
    assert (matter_now.state, matter_now.version) == (matter.state, matter.version)


# Guards that can only judge the form itself, not whether to offer it.
GUARDED = {
    "matters.may_not_receive",
    "matters.no_evidence",
    "matters.merge_closed",
    "matters.not_assisting",
    "matters.assists_already",
    "matters.calls_itself",
    "matters.task_to_itself",
    "matters.task_too_long",
    "matters.not_your_task",
    "matters.not_the_same_person",
}


def test_foreign_numbers_and_files_are_not_there_for_anybody_of_another_street_or_unit(house: House) -> None:
    theirs = house.report(
        "对岸路灯不亮", column=2.5, category="0201", reporter_id=house.actor("resident").party_id
    )
    for verb, name in (
        ("accept", "dispatcher"),
        ("dispatch", "dispatcher"),
        ("sign", "handler"),
        ("contact", "handler"),
    ):
        house.step(name, theirs, verb, **house.form(VERBS[verb].form, house.actor(name)))
    house.step("handler", theirs, "answer", **house.form(VERBS["answer"].form, house.actor("handler")))
    kept = Attachment.objects.filter(subject_id=str(theirs.id)).values_list("file_id", flat=True)
    assert kept
    number = theirs.number
    gets = [
        f"/desk/cases/{number}/",
        f"/matters/{number}/",
        f"/api/v1/matters/{number}",
        f"/api/v1/matters/{number}/acts",
    ]
    for file in [*kept, NEVER]:
        gets += [f"/files/{file}/", f"/matters/{number}/files/{file}/", f"/api/v1/files/{file}"]
        gets += [f"/files/{file}/?thumbnail=1"]
    for name in STRANGERS:
        program, page = house.client(name, accept="application/json"), house.client(name)
        for address in gets:
            assert program.get(address).status_code in _closed(name, address), (name, address)
        for verb in VERBS:
            body = {"verb": verb, "form": house.form(VERBS[verb].form, house.actor("handler"))}
            sent = program.post(
                f"/api/v1/matters/{number}/transitions", body, content_type="application/json"
            )
            assert sent.status_code == 404, (name, verb)
            assert page.post(f"/matters/{number}/{verb}/", {}).status_code == 404, (name, verb)
            address = f"/desk/cases/{number}/{verb}/"
            assert page.post(address, {}).status_code in _closed(name, address), (name, verb)
        bulk = page.post(
            "/desk/bulk/", {"verb": "accept", "number": [number], "confirmed": "1"}
        ).content.decode()
        assert "路灯不亮" not in bulk
        for query in (f"case={number}", f"q={number}", "q=对岸"):
            assert "对岸路灯不亮" not in page.get(f"/desk/?queue=all&{query}").content.decode(), (name, query)
    assert Matter.objects.get(id=theirs.id).version == 6


def _closed(name: str, address: str) -> set[int]:
    """Who has no desk is told so at its door, before anybody looks for a number."""
    return {403} if address.startswith("/desk/") and name in ("other_resident", "nobody") else {404}


def test_a_matter_one_cannot_see_is_no_target_for_a_merge(house: House) -> None:
    """Or else merging would tell whether it exists and how far it is."""
    mine, theirs = house.report(column=2.5), house.report(column=0.5)
    house.step("neighbour", mine, "accept")
    with pytest.raises(Refusal) as refused:
        house.step("neighbour", mine, "merge", into=theirs.number, reason="同一件")
    assert refused.value.code == "matters.merge_unknown"
    assert Matter.objects.get(id=mine.id).state == "accepted"


def test_tokens_and_webhooks_of_others_are_not_there(house: House) -> None:
    from gongzhi.exchange import actions as exchange
    from gongzhi.exchange import token_actions

    owner = house.actor("integrator")
    token = token_actions.issue_token(
        account=house.accounts["integrator"], name="program", days=30, by=owner, at=house.at
    )
    hook = exchange.subscribe(url="https://93.184.216.34/in", verbs=[], area_path="", by=owner, at=house.at)
    for name in ("dispatcher", "handler", "resident", "nobody"):
        client = house.client(name, accept="application/json")
        for address in (f"/api/v1/exchange/webhooks/{hook.id}", f"/api/v1/exchange/tokens/{token.id}"):
            assert client.delete(address).status_code in (403, 404), (name, address)
        assert client.get(f"/api/v1/exchange/webhooks/{hook.id}/deliveries").status_code in (403, 404)
        listed = (
            client.get("/api/v1/exchange/tokens").content + client.get("/api/v1/exchange/webhooks").content
        )
        assert str(token.id).encode() not in listed
        assert str(hook.id).encode() not in listed
        assert token.secret.encode() not in listed


def test_random_forms_never_get_a_stranger_in(house: House) -> None:
    """Tampered fields (lead, state, version, reporter) change neither who may nor what happens."""
    chance = random.Random(5)
    matter = scene(house, "handling")
    for name in ("resident", "quality", "supervisor", "other_handler", "nobody"):
        for verb in chance.sample(sorted(VERBS), 6):
            form = house.form(VERBS[verb].form, house.actor("handler"))
            form |= {"state": "closed", "lead_id": str(NEVER), "by": "system:gongzhi", "version": 99}
            with pytest.raises(Refusal):
                actions.perform(number=matter.number, verb=verb, form=form, by=house.actor(name), at=house.at)
    assert Matter.objects.get(id=matter.id).version == matter.version
