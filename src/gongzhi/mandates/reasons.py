"""Why a route is what it is, in words. Stored as code and params; said in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_WORDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "led": (
            "责任清单“%(item)s”：%(place)s“%(category)s”由%(organisation)s主办（依据：%(basis)s）。",
            "Mandate “%(item)s”: %(organisation)s leads “%(category)s” %(place)s (basis: %(basis)s).",
        ),
        "consultation": (
            "“%(category)s”有多个主办单位（%(organisations)s），需会商确定。",
            "Several units lead “%(category)s” (%(organisations)s): to be settled in joint consultation.",
        ),
        "gap": (
            "责任清单没有为该处的“%(category)s”确定主办单位，由派单中心指定。",
            "No mandate names a lead for “%(category)s” here: the coordinating desk designates.",
        ),
        "past_to_above": (
            "诉求投诉%(named)s，不得转给被投诉的单位或人员（信访工作条例），由其上级%(organisation)s承办。",
            "The report complains of %(named)s and must not reach them (petition regulation):"
            " %(organisation)s above them handles it.",
        ),
        "past_to_desk": (
            "诉求投诉%(named)s，不得转给被投诉的单位或人员（信访工作条例），其上没有可承办的单位，由派单中心指定。",
            "The report complains of %(named)s and must not reach them (petition regulation); no unit above them handles"
            " cases: the supervising desk designates.",
        ),
        "accused_unknown": (
            "诉求投诉工作单位或人员，尚未核定是谁，核定前不派单，由派单中心办理。",
            "The report complains of a unit or a person not yet identified: it stays with the desk until that is settled.",
        ),
        "imported": (
            "导入时沿用来源系统（%(source)s）的记录：“%(category)s”由%(organisation)s办理。",
            "As the source system (%(source)s) had it: %(organisation)s handled “%(category)s”.",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Reason:
    """code: led | consultation | gap | past_to_above | past_to_desk | accused_unknown | imported. params hold the names as they were when the route was decided."""

    code: str
    params: Mapping[str, str]

    def in_language(self, language: str) -> str:
        english = language.startswith("en")
        area = self.params.get("area", "")
        place = (f"in {area}" if area else "everywhere") if english else (area or "全域")
        category = self.params["en" if english else "zh"]
        return _WORDS[self.code][english] % {**self.params, "category": category, "place": place}
