"""Every word of the interface has its English."""

from gongzhi.cli.main import main


def test_no_english_text_is_missing(capsys) -> None:
    assert main(["translations", "check"]) == 0, capsys.readouterr().out
