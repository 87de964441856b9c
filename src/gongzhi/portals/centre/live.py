"""The desk's rows and counts as live events bring them: drawn by the templates of the list and the rail."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.template.loader import render_to_string
from django.urls import reverse

from gongzhi.matters.queries import MatterRow, QueueCount
from gongzhi.portals.centre import showing
from gongzhi.web import live


class Desk:
    """Registered with `web.live` at start-up."""

    def row(self, matter: MatterRow, at: datetime) -> str:
        url = reverse("centre:case", args=[matter.number])
        return showing.drawn_row(showing.row(matter, at=at, url=url), here=False)

    def counts(self, counts: Sequence[QueueCount]) -> Mapping[str, str]:
        return {queue.code: _count(queue) for queue in counts}


def _count(queue: QueueCount) -> str:
    values = {"count": queue.count, "late": queue.late, "capped": queue.capped}
    return render_to_string("web/components/count.html", values)


live.draw_with(Desk())
