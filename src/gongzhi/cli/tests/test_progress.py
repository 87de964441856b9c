"""The counting line: drawn for who watches, said now and then in a log, and a word about going on after Ctrl-C."""

import sys

import pytest

from gongzhi.cli import progress
from gongzhi.cli.progress import Progress


def test_on_a_terminal_one_line_is_redrawn_to_the_end(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    with Progress("cases") as show:
        show(1, 200)
        show(2, 200)  # too soon after the first
        show(200, 200)
    drawn = capsys.readouterr().err.split("\r")
    assert [line.split(" ")[1:3] for line in drawn[1:]] == [["1/200", "0%"], ["200/200", "100%"]]
    assert drawn[-1].endswith("\n")


def test_in_a_log_it_speaks_every_ten_seconds(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = iter(range(0, 100, 4))
    monkeypatch.setattr(progress.time, "monotonic", lambda: float(next(now)))
    with Progress("cases") as show:
        for done in range(1, 8):
            show(done, 100)
    assert [line.split(" ")[1] for line in capsys.readouterr().err.splitlines()] == ["3/100", "6/100"]


def test_interrupted_it_says_how_far_it_came_and_that_it_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> None:
        with Progress("cases") as show:
            for row in show.over(["a", "b", "c"]):
                if row == "c":
                    raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work()
    said = capsys.readouterr().err
    assert "cases 2/3" in said
    assert "再次执行同一命令" in said
    assert "Run the same command again" in said
