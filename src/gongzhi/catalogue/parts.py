"""A long procedure in several files: lists follow one another, mappings are united, everything else is said once."""

from collections.abc import Mapping
from typing import Any

from gongzhi.catalogue.problems import BadCatalogue
from gongzhi.kernel.refusals import Invalid

Raw = dict[str, Any]


def joined(parts: Mapping[str, Raw]) -> Raw:
    """One mapping out of the parts, in their order. Raises BadCatalogue where two parts say the same key."""
    whole: Raw = {}
    for source, part in parts.items():
        for key, value in part.items():
            whole[key] = _both(whole[key], value, key, source) if key in whole else value
    return whole


def _both(before: Any, more: Any, key: str, source: str) -> Any:
    if isinstance(before, list) and isinstance(more, list):
        return [*before, *more]
    if isinstance(before, dict) and isinstance(more, dict) and not set(before) & set(more):
        return {**before, **more}
    names = sorted(set(before) & set(more)) if isinstance(before, dict) and isinstance(more, dict) else []
    refusal = Invalid(
        "catalogue.said_twice",
        "“%(name)s”在另一个文件里已经写过，请只保留一处。",
        field=key,
        name="、".join([key, *map(str, names)]),
    )
    raise BadCatalogue(source, [refusal])
