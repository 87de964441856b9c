"""The template loader: one copy of a template for each language, in which what can't change is settled already:
translated words, addresses without arguments, included parts without values. Templates are written as ever.
"""

from collections.abc import Iterator
from typing import Any

from django.template import Context, TemplateDoesNotExist
from django.template.base import Node, NodeList, Template, TextNode
from django.template.defaulttags import URLNode
from django.template.loader_tags import IncludeNode
from django.template.loaders import cached
from django.templatetags.i18n import TranslateNode
from django.utils import translation


class Loader(cached.Loader):
    """Caches settled templates by name and language."""

    def cache_key(self, template_name: str, skip: Any = None) -> str:
        return f"{translation.get_language()} {super().cache_key(template_name, skip)}"

    def get_template(self, template_name: str, skip: Any = None) -> Template:
        key = self.cache_key(template_name, skip)
        if key not in self.get_template_cache:
            try:
                template = super(cached.Loader, self).get_template(template_name, skip)
            except TemplateDoesNotExist:
                return super().get_template(template_name, skip)
            self._settle(template.nodelist)
            self.get_template_cache[key] = template
        return super().get_template(template_name, skip)

    def _settle(self, nodes: NodeList) -> None:
        """In place, before anybody else holds the nodes."""
        for node in nodes:
            for below in _lists(node):
                self._settle(below)
        settled: list[Node] = []
        for node in nodes:
            text = self._text(node)
            if text is None:
                settled.append(node)
            elif settled and type(settled[-1]) is TextNode:
                settled[-1] = TextNode(settled[-1].s + text)
            else:
                settled.append(TextNode(text))
        nodes[:] = settled

    def _text(self, node: Node) -> str | None:
        """What a node says whoever reads; None when that depends on something."""
        if type(node) is TextNode:
            return node.s
        if isinstance(node, TranslateNode):
            constant = _is_literal(node.filter_expression) and not node.asvar and not node.message_context
            return str(node.render(Context())) if constant else None
        if isinstance(node, URLNode):
            constant = _is_literal(node.view_name) and not (node.args or node.kwargs or node.asvar)
            return str(node.render(Context())) if constant else None
        if isinstance(node, IncludeNode) and _is_literal(node.template) and not node.extra_context:
            included = self.get_template(str(node.template.resolve(Context()))).nodelist
            return included[0].s if len(included) == 1 and type(included[0]) is TextNode else None
        return None


def _lists(node: Node) -> Iterator[NodeList]:
    for name in node.child_nodelists:
        if name != "nodelist" or "nodelist" in vars(node):  # `if` has one made of its branches on every look
            below = getattr(node, name, None)
            if isinstance(below, NodeList):
                yield below
    for _, below in getattr(node, "conditions_nodelists", ()):
        yield below


def _is_literal(expression: Any) -> bool:
    """A word in quotes, no filter on it."""
    said = getattr(expression.var, "literal", expression.var)
    return not expression.filters and isinstance(said, str)
