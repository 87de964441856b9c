"""The drawing: complete, well-formed, without anything the CSP of the pages would block."""

from xml.etree import ElementTree

import pytest

from gongzhi.catalogue import checking, diagram
from gongzhi.catalogue.drawing import BOX_WIDTH
from gongzhi.catalogue.layout import plan

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_state_and_moving_verb_is_drawn_in_the_readers_language(trial, language):
    root = ElementTree.fromstring(diagram.svg(trial, language))
    words = " ".join(text.text or "" for text in root.iter(f"{SVG}text"))
    for state in trial.states:
        assert state.titles.in_language(language) in words
    for start, verb, end in checking.transitions(trial):
        if start != end:
            assert verb.titles.in_language(language) in words


def test_nothing_in_it_needs_an_exception_in_the_csp(trial):
    text = diagram.svg(trial, "zh-hans")
    for forbidden in ("<script", "style=", "<style", "href", "onload"):
        assert forbidden not in text


def test_it_has_a_title_and_a_description_that_says_the_same(trial):
    root = ElementTree.fromstring(diagram.svg(trial, "zh-hans"))
    assert root.attrib["role"] == "img"
    named = {root.find(f"{SVG}title").attrib["id"], root.find(f"{SVG}desc").attrib["id"]}
    assert named == set(root.attrib["aria-labelledby"].split())
    assert "受理 → 待派单" in root.find(f"{SVG}desc").text


def test_words_from_data_are_escaped(raw):
    from gongzhi.catalogue import reading

    raw["states"][0]["titles"]["zh"] = '<b>"待受理"&'
    text = diagram.svg(reading.read_procedure(raw, source="x"), "zh-hans")
    assert "<b>" not in text
    ElementTree.fromstring(text)


def test_no_two_boxes_touch_and_every_line_stays_on_the_page(trial):
    drawn = plan(trial, "zh-hans")
    boxes = drawn.boxes
    for box in boxes:
        for other in boxes:
            apart = (
                box is other
                or box.x + BOX_WIDTH <= other.x
                or other.x + BOX_WIDTH <= box.x
                or box.y + box.height <= other.y
                or other.y + other.height <= box.y
            )
            assert apart, (box.state.code, other.state.code)
    assert all(0 <= x <= drawn.width and 0 <= y <= drawn.height for a in drawn.arrows for x, y in a.points)


def test_every_arrow_ends_at_the_edge_of_its_state(trial):
    drawn = plan(trial, "en")
    boxes = {box.state.code: box for box in drawn.boxes}
    for arrow in drawn.arrows:
        for point, code in ((arrow.points[0], arrow.source), (arrow.points[-1], arrow.target)):
            box = boxes[code]
            assert box.x <= point[0] <= box.x + BOX_WIDTH
            assert box.y <= point[1] <= box.y + box.height


def test_the_present_state_can_be_marked(trial):
    assert diagram.svg(trial, "zh-hans", current="handling").count("procedure-state-current") == 1
