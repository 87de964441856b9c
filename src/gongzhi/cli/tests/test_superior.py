"""`gongzhi superior|subordinate` as an operator types them, on a real installation."""

import csv
from pathlib import Path

import pytest

from gongzhi.cli.tests.installed import Installed

pytestmark = pytest.mark.embedded
EXAMPLE = Path(__file__).parents[4] / "docs" / "examples" / "regional_123.superior.yaml"
ORDER = {
    "事件号": "ZZ-1", "流转": "下派", "流水号": "s1", "流转时间": "2026/11/20 09:00:00", "当前环节": "待处置",
    "处置期限": "2026/11/27 18:00", "事件名称": "路灯不亮", "事件描述": "路灯不亮三天了", "地点": "江滨路",
}  # fmt: skip


def written(path: Path, *rows: dict[str, str]) -> Path:
    with path.open("w", encoding="gb18030", newline="") as out:
        writer = csv.DictWriter(out, list(ORDER))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_file_is_taken_in_listed_and_swept_once(installed: Installed, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    text = EXAMPLE.read_text(encoding="utf-8").replace('area: "430102001"', 'area: ""')
    mapping.write_text(text, encoding="utf-8")
    assert installed.run("superior", "add", mapping).code == 0
    file = written(tmp_path / "1.csv", ORDER, {**ORDER, "事件号": "", "流水号": "s2"})
    done = installed.run("superior", "receive", "regional_123", file)
    assert done.code == 1
    assert "1 taken, 0 known already, 1 rejected" in done.out
    again = installed.run("superior", "receive", "regional_123", written(tmp_path / "2.csv", ORDER))
    assert (again.code, "0 taken, 1 known already" in again.out) == (0, True)
    folder = installed.home.path / "superiors" / "regional_123"
    written(folder / "in" / "3.csv", {**ORDER, "事件号": "ZZ-2", "流水号": "s3"})
    assert installed.run("superior", "read", "regional_123").code == 0
    assert list((folder / "in").iterdir()) == []
    assert "来件 2" in installed.run("superior", "list").out
    assert installed.run("superior", "end", "regional_123").code == 0


def test_a_key_is_written_to_a_new_file_only(installed: Installed, tmp_path: Path) -> None:
    units = tmp_path / "units.csv"
    units.write_text("code,name,kind\nzz_street,某街道办事处,street\n", encoding="utf-8")
    assert installed.run("import", "parties", units).code == 0
    key = tmp_path / "unit.key"
    assert installed.run("subordinate", "add", "zz_street", "--secret-file", key).code == 0
    first = key.read_text()
    assert first.startswith("gz_")
    assert installed.run("subordinate", "add", "zz_street", "--secret-file", key).code == 1
    assert key.read_text() == first
    absent = tmp_path / "absent.key"
    assert installed.run("subordinate", "add", "nobody_there", "--secret-file", absent).code == 1
    assert not absent.exists()
    assert "某街道办事处" in installed.run("subordinate", "list").out
    assert installed.run("subordinate", "end", "zz_street").code == 0
    assert "某街道办事处" not in installed.run("subordinate", "list").out
