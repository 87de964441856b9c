"""What was told lately, so that a thousand who come back at once are told from memory what they missed."""

from dataclasses import dataclass

from gongzhi.acts.queries import head
from gongzhi.lane import wire
from gongzhi.lane.changes import READ_MAX, Change, News, read_after
from gongzhi.matters.queries.standing import Standing


@dataclass(slots=True)
class Known:
    """The newest change of a matter, and what was read to judge it."""

    told: wire.Told
    standing: Standing

    @property
    def change(self) -> Change:
        return self.told.change


def judged(news: News) -> list[Known]:
    """The facts about all changes of the news are read together."""
    standing = Standing([change.matter for change in news.changes])
    return [Known(wire.Told(change), standing) for change in news.changes]


class Recent:
    """The newest change of each matter, for the last READ_MAX matters. Not thread-safe: its owner locks."""

    def __init__(self) -> None:
        self.position = -1
        self._from = -1  # what came after it, up to `position`, is known
        self._known: dict[str, Known] = {}  # by number, oldest change first

    def add(self, news: News, fresh: list[Known]) -> None:
        if news.after > self.position:  # nobody listened in between
            self._known.clear()
            self._from = news.after
        for known in fresh:
            self._keep(known)
        self.position = max(self.position, news.position)

    def forget(self) -> None:
        """Nobody listens any more: what comes now passes unread."""
        self.position = self._from = -1
        self._known.clear()

    def since(self, position: int) -> list[Known] | None:
        """What came after; None when that is too much to tell, or of another history."""
        if self._from <= position <= self.position:
            return [known for known in self._known.values() if known.change.position > position]
        news = read_after(position)
        if news.position - position >= READ_MAX or (news.position == position and position > head()):
            return None
        missed = judged(news)
        if position < self._from <= news.position:
            self._extend(position, missed)
        return missed

    def _extend(self, position: int, missed: list[Known]) -> None:
        """The next who comes back finds it here."""
        newer = list(self._known.values())
        self._known = {known.change.matter.number: known for known in missed}
        self._from = position
        for known in newer:
            self._keep(known)

    def _keep(self, known: Known) -> None:
        self._known.pop(known.change.matter.number, None)
        self._known[known.change.matter.number] = known
        while len(self._known) > READ_MAX:
            oldest = self._known.pop(next(iter(self._known)))
            self._from = max(self._from, oldest.change.position)
