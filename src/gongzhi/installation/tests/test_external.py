"""The operator's own PostgreSQL: taken as it is where it is sound, refused in plain words where it is not."""

from collections.abc import Iterator
from urllib.parse import quote

import psycopg
import pytest

from gongzhi.installation import database, external, keys, roles
from gongzhi.installation import home as homes
from gongzhi.installation.home import Home
from gongzhi.installation.tests.places import fresh_home
from gongzhi.installation.trouble import Trouble

NAME = "gongzhi_own"


@pytest.fixture(params=["C", "C.UTF-8"])
def own(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A database of the suite's server under the locale asked for, with `DATABASE_URL` naming it."""
    owner = database.parameters("owner")
    with psycopg.connect(database.conninfo("owner"), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {NAME}")
        connection.execute(
            f"CREATE DATABASE {NAME} TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE '{request.param}'"
        )
        where = (
            f"{quote(owner['user'])}:{quote(owner.get('password', ''))}@/{NAME}?host={quote(owner['host'])}"
        )
        with monkeypatch.context() as patch:
            patch.setenv("DATABASE_URL", f"postgresql://{where}")
            yield request.param
        connection.execute(f"DROP DATABASE {NAME} WITH (FORCE)")


def test_a_database_in_which_chinese_cannot_be_found_is_refused(own: str) -> None:
    if own == "C.UTF-8":
        external.check(database.conninfo("owner"))
        return
    with pytest.raises(Trouble) as refused:
        external.check(database.conninfo("owner"))
    assert refused.value.code == "database.locale"
    assert "C.UTF-8" in refused.value.zh


@pytest.mark.parametrize("own", ["C.UTF-8"], indirect=True)
def test_roles_are_used_where_they_stand(own: str) -> None:
    place = homes.home()
    assert external.set_up(place, keys.keyring(place)) == ""
    assert external.set_up(place, keys.keyring(place)) == ""
    assert database.parameters("app")["user"] == roles.APP
    app = psycopg.connect(database.conninfo("app"), autocommit=True)
    with app as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
        connection.execute("CREATE TABLE mine (id int)")


@pytest.mark.parametrize("own", ["C.UTF-8"], indirect=True)
def test_roles_of_another_installation_are_not_taken_over_and_the_loss_is_said(own: str) -> None:
    given = database.given_parameters()
    with fresh_home() as other:
        other.prepare()
        words = external.set_up(other, keys.keyring(other))
        assert "docs/operating.md" in words
        assert not database.has_roles(other)
        assert database.parameters("app", other)["user"] == given["user"]


@pytest.mark.parametrize("url", ["mysql://a@b/c", "postgresql://host", "gongzhi", "postgresql:///"])
def test_an_address_that_is_no_postgresql_is_refused(
    url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(Trouble) as refused:
        database.parameters("owner", Home(homes.home().path))
    assert refused.value.code == "database.url"


def test_a_server_that_does_not_answer_is_said_without_the_password() -> None:
    with pytest.raises(Trouble) as refused:
        external.check("host=/nowhere user=a password=hunter2 dbname=c")
    assert refused.value.code == "database.unreachable"
    assert "hunter2" not in str(refused.value)
