"""`gongzhi ledger verify|fsck|prove|check`: the same verifier as `python -m gongzhi.ledger`."""

from collections.abc import Sequence

from gongzhi.ledger import commands


def main(arguments: Sequence[str]) -> int:
    return commands.main(arguments, "gongzhi ledger")
