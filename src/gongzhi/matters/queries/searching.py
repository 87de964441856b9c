"""Finding matters by words."""

from gongzhi.access.actor import Actor
from gongzhi.matters.queries.rows import MatterRow


def search(*, visible_to: Actor, text: str, limit: int = 50) -> list[MatterRow]:
    """The newest visible matters whose title, text or address has all words of `text`, or `text` as it stands; a number
    finds its matter."""
    raise NotImplementedError
