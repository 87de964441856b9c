"""Templates are data: strict, bilingual, harmless."""

import pytest

from gongzhi.notices import templates

GOOD = """
- code: a.b
  version: 1
  about: x
  takes: [number]
  zh-hans: {title: "编号 {number}", body: "正文"}
  en: {title: "No. {number}", body: "Body"}
"""


def test_every_published_template_is_valid_and_renders_in_both_languages():
    for versions in templates.published().values():
        for template in versions.values():
            for language in templates.LANGUAGES:
                words = templates.rendered(template, language, dict.fromkeys(template.takes, "值"))
                assert "{" not in words.title + words.body


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("正文", "正文 {name}", "does not take"),
        ("正文", "正文 {number.__class__}", "brace"),
        ("正文", "{0}", "brace"),
        ("{number}", "x", "never says"),
        ('body: "正文"', 'body: ""', "empty"),
        ("  about: x\n", "", "fields are"),
    ],
)
def test_a_wrong_template_is_refused_with_a_reason(old, new, complaint):
    with pytest.raises(ValueError, match=complaint):
        templates.read(GOOD.replace(old, new))


def test_the_newest_version_is_used_and_older_ones_stay_readable(monkeypatch):
    second = GOOD.replace("version: 1", "version: 2").replace("正文", "新正文")
    monkeypatch.setattr(templates, "published", lambda: templates.read(GOOD + second))
    assert templates.find("a.b").version == 2
    assert templates.find("a.b", 1).words["zh-hans"].body == "正文"


def test_the_same_version_twice_is_refused():
    with pytest.raises(ValueError, match="twice"):
        templates.read(GOOD + GOOD)


@pytest.mark.parametrize("values", [{}, {"number": "1", "more": "2"}])
def test_missing_and_unknown_values_are_refused(values):
    with pytest.raises(ValueError):
        templates.rendered(templates.read(GOOD)["a.b"][1], "en", values)


def test_a_value_is_never_filled_again_and_cannot_break_the_title_line():
    template = templates.read(GOOD)["a.b"][1]
    words = templates.rendered(template, "en", {"number": "{number}\r\nBcc: x@y \u202e{body}"})
    assert words.title == "No. {number} Bcc: x@y {body}"


def test_an_unknown_language_reads_chinese():
    assert templates.rendered(templates.read(GOOD)["a.b"][1], "fr", {"number": "7"}).title == "编号 7"
