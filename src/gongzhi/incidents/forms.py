"""What is written to declare an incident or into its log, and what is wrong with it."""

from dataclasses import dataclass
from datetime import datetime

from gongzhi.catalogue.snapshot import CategoryTree
from gongzhi.incidents.models import ENTRY_KINDS, RADIUS_METRES
from gongzhi.kernel.refusals import Invalid, Refusal

TITLE_MAX, WORDS_MAX, LINE_MAX, WHO_MAX, KINDS_MAX = 120, 2_000, 400, 80, 20
_QUANTITY_MAX = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """number: of the matter that becomes the heart · categories: codes · since: reports from then on belong."""

    number: str
    title: str
    plan: str
    categories: tuple[str, ...]
    radius_metres: int
    since: datetime
    banner: str
    script: str
    duties: tuple[str, ...] = ()

    def errors(self, tree: CategoryTree) -> dict[str, Refusal]:
        """By field; empty when all is well."""
        least, most = RADIUS_METRES
        wrong: dict[str, Refusal] = {}
        for field, most_letters in (("title", TITLE_MAX), ("banner", WORDS_MAX)):
            if refusal := _text(getattr(self, field), field, most_letters):
                wrong[field] = refusal
        if len(self.script) > WORDS_MAX:
            wrong["script"] = Invalid(
                "incidents.too_long", "最多 %(most)s 个字。", field="script", most=WORDS_MAX
            )
        if (
            not self.categories
            or len(self.categories) > KINDS_MAX
            or any(tree.get(c) is None for c in self.categories)
        ):
            wrong["categories"] = Invalid(
                "incidents.no_kind", "请选择收拢哪些类别的诉求。", field="categories"
            )
        if not least <= self.radius_metres <= most:
            wrong["radius"] = Invalid(
                "incidents.radius",
                "范围请填 %(least)s 到 %(most)s 米。",
                field="radius",
                least=least,
                most=most,
            )
        return wrong


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the log. kind: duty, resource, note · quantity: how many, of a resource."""

    kind: str
    text: str
    who: str = ""
    quantity: int | None = None

    def errors(self) -> dict[str, Refusal]:
        wrong: dict[str, Refusal] = {}
        if self.kind not in ENTRY_KINDS:
            wrong["kind"] = Invalid("incidents.no_entry_kind", "请选择记录的种类。", field="kind")
        if refusal := _text(self.text, "text", LINE_MAX):
            wrong["text"] = refusal
        if len(self.who) > WHO_MAX:
            wrong["who"] = Invalid("incidents.too_long", "最多 %(most)s 个字。", field="who", most=WHO_MAX)
        if self.quantity is not None and not 0 < self.quantity <= _QUANTITY_MAX:
            wrong["quantity"] = Invalid("incidents.quantity", "数量请填正整数。", field="quantity")
        return wrong


def _text(text: str, field: str, most: int) -> Refusal | None:
    if not text.strip():
        return Invalid("incidents.empty", "请写几个字再提交。", field=field)
    if len(text) > most:
        return Invalid("incidents.too_long", "最多 %(most)s 个字。", field=field, most=most)
    return None
