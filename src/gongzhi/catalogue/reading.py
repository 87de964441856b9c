"""YAML → Procedure: shape and vocabulary. Collects every problem before it refuses; the graph is judged by `checking`."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date
from functools import partial
from typing import Any, TypeVar

import msgspec
import yaml

from gongzhi.catalogue import checking
from gongzhi.catalogue.problems import BadCatalogue
from gongzhi.catalogue.procedure import Clock, Escalation, Number, Procedure, State, Verb
from gongzhi.kernel.refusals import Invalid

T = TypeVar("T")
Raw = dict[str, Any]


def parse_yaml(text: str, *, source: str) -> Raw:
    """The mapping in the file. Raises BadCatalogue with line and column when it is not YAML or not a mapping."""
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise BadCatalogue(source, [_not_yaml(error)]) from None
    if not isinstance(found, dict):
        raise BadCatalogue(
            source, [Invalid("catalogue.not_a_mapping", "文件内容应是“键: 值”结构，请对照文档中的样例。")]
        )
    return found


def _not_yaml(error: yaml.YAMLError) -> Invalid:
    mark = getattr(error, "problem_mark", None)
    return Invalid(
        "catalogue.not_yaml",
        "第 %(line)s 行第 %(column)s 列不是有效的 YAML：%(reason)s。请检查缩进、冒号和引号。",
        line=mark.line + 1 if mark else "?",
        column=mark.column + 1 if mark else "?",
        reason=getattr(error, "problem", "") or str(error).splitlines()[0],
    )


def read_procedure(raw: Mapping[str, Any], *, source: str, guards: frozenset[str] = frozenset()) -> Procedure:
    """The checked procedure (version 0, digest set). guards: names known to the process, empty = accept any.

    Raises BadCatalogue with every problem found in the file.
    """
    problems: list[Invalid] = []
    known = {
        "code",
        "kind",
        "titles",
        "initial",
        "people",
        "states",
        "numbers",
        "verbs",
        "clocks",
        "escalation",
    }
    problems += [_unknown_key("", key) for key in raw if key not in known]
    numbers = raw.get("numbers") or {}
    body = {
        "code": raw.get("code", ""),
        "kind": raw.get("kind", ""),
        "titles": raw.get("titles", {}),
        "initial": raw.get("initial", ""),
        "states": _each(raw, "states", State, _plain, problems),
        "verbs": _each(raw, "verbs", Verb, partial(_verb, raw.get("people") or {}), problems),
        "clocks": _each(raw, "clocks", Clock, _clock, problems),
        "escalation": _each(raw, "escalation", Escalation, _plain, problems),
        "numbers": _each(
            {"numbers": [{"code": code, **row} for code, row in numbers.items()]},
            "numbers",
            Number,
            _plain,
            problems,
        ),
    }
    if problems:
        raise BadCatalogue(source, problems)
    procedure = _whole(body, source)
    found = list(checking.problems(procedure, guards=guards))
    if found:
        raise BadCatalogue(source, found)
    return replace(procedure, digest=digest(procedure))


def _whole(body: Raw, source: str) -> Procedure:
    try:
        return msgspec.convert(body, Procedure)
    except msgspec.ValidationError as error:
        raise BadCatalogue(source, [_misshaped("", error)]) from None


def _each(
    raw: Mapping[str, Any], key: str, kind: type[T], shape: Callable[[Raw], Raw], problems: list[Invalid]
) -> list[Raw]:
    """The entries of a list in normalised shape; those that do not fit `kind` are reported, each by its code."""
    entries = raw.get(key) or []
    if not isinstance(entries, list):
        problems.append(
            Invalid("catalogue.not_a_list", "%(place)s 应是列表，每项以“- ”开头。", field=key, place=key)
        )
        return []
    shaped: list[Raw] = []
    for position, entry in enumerate(entries):
        place = f"{key}[{entry.get('code', position) if isinstance(entry, dict) else position}]"
        try:
            normal = shape(_dated(entry)) if isinstance(entry, dict) else entry
            problems += [_unknown_key(place, name) for name in normal if name not in _fields(kind)]
            shaped.append(msgspec.to_builtins(msgspec.convert(normal, kind)))
        except (msgspec.ValidationError, TypeError, AttributeError) as error:
            problems.append(_misshaped(place, error))
    return shaped


def _fields(kind: type[Any]) -> frozenset[str]:
    return frozenset(field.name for field in fields(kind))


def _unknown_key(place: str, name: str) -> Invalid:
    return Invalid(
        "catalogue.unknown_key",
        "%(place)s 中有不认识的键“%(name)s”，请检查拼写或删除。",
        field=place,
        place=place or "—",
        name=name,
    )


def _misshaped(place: str, error: Exception) -> Invalid:
    return Invalid(
        "catalogue.misshaped",
        "%(place)s 的内容不符合要求：%(reason)s。",
        field=place,
        place=place or "—",
        reason=str(error).replace("`$", "`"),
    )


def _dated(value: Any) -> Any:
    """YAML reads 2026-01-01 as a date; we keep ISO text so that the body is plain JSON."""
    if isinstance(value, dict):
        return {key: _dated(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_dated(entry) for entry in value]
    return value.isoformat() if isinstance(value, date) else value


def _plain(entry: Raw) -> Raw:
    return entry


def _verb(people: Mapping[str, Any], entry: Raw) -> Raw:
    """who may name a list of `people`, said once for many verbs."""
    shaped = {**entry, "from_states": entry.get("from", []), "to_state": entry.get("to", "")}
    who = entry.get("who", [])
    shaped["who"] = [{"role": "", **one} for one in (people.get(who, []) if isinstance(who, str) else who)]
    shaped["branches"] = [_branch(branch) for branch in entry.get("branches", [])]
    return {key: value for key, value in shaped.items() if key not in ("from", "to")}


def _branch(entry: Raw) -> Raw:
    return {**{key: value for key, value in entry.items() if key != "to"}, "to_state": entry.get("to", "")}


def _clock(entry: Raw) -> Raw:
    limit = entry.get("limit") or {}
    return {
        **entry,
        "limit": limit.get("from", "own"),
        "value": limit.get("value"),
        "unit": limit.get("unit"),
    }


def body_of(procedure: Procedure) -> Raw:
    """The normalised body that is stored and digested: no version, no digest."""
    names = (field.name for field in fields(procedure) if field.name not in ("version", "digest"))
    return {name: msgspec.to_builtins(getattr(procedure, name)) for name in names}


def digest(procedure: Procedure) -> str:
    """SHA-256 over the normalised body; comments, order of keys and YAML anchors do not matter."""
    text = json.dumps(body_of(procedure), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def from_body(body: Mapping[str, Any], *, version: int, digest: str) -> Procedure:
    """A stored body back as a Procedure."""
    return msgspec.convert({**body, "version": version, "digest": digest}, Procedure)
