"""Webhooks from act to receiver: signed, once per act and subscription, again when it fails, off when it stays silent."""

import base64
import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from gongzhi.access.actor import ANONYMOUS, SYSTEM, Actor, Held
from gongzhi.acts import queries as acts
from gongzhi.acts.drafts import Sequenced, Subject
from gongzhi.exchange import actions, delivering, queries, rotation, rules, signing
from gongzhi.exchange.models import Delivery, Subscription
from gongzhi.exchange.reactions import queue_deliveries
from gongzhi.grants.models import Grant
from gongzhi.kernel import clock, ids
from gongzhi.kernel.refusals import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn
from gongzhi.notices.models import Notice
from gongzhi.parties.models import Account

AT = clock.now()


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append(({k.lower(): v for k, v in self.headers.items()}, body))
        self.send_response(self.server.answers.pop(0) if self.server.answers else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


@pytest.fixture
def receiver(monkeypatch):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    server.seen, server.answers, server.daemon_threads = [], [], True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    server.url = f"http://127.0.0.1:{server.server_port}/hook?token=t"
    monkeypatch.setenv("GONGZHI_OUTBOUND_ALLOW", f"127.0.0.1/32:{server.server_port}")
    yield server
    server.shutdown()
    server.server_close()


def account(name, role="integrator", area_path=""):
    row = Account.objects.create(id=ids.uuid7(AT), username=name, created_at=AT)
    Grant.objects.create(id=ids.uuid7(AT), account=row, role=role, area_path=area_path, valid_from=AT)
    return Actor(kind="account", id=row.id, held=(Held(role, area_path=area_path),))


@pytest.fixture
def owner(db):
    return account("machine")


def subscribed(owner, receiver, verbs=("matters.",), area_path=""):
    return actions.subscribe(url=receiver.url, verbs=verbs, area_path=area_path, by=owner, at=AT)


def act(position=0, verb="matters.open", area_path="43/01/"):
    return Sequenced(
        position=position,
        id=ids.uuid7(AT),
        at=AT,
        recorded_at=AT,
        by="account:x",
        under="",
        verb=verb,
        subject=Subject("matters.matter", "7"),
        area_path=area_path,
        request="",
        type="matters.opened",
        event={"phone": "13800138000"},
    )


def later(seconds):
    return AT + timedelta(seconds=seconds)


def state():
    return Delivery.objects.values_list("state", "attempts", "status", "error").get()


def test_an_act_reaches_the_receiver_once_signed_and_without_its_content(owner, receiver):
    subscription = subscribed(owner, receiver)
    sent = act()
    queue_deliveries([sent])
    queue_deliveries([sent])
    assert delivering.deliver_due(at=AT) == 1
    assert delivering.deliver_due(at=later(100)) == 0
    ((headers, body),) = receiver.seen
    secret = base64.b64decode(subscription.secret.removeprefix("whsec_"))
    assert signing.verified(secret=secret, headers=headers, body=body, now=int(AT.timestamp()))
    told = json.loads(body)
    assert (told["verb"], told["subject"], told["area"]) == (
        "matters.open",
        {"kind": "matters.matter", "id": "7"},
        "43/01/",
    )
    assert b"13800138000" not in body
    assert b"account:x" not in body
    assert state() == ("sent", 1, 200, "")


def test_verbs_and_area_choose_what_is_sent(owner, receiver):
    subscribed(owner, receiver, verbs=("matters.open", "mandates."), area_path="43/01/")
    for each in (
        act(1),
        act(2, verb="matters.close"),
        act(3, area_path="43/02/"),
        act(4, verb="mandates.give", area_path="43/01/02/"),
        act(5, verb="exchange.subscribe"),
    ):
        queue_deliveries([each])
    assert sorted(Delivery.objects.values_list("position", flat=True)) == [1, 4]


def test_history_before_the_subscription_is_not_sent(owner, receiver):
    subscribed(owner, receiver)
    Subscription.objects.update(from_position=10)
    queue_deliveries([act(9)])
    queue_deliveries([act(10)])
    assert Delivery.objects.get().position == 10


def test_a_failure_is_tried_again_with_the_same_id_and_growing_pauses(owner, receiver):
    subscribed(owner, receiver)
    queue_deliveries([act()])
    receiver.answers = [500, 302, 200]
    delivering.deliver_due(at=AT)
    assert state() == ("queued", 1, 500, "HTTP 500")
    assert delivering.deliver_due(at=later(9)) == 0
    delivering.deliver_due(at=later(10))
    assert state() == ("queued", 2, 302, "HTTP 302")
    delivering.deliver_due(at=later(70))
    assert state() == ("sent", 3, 200, "")
    assert len({headers["webhook-id"] for headers, _ in receiver.seen}) == 1
    assert len({body for _, body in receiver.seen}) == 1
    assert Subscription.objects.get().failures == 0


def test_it_gives_up_visibly_and_can_be_sent_again(owner, receiver):
    subscription = subscribed(owner, receiver)
    queue_deliveries([act()])
    receiver.answers = [500] * (len(rules.RETRY_SECONDS) + 1)
    at = AT
    while Delivery.objects.filter(state="queued").exists():
        at = Delivery.objects.get().due_at
        delivering.deliver_due(at=at)
    assert state()[0] == "failed"
    (row,) = queries.deliveries(visible_to=owner, subscription_id=subscription.id, state="failed")
    actions.redeliver(delivery_id=row.id, by=owner, at=at)
    with pytest.raises(Conflict):
        actions.redeliver(delivery_id=row.id, by=owner, at=at)
    delivering.deliver_due(at=at)
    assert state()[0] == "sent"


def test_deliveries_keep_their_order_and_a_failure_holds_back_the_rest(owner, receiver):
    subscribed(owner, receiver)
    for position in (3, 1, 2):
        queue_deliveries([act(position)])
    receiver.answers = [200, 500]
    delivering.deliver_due(at=AT)
    assert [json.loads(body)["position"] for _, body in receiver.seen] == [1, 2]
    delivering.deliver_due(at=later(10))
    assert [json.loads(body)["position"] for _, body in receiver.seen] == [1, 2, 2, 3]


def test_a_silent_receiver_is_switched_off_and_somebody_is_told(owner, receiver, monkeypatch):
    monkeypatch.setattr(rules, "FAILURES_MAX", 2)
    subscription = subscribed(owner, receiver)
    queue_deliveries([act()])
    receiver.answers = [500, 500]
    delivering.deliver_due(at=AT)
    delivering.deliver_due(at=later(10))
    assert Subscription.objects.get().disabled_at == later(10)
    assert delivering.deliver_due(at=later(10_000)) == 0
    notice = Notice.objects.get()
    assert notice.role == "system_admin"
    assert "token" not in notice.body
    actions.enable(subscription_id=subscription.id, by=owner, at=later(10_000))
    assert delivering.deliver_due(at=later(10_000)) == 1
    assert state()[0] == "sent"


def test_a_receiver_that_is_gone_is_switched_off_at_once(owner, receiver):
    subscribed(owner, receiver)
    queue_deliveries([act()])
    receiver.answers = [410]
    delivering.deliver_due(at=AT)
    assert Subscription.objects.get().disabled_at == AT


def test_sending_ends_with_the_owners_right(owner, receiver):
    subscription = subscribed(owner, receiver)
    queue_deliveries([act()])
    Grant.objects.update(valid_until=later(1))
    delivering.deliver_due(at=later(2))
    assert receiver.seen == []
    assert Subscription.objects.get().disabled_at is not None
    reason = acts.timeline("exchange.subscription", subscription.id)[0].payload
    assert reason == {"reason": "rights"}


def test_an_address_that_moves_inside_is_not_called(owner, receiver, monkeypatch):
    subscribed(owner, receiver)
    queue_deliveries([act()])
    monkeypatch.delenv("GONGZHI_OUTBOUND_ALLOW")
    delivering.deliver_due(at=AT)
    assert receiver.seen == []
    assert state()[0] == "queued"


def test_a_worker_that_died_leaves_its_deliveries_to_the_next(owner, receiver):
    subscribed(owner, receiver)
    queue_deliveries([act()])
    delivering._claim(AT, 10)
    assert delivering.deliver_due(at=AT) == 0
    assert delivering.deliver_due(at=AT + rules.LEASE) == 1


@pytest.mark.parametrize(
    ("url", "verbs"),
    [
        ("https://127.0.0.1/", ()),
        ("http://example.org/", ()),
        ("https://localhost/", ()),
        (None, ("matters.'; DROP",)),
        (None, ("",)),
        (None, ("matters.",) * 51),
    ],
)
def test_inside_addresses_and_odd_verbs_are_refused(owner, receiver, monkeypatch, url, verbs):
    with pytest.raises(Invalid):
        actions.subscribe(url=url or receiver.url, verbs=verbs, by=owner, at=AT)


def test_owner_colleague_and_stranger(owner, receiver):
    subscription = subscribed(owner, receiver)
    queue_deliveries([act()])
    colleague, stranger, admin = (
        account("other"),
        account("handler", "handler"),
        account("admin", "system_admin"),
    )
    assert len(queries.subscriptions(visible_to=owner)) == 1
    assert len(queries.subscriptions(visible_to=admin)) == 1
    for nobody in (colleague, stranger, ANONYMOUS):
        assert queries.subscriptions(visible_to=nobody) == []
        with pytest.raises(NotFound):
            queries.deliveries(visible_to=nobody, subscription_id=subscription.id)
        for verb in (actions.disable, actions.enable, actions.unsubscribe, actions.renew_secret):
            with pytest.raises(NotFound):
                verb(subscription_id=subscription.id, by=nobody, at=AT)
        with pytest.raises(NotFound):
            actions.redeliver(delivery_id=Delivery.objects.get().id, by=nobody, at=AT)


def test_only_integrators_subscribe_and_only_where_their_role_reaches(db, receiver):
    with pytest.raises(NotAllowed):
        subscribed(account("handler", "handler"), receiver)
    with pytest.raises(NotSignedIn):
        subscribed(ANONYMOUS, receiver)
    with pytest.raises(Invalid):
        subscribed(SYSTEM, receiver)
    local = account("local", area_path="43/01/")
    assert subscribed(local, receiver, area_path="43/01/")
    for path in ("", "43/", "43/02/"):
        with pytest.raises(NotAllowed):
            subscribed(local, receiver, area_path=path)


def test_the_secret_is_sealed_and_moves_to_a_new_key(owner, receiver, monkeypatch):
    subscription = subscribed(owner, receiver)
    row = Subscription.objects.get()
    secret = base64.b64decode(subscription.secret.removeprefix("whsec_"))
    assert secret not in bytes(row.secret_sealed)
    Subscription.objects.update(secret_key_id="older")
    assert rotation.reseal() == 1
    assert rotation.reseal() == 0
    queue_deliveries([act()])
    delivering.deliver_due(at=AT)
    ((headers, body),) = receiver.seen
    assert signing.verified(secret=secret, headers=headers, body=body, now=int(AT.timestamp()))


def test_a_renewed_secret_replaces_the_old_one(owner, receiver):
    old = subscribed(owner, receiver)
    new = actions.renew_secret(subscription_id=old.id, by=owner, at=AT)
    assert new.secret != old.secret


def test_after_unsubscribing_nothing_is_sent(owner, receiver):
    subscription = subscribed(owner, receiver)
    queue_deliveries([act(0)])
    actions.unsubscribe(subscription_id=subscription.id, by=owner, at=AT)
    queue_deliveries([act(1)])
    assert delivering.deliver_due(at=later(1)) == 0
    assert queries.subscriptions(visible_to=owner) == []


@pytest.mark.parametrize("count", [5, 50])
def test_lists_take_the_same_number_of_queries_whatever_their_length(
    owner, receiver, count, django_assert_num_queries
):
    for _ in range(count):
        subscription = subscribed(owner, receiver)
    queue_deliveries([act()])
    with django_assert_num_queries(1):
        assert len(queries.subscriptions(visible_to=owner)) == count
    with django_assert_num_queries(2):
        queries.deliveries(visible_to=owner, subscription_id=subscription.id)


def test_the_example_of_the_public_specification_verifies():
    """Standard Webhooks 1.0.0, the vector published with its reference libraries."""
    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    body = b'{"test": 2432232314}'
    headers = signing.headers(
        secret=secret, delivery_id="msg_p5jXN8AQM9LWM0D4loKWxJek", timestamp=1614265330, body=body
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    at = int(datetime(2021, 2, 25, 15, 2, 10, tzinfo=UTC).timestamp())
    assert signing.verified(secret=secret, headers=headers, body=body, now=at)
    assert not signing.verified(secret=secret, headers=headers, body=body + b" ", now=at)
    assert not signing.verified(secret=secret, headers=headers, body=body, now=at + 301)
    assert not signing.verified(secret=b"other", headers=headers, body=body, now=at)
    assert not signing.verified(secret=secret, headers={}, body=body, now=at)
