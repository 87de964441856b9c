"""What a superior's columns and codes mean, and what goes back in which of its columns: one YAML file per superior."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from gongzhi.catalogue.procedure import Wording
from gongzhi.intake.imports.picks import Pick, pick_of
from gongzhi.intake.imports.times import Times
from gongzhi.kernel.refusals import Invalid
from gongzhi.superiors.models import TRANSPORTS
from gongzhi.superiors.templates import Template, template_of

KINDS = (
    *("order", "urged", "cancelled", "closed", "sent_back"),
    *("return_granted", "return_refused", "extension_granted", "extension_refused"),
)
FIELDS = frozenset(
    (
        *("kind", "number", "message", "sent_at", "state", "due_at", "title", "text", "address", "area"),
        *("category", "urgency", "confidential", "phone", "name", "lon", "lat"),
        *("reason", "contacted", "solved", "level"),
    )
)
SENDS = ("signed", "contacted", "return_asked", "extension_asked", "answered", "standing", "other")
FORMATS = ("xlsx", "csv")
# Of the CSV we write; what comes in is told apart by itself. GB 18030 contains GBK.
ENCODINGS = {"utf-8": "utf-8-sig", "gbk": "gb18030"}
_KEYS = frozenset(
    (
        *("code", "titles", "transport", "area", "closes", "zone", "times", "coordinates", "fields", "sends"),
        *("format", "encoding", "send_at", "sheet"),
    )
)
_REASONED = {"verb": "ask_return", "reason": "{reason}"}
# Another installation of ours speaks our own words; what its unit may do there are verbs of its procedure.
_SISTER: Mapping[str, Any] = {
    "times": ["%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z"],
    "fields": {name: name for name in sorted(FIELDS)},
    "sends": {
        # A return it refused is dispatched to us anew, and signed for anew.
        "signed": {
            "verbs": ["accept", "rule_superior_return"],
            "to": ["accepted", "assigned", "return_asked", "handling", "suspended"],
            "columns": {"verb": "sign"},
        },
        "contacted": {
            "verbs": ["contact"],
            "columns": {"verb": "contact", "outcome": "{outcome}", "note": "{note}"},
        },
        "return_asked": {"verbs": ["ask_superior_return"], "columns": _REASONED},
        "extension_asked": {
            "verbs": ["ask_superior_extension"],
            "columns": {"verb": "ask_extension", "value": "{days}", "reason": "{reason}"},
        },
        "answered": {
            "verbs": ["answer", "answer_now", "sign_off", "verify"],
            "to": ["calling_back", "closed"],
            "columns": {"verb": "answer", "result": "{result}", "reply": "{reply}"},
        },
        "standing": {
            "verbs": ["*"],
            "columns": {
                "number": "{our_number}",
                "state_zh": "{state_zh}",
                "state_en": "{state_en}",
                "version": "{version}",
                "said_at": "{instant}",
            },
        },
    },
}
_CODE = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True)
class Send:
    """verbs: ours that must be told, "*" = every step into another state · to: only when they lead there ("" = anywhere) · columns: theirs, filled."""

    kind: str
    verbs: tuple[str, ...]
    to: tuple[str, ...]
    sheet: str
    columns: Mapping[str, Template]


@dataclass(frozen=True, slots=True)
class SuperiorMapping:
    """A checked mapping. area: code of the area whose desk takes orders · closes: only the superior ends them ·
    send_at: "17:30", once a day in its zone (folder); "" = as soon as something is there."""

    code: str
    titles: Wording
    transport: str
    area: str
    closes: bool
    zone: str
    times: Times
    coordinates: str
    format: str
    encoding: str
    sheet: str
    send_at: str
    fields: Mapping[str, Pick]
    sends: Mapping[str, Send]
    digest: str

    def value(self, name: str, row: Mapping[str, str]) -> str:
        """Raises Invalid for what neither pattern nor codes know."""
        pick = self.fields.get(name)
        return pick.value(row) if pick else ""

    @property
    def columns(self) -> set[str]:
        """Those without which a file cannot be read; the others may be missing."""
        return {column for name in ("number", "due_at") for column in self.fields[name].columns[:1]}


@lru_cache(maxsize=64)
def read_mapping(text: str) -> SuperiorMapping:
    """Raises Invalid, naming the key that is wrong."""
    try:
        raw = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506 (everything stays text; makes no objects)
    except yaml.YAMLError as error:
        raise Invalid(
            "intake.mapping_not_yaml",
            "映射文件不是有效的 YAML：%(reason)s。",
            reason=str(error).split("\n")[0],
        ) from None
    if not isinstance(raw, dict):
        raise Invalid("intake.mapping_empty", "映射文件应是“键: 值”结构，请对照样例。")
    _only(raw, _KEYS, "")
    if raw.get("transport") == "sister":
        raw = {**_SISTER, **raw}
    fields = _mapped(raw, "fields")
    _only(fields, FIELDS, "fields.")
    for name in ("number", "due_at"):
        if name not in fields:
            raise _missing(f"fields.{name}")
    times = raw.get("times", ["%Y-%m-%d %H:%M:%S"])
    zone = str(raw.get("zone", "Asia/Shanghai"))
    return SuperiorMapping(
        code=_matching(raw, "code", _CODE),
        titles=_titles(raw),
        transport=_among(raw, "transport", TRANSPORTS),
        area=str(raw.get("area", "")),
        closes=raw.get("closes", "true") in ("true", "yes"),
        zone=zone,
        times=Times(times if isinstance(times, list) else [str(times)], zone),
        coordinates=str(raw.get("coordinates", "wgs84")),
        format=_among({"format": raw.get("format", "xlsx")}, "format", FORMATS),
        encoding=ENCODINGS[_among({"encoding": raw.get("encoding", "utf-8")}, "encoding", tuple(ENCODINGS))],
        sheet=str(raw.get("sheet", "")),
        send_at=_matching(raw, "send_at", _CLOCK) if raw.get("send_at") else "",
        fields={name: pick_of(given, name=f"fields.{name}") for name, given in fields.items()},
        sends=_sends(raw),
        digest=hashlib.sha256(text.encode()).hexdigest(),
    )


def _sends(raw: Mapping[str, Any]) -> dict[str, Send]:
    found: dict[str, Send] = {}
    for kind, given in (_mapped(raw, "sends") if "sends" in raw else {}).items():
        place = f"sends.{kind}"
        if kind not in SENDS:
            raise _unknown(place, SENDS)
        if not isinstance(given, dict) or not isinstance(given.get("verbs"), list):
            raise _missing(f"{place}.verbs")
        _only(given, frozenset(("verbs", "to", "sheet", "columns")), f"{place}.")
        columns = _mapped(given, "columns")
        found[kind] = Send(
            kind=kind,
            verbs=tuple(map(str, given["verbs"])),
            to=tuple(map(str, given.get("to", ()))),
            sheet=str(given.get("sheet", kind))[:31],
            columns={
                str(name): template_of(text, name=f"{place}.columns.{name}") for name, text in columns.items()
            },
        )
    return found


def _titles(raw: Mapping[str, Any]) -> Wording:
    titles = _mapped(raw, "titles")
    if not titles.get("zh") or not titles.get("en"):
        raise _missing("titles.zh, titles.en")
    return Wording(str(titles["zh"])[:80], str(titles["en"])[:80])


def _mapped(raw: Mapping[str, Any], name: str) -> dict[str, Any]:
    given = raw.get(name)
    if not isinstance(given, dict) or not given:
        raise _missing(name)
    return given


def _matching(raw: Mapping[str, Any], name: str, pattern: re.Pattern[str]) -> str:
    text = str(raw.get(name, ""))
    if not pattern.fullmatch(text):
        raise Invalid("intake.bad_pick", "映射文件中“%(name)s”的写法无法识别，请对照样例。", name=name)
    return text


def _among(raw: Mapping[str, Any], name: str, known: tuple[str, ...]) -> str:
    if raw.get(name) not in known:
        raise _unknown(name, known)
    return str(raw[name])


def _only(given: Mapping[str, Any], known: frozenset[str], above: str) -> None:
    for key in given:
        if key not in known:
            raise _unknown(f"{above}{key}", sorted(known))


def _unknown(name: str, known: tuple[str, ...] | list[str]) -> Invalid:
    return Invalid(
        "intake.unknown_key",
        "映射文件中有不认识的键“%(name)s”，可用：%(known)s。",
        name=name,
        known="、".join(known),
    )


def _missing(name: str) -> Invalid:
    return Invalid("intake.missing_key", "映射文件缺少“%(name)s”。", name=name)
