"""Finds every Chinese message of the interface: in Python (calls and refusals) and in Django templates.

One message is the tuple gettext uses: (context or None, singular, plural or None).
"""

import ast
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.extract import extract

# name -> positions of (context, singular, plural) among the positional arguments; None where there is none
CALLS: dict[str, tuple[int | None, int, int | None]] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop"), (None, 0, None)),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (None, 0, 1)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), (0, 1, None)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), (0, 1, 2)),
}
REFUSALS = (
    "Refusal",
    "Invalid",
    "NotAllowed",
    "NotFound",
    "Conflict",
    "NotSignedIn",
    "PreconditionFailed",
    "TooBig",
    "TooMany",
    "Unavailable",
)
CALLS.update(dict.fromkeys(REFUSALS, (None, 1, None)))
_TEMPLATE_KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
SKIPPED_FOLDERS = {"tests", "migrations", "node_modules", "static", "locale"}
TEMPLATE_SUFFIXES = {".html", ".txt", ".xml", ".svg"}


@dataclass(frozen=True, slots=True)
class Message:
    """A message where it stands. `text` is empty when the call holds something no translator can see (an f-string)."""

    file: Path
    line: int
    context: str | None
    text: str
    plural: str | None

    @property
    def key(self) -> tuple[str | None, str]:
        return (self.context, self.text)


def messages_below(folder: Path) -> Iterator[Message]:
    """Every message of the Python and template files below a folder, tests and migrations left out."""
    for file in sorted(folder.rglob("*")):
        inside = file.relative_to(folder).parts[:-1]
        if SKIPPED_FOLDERS.intersection(inside) or not file.is_file():
            continue
        if file.suffix == ".py":
            yield from in_python(file, file.read_text("utf-8"))
        elif "templates" in inside and file.suffix in TEMPLATE_SUFFIXES:
            yield from in_template(file, file.read_text("utf-8"))


def in_python(file: Path, source: str) -> Iterator[Message]:
    """Messages of one Python source: literals handed to gettext and its kin, and the texts of refusals."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = _name(node.func)
            if name in CALLS:
                yield from _of_call(file, node, CALLS[name])
        elif isinstance(node, ast.ClassDef) and any(_name(base) in REFUSALS for base in node.bases):
            for call in ast.walk(node):
                if isinstance(call, ast.Call) and _is_super_init(call):
                    yield from _of_call(file, call, CALLS["Refusal"])


def in_template(file: Path, source: str) -> Iterator[Message]:
    """Messages of one Django template: translate, blocktranslate and _() in tags and filters."""
    from django.utils.translation.template import templatize

    python = io.BytesIO(templatize(source, origin=str(file)).encode())
    found = extract("python", python, keywords=_TEMPLATE_KEYWORDS, options={"encoding": "utf-8"})
    for line, texts, _, context in found:
        singular, plural = texts if isinstance(texts, tuple) else (texts, None)
        if singular:
            yield Message(file, line, context, singular, plural)


def _of_call(file: Path, call: ast.Call, places: tuple[int | None, int, int | None]) -> Iterator[Message]:
    context_at, text_at, plural_at = places
    if len(call.args) <= text_at:
        return
    context = _first(call, context_at)
    plural = _first(call, plural_at)
    for text in _texts(call.args[text_at]):
        yield Message(file, call.lineno, context, text, plural)


def _first(call: ast.Call, place: int | None) -> str | None:
    if place is None or len(call.args) <= place:
        return None
    return next(iter(_texts(call.args[place])), None)


def _texts(node: ast.expr) -> Iterator[str]:
    """The literal itself, or both branches of `a if b else c`; an f-string counts as the empty text; else nothing."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    elif isinstance(node, ast.JoinedStr):
        yield ""


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def _is_super_init(call: ast.Call) -> bool:
    function = call.func
    return (
        isinstance(function, ast.Attribute)
        and function.attr == "__init__"
        and isinstance(function.value, ast.Call)
        and _name(function.value.func) == "super"
    )
