"""Inside the lead's house."""

from typing import Any

from gongzhi.matters.models import Task
from gongzhi.matters.tests.town import Town

WHO = {"hand_on": "handler", "report_task": "helper", "cancel_task": "handler"}
STATES = {"hand_on": "handling", "report_task": "handling", "cancel_task": "handling"}
BEFORE = {"report_task": ("hand_on",), "cancel_task": ("hand_on",)}


def forms(town: Town) -> dict[str, dict[str, Any]]:
    task = Task.objects.filter(ended_at__isnull=True).order_by("at", "id").last()
    which = str(task.id) if task else ""
    return {
        "hand_on": {"unit": str(town.organisations["third"].id), "text": "到现场更换灯具", "hours": 4},
        "report_task": {"task": which, "text": "已更换"},
        "cancel_task": {"task": which, "reason": "由本科室去"},
    }
