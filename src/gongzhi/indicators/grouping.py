"""By what figures are grouped: the SQL of the key, and the words of its values."""

from collections.abc import Iterable, Mapping
from typing import Literal
from uuid import UUID

from gongzhi.catalogue.models import Category
from gongzhi.kernel.refusals import Invalid
from gongzhi.parties.models import Organisation
from gongzhi.places.models import Area

By = Literal["all", "organisation", "category", "area"]
Words = Mapping[str, str]
NOBODY: Words = {"zh-hans": "（无）", "en": "(none)"}
ALL: Words = {"zh-hans": "全部", "en": "All"}
DEPTH_MAX = 9
_CATEGORIES = """JOIN (
        SELECT c.id, CASE WHEN c.level <= {depth:d} THEN c.code WHEN p.level <= {depth:d} THEN p.code ELSE g.code END
            AS code
        FROM catalogue_category c LEFT JOIN catalogue_category p ON p.id = c.parent_id
        LEFT JOIN catalogue_category g ON g.id = p.parent_id
    ) grouped ON grouped.id = m.category_id"""


def key_sql(by: By, depth: int, *, organisation: str) -> tuple[str, str]:
    """An SQL expression over `m` (matters_matter) and the column `organisation`: text, "" for none; and the JOIN that
    it needs. depth: level of the category tree (1 to 3), or how many areas deep (1: the topmost)."""
    if not 1 <= depth <= DEPTH_MAX:
        raise Invalid("indicators.depth", "分组层级须为 1 至 %(max)s。", field="depth", max=DEPTH_MAX)
    if by == "all":
        return "''", ""
    if by == "organisation":
        return f"coalesce({organisation}::text, '')", ""
    if by == "area":
        parts = f"(string_to_array(rtrim(m.area_path, '/'), '/'))[1:{depth:d}]"
        return f"CASE WHEN m.area_path = '' THEN '' ELSE array_to_string({parts}, '/') || '/' END", ""
    if by == "category":
        return "grouped.code", _CATEGORIES.format(depth=depth)
    raise Invalid("indicators.by", "不能按此项分组，可选：全部、单位、类别、区域。", field="by")


def words_of(by: By, keys: Iterable[str]) -> dict[str, Words]:
    """Names of keys in both languages; one query."""
    wanted = [key for key in keys if key]
    found: dict[str, Words] = {}
    if by == "organisation":
        names = Organisation.objects.filter(id__in=[UUID(k) for k in wanted]).values_list("id", "name")
        found = {str(id_): {"zh-hans": name, "en": name} for id_, name in names}
    elif by == "category":
        found = dict(Category.objects.filter(code__in=wanted).values_list("code", "titles"))
    elif by == "area":
        areas = Area.objects.filter(path__in=wanted).order_by("registered_at").values_list("path", "name")
        found = {path: {"zh-hans": name, "en": name} for path, name in areas}
    return {"": ALL if by == "all" else NOBODY, **{k: {"zh-hans": k, "en": k} for k in wanted}, **found}


def classes_of(keys: Iterable[str]) -> dict[str, str]:
    """The kind of each organisation: units are compared with their like. One query."""
    wanted = [UUID(key) for key in keys if key]
    return {
        str(id_): kind for id_, kind in Organisation.objects.filter(id__in=wanted).values_list("id", "kind")
    }
