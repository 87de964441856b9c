"""The incident of the demo district: declared around one of its matters, through the ordinary actions."""

from datetime import datetime, timedelta

from gongzhi.cli.demo.folder import read
from gongzhi.cli.demo.stories import ORIGIN
from gongzhi.grants import queries as grants
from gongzhi.incidents import actions, plans
from gongzhi.incidents.forms import Declaration, Line
from gongzhi.incidents.models import Incident
from gongzhi.matters.models import Matter
from gongzhi.parties.models import Account


def happen(*, now: datetime) -> int:
    """Declare it unless it was before, or the day is too young; returns how many are new."""
    told = read("matters.yaml")["incident"]
    heart = Matter.objects.select_related("words").get(origin=ORIGIN, external_id=told["heart"])
    at = heart.opened_at + timedelta(minutes=told["after"])
    if Incident.objects.exists() or at >= now:
        return 0
    by = grants.actor_of(Account.objects.get(username=told["by"]).id, at)
    plan, place = plans.plans()["power"], heart.words.address
    declared = actions.declare(
        declaration=Declaration(
            number=heart.number,
            title=told["title"],
            plan=plan.code,
            categories=plan.categories,
            radius_metres=plan.radius_metres,
            since=heart.opened_at - timedelta(minutes=plan.within_minutes),
            banner=plan.banner.zh.replace("{place}", place),
            script=plan.script.replace("{place}", place),
            duties=plan.duties,
        ),
        by=by,
        at=at,
    )
    for line in told["log"]:
        actions.write(incident_id=declared.id, line=Line(**line), by=by, at=at)
    for update in told["updates"]:
        then = heart.opened_at + timedelta(minutes=update["after"])
        if then < now:
            actions.update(incident_id=declared.id, text=update["text"], by=by, at=then)
    return 1
