"""What is it about? The category given, or the one the words point to. Pure."""

from gongzhi.catalogue.snapshot import Node
from gongzhi.intake.snapshots import Snapshots
from gongzhi.kernel.refusals import Invalid

UNCLASSIFIED = "990201"  # of the shipped tree: the desk decides


def category(code: str, *, text: str, snapshots: Snapshots) -> Node:
    """Raises Invalid for an unknown or retired code, or when neither words nor tree have an answer."""
    tree = snapshots.categories
    if code:
        node = tree.get(code)
        if node is None:
            raise Invalid("intake.unknown_category", "没有这个类别，请重新选择。", field="category")
        if node.retired:
            raise Invalid("intake.retired_category", "该类别已停用，请选择其他类别。", field="category")
        return node
    for suggestion in tree.suggest(text, limit=1):
        return tree.nodes[suggestion.code]
    node = tree.get(UNCLASSIFIED)
    if node is None or node.retired:
        raise Invalid("intake.no_category", "无法从描述判断类别，请选择一个。", field="category")
    return node
