"""What pydantic finds wrong with a shape, in our words and by field."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from gongzhi.kernel.refusals import Invalid, Refusal


def wrong_fields(errors: Iterable[Mapping[str, Any]]) -> dict[str, Refusal]:
    """Path of the field in the body (or name of the parameter) → what is wrong with it."""
    return {place(entry["loc"]): _of(entry) for entry in errors}


def place(location: Sequence[Any]) -> str:
    """("body", "body", "files", 3) → "files.3"; ("query", "limit") → "limit"."""
    return ".".join(str(part) for part in location[2:] or location[-1:])


def _of(entry: Mapping[str, Any]) -> Invalid:
    field, kind, more = place(entry["loc"]), str(entry["type"]), entry.get("ctx", {})
    if kind == "missing":
        return Invalid("api.missing", "缺少这一项。", field=field)
    if kind == "literal_error":
        return Invalid("api.one_of", "只能是：%(expected)s。", field=field, expected=more.get("expected", ""))
    if kind == "string_too_long":
        return Invalid("api.too_long", "不能超过 %(most)s 个字。", field=field, most=more.get("max_length"))
    if kind == "too_long":
        return Invalid("api.too_many", "不能超过 %(most)s 项。", field=field, most=more.get("max_length"))
    if kind in ("greater_than_equal", "less_than_equal", "finite_number"):
        return Invalid("api.range", "这个数超出了允许的范围。", field=field)
    return _of_kind(kind, field)


def _of_kind(kind: str, field: str) -> Invalid:
    if kind.startswith("string"):
        return Invalid("api.text", "应为文字。", field=field)
    if kind.startswith(("int", "float", "decimal")):
        return Invalid("api.number", "应为数字。", field=field)
    if kind.startswith("bool"):
        return Invalid("api.truth", "应为 true 或 false。", field=field)
    if kind.startswith("uuid"):
        return Invalid("api.uuid", "应为 UUID。", field=field)
    if kind.startswith("date"):
        return Invalid("api.instant", "应为 ISO 8601 的日期或时间。", field=field)
    if kind.startswith("list"):
        return Invalid("api.list", "应为列表。", field=field)
    return Invalid("api.shape", "这一项的形式不对。", field=field)
