"""Fixed statements are prepared, unless the operator says that nothing may be."""

import pytest
from django.db import connection

from gongzhi.access import prepared
from gongzhi.installation import database
from gongzhi.installation.trouble import Trouble

KEPT = "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE %s"


def kept(mark: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(KEPT, [f"SELECT '{mark}'%"])
        return int(cursor.fetchone()[0])


def test_a_fixed_statement_is_prepared_once_and_answers(db: None) -> None:
    for n in (1, 2):
        assert prepared.fetch("SELECT 'kept', %s::int", [n]) == [("kept", n)]
    assert kept("kept") == 1


def test_switched_off_nothing_is_prepared_and_the_answers_are_the_same(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GONGZHI_PREPARED", "off")
    connection.ensure_connection()
    threshold = database.settings()["OPTIONS"]["prepare_threshold"]
    monkeypatch.setattr(connection.connection, "prepare_threshold", threshold)
    for n in (1, 2):
        assert prepared.fetch("SELECT 'loose', %s::int", [n]) == [("loose", n)]
    assert kept("loose") == 0


def test_any_other_word_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GONGZHI_PREPARED", "no")
    with pytest.raises(Trouble):
        database.settings()
