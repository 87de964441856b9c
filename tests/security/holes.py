"""What stands in the addresses: something real for every kind of hole, or an id that nobody ever gave."""

from datetime import timedelta

from gongzhi.councils import actions as councils
from gongzhi.files.models import Attachment
from gongzhi.incidents import actions as incidents
from gongzhi.incidents.forms import Declaration
from gongzhi.kernel import ids
from gongzhi.kernel.clock import in_china
from gongzhi.lab import actions as lab
from gongzhi.lab.proposals import Proposal
from gongzhi.matters.models import Closure, Matter
from gongzhi.projects import actions as projects
from gongzhi.sampling import actions as sampling
from gongzhi.sampling.models import Task
from tests.security import house as houses
from tests.security.house import House


def holes(house: House, number: str) -> dict[str, str]:
    """number: of a matter that has files. Around it an incident, a council and a project of the district."""
    matter = Matter.objects.get(number=number)
    file = Attachment.objects.order_by("attached_at").values_list("file_id", flat=True).first()
    never = str(houses.NEVER)
    return {
        "number": number, "verb": "accept", "form": "csv", "code": "case", "version": "1",
        "unit_id": str(house.world.organisations["lighting"].id), "what": "place",
        "file_id": str(file), "filter_id": never, "subscription_id": never, "delivery_id": never,
        "token_id": never, "upload_id": never, "message_id": never,
        "incident_id": str(_incident(house)), "council_id": str(_council(house, matter)),
        "project_id": str(_project(house, matter)), "trial_id": str(_trial(house)),
        **_sample(house),
    }  # fmt: skip


def _incident(house: House) -> object:
    heart = house.report("主管爆了，水漫到路上", column=1.5)
    declaration = Declaration(
        number=heart.number,
        title="桃源路爆管",
        plan="water",
        categories=(heart.category.code,),
        radius_metres=50,
        since=heart.opened_at,
        banner="正在抢修",
        script="已知，正在抢修。",
    )
    return incidents.declare(declaration=declaration, by=house.actor("dispatcher"), at=house.at).id


def _council(house: House, matter: Matter) -> object:
    calling = councils.Calling(
        kind="council",
        title="桃源社区议事会",
        area_path=house.world.areas["990101001"].path,
        planned_at=house.at + timedelta(days=2),
        numbers=(matter.number,),
        organisations=(house.world.organisations["lighting"].id,),
    )
    return councils.call(calling=calling, by=house.actor("dispatcher"), at=house.at).id


def _sample(house: House) -> dict[str, str]:
    """A frame and the evaluator's task in it."""
    closed_at = house.at - timedelta(hours=1)
    closed = house.report("路灯修好了", column=1.7)
    rows = Matter.objects.filter(id=closed.id)
    rows.update(opened_at=closed_at, state="closed", stage="closed", closed_at=closed_at, due_at=None)
    Closure.objects.create(id=ids.uuid7(closed_at), matter=rows.get(), at=closed_at, by="system")
    today = in_china(house.at).date()
    freezing = sampling.Freezing(
        kind="quality",
        title="质检",
        area_path=house.world.areas["990101"].path,
        since_on=today - timedelta(days=3),
        until_on=today + timedelta(days=1),
        size=5,
        seed="7",
        evaluators=(house.accounts["evaluator"].id,),
    )
    frame = sampling.freeze(freezing=freezing, by=house.actor("supervisor"), at=house.at)
    task_id = Task.objects.filter(member__frame=frame).values_list("id", flat=True).first()
    return {"frame_id": str(frame.id), "task_id": str(task_id)}


def _project(house: House, matter: Matter) -> object:
    today = in_china(house.at).date()
    beginning = projects.Beginning(
        title="路灯专题",
        problem="报修多",
        plan="逐片更换",
        year=today.year,
        month=today.month,
        categories=(matter.category.code,),
        area_path=house.world.areas["990101"].path,
        lead_id=house.world.organisations["lighting"].id,
        began_on=today,
    )
    return projects.begin(beginning=beginning, by=house.actor("supervisor"), at=house.at).id


def _trial(house: House) -> object:
    today = in_china(house.at).date()
    period = {"since": today - timedelta(days=30), "until": today + timedelta(days=1)}
    return lab.replay(proposal=Proposal(), **period, by=house.actor("supervisor"), at=house.at).id
