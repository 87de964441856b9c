"""What the doctor says about the ledger beside the database."""

import pytest

from gongzhi.acts import sealer
from gongzhi.cli import following
from gongzhi.ledger.notes import BadNote


def _codes(running: bool = True) -> list[tuple[str, str]]:
    return [(finding.level, finding.code) for finding in following.ledger(running=running)]


@pytest.mark.django_db
def test_a_ledger_may_lag_a_moment_and_never_lead(monkeypatch: pytest.MonkeyPatch) -> None:
    from gongzhi.acts import queries

    monkeypatch.setattr(queries, "health", lambda: queries.Health(99_999, 0, 0.0, 0, {}), raising=True)
    monkeypatch.setattr(sealer, "sealed_size", lambda: 100_000)
    assert _codes() == [("ok", "ledger")]
    monkeypatch.setattr(sealer, "sealed_size", lambda: 50)
    assert _codes() == [("warning", "ledger.behind")]
    assert _codes(running=False) == [("ok", "ledger")]
    monkeypatch.setattr(sealer, "sealed_size", lambda: 100_001)
    assert _codes() == [("error", "ledger.ahead")]


@pytest.mark.django_db
def test_a_checkpoint_of_somebody_else_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def foreign() -> int:
        raise BadNote("signed by nobody we know")

    monkeypatch.setattr(sealer, "sealed_size", foreign)
    assert _codes() == [("error", "ledger.signature")]


@pytest.mark.django_db
def test_acts_that_wait_too_long_while_the_platform_runs_are_an_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from gongzhi.acts import queries

    monkeypatch.setattr(queries, "health", lambda: queries.Health(5, 3, 600.0, 0, {"notices": 1}))
    running = [finding.code for finding in following.all_of_it(running=True) if finding.level == "error"]
    assert running == ["acts.behind"]
    assert [f.code for f in following.all_of_it(running=False) if f.level == "error"] == []
