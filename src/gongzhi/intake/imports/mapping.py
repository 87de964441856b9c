"""What the columns of a file mean: a YAML file written once per source, checked before the first row is read."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import yaml

from gongzhi.intake.imports.picks import Pick, pick_of
from gongzhi.intake.imports.times import Times
from gongzhi.kernel.refusals import Invalid
from gongzhi.parties.kinds import ORGANISATION_KINDS
from gongzhi.places.levels import LEVELS

FIELDS = frozenset(
    (
        *("external_id", "title", "text", "address", "lon", "lat", "channel", "phone", "name", "urgency"),
        *(
            "opened_at",
            "dispatched_at",
            "target_at",
            "closed_at",
            "reply",
            "outcome",
            "status",
            "confidential",
        ),
    )
)
_NEEDED = ("external_id", "opened_at")
_KEYS = frozenset(
    (
        *("source", "format", "encoding", "delimiter", "sheet", "zone", "times", "language", "coordinates"),
        *("fields", "category", "organisation", "area", "keep", "place_unknown", "reversed_times"),
    )
)
_TREES = ("category", "organisation", "area")
_TREE_KEYS = frozenset(("create", "levels", "code"))
_LEVEL_KEYS = frozenset(("code", "name", "english", "level", "kind"))
ReversedTimes = Literal["reject", "at_opening"]


@dataclass(frozen=True, slots=True)
class Level:
    """One step of a path. code "" = made from the names. kind: level of an area, kind of an organisation."""

    name: Pick
    code: Pick | None = None
    english: Pick | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Tree:
    """Where rows hang: by our own `code`, or by a path of `levels` which `create` lets the import register."""

    code: Pick | None
    levels: tuple[Level, ...]
    create: bool


@dataclass(frozen=True, slots=True)
class FileMapping:
    """A checked mapping. digest: of what it says. place_unknown: a row whose pick is "yes" has no point.

    reversed_times: what becomes of a row closed before it was opened: rejected, or closed at its opening (the
    source's own time is kept beside).
    """

    source: str
    digest: str
    fields: Mapping[str, Pick]
    times: Times
    category: Tree | None
    organisation: Tree | None
    area: Tree | None
    keep: tuple[str, ...]
    language: str
    coordinates: str
    format: str
    encoding: str
    delimiter: str
    sheet: str
    place_unknown: Pick | None
    reversed_times: ReversedTimes

    @property
    def columns(self) -> set[str]:
        """Every column it speaks of."""
        picks = [*self.fields.values(), *([self.place_unknown] if self.place_unknown else [])]
        for tree in (self.category, self.organisation, self.area):
            if tree:
                picks += [tree.code] if tree.code else []
                for level in tree.levels:
                    picks += [pick for pick in (level.name, level.code, level.english) if pick]
        return {column for pick in picks for column in pick.columns} | set(self.keep)


def read_mapping(text: str) -> FileMapping:
    """Raises Invalid, naming the key that is wrong."""
    try:
        # BaseLoader: everything stays text, so a column may be called `no` or `on`; it makes no objects either.
        raw = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506
    except yaml.YAMLError as error:
        raise Invalid(
            "intake.mapping_not_yaml",
            "映射文件不是有效的 YAML：%(reason)s。",
            reason=str(error).split("\n")[0],
        ) from None
    if not isinstance(raw, dict):
        raise Invalid("intake.mapping_empty", "映射文件应是“键: 值”结构，请对照样例。")
    _only(raw, _KEYS, "")
    fields = raw.get("fields")
    if not isinstance(fields, dict):
        raise _missing("fields")
    _only(fields, FIELDS, "fields.")
    for name in _NEEDED:
        if name not in fields:
            raise _missing(f"fields.{name}")
    if not {"title", "text"} & fields.keys():
        raise _missing("fields.text")
    if not str(raw.get("source") or "").strip():
        raise _missing("source")
    if raw.get("reversed_times", "reject") not in ("reject", "at_opening"):
        raise _wrong("reversed_times")
    if raw.get("language", "zh-hans") not in ("zh-hans", "en"):
        raise _wrong("language")
    body = json.dumps(raw, ensure_ascii=False, sort_keys=True, default=str)
    return FileMapping(
        source=str(raw["source"]).strip(),
        digest=hashlib.sha256(body.encode()).hexdigest(),
        fields={name: pick_of(given, name=f"fields.{name}") for name, given in fields.items()},
        times=Times(_texts(raw, "times") or ["%Y-%m-%d %H:%M:%S"], str(raw.get("zone", "Asia/Shanghai"))),
        category=_tree(raw, "category"),
        organisation=_tree(raw, "organisation"),
        area=_tree(raw, "area"),
        keep=_texts(raw, "keep"),
        language=raw.get("language", "zh-hans"),
        coordinates=str(raw.get("coordinates", "wgs84")),
        format=str(raw.get("format") or ""),
        encoding=str(raw.get("encoding") or ""),
        delimiter=str(raw.get("delimiter") or ""),
        sheet=str(raw.get("sheet") or ""),
        place_unknown=pick_of(raw["place_unknown"], name="place_unknown") if "place_unknown" in raw else None,
        reversed_times=raw.get("reversed_times", "reject"),
    )


def check_columns(mapping: FileMapping, header: Sequence[str]) -> None:
    """Raises Invalid naming every column the mapping expects and the file lacks."""
    missing = sorted(mapping.columns - set(header))
    if missing:
        raise Invalid("intake.missing_columns", "文件缺少列：%(columns)s。", columns="、".join(missing))


def _tree(raw: Mapping[str, Any], name: str) -> Tree | None:
    given = raw.get(name)
    if given is None:
        return None
    if not isinstance(given, dict) or ("code" in given) == ("levels" in given):
        raise _wrong(name)
    _only(given, _TREE_KEYS, f"{name}.")
    if "code" in given:
        return Tree(pick_of(given["code"], name=f"{name}.code"), (), create=False)
    levels = given["levels"]
    if not isinstance(levels, list) or not levels:
        raise _wrong(f"{name}.levels")
    return Tree(
        None,
        tuple(_level(level, name, n) for n, level in enumerate(levels)),
        given.get("create") in ("true", "yes"),
    )


def _level(raw: Any, tree: str, number: int) -> Level:
    place = f"{tree}.levels[{number}]"
    if not isinstance(raw, dict) or "name" not in raw:
        raise _wrong(place)
    _only(raw, _LEVEL_KEYS, f"{place}.")
    kind = str(raw.get("level") or raw.get("kind") or "")
    allowed = {"area": LEVELS, "organisation": tuple(ORGANISATION_KINDS), "category": ("",)}[tree]
    if kind not in allowed:
        raise _wrong(f"{place}.{'level' if tree == 'area' else 'kind'}")
    return Level(
        name=pick_of(raw["name"], name=f"{place}.name"),
        code=pick_of(raw["code"], name=f"{place}.code") if "code" in raw else None,
        english=pick_of(raw["english"], name=f"{place}.english") if "english" in raw else None,
        kind=kind,
    )


def _texts(raw: Mapping[str, Any], name: str) -> tuple[str, ...]:
    given = raw.get(name, [])
    if isinstance(given, str):
        given = [given]
    if not isinstance(given, list):
        raise _wrong(name)
    return tuple(map(str, given))


def _only(given: Mapping[str, Any], known: frozenset[str], above: str) -> None:
    for key in given:
        if key not in known:
            raise Invalid(
                "intake.unknown_key",
                "映射文件中有不认识的键“%(name)s”，可用：%(known)s。",
                name=f"{above}{key}",
                known="、".join(sorted(known)),
            )


def _missing(name: str) -> Invalid:
    return Invalid("intake.missing_key", "映射文件缺少“%(name)s”。", name=name)


def _wrong(name: str) -> Invalid:
    return Invalid("intake.bad_pick", "映射文件中“%(name)s”的写法无法识别，请对照样例。", name=name)
