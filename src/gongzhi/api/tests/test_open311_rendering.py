"""GeoReport documents: what the XML and the JSON look like."""

import json
from xml.etree import ElementTree as ET

from gongzhi.api.open311.rendering import render

SERVICES = [{"service_code": "A1", "service_name": "路灯 & <灯>", "metadata": False, "keywords": None}]


def test_json_is_the_bare_list() -> None:
    assert json.loads(render("services", SERVICES, as_="json")) == SERVICES


def test_xml_repeats_the_singular_element_and_escapes_text() -> None:
    root = ET.fromstring(render("services", SERVICES, as_="xml"))
    assert root.tag == "services"
    assert [child.tag for child in root] == ["service"]
    assert root.findtext("service/service_name") == "路灯 & <灯>"
    assert root.findtext("service/metadata") == "false"
    assert root.findtext("service/keywords") == ""


def test_nested_lists_take_their_item_names() -> None:
    document = {"service_code": "A1", "attributes": [{"code": "x", "values": [{"key": 1, "name": "一"}]}]}
    root = ET.fromstring(render("service_definition", document, as_="xml"))
    assert root.findtext("attributes/attribute/values/value/name") == "一"


def test_characters_that_xml_forbids_do_not_break_the_document() -> None:
    root = ET.fromstring(render("errors", [{"code": 400, "description": "a\x00b\x1fc"}], as_="xml"))
    assert root.findtext("error/description") == "a\ufffdb\ufffdc"
