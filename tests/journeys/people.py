"""The cast of the journeys and what they can do at their doors."""

from __future__ import annotations

import io
import re
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from gongzhi.acts import reacting
from gongzhi.matters.models import Matter
from gongzhi.notices.models import Notice
from gongzhi.portals.centre.tests import world as worlds
from gongzhi.web.tests.people import signed_in


def photo() -> SimpleUploadedFile:
    """A real picture."""
    stream = io.BytesIO()
    Image.new("RGB", (320, 240), (200, 180, 40)).save(stream, "JPEG")
    return SimpleUploadedFile("after.jpg", stream.getvalue(), content_type="image/jpeg")


class Town:
    """Somebody reports at the residents' door; staff work at the desk; everybody is told meanwhile."""

    def __init__(self) -> None:
        self.world = worlds.build()
        self.resident = Client(headers={"accept": "text/html"})

    def report(self, text: str, **more: str) -> str:
        """Through the form of the first page, without an account. Returns the number."""
        point = {"lon": str(worlds.WEST + 0.5 * worlds.STEP), "lat": str(worlds.SOUTH + 0.5 * worlds.STEP)}
        form = {"text": text, "phone": "13800138000", "address": "桃源路 18 号", **point, **more}
        answer = self.resident.post("/report/", form)
        assert answer.status_code == 302, answer.content.decode()
        found = re.search(r"/matters/(\w+)/", self.resident.get(answer["Location"]).content.decode())
        assert found
        return found[1]

    def desk(self, who: str, number: str, verb: str, **form: Any) -> int:
        """One verb at the desk, as that person; returns the HTTP status (302 = done)."""
        return signed_in(self.world.accounts[who]).post(f"/desk/cases/{number}/{verb}/", form).status_code

    def tell(self, number: str, verb: str, **form: Any) -> int:
        """One verb at the residents' door, in the visit that reported."""
        return self.resident.post(f"/matters/{number}/{verb}/", form).status_code

    def page(self, number: str) -> str:
        return self.resident.get(f"/matters/{number}/").content.decode()

    def state(self, number: str) -> str:
        return Matter.objects.get(number=number).state

    def told(self, number: str) -> list[str]:
        """What the reporter was told so far, in the words kept, oldest first."""
        reacting.settle(strict=True)
        matter = Matter.objects.get(number=number)
        rows = Notice.objects.filter(subject_id=str(matter.id), person_id=matter.reporter_id, channel="shown")
        return [row.body for row in rows.order_by("id")]


def page(town: Town, who: str, number: str) -> str | None:
    """The case as that person reads it at the desk; None where it is not there for them."""
    answer = signed_in(town.world.accounts[who]).get(f"/desk/cases/{number}/")
    return answer.content.decode() if answer.status_code == 200 else None
