"""Verb forms: a procedure's Field list as a form, and what was posted as the mapping a room's action reads.

The server judges again: hidden, foreign and malformed values reach the action as they are or are refused here; nothing
is trusted because a page offered it.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest

from gongzhi.catalogue.procedure import Field
from gongzhi.kernel import letters
from gongzhi.kernel.refusals import Invalid, InvalidForm, Refusal
from gongzhi.web import problems

TEXT_LETTERS_MAX = 20_000
MANY = "organisations"
_INTEGER_DIGITS_MAX = 12


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    title: str
    reply: str = ""


@dataclass(slots=True)
class FormField:
    """One field as templates draw it. options None: free input."""

    code: str
    title: str
    kind: str
    id: str
    required: bool = False
    help: str = ""
    length_max: int = 0
    value_min: int | None = None
    value_max: int | None = None
    options: Sequence[Option] | None = None
    value: str = ""
    values: Sequence[str] = ()
    wrong: str = ""
    shared: bool | None = None  # files: whether the reporter sees them; None: not asked here


@dataclass(slots=True)
class VerbForm:
    """A verb with its form. `once` makes a double click one act; `open` after a refusal, so that nothing is lost."""

    code: str
    title: str
    fields: list[FormField]
    primary: bool = False
    key: str = ""
    open: bool = False
    problem: str = ""
    promise: str = ""
    once: str = field(default_factory=lambda: str(uuid4()))


Keep = Callable[["UploadedFile[Any]"], UUID]
Options = Mapping[str, Callable[[], Sequence[Option]]]


def verb_form(
    *,
    code: str,
    title: str,
    fields: Sequence[Field],
    language: str,
    options: Options,
    primary: bool = False,
    key: str = "",
    defaults: Mapping[str, str] | None = None,
) -> VerbForm:
    """options: field kind ("organisation", "category"…) → its choices, asked only when the form has such a field.

    defaults: field code → proposed value.
    """
    drawn = [_drawn(code, entry, language, options) for entry in fields]
    for entry in drawn:
        entry.value = (defaults or {}).get(entry.code, "")
    return VerbForm(code, title, drawn, primary, key)


def _drawn(verb: str, entry: Field, language: str, options: Options) -> FormField:
    choices: Sequence[Option] | None = None
    if entry.kind in ("choice", "fact"):
        choices = [
            Option(choice.code, choice.titles.in_language(language), choice.reply.in_language(language))
            for choice in entry.choices
        ]
    elif entry.kind in options:
        choices = options[entry.kind]()
    return FormField(
        code=entry.code,
        title=entry.titles.in_language(language),
        kind=entry.kind,
        id=f"{verb}-{entry.code}",
        required=entry.required,
        help=entry.help.in_language(language),
        length_max=entry.length_max,
        value_min=entry.value_min,
        value_max=entry.value_max,
        options=choices,
    )


def refill(form: VerbForm, *, posted: Mapping[str, Any], refusal: Refusal) -> None:
    """Put back what was written, and say beside each field what is wrong with it."""
    form.open = True
    wrong = problems.field_errors(refusal)
    for entry in form.fields:
        entry.value = str(posted.get(entry.code, "") or "")
        if entry.kind == MANY and hasattr(posted, "getlist"):
            entry.values = posted.getlist(entry.code)
        if entry.shared is not None:
            entry.shared = is_shared(posted, entry.code)
        if entry.code in wrong:
            entry.wrong = problems.text(wrong[entry.code])
    if not wrong or not any(entry.wrong for entry in form.fields):
        form.problem = problems.text(refusal)


def is_shared(posted: Mapping[str, Any], code: str) -> bool:
    """Whether the sender wants the reporter to see the files of this field."""
    return posted.get(f"{code}-shared") == "1"


def read(request: HttpRequest, fields: Sequence[Field], *, keep: Keep | None = None) -> dict[str, object]:
    """The posted values as the action expects them: str, int, bool, UUID, or list of file ids. Empty ones are left out.

    keep: stores one upload and returns its id. Raises InvalidForm naming every field that cannot be read.
    """
    values: dict[str, object] = {}
    wrong: dict[str, Refusal] = {}
    for entry in fields:
        try:
            value = _value(request, entry, keep)
        except Refusal as refusal:
            wrong[entry.code] = refusal
        else:
            if value not in ("", None, []):
                values[entry.code] = value
    if wrong:
        raise InvalidForm(wrong)
    return values


def _value(request: HttpRequest, entry: Field, keep: Keep | None) -> object:
    if entry.kind == "files":
        return [keep(upload) for upload in request.FILES.getlist(entry.code)] if keep else []
    if entry.kind == MANY:
        return [one for one in request.POST.getlist(entry.code) if one]
    given = request.POST.get(entry.code, "").replace("\r\n", "\n").replace("\r", "\n")
    text = letters.visible(given).strip(" \t\n\u3000")
    if not text:
        return ""
    if entry.kind == "boolean":
        return text == "true"
    if len(text) > (entry.length_max or TEXT_LETTERS_MAX):
        raise Invalid(
            "form.too_long",
            "最多 %(most)s 字，现在 %(now)s 字。",
            field=entry.code,
            most=entry.length_max or TEXT_LETTERS_MAX,
            now=len(text),
        )
    if letters.forbidden(text):
        raise Invalid("form.control_letters", "含有看不见的控制字符，请重新输入。", field=entry.code)
    if entry.kind == "integer":
        return _integer(text, entry.code)
    return text


def _integer(text: str, code: str) -> int:
    if len(text) > _INTEGER_DIGITS_MAX or not text.lstrip("-").isdecimal():
        raise Invalid("form.not_a_number", "请填整数。", field=code)
    return int(text)
