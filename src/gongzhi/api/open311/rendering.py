"""GeoReport documents as JSON or XML. Pure: plain dictionaries in, bytes out."""

import re
from collections.abc import Mapping, Sequence
from typing import Literal
from xml.etree import ElementTree as ET

import msgspec

Format = Literal["json", "xml"]
Value = str | int | float | bool | None | Sequence["Value"] | Mapping[str, "Value"]

CONTENT_TYPES: Mapping[Format, str] = {
    "json": "application/json; charset=utf-8",
    "xml": "text/xml; charset=utf-8",
}

# Names of the elements that repeat, per the specification.
_ITEMS = {
    "services": "service",
    "service_requests": "request",
    "errors": "error",
    "attributes": "attribute",
    "values": "value",
}
# XML 1.0 §2.2 forbids these even escaped; a report may contain anything people paste.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def render(root: str, content: Sequence[Mapping[str, Value]] | Mapping[str, Value], *, as_: Format) -> bytes:
    """`root` is the XML root ("services"); JSON has no root name: it is the bare list or object."""
    if as_ == "json":
        return msgspec.json.encode(content)
    element = ET.Element(root)
    _fill(element, root, content)
    written: bytes = ET.tostring(element, encoding="utf-8")
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + written


def _fill(element: ET.Element, name: str, content: Value) -> None:
    if isinstance(content, Mapping):
        for key, value in content.items():
            _fill(ET.SubElement(element, key), key, value)
    elif isinstance(content, str) or not isinstance(content, Sequence):
        element.text = _text(content)
    else:
        for item in content:
            _fill(ET.SubElement(element, _ITEMS.get(name, "item")), "", item)


def _text(value: str | float | bool | None) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return _FORBIDDEN.sub("\ufffd", str(value))
