"""Splitting one report, and linking matters that belong beside each other."""

from typing import Any

from gongzhi.matters.models import Matter
from gongzhi.matters.tests.town import Town

WHO = {"split": "dispatcher", "link": "dispatcher", "unlink": "dispatcher"}
STATES = {"split": "handling"}
BEFORE = {"unlink": ("link",)}


def forms(town: Town) -> dict[str, dict[str, Any]]:
    linked = Matter.objects.filter(lead=None, words__title="另一盏灯").first()
    other = linked.number if linked else town.open(title="另一盏灯").number
    return {
        "split": {
            "category": "rubbish",
            "title": "楼下垃圾堆",
            "text": "还有，楼下的垃圾好几天没人收。",
            "reason": "涉及两件事",
        },
        "link": {"other": other, "relation": "related"},
        "unlink": {"other": other},
    }
