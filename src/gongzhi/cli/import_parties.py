"""`gongzhi import parties FILE.csv|xlsx`: organisations (a file with a `kind` column) or staff (with `username`)."""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from gongzhi.cli import rejecting, sheet
from gongzhi.cli.database import django
from gongzhi.cli.progress import Progress
from gongzhi.installation.trouble import Trouble
from gongzhi.kernel import clock
from gongzhi.kernel.refusals import Invalid, Refusal

if TYPE_CHECKING:
    from gongzhi.grants.staff import StaffRow

BATCH = 500
_YES = {"1", "y", "yes", "true", "是", "✓", "√"}
_HEADINGS = {
    "代码": "code",
    "机构代码": "code",
    "名称": "name",
    "机构名称": "name",
    "姓名": "name",
    "简称": "short_name",
    "类型": "kind",
    "上级": "parent",
    "上级代码": "parent",
    "区域": "area",
    "区域代码": "area",
    "登录名": "username",
    "账号": "username",
    "手机": "phone",
    "手机号": "phone",
    "电话": "phone",
    "机构": "organisation",
    "单位": "organisation",
    "职务": "title",
    "角色": "role",
    "公开": "public",
    "负责": "manages",
}
Rejects = list[rejecting.Reject]


def configure(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "file",
        type=Path,
        help="机构：code,name,kind,parent,area；人员：username,name,phone,organisation,title,role,area,public,manages",
    )
    rejecting.configure(parser)


def run(options: argparse.Namespace) -> int:
    """0: everything went in or was there; 1: some rows were rejected (they stand in the reject file)."""
    rows = [_english(row) for row in sheet.read(options.file)]
    columns = rows[0].cells.keys() if rows else {"kind"}
    if "kind" not in columns and "username" not in columns:
        raise Trouble(
            "parties.columns",
            f"{options.file} 缺少列：机构文件需要 kind（类型），人员文件需要 username（登录名）。",
            f"{options.file} lacks a column: organisations need kind, staff need username.",
        )
    rejects: Rejects = []
    with django("app"), Progress("人员与组织 · parties") as progress:
        import_rows = _organisations if "kind" in columns else _staff
        words = import_rows(rows, rejects, clock.now(), progress)
    print(
        f"共 {len(rows)} 行：{words[0]}，拒收 {len(rejects)}\n"
        f"{len(rows)} rows: {words[1]}, {len(rejects)} rejected"
    )
    return 1 if rejecting.write(rejects, options) else 0


def _english(row: sheet.SheetRow) -> sheet.SheetRow:
    return sheet.SheetRow(
        row.number, {_HEADINGS.get(heading, heading): cell for heading, cell in row.cells.items()}
    )


def _organisations(
    rows: Sequence[sheet.SheetRow], rejects: Rejects, at: datetime, progress: Progress
) -> tuple[str, str]:
    """Parents may stand after their children: rows wait until theirs is there."""
    from gongzhi.parties.models import Organisation
    from gongzhi.places.models import Area

    areas = list(Area.objects.order_by("ended_at").values_list("code", "path", "ended_at"))
    paths = {code: path for code, path, ended_at in areas if ended_at is None}
    closed = {key: ended_at for *keys, ended_at in areas if ended_at for key in keys}
    known = dict(Organisation.objects.filter(ended_at__isnull=True).values_list("code", "id"))
    waiting, made, there, total = list(rows), 0, 0, len(rows)
    while waiting:
        later = []
        for row in waiting:
            parent = row.cells.get("parent", "")
            if row.cells.get("code", "") in known:
                there += 1
            elif parent and parent not in known:
                later.append(row)
            elif (id_ := _register(row, known.get(parent), paths, closed, rejects, at)) is not None:
                known[row.cells["code"]] = id_
                made += 1
            progress(made + there + len(rejects), total)
        if len(later) == len(waiting):
            rejects += [rejecting.of(row.number, _no_parent(row.cells["parent"])) for row in later]
            break
        waiting = later
    return f"新增机构 {made}，已有 {there}", f"{made} new, {there} here before"


def _no_parent(code: str) -> Invalid:
    return Invalid(
        "parties.no_parent",
        "上级机构 %(organisation)s 尚未登记。",
        field="parent",
        organisation=code[:40],
    )


def _register(
    row: sheet.SheetRow,
    parent_id: UUID | None,
    paths: Mapping[str, str],
    closed: Mapping[str, datetime],
    rejects: Rejects,
    at: datetime,
) -> UUID | None:
    from gongzhi.access.actor import SYSTEM
    from gongzhi.grants.staff import no_area
    from gongzhi.parties.actions import register_organisation

    cells = row.cells
    area = cells.get("area", "")
    try:
        if area and area not in paths and area not in paths.values():
            raise no_area(area, closed.get(area))
        made = register_organisation(
            code=cells.get("code", ""),
            name=cells.get("name", ""),
            kind=cells.get("kind", ""),
            parent_id=parent_id,
            short_name=cells.get("short_name", ""),
            area_path=paths.get(area, area),
            by=SYSTEM,
            at=at,
        )
    except Refusal as refusal:
        rejects.append(rejecting.of(row.number, refusal))
        return None
    return made.id


def _staff(
    rows: Sequence[sheet.SheetRow], rejects: Rejects, at: datetime, progress: Progress
) -> tuple[str, str]:
    from gongzhi.access.actor import SYSTEM
    from gongzhi.grants.staff import enrol_many

    accounts = posts = grants = done = 0
    judged = _judged(rows, rejects)
    while batch := list(islice(judged, BATCH)):
        made = enrol_many(batch, by=SYSTEM, at=at)
        accounts, posts, grants = accounts + made.accounts, posts + made.posts, grants + made.grants
        rejects += [rejecting.of(row, refusal) for row, refusal in made.refused]
        done += len(batch)
        progress(done, len(rows))
    return (
        f"新增账号 {accounts}，任职 {posts}，授权 {grants}",
        f"{accounts} new accounts, {posts} posts, {grants} grants",
    )


def _judged(rows: Sequence[sheet.SheetRow], rejects: Rejects) -> "Iterator[StaffRow]":
    from gongzhi.grants.staff import StaffRow
    from gongzhi.parties import normalising
    from gongzhi.parties.actions.accounts import judged_username

    for row in rows:
        cells = {"phone": "", "organisation": "", "title": "", "role": "", "area": "", **row.cells}
        try:
            yield StaffRow(
                row=row.number,
                name=normalising.name(cells.get("name", "")),
                username=judged_username(cells.get("username", "")),
                phone=normalising.phone(cells["phone"]) if cells["phone"] else "",
                organisation=cells["organisation"],
                title=normalising.line(cells["title"])[:60],
                role=cells["role"],
                area=cells["area"],
                public=cells.get("public", "").lower() in _YES,
                manages=cells.get("manages", "").lower() in _YES,
            )
        except Refusal as refusal:
            rejects.append(rejecting.of(row.number, refusal))
