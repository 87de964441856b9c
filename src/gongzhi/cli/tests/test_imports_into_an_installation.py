"""`gongzhi import …` and `gongzhi mandates check` as an operator runs them, from an empty installation on."""

import csv
import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from gongzhi.cli.tests.installed import Installed

pytestmark = pytest.mark.embedded

MANDATES = [
    "item",
    "title",
    "organisation",
    "area",
    "category",
    "role",
    "part",
    "basis",
    "basis_until",
    "valid_from",
    "valid_until",
    "response",
    "handling",
]


def square(
    code: str, name: str, level: str, west: float, parent: str = "", side: float = 0.1
) -> dict[str, object]:
    east, south, north = west + side, 28.2, 28.2 + side
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {
        "type": "Feature",
        "properties": {"code": code, "name": name, "level": level, "parent": parent},
        "geometry": {"type": "Polygon", "coordinates": [ring]},
    }


def write_areas(path: Path, *features: dict[str, object]) -> Path:
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    return path


def rejects(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))[1:]


def acts(installed: Installed) -> int:
    return int(installed.one("SELECT count(*) FROM acts_act"))


def mandate(**more: str) -> list[str]:
    row = {
        "item": "M-1", "title": "路灯维护", "organisation": "cg", "area": "s1", "category": "02",
        "role": "lead", "basis": "城市照明管理规定", **more,
    }  # fmt: skip
    return [row.get(column, "") for column in MANDATES]


def test_a_catalogue_is_checked_published_and_the_same_again_changes_nothing(
    installed: Installed, tmp_path: Path
) -> None:
    before = acts(installed)
    again = installed.run("import", "catalogue")  # what ships is in force since the first start
    assert again.code == 0, again.err
    assert "unchanged" in again.out
    assert acts(installed) == before
    bad = tmp_path / "bad.yaml"
    bad.write_text("code: Trial\nstates: []\n", encoding="utf-8")
    refused = installed.run("import", "catalogue", bad)
    assert refused.code == 1
    assert str(bad) in refused.err
    assert "没有载入任何内容" in refused.err
    assert "Nothing was loaded" in refused.err
    assert acts(installed) == before


def test_areas_go_in_once_and_what_cannot_is_named(installed: Installed, tmp_path: Path) -> None:
    file = write_areas(
        tmp_path / "areas.geojson",
        square("d", "区", "district", 112.0, side=0.5),
        square("s1", "一街道", "street", 112.0, "d"),
        square("s2", "二街道", "street", 112.2, "d"),
        square("c1", "一社区", "community", 112.0, "s1", side=0.05),
        square("a/b", "坏代码", "street", 112.3, "d"),
        square("s9", "无上级", "street", 112.4, "nowhere"),
    )
    first = installed.run("import", "areas", file)
    assert first.code == 1, first.err
    assert "4 new" in first.out
    named = rejects(tmp_path / "areas.rejects.csv")
    assert [row[:2] for row in named] == [["5", "code"], ["6", "parent"]]
    assert "尚未登记" in named[1][2]
    before = acts(installed)
    english = installed.run("import", "areas", file, "--language", "en")
    assert "4 unchanged" in english.out
    assert acts(installed) == before
    assert "not registered" in rejects(tmp_path / "areas.rejects.csv")[1][2]


def test_organisations_in_gbk_go_in_once(installed: Installed, tmp_path: Path) -> None:
    file = tmp_path / "o.csv"
    lines = (
        "代码,名称,类型,上级,区域",
        "cg,城市管理局,bureau,,",
        "st1,一街道办事处,street,,s1",
        "x,无上级,bureau,none,",
        "y,无区域,bureau,,zzz",
        f"z,{'长' * 500},bureau,,",
        ",无代码,bureau,,",
        "v,坏类型,castle,,",
    )
    file.write_bytes("\n".join(lines).encode("gb18030"))
    for expected in ("2 new", "0 new, 2 here before"):
        done = installed.run("import", "parties", file, "--language", "en")
        assert done.code == 1
        assert expected in done.out
    named = rejects(tmp_path / "o.rejects.csv")
    assert [row[0] for row in named] == ["4", "5", "6", "7", "8"]
    assert all(row[2].isascii() or "“" in row[2] or "”" in row[2] for row in named), named
    assert installed.one("SELECT name FROM parties_organisation WHERE code = 'cg'") == "城市管理局"


def test_mandates_from_a_spreadsheet(installed: Installed, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(
        ["事项编码", "事项名称", "单位", "区域", "类别", "责任", "依据", "生效日期", "办理时限"]
    )
    book.active.append(
        ["M-1", "路灯维护", "cg", "s1", "02", "主办", "城市照明管理规定", date(2025, 1, 1), "3 work_day"]
    )
    book.save(tmp_path / "m.xlsx")
    first = installed.run("import", "mandates", tmp_path / "m.xlsx")
    assert first.code == 0, first.err
    assert "1 added" in first.out
    before = acts(installed)
    again = installed.run("import", "mandates", tmp_path / "m.xlsx")
    assert "0 added, 0 ended, 1 unchanged" in again.out
    assert acts(installed) == before


def test_every_bad_row_of_a_list_is_named_and_the_rest_is_in_force(
    installed: Installed, tmp_path: Path
) -> None:
    file = tmp_path / "m.csv"
    rows = [
        mandate(handling="3 work_day"),
        mandate(item="M-2", category="9999"),
        mandate(item="M-3", area="nowhere"),
        mandate(item="M-4", organisation="none"),
        mandate(item="M-5", valid_from="0001-01-01"),
        mandate(item="M-6", valid_from="9999-12-31"),
        mandate(item="M-7", basis=""),
        mandate(item="M-8", title="x" * 5_000),
        mandate(item="M-9", handling="soon"),
        mandate(item="M-10", handling="99999999 hour"),
        mandate(item="M-11", role="boss"),
        mandate(item="M-12", title="a\x07b"),
        mandate(handling="3 work_day"),
        mandate(item="M-13", valid_from="2026-01-01", valid_until="2025-01-01"),
        mandate(item="M-14", area="s2", role="协办"),
    ]
    with file.open("w", encoding="gb18030", newline="") as stream:
        csv.writer(stream).writerows([MANDATES, *rows])
    done = installed.run("import", "mandates", file, "--language", "en")
    assert done.code == 1, done.err
    assert "1 added, 0 ended, 1 unchanged, 13 rejected" in done.out  # never ends what a bad file leaves out
    columns = {row[0]: row[1] for row in rejects(tmp_path / "m.rejects.csv")}
    assert columns == {
        "3": "category", "4": "area", "5": "organisation", "6": "valid_from", "7": "valid_from", "8": "basis",
        "9": "title", "10": "handling", "11": "handling", "12": "role", "13": "title", "14": "", "15": "valid_until",
    }  # fmt: skip


def test_a_closed_area_is_refused_as_closed(installed: Installed, tmp_path: Path) -> None:
    file = write_areas(tmp_path / "more.geojson", square("s3", "三街道", "street", 112.4, "d"))
    assert installed.run("import", "areas", file).code == 0
    with installed.connection() as connection:
        connection.execute("UPDATE places_area SET ended_at = now() WHERE code = 's3'")
    with (tmp_path / "c.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([MANDATES, mandate(item="M-20", area="s3")])
    done = installed.run("import", "mandates", tmp_path / "c.csv", "--add")
    assert done.code == 1
    [row] = rejects(tmp_path / "c.rejects.csv")
    assert row[1] == "area"
    assert "已经终止" in row[2]


def test_the_check_lists_gaps_overlaps_and_expired_bases(installed: Installed, tmp_path: Path) -> None:
    with (tmp_path / "o.csv").open("w", encoding="utf-8", newline="") as stream:
        stream.write("code,name,kind,parent,area\nwj,卫生局,bureau,,\n")
    assert installed.run("import", "parties", tmp_path / "o.csv").code == 0
    with (tmp_path / "more.csv").open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows(
            [
                MANDATES,
                mandate(item="M-30", organisation="wj"),
                mandate(item="M-31", category="01", basis="旧条例", basis_until="2020-01-01"),
            ]
        )
    assert installed.run("import", "mandates", tmp_path / "more.csv", "--add").code == 0
    found = installed.run("mandates", "check")
    assert found.code == 1
    gaps, overlaps = found.out.index("gaps:"), found.out.index("overlaps:")
    expired = found.out.index("expired:")
    assert "02 公用设施（Public facilities） · 二街道" in found.out[gaps:overlaps]
    assert "一街道 · 卫生局、城市管理局（M-1, M-30）" in found.out[overlaps:expired]
    assert "M-31" in found.out[expired:]
    assert "2020-01-01" in found.out[expired:]


def test_an_empty_list_ends_nothing(installed: Installed, tmp_path: Path) -> None:
    (tmp_path / "head.csv").write_text(",".join(MANDATES))
    before = installed.one("SELECT count(*) FROM mandates_mandate WHERE ended_at IS NULL")
    refused = installed.run("import", "mandates", tmp_path / "head.csv")
    assert refused.code == 1
    assert "文件中没有一行责任" in refused.err
    assert "not one mandate" in refused.err
    assert installed.one("SELECT count(*) FROM mandates_mandate WHERE ended_at IS NULL") == before


def test_interrupted_imports_go_on_without_duplicates(installed: Installed, tmp_path: Path) -> None:
    count = 4_000
    grids = write_areas(
        tmp_path / "grids.geojson",
        *(square(f"c1-{n:05}", f"网格{n}", "grid", 112.0 + n * 1e-6, "c1", side=1e-5) for n in range(count)),
    )
    here = "SELECT count(*) FROM places_area WHERE code LIKE 'c1-%'"
    stopped = installed.interrupted("import", "areas", grids, table="places_area")
    assert stopped.code == 130, stopped
    assert "interrupted" in stopped.err
    assert "Run the same command again" in stopped.err
    assert 0 < installed.one(here) < count
    installed.run("import", "areas", grids)
    assert installed.one(here) == count
    assert installed.one("SELECT count(DISTINCT code) FROM places_area WHERE code LIKE 'c1-%'") == count

    staff = tmp_path / "staff.csv"
    people = "\n".join(f"网格员{n},wgy{n},cg,grid_worker,c1-{n:05}" for n in range(2_000))
    staff.write_text(f"姓名,登录名,机构,角色,区域\n{people}\n", encoding="utf-8")
    accounts = "SELECT count(*) FROM parties_account WHERE username LIKE 'wgy%'"
    stopped = installed.interrupted("import", "parties", staff, table="parties_account")
    assert stopped.code == 130, stopped
    assert 0 < installed.one(accounts) < 2_000
    assert installed.run("import", "parties", staff).code == 0
    assert installed.one(accounts) == 2_000
    assert installed.one("SELECT count(*) FROM grants_grant") == 2_000
    before = acts(installed)
    assert installed.run("import", "parties", staff).code == 0
    assert acts(installed) == before
