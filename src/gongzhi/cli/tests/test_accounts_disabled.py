"""`gongzhi accounts disable`: nobody goes with open work unless somebody says what becomes of it."""

from contextlib import nullcontext

import pytest

from gongzhi.access.actor import SYSTEM
from gongzhi.cli import accounts, leaving
from gongzhi.cli.main import parser_for
from gongzhi.grants import actions as grants
from gongzhi.installation.trouble import Trouble
from gongzhi.matters.tests.town import MEMBERS, Town, build
from gongzhi.parties.models import Account


@pytest.fixture
def town(db, monkeypatch) -> Town:
    monkeypatch.setattr(leaving, "django", nullcontext)
    built = build()
    for name in ("handler", "colleague"):
        role, code = MEMBERS[name]
        unit = built.organisations[code].id
        grants.give(account_id=built[name].id, role=role, organisation_id=unit, by=SYSTEM, at=built.clock)
    built.road(built.open().number, until="handling")
    return built


def disable(town, *more):
    name = Account.objects.get(id=town["handler"].id).username
    return accounts.run(parser_for("accounts").parse_args(["disable", name, "--reason", "调离", *more]))


def test_open_work_asks_what_becomes_of_it_and_nothing_happens(town):
    with pytest.raises(Trouble) as caught:
        disable(town)
    assert "1 项" in str(caught.value.zh)
    assert not Account.objects.filter(disabled_at__isnull=False).exists()


def test_it_passes_to_a_colleague_or_is_left_open(town, capsys):
    colleague = Account.objects.get(id=town["colleague"].id).username
    with pytest.raises(Trouble):
        disable(town, "--hand-over-to", "nobody.there")
    assert disable(town, "--hand-over-to", colleague) == 0
    assert "移交 1 项" in capsys.readouterr().out
    assert Account.objects.get(id=town["handler"].id).disabled_at


def test_it_is_knowingly_left_open(town, capsys):
    assert disable(town, "--leave-open") == 0
    assert "留下 1 项" in capsys.readouterr().out


def test_a_colleague_of_another_unit_takes_nothing_over_and_the_account_stays(town):
    stranger = Account.objects.get(id=town["stranger"].id).username
    with pytest.raises(Trouble):
        disable(town, "--hand-over-to", stranger)
    assert not Account.objects.filter(disabled_at__isnull=False).exists()
