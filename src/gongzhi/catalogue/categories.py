"""The category tree as a file says it: pure. YAML → checked rows, parents before children."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from gongzhi.catalogue import vocabulary
from gongzhi.catalogue.problems import BadCatalogue
from gongzhi.kernel.refusals import Invalid

LEVEL_MAX = 3
KEYS = frozenset(
    "code zh en kind keywords examples evidence verification sign_off public_space response handling basis below".split()  # noqa: SIM905
)
INHERITED = ("kind", "evidence", "verification", "sign_off", "public_space", "response", "handling", "basis")


@dataclass(frozen=True, slots=True)
class CategoryRow:
    """One category with what it inherits from above already filled in. limits: (value, unit) or None."""

    code: str
    parent: str
    level: int
    kind: str
    zh: str
    en: str
    keywords: tuple[str, ...]
    examples: tuple[str, ...]
    evidence: bool
    verification: bool
    sign_off: bool
    public_space: bool
    response: tuple[int, str] | None
    handling: tuple[int, str] | None
    basis: dict[str, Any] | None


def read_categories(raw: Mapping[str, Any], *, source: str) -> list[CategoryRow]:
    """The rows of a tree file. Raises BadCatalogue with every problem found."""
    problems: list[Invalid] = []
    bases = raw.get("bases") or {}
    entries = raw.get("categories")
    if not isinstance(entries, list) or not entries:
        raise BadCatalogue(
            source,
            [Invalid("catalogue.no_categories", "文件中没有 categories 列表，请对照自带的类别文件。")],
        )
    rows = list(_walk(entries, "", 1, {"kind": "case"}, bases, problems))
    problems += _duplicates(rows)
    if problems:
        raise BadCatalogue(source, problems)
    return rows


def digest(rows: list[CategoryRow]) -> str:
    text = json.dumps(body_of(rows), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def body_of(rows: list[CategoryRow]) -> list[dict[str, Any]]:
    """The tree as plain JSON, for the edition."""
    return [asdict(row) for row in rows]


def _walk(
    entries: Any,
    parent: str,
    level: int,
    above: Mapping[str, Any],
    bases: Mapping[str, Any],
    problems: list[Invalid],
) -> Iterator[CategoryRow]:
    for position, entry in enumerate(entries if isinstance(entries, list) else [entries]):
        place = f"{parent or 'categories'}[{entry.get('code', position) if isinstance(entry, dict) else position}]"
        found = list(_entry_problems(entry, place, level, bases))
        problems += found
        if found:
            continue
        whole = {**{key: above[key] for key in INHERITED if key in above}, **entry}
        yield _row(whole, parent, level, bases)
        yield from _walk(entry.get("below", []), str(entry["code"]), level + 1, whole, bases, problems)


def _row(entry: Mapping[str, Any], parent: str, level: int, bases: Mapping[str, Any]) -> CategoryRow:
    limited = bool(entry.get("response") or entry.get("handling"))
    return CategoryRow(
        code=str(entry["code"]),
        parent=parent,
        level=level,
        kind=entry["kind"],
        zh=entry["zh"],
        en=entry["en"],
        keywords=tuple(entry.get("keywords", ())),
        examples=tuple(entry.get("examples", ())),
        evidence=bool(entry.get("evidence", False)),
        verification=bool(entry.get("verification", False)),
        sign_off=bool(entry.get("sign_off", False)),
        public_space=bool(entry.get("public_space", False)),
        response=limit(entry.get("response")),
        handling=limit(entry.get("handling")),
        basis=_basis(bases[entry["basis"]]) if limited else None,
    )


def _basis(basis: Mapping[str, Any]) -> dict[str, Any]:
    return {**basis, "since_on": str(basis.get("since_on", ""))}


def limit(text: object) -> tuple[int, str] | None:
    """ "5 work_day" → (5, "work_day"); nothing → None. Raises ValueError with the words that help."""
    if text in (None, ""):
        return None
    value, _, unit = str(text).strip().partition(" ")
    if not value.isdigit() or not 0 < int(value) < 10_000 or unit not in vocabulary.DURATION_UNITS:
        raise ValueError(str(text))
    return int(value), unit


def _entry_problems(entry: Any, place: str, level: int, bases: Mapping[str, Any]) -> Iterator[Invalid]:
    at = {"field": place, "place": place}
    if not isinstance(entry, dict):
        yield Invalid("catalogue.not_a_category", "%(place)s：每个类别应有 code、zh、en。", **at)
        return
    for key in entry.keys() - KEYS:
        yield Invalid(
            "catalogue.unknown_key",
            "%(place)s 中有不认识的键“%(name)s”，请检查拼写或删除。",
            field=place,
            place=place,
            name=key,
        )
    if missing := [key for key in ("code", "zh", "en") if not str(entry.get(key) or "").strip()]:
        yield Invalid("catalogue.missing_key", "%(place)s：缺少 %(keys)s。", **at, keys="、".join(missing))
    if level > LEVEL_MAX:
        yield Invalid("catalogue.too_deep", "%(place)s：类别最多三级，请上移一级。", **at)
    for key in ("response", "handling"):
        try:
            limit(entry.get(key))
        except ValueError:
            yield Invalid(
                "catalogue.bad_limit_text",
                "%(place)s：时限“%(value)s”无法识别，应写成“5 work_day”，单位可用 %(units)s。",
                **at,
                value=entry[key],
                units="、".join(sorted(vocabulary.DURATION_UNITS)),
            )
    if (entry.get("response") or entry.get("handling") or "basis" in entry) and entry.get(
        "basis"
    ) not in bases:
        yield Invalid(
            "catalogue.limit_without_basis",
            "%(place)s：写了时限就要在 basis 写明依据，可用：%(known)s。",
            **at,
            known="、".join(bases) or "—",
        )


def _duplicates(rows: list[CategoryRow]) -> Iterator[Invalid]:
    seen: set[str] = set()
    for row in rows:
        if row.code in seen:
            yield Invalid(
                "catalogue.duplicate_category",
                "类别代码“%(name)s”重复，请改成各不相同。",
                field=row.code,
                name=row.code,
            )
        seen.add(row.code)
