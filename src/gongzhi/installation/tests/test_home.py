"""A home that cannot be used says what, where and what to do next."""

import errno
import os
import socket
from pathlib import Path

import pytest

from gongzhi.installation import cluster, instance, runner
from gongzhi.installation.home import Home, not_writable, open_modes
from gongzhi.installation.tests.places import fresh_home
from gongzhi.installation.trouble import Trouble


def test_folders_are_closed_from_the_first_moment() -> None:
    with fresh_home() as home:
        home.prepare()
        assert {folder.stat().st_mode & 0o777 for folder in home.private} == {0o700}
        assert home.path.stat().st_mode & 0o066 == 0


def test_opened_folders_and_key_files_are_found() -> None:
    with fresh_home() as home:
        home.prepare()
        (home.keys / "contact.json").touch(mode=0o644)
        home.files.chmod(0o755)
        assert set(open_modes(home)) == {home.files, home.keys / "contact.json"}


@pytest.mark.parametrize(
    ("number", "code"),
    [(errno.ENOSPC, "home.full"), (errno.EDQUOT, "home.full"), (errno.EROFS, "home.read_only")],
)
def test_full_and_read_only_disks_are_named(number: int, code: str) -> None:
    trouble = not_writable(Path("/srv/gongzhi"), OSError(number, os.strerror(number)))
    assert trouble.code == code
    assert "/srv/gongzhi" in trouble.zh
    assert "/srv/gongzhi" in trouble.en


def test_a_home_below_a_file_is_refused_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(Trouble, match="GONGZHI_HOME"):
        Home(tmp_path / "file" / "home").prepare()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become somebody else")
def test_a_read_only_home_is_refused_plainly_to_a_plain_user() -> None:
    who = runner.runner()
    with fresh_home() as home:
        home.path.mkdir(mode=0o755)
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.setgid(who.gid)
            os.setuid(who.uid)
            try:
                home.prepare()
            except Trouble as trouble:
                os.write(writer, str(trouble).encode())
            finally:
                os._exit(0)
        os.close(writer)
        os.waitpid(child, 0)
        words = os.read(reader, 4096).decode()
        os.close(reader)
    assert str(home.path) in words
    assert "GONGZHI_HOME" in words


def test_a_taken_port_names_the_next_one() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        with pytest.raises(Trouble) as refused:
            instance.check_port("127.0.0.1", number)
    assert refused.value.code == "port.taken"
    assert f"PORT={number + 1}" in refused.value.zh
    instance.check_port("127.0.0.1", number)


def test_an_address_that_is_not_ours_is_refused() -> None:
    with pytest.raises(Trouble, match="GONGZHI_BIND"):
        instance.check_port("203.0.113.7", 8000)


def test_a_second_instance_is_told_where_the_first_one_is() -> None:
    with fresh_home() as home:
        home.prepare()
        assert instance.running_at(home) is None
        first = instance.Instance(home, "http://localhost:8123/")
        with pytest.raises(Trouble, match="http://localhost:8123/"):
            instance.Instance(home, "http://localhost:8124/")
        assert instance.running_at(home) == {"pid": os.getpid(), "address": "http://localhost:8123/"}
        first.release()
        assert instance.running_at(home) is None


def test_a_home_path_too_long_for_a_socket_is_refused() -> None:
    with pytest.raises(Trouble, match="GONGZHI_HOME"):
        instance.check_socket_length(Home(Path("/srv") / ("很长" * 40)), cluster.SOCKET_PATH_MAX)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the database as another user")
def test_a_home_the_database_user_cannot_reach_keeps_its_cluster_elsewhere() -> None:
    with fresh_home() as home:
        home.path.parent.chmod(0o700)
        target = cluster.cluster(home.prepare())
    assert target.place.parent == Path("/var/lib/gongzhi")


def test_the_database_user_enters_only_where_the_modes_let_it() -> None:
    with fresh_home() as home:
        home.prepare()
        stranger = runner.Runner(uid=54321, gid=54321, name="stranger")
        assert not stranger.reaches(home.keys)
        home.path.chmod(0o755)
        assert stranger.reaches(home.path)
