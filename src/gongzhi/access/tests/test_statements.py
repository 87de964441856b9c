"""A remembered statement follows the instant and nothing else."""

from datetime import UTC, datetime, timedelta

from gongzhi.access.actor import Actor, Held
from gongzhi.access.statements import compiled, rights

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def build(at):
    return "late < %s AND soon < %s AND since > %s", (at, at + timedelta(hours=24), AT)


def test_instants_made_from_the_present_follow_it_and_others_stay():
    later = AT + timedelta(days=400, microseconds=7)
    for at in (AT, later, AT):
        _, params = compiled("follow", build, at=at)
        assert params == (at, at + timedelta(hours=24), AT)


def test_it_is_built_once_for_a_key_and_again_for_another():
    built = []
    for key in ("a", "a", "b"):
        compiled(key, lambda at: built.append(at) or build(at), at=AT)
    assert len(built) == 2
    assert compiled("nothing", lambda at: None, at=AT) is None


def test_readers_share_a_statement_only_with_equal_rights():
    one = Actor(kind="account", held=(Held("handler", "1/"),), request_id="a")
    same = Actor(kind="account", held=(Held("handler", "1/"),), request_id="b", language="en")
    other = Actor(kind="account", held=(Held("handler", "1/2/"),))
    assert rights(one) == rights(same)
    assert rights(one) != rights(other)
