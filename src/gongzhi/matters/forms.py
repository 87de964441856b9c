"""A verb's form as it was sent, judged field by field against what the procedure declares."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from gongzhi.catalogue.models import Category
from gongzhi.catalogue.procedure import Field, Verb
from gongzhi.kernel import letters, numbers
from gongzhi.kernel.refusals import Invalid, InvalidForm, Refusal
from gongzhi.matters.facts import Facts
from gongzhi.parties.models import Account, Organisation
from gongzhi.places.coordinates import on_earth
from gongzhi.places.models import Area

TEXT_LETTERS_MAX = 10_000
FILES_MAX = 20
ORGANISATIONS_MAX = 20
Cleaned = dict[str, Any]


def clean(verb: Verb, form: Mapping[str, object]) -> Cleaned:
    """The values in their types; fields left empty are left out. Raises InvalidForm with every wrong field.

    text: str · choice: code · integer · boolean · files: list of UUID · organisation: UUID · matter: number ·
    category, area: code · date: ISO date · organisations: list of UUID · account, fact: UUID ·
    position: [longitude, latitude]. Names the form does not have are refused, too: nothing is slipped in.
    """
    values: Cleaned = {}
    errors: dict[str, Refusal] = {
        name: Invalid("matters.unknown_field", "表单没有这一项。", field=name)
        for name in form
        if verb.form_field(name) is None
    }
    for field in verb.form:
        raw = form.get(field.code)
        if _empty(raw):
            if field.required:
                errors[field.code] = Invalid(
                    "form.required", "请填写“%(field_name)s”。", field=field.code, field_name=field.titles
                )
            continue
        try:
            if letters.forbidden(_lines(raw)):
                raise Invalid("form.control_letters", "含有看不见的控制字符，请重新输入。", field=field.code)
            values[field.code] = _KINDS[field.kind](field, raw)
        except Refusal as refusal:
            errors[field.code] = refusal
    if errors:
        raise InvalidForm(errors)
    return values


def propose_reply(verb: Verb, cleaned: Cleaned, language: str) -> None:
    """A reply left empty becomes the one that the chosen answer proposes, in the reporter's language."""
    for field in verb.form:
        choice = field.choice(cleaned.get(field.code, "")) if field.kind == "choice" else None
        if choice and choice.reply and verb.form_field("reply"):
            cleaned.setdefault("reply", choice.reply.in_language(language))


def require_open(verb: Verb, cleaned: Cleaned, facts: Facts) -> None:
    """Facts a form points at must be open ones of this matter. Raises InvalidForm."""
    errors: dict[str, Refusal] = {}
    for field in verb.form:
        given = cleaned.get(field.code) if field.kind == "fact" else None
        if given is not None and given not in {fact.id for fact in facts.currents(field.of)}:
            errors[field.code] = Invalid(
                "form.fact_over", "这一项已经结束或不存在，请刷新后重新选择。", field=field.code
            )
    if errors:
        raise InvalidForm(errors)


def _empty(raw: object) -> bool:
    return (
        raw is None or raw == [] or raw == () or (isinstance(raw, str) and not letters.visible(raw).strip())
    )


def _lines(raw: Any) -> Any:
    """Line ends as they are kept."""
    return raw.replace("\r\n", "\n").replace("\r", "\n") if isinstance(raw, str) else raw


def _text(field: Field, raw: object) -> str:
    if not isinstance(raw, str):
        raise _wrong(field)
    text = letters.visible(_lines(raw)).strip()
    most = field.length_max or (200 if field.kind == "text" else TEXT_LETTERS_MAX)
    if len(text) > most:
        raise Invalid(
            "form.too_long", "最多 %(most)s 字，现在 %(now)s 字。", field=field.code, most=most, now=len(text)
        )
    return text


def _choice(field: Field, raw: object) -> str:
    if not isinstance(raw, str | int) or isinstance(raw, bool) or field.choice(str(raw)) is None:
        raise Invalid("form.not_a_choice", "请从列出的选项中选择。", field=field.code)
    return str(raw)


def _integer(field: Field, raw: object) -> int:
    if isinstance(raw, bool) or not isinstance(raw, int | str) or len(str(raw)) > 12:
        raise _wrong(field)
    try:
        value = int(raw)
    except ValueError:
        raise Invalid("form.not_a_number", "请填整数。", field=field.code) from None
    low, high = field.value_min, field.value_max
    if (low is not None and value < low) or (high is not None and value > high):
        raise Invalid(
            "form.out_of_range",
            "请填 %(low)s 到 %(high)s 之间的数。",
            field=field.code,
            low="—" if low is None else low,
            high="—" if high is None else high,
        )
    return value


def _boolean(field: Field, raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    found = {"true": True, "false": False, "1": True, "0": False}.get(str(raw).lower())
    if found is None:
        raise _wrong(field)
    return found


def _files(field: Field, raw: object) -> list[UUID]:
    given: Sequence[object] = raw if isinstance(raw, list | tuple) else [raw]
    if len(given) > FILES_MAX:
        raise Invalid("form.too_many_files", "一次最多 %(most)s 个文件。", field=field.code, most=FILES_MAX)
    return [_uuid(field, one) for one in given]


def _uuid(field: Field, raw: object) -> UUID:
    try:
        return raw if isinstance(raw, UUID) else UUID(str(raw))
    except ValueError:
        raise _wrong(field) from None


def _organisation(field: Field, raw: object) -> UUID:
    """By id or by code."""
    rows = Organisation.objects.filter(ended_at__isnull=True)
    try:
        rows = rows.filter(id=raw if isinstance(raw, UUID) else UUID(str(raw)))
    except ValueError:
        rows = rows.filter(code=str(raw)[:40])
    found = rows.values_list("id", flat=True).first()
    if found is None:
        raise Invalid("form.no_organisation", "没有找到这个单位，或已撤销，请重新选择。", field=field.code)
    return found


def _organisations(field: Field, raw: object) -> list[UUID]:
    given: Sequence[object] = raw if isinstance(raw, list | tuple) else [raw]
    if len(given) > ORGANISATIONS_MAX:
        raise Invalid(
            "form.too_many_organisations",
            "一次最多 %(most)s 个单位。",
            field=field.code,
            most=ORGANISATIONS_MAX,
        )
    return list(dict.fromkeys(_organisation(field, one) for one in given))


def _account(field: Field, raw: object) -> UUID:
    found = _uuid(field, raw)
    if not Account.objects.filter(id=found, disabled_at__isnull=True).exists():
        raise Invalid("form.no_account", "没有找到这个人，或账号已停用，请重新选择。", field=field.code)
    return found


def _area(field: Field, raw: object) -> str:
    code = str(raw).strip("/").rpartition("/")[2][:40]  # lists of areas give paths
    if not Area.objects.filter(code=code, ended_at__isnull=True).exists():
        raise Invalid("form.no_area", "没有这个区域，或它已撤销，请重新选择。", field=field.code)
    return code


def _date(field: Field, raw: object) -> str:
    try:
        return date.fromisoformat(str(raw)).isoformat()
    except ValueError:
        raise Invalid("form.not_a_date", "日期请写成“2026-01-31”的样子。", field=field.code) from None


def _position(field: Field, raw: object) -> list[float]:
    """[lon, lat] in WGS-84, from such a list or from "lon, lat"."""
    parts = raw if isinstance(raw, list | tuple) else str(raw).replace("，", ",").split(",")
    try:
        lon, lat = (float(part) for part in parts)
    except (TypeError, ValueError):
        raise Invalid(
            "form.not_a_position", "位置请写成“经度,纬度”，如 112.9388,28.2282。", field=field.code
        ) from None
    if not on_earth(lon, lat):
        raise Invalid("form.not_on_earth", "这不是地球上的位置，请核对经度和纬度。", field=field.code)
    return [lon, lat]


def _matter(field: Field, raw: object) -> str:
    try:
        return numbers.parse(str(raw)[:40])
    except ValueError:
        raise Invalid("form.no_number", "编号不正确，请核对。", field=field.code) from None


def _category(field: Field, raw: object) -> str:
    code = str(raw)[:40]
    if not Category.objects.filter(code=code, retired_at__isnull=True).exists():
        raise Invalid("form.no_category", "没有这个类别，或已停用，请重新选择。", field=field.code)
    return code


def _wrong(field: Field) -> Invalid:
    return Invalid(
        "form.wrong_kind", "“%(field_name)s”填写的内容不正确。", field=field.code, field_name=field.titles
    )


_KINDS: Mapping[str, Callable[[Field, object], Any]] = {
    "text": _text,
    "long_text": _text,
    "choice": _choice,
    "integer": _integer,
    "boolean": _boolean,
    "files": _files,
    "organisation": _organisation,
    "matter": _matter,
    "category": _category,
    "area": _area,
    "date": _date,
    "position": _position,
    "organisations": _organisations,
    "account": _account,
    "fact": _uuid,
}
