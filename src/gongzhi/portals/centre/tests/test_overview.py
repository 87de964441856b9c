"""Those who work on no cases begin at their own figures, and read that something was done, never what was said."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongzhi.grants.models import Grant
from gongzhi.kernel.ids import uuid7
from gongzhi.portals.centre.tests.world import START, World
from gongzhi.web.tests.people import signed_in, staff

SECRET = "楼上邻居半夜吵架打孩子"


@pytest.fixture
def auditor(world: World):  # type: ignore[no-untyped-def]
    return signed_in(staff("auditor.luo", role="auditor", area_path=world.areas["990101"].path))


@pytest.mark.parametrize("role", ["auditor", "integrator", "system_admin", "security_admin", "audit_admin"])
def test_who_works_on_no_cases_is_led_to_the_overview(world: World, role: str) -> None:
    area = world.areas["990101"].path if role == "auditor" else ""
    client = signed_in(staff(f"someone.{role}", role=role, area_path=area))
    answer = client.get("/desk/")
    assert answer.status_code == 302
    page = client.get(answer["Location"])
    assert page.status_code == 200
    assert "<section" in page.content.decode()
    assert 'href="/desk/"' in page.content.decode()  # the name of the house; there is no entry for an inbox
    assert ">工单</a>" not in page.content.decode()


def test_who_works_on_cases_begins_in_the_inbox(world: World) -> None:
    client = signed_in(world.accounts["dispatcher"])
    assert client.get("/desk/").status_code == 200
    assert "打开收件箱" in client.get("/desk/overview/").content.decode()


def test_an_auditor_reads_acts_and_figures_but_no_words(world: World, report, auditor) -> None:  # type: ignore[no-untyped-def]
    number = report(SECRET).number
    signed_in(world.accounts["dispatcher"]).post(f"/desk/cases/{number}/accept/", {"note": SECRET})
    overview = auditor.get("/desk/overview/").content.decode()
    assert "件未办结" in overview
    for address in ("/desk/overview/", "/desk/records/", f"/desk/records/?number={number}"):
        page = auditor.get(address).content.decode()
        assert "受理" in page
        assert SECRET not in page
        assert "刘桂兰" not in page
    assert auditor.get(f"/desk/cases/{number}/").status_code == 404


def test_an_auditors_statistics_count_the_cases_they_audit(report, auditor) -> None:  # type: ignore[no-untyped-def]
    report()
    assert "没有工单" not in auditor.get("/desk/statistics/").content.decode()


def test_an_auditor_of_one_street_reads_nothing_of_another(world: World, report) -> None:  # type: ignore[no-untyped-def]
    number = report(column=0.5).number
    area = world.areas["990101002"].path
    elsewhere = signed_in(staff("auditor.two", role="auditor", area_path=area))
    assert "登记诉求" not in elsewhere.get("/desk/records/?system=1").content.decode()
    assert elsewhere.get(f"/desk/records/?number={number}").status_code == 404


def test_records_are_for_auditors_only(world: World) -> None:
    for name in ("dispatcher", "handler", "leader"):
        assert signed_in(world.accounts[name]).get("/desk/records/").status_code == 403


def test_each_line_names_its_case_and_leads_as_far_as_the_reader_may_go(
    world: World, report, auditor
) -> None:  # type: ignore[no-untyped-def]
    number = report(SECRET, confidential=True).number
    whole = f'href="/desk/records/?number={number}"'
    page = auditor.get("/desk/records/?system=1").content.decode()
    assert whole in page
    assert f'href="/desk/cases/{number}/"' not in page
    area = world.areas["990101"].path
    both = staff("auditor.who.dispatches", role="auditor", area_path=area)
    Grant.objects.create(id=uuid7(START), account=both, role="dispatcher", area_path=area, valid_from=START)
    assert f'href="/desk/cases/{number}/"' in signed_in(both).get("/desk/records/?system=1").content.decode()
    stranger = signed_in(staff("audit.admin", role="audit_admin"))
    page = stranger.get("/desk/records/?system=1").content.decode()
    assert number not in page
    assert f"•{number[-3:]}" in page


def test_a_long_record_asks_the_database_no_more_than_a_short_one(report, auditor) -> None:  # type: ignore[no-untyped-def]
    counts = []
    for more in (5, 45):
        for _ in range(more):
            report()
        auditor.get("/desk/records/")
        with CaptureQueriesContext(connection) as asked:
            page = auditor.get("/desk/records/").content.decode()
        counts.append(len(asked))
    assert page.count("?number=") >= 50
    assert counts[0] == counts[1]


def test_a_bad_place_in_the_records_is_said(auditor) -> None:  # type: ignore[no-untyped-def]
    assert auditor.get("/desk/records/?before=nonsense").status_code == 422


def test_the_system_administrator_sees_what_nobody_is_responsible_for(world: World) -> None:
    page = signed_in(staff("admin.one", role="system_admin")).get("/desk/overview/").content.decode()
    assert "处没有人负责" in page
    assert "/desk/mandates/#gaps" in page
    assert "待" not in page.split("<main")[1].split("责任清单")[0]
