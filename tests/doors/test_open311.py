"""Open311: the clients other cities use work here, and learn nothing about people."""

import itertools
from collections.abc import Callable

import pytest
from django.test import Client
from georeport import GeoReport

from gongzhi.access.actor import SYSTEM
from gongzhi.exchange.token_actions import issue_token
from gongzhi.kernel import clock
from gongzhi.portals.centre.tests.world import World

pytestmark = pytest.mark.django_db(transaction=True)
WORDS = "我家三楼刘桂兰门口的路灯不亮"


@pytest.fixture
def key(world: World) -> str:
    return issue_token(
        account=world.accounts["dispatcher"], name="o", days=1, by=SYSTEM, at=clock.now()
    ).secret


@pytest.fixture
def base(live_server, world: World) -> str:
    return f"{live_server.url}/open311/v2"


@pytest.mark.parametrize("format_", ["json", "xml"])
def test_georeport_lists_reports_and_reads(base: str, key: str, format_: str) -> None:
    client = GeoReport(base, api_key=key, output_format=format_)
    services = client.get_service_list()
    code = next(service["service_code"] for service in services if service["service_code"] == "020101")
    definition = client.get_service_definition(code)
    assert definition["service_code"] == code
    made = Client().post(
        f"/open311/v2/requests.{format_}",
        {
            "api_key": key,
            "service_code": code,
            "description": WORDS,
            "lat": "28.21",
            "long": "112.91",
            "phone": "13800138000",
        },
    )
    assert made.status_code == 201, made.content
    listed = client.get_service_requests(service_code=code)
    found = listed if isinstance(listed, list) else [listed]
    assert {row["service_code"] for row in found} == {code}
    one = client.get_service_request(found[0]["service_request_id"])
    row = one[0] if isinstance(one, list) else one
    assert row["status"] == "open"
    assert WORDS not in str(listed) + str(one)
    assert "13800138000" not in str(listed) + str(one)


def test_three_reads_services_and_posts(base: str, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(itertools, "ifilter", filter, raising=False)  # the client was written for Python 2
    from three.core import Three

    client = Three(base, api_key=key, format="json")
    assert any(service["service_code"] == "020101" for service in client.services())
    made = client.post(
        "020101", description=WORDS, lat="28.21", long="112.91", phone="13800138000", name="桂兰 刘"
    )
    number = made[0]["service_request_id"]
    assert client.request(number)[0]["service_request_id"] == number
    assert client.requests("020101")[0]["service_code"] == "020101"


def _make(key: str, code: str = "020101", **more: str) -> str:
    form = {"api_key": key, "service_code": code, "description": WORDS, **more}
    return Client().post("/open311/v2/requests.json", form).json()[0]["service_request_id"]


def test_only_categories_of_public_space_are_offered_and_shown(
    key: str, program: Callable[[str], Client]
) -> None:
    offered = {service["service_code"] for service in Client().get("/open311/v2/services.json").json()}
    tree = Client().get("/api/v1/catalogue/categories").json()
    private = next(node["code"] for node in tree if node["level"] == 3 and not node["public_space"])
    assert private not in offered
    number = _make(key, private)
    assert Client().get(f"/open311/v2/requests/{number}.json").status_code == 404
    assert number not in Client().get("/open311/v2/requests.json").content.decode()


def test_a_confidential_report_is_nowhere(key: str, program: Callable[[str], Client]) -> None:
    made = program("dispatcher").post(
        "/api/v1/reports",
        {"text": WORDS, "category": "020101", "confidential": True},
        content_type="application/json",
    )
    number = made.json()["number"]
    assert Client().get(f"/open311/v2/requests/{number}.json").status_code == 404
    assert number not in Client().get("/open311/v2/requests.json").content.decode()


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-11-01T00:00:00Z"}, 400),
        ({"start_date": "yesterday"}, 400),
        ({"service_request_id": "A,B,C"}, 200),
        ({"status": "closed"}, 200),
        ({"page_size": "9" * 30}, 200),
    ],
)
def test_filters_and_mistakes(world: World, query: dict[str, str], status: int) -> None:
    answer = Client().get("/open311/v2/requests.json", query)
    assert answer.status_code == status
    if status == 400:
        assert answer.json()[0]["code"] == 400


def test_errors_are_georeport_errors(key: str) -> None:
    wrong = Client().post(
        "/open311/v2/requests.json", {"api_key": "gz_x", "service_code": "020101", "description": "x"}
    )
    assert (wrong.status_code, wrong.json()[0]["code"]) == (403, 403)
    missing = Client().post("/open311/v2/requests.json", {"api_key": key, "description": "x"})
    assert missing.status_code == 400
    assert Client().get("/open311/v2/services/nope.json").status_code == 404
