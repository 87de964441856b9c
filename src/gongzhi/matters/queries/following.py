"""Following one's own matter without signing in."""

from gongzhi.access.actor import Actor, Held
from gongzhi.kernel import numbers
from gongzhi.kernel.refusals import NotFound, Refusal
from gongzhi.matters import codes
from gongzhi.matters.models import Matter
from gongzhi.parties import normalising, sealing
from gongzhi.parties.models import ContactPoint


def follow(*, number: str, code: str = "", phone: str = "") -> Actor:
    """An actor that stands to this one matter as its reporter, and to nothing else: for who shows the follow code, or
    the reporter's phone number. Raises NotFound, the same for an unknown number and a wrong proof. Doors limit the tries.
    """
    try:
        matter = Matter.objects.filter(number=numbers.parse(number[:40])).first()
    except ValueError:
        matter = None
    if matter is None or not _proves(matter, code, phone):
        raise NotFound("matters.no_such_proof", "编号与查询码（或手机号）不相符，请核对后再试。")
    return Actor(kind="token", id=matter.id, party_id=matter.id, held=(Held("resident"),))


def _proves(matter: Matter, code: str, phone: str) -> bool:
    if code.strip():
        return codes.is_follow_code(matter.id, code[:40])
    if not phone.strip() or matter.reporter_id is None:
        return False
    try:
        wanted = sealing.indexes("phone", normalising.phone(phone[:40]))
    except Refusal:
        return False
    points = ContactPoint.objects.filter(
        person_id=matter.reporter_id, kind="phone", value_index__in=wanted, ended_at__isnull=True
    )
    return points.exists()
