"""The English of the interface is found, demanded and compiled with Babel alone."""

import gettext
from pathlib import Path

import pytest

from gongzhi.cli import translations
from gongzhi.cli.messages import in_python, in_template

SOURCE = """
from gongzhi.kernel import refusals
from gongzhi.kernel.refusals import Invalid, Refusal
from django.utils.translation import gettext as _, ngettext, pgettext

def f(n):
    _("一")
    ngettext("%(n)s 件", "%(n)s 件", n)
    pgettext("动词", "派")
    raise refusals.Conflict("room.state", "已是" "“%(state)s”。", state=n)
    raise Invalid("a" if n else "b", "甲" if n else "乙", field="不译")

class Own(Refusal):
    def __init__(self):
        super().__init__("own", "自有")
"""


def texts(messages):
    return [(m.context, m.text, m.plural) for m in messages]


def test_python_calls_and_refusal_texts_are_found_and_nothing_else():
    assert set(texts(in_python(Path("x.py"), SOURCE))) == {
        (None, "一", None),
        (None, "%(n)s 件", "%(n)s 件"),
        ("动词", "派", None),
        (None, "已是“%(state)s”。", None),
        (None, "甲", None),
        (None, "乙", None),
        (None, "自有", None),
    }


def test_template_tags_filters_and_blocks_are_found():
    source = (
        '{% load i18n %}<b title="{% translate "标题" %}">{{ _("过滤") }}</b>{% translate "开" context "动词" %}'
        "{% blocktranslate count n=n %}{{ n }} 件{% plural %}{{ n }} 件{% endblocktranslate %}"
        '{# {% translate "注释" %} #}'
    )
    assert set(texts(in_template(Path("x.html"), source))) == {
        (None, "标题", None),
        (None, "过滤", None),
        ("动词", "开", None),
        (None, "%(n)s 件", "%(n)s 件"),
    }


@pytest.fixture
def package(tmp_path):
    for room, code in (("alpha", '_("你好，%(name)s")\n_("共用")\n'), ("portals/desk", '_("共用")\n')):
        folder = tmp_path / room
        folder.mkdir(parents=True)
        (folder / "__init__.py").write_text(code)
    return tmp_path


def po(package, room, text):
    file = package / room / translations.CATALOGUE
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)


def test_a_missing_translation_is_named_with_its_place(package):
    lines = list(translations.problems(package))
    assert len(lines) == 2
    assert "alpha/__init__.py:1: no English for '你好，%(name)s'" in lines[0]


def test_a_shared_message_is_translated_once(package):
    po(package, "alpha", 'msgid "你好，%(name)s"\nmsgstr "Hello %(name)s"\n\nmsgid "共用"\nmsgstr "shared"\n')
    assert list(translations.problems(package)) == []


@pytest.mark.parametrize(
    ("entry", "complaint"),
    [
        ('msgid "你好，%(name)s"\nmsgstr ""\n', "has no English yet"),
        ('#, fuzzy\nmsgid "你好，%(name)s"\nmsgstr "Hello %(name)s"\n', "fuzzy"),
        ('msgid "你好，%(name)s"\nmsgstr "Hello %(nam)s"\n', "other placeholders"),
    ],
)
def test_an_empty_a_fuzzy_and_a_misspelt_translation_are_refused(package, entry, complaint):
    po(package, "alpha", entry + '\nmsgid "共用"\nmsgstr "shared"\n')
    (line,) = translations.problems(package)
    assert complaint in line


def test_two_english_texts_for_one_chinese_text_are_refused(package):
    po(package, "alpha", 'msgid "你好，%(name)s"\nmsgstr "Hello %(name)s"\n\nmsgid "共用"\nmsgstr "shared"\n')
    po(package, "portals/desk", 'msgid "共用"\nmsgstr "common"\n')
    (line,) = translations.problems(package)
    assert "different English texts in alpha, portals/desk" in line


def test_an_f_string_is_refused(package):
    (package / "alpha" / "__init__.py").write_text('_(f"你好 {x}")\n')
    assert any("f-string" in line for line in translations.problems(package))


def test_update_adds_what_is_missing_keeps_what_is_there_and_runs_twice_without_change(package):
    po(package, "alpha", '# a word by hand\nmsgid "共用"\nmsgstr "shared"\n')
    assert [f.relative_to(package).parts[0] for f in translations.update(package)] == ["alpha"]
    content = (package / "alpha" / translations.CATALOGUE).read_text()
    assert "# a word by hand" in content
    assert 'msgid "你好，%(name)s"\nmsgstr ""' in content
    assert translations.update(package) == []


def test_compiled_messages_are_read_by_gettext(package):
    po(package, "alpha", 'msgid "你好，%(name)s"\nmsgstr "Hello %(name)s"\n')
    (file,) = translations.compile_all(package)
    with file.open("rb") as stream:
        assert gettext.GNUTranslations(stream).gettext("你好，%(name)s") == "Hello %(name)s"
