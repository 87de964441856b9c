import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pytest

from gongzhi.cli import import_areas, import_mandates, import_parties, sheet
from gongzhi.cli.imports import configure, run
from gongzhi.installation.trouble import Trouble

GRID = {
    "type": "Feature",
    "properties": {"code": "g1", "name": "第一网格", "level": "grid"},
    "geometry": {
        "type": "Polygon",
        "coordinates": [[[112.9, 28.2], [112.91, 28.2], [112.91, 28.21], [112.9, 28.2]]],
    },
}


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def already(role: str = "app") -> Iterator[None]:
        yield

    monkeypatch.setattr(import_areas, "django", already)
    monkeypatch.setattr(import_parties, "django", already)


def gongzhi_import(*arguments: object) -> int:
    import argparse

    parser = argparse.ArgumentParser()
    configure(parser)
    return run(parser.parse_args([str(argument) for argument in arguments]))


@pytest.mark.django_db
def test_areas_then_organisations_then_staff(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from gongzhi.grants.models import Grant
    from gongzhi.parties.models import Account, Organisation

    areas, organisations, staff = tmp_path / "areas.geojson", tmp_path / "o.csv", tmp_path / "staff.xlsx"
    bad = {**GRID, "properties": {**GRID["properties"], "code": "a/b"}}  # type: ignore[dict-item]
    areas.write_text(json.dumps({"type": "FeatureCollection", "features": [GRID, bad]}))
    assert gongzhi_import("areas", areas) == 1
    assert (tmp_path / "areas.rejects.csv").read_text("utf-8-sig").splitlines()[1].startswith("2,code,")
    organisations.write_bytes(
        "代码,名称,类型,上级,区域\ncg-1,第一中队,station,cg,g1\ncg,城市管理局,bureau,,\nx,无上级,bureau,none,\n".encode(
            "gbk"
        )
    )
    assert gongzhi_import("parties", organisations) == 1
    assert dict(Organisation.objects.values_list("path", "area_path")) == {"cg/": "", "cg/cg-1/": "g1/"}
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["姓名", "登录名", "手机", "机构", "职务", "角色", "区域", "负责"])
    book.active.append(["王芳", "wang.fang", 13800138000, None, None, "grid_worker", "g1", "是"])
    book.active.append(["李雷", "坏名", "", "cg", "科员", "handler", "", ""])
    book.save(staff)
    for _ in range(2):
        assert gongzhi_import("parties", staff) == 1
    assert Account.objects.count() == Grant.objects.count() == 1
    assert "拒收 1" in capsys.readouterr().out


@pytest.mark.django_db
def test_files_that_are_no_tables_are_said_plainly(tmp_path: Path) -> None:
    for name, content in (
        ("a.csv", b"\xff\xfe\x00\x81"),
        ("b.xlsx", b"no"),
        ("c.csv", b"x,y\n1,2\n"),
        ("d.csv", b"\n1\n"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(Trouble):
            gongzhi_import("parties", tmp_path / name)
    with pytest.raises(Trouble):
        gongzhi_import("areas", tmp_path / "none.geojson")
    (tmp_path / "e.geojson").write_text("[]")
    with pytest.raises(Trouble):
        gongzhi_import("areas", tmp_path / "e.geojson")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("other.csv", b"a,b\n1,2\n"),
        ("binary.csv", b"\xff\xfe\x00\x81"),
        ("quote.csv", b'item,title\n"' + b"x" * 2_000_000),
        ("book.csv", b"PK\x03\x04" + b"\0" * 100),
        ("no.xlsx", b"no"),
        ("bad.yaml", b"mandates: [unclosed"),
        ("none.yaml", b"other: 1"),
    ],
)
def test_files_that_are_no_lists_of_mandates_are_said_plainly(
    tmp_path: Path, name: str, content: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def already(role: str = "app") -> Iterator[None]:
        yield

    monkeypatch.setattr(import_mandates, "django", already)
    (tmp_path / name).write_bytes(content)
    with pytest.raises(Trouble) as refused:
        gongzhi_import("mandates", tmp_path / name)
    assert len(str(refused.value).splitlines()) >= 2  # Chinese and English


def test_reject_files_open_in_excel_without_running_anything(tmp_path: Path) -> None:
    assert sheet.write_rejects(tmp_path / "r.csv", [(1, "name", "=cmd()")]) == 1
    content = (tmp_path / "r.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"'=cmd()" in content
    assert sheet.write_rejects(tmp_path / "none.csv", []) == 0
    assert not (tmp_path / "none.csv").exists()
