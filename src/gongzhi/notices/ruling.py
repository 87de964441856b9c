"""Setting the town's rule: how many, when not, when the summary."""

from datetime import datetime

from django.db import transaction

from gongzhi.access.actor import Actor
from gongzhi.access.decisions import require_to
from gongzhi.acts.actions import record
from gongzhi.acts.drafts import Subject
from gongzhi.kernel import ids
from gongzhi.kernel.refusals import Invalid
from gongzhi.notices import events
from gongzhi.notices.models import NoticeRule
from gongzhi.notices.rhythm import Rhythm


@transaction.atomic
def set_rule(*, rhythm: Rhythm, by: Actor, at: datetime) -> NoticeRule:
    """From `at` on; what stood before stays readable. Needs `notices.rules`; raises Invalid without a basis, for numbers
    out of range and for a summary within quiet hours."""
    require_to(by, "notices.rules")
    if not rhythm.basis.strip():
        raise Invalid("notices.no_basis", "请注明依据（文件名称、文号或会议决定）。", field="basis")
    minutes = (rhythm.quiet_from_minute, rhythm.quiet_until_minute, rhythm.digest_minute)
    if not 1 <= rhythm.daily_max <= 50 or any(not 0 <= minute < 1440 for minute in minutes):
        raise Invalid("notices.rule_range", "每日条数应为 1 至 50，时间应在一天之内。", field="daily_max")
    if rhythm.is_quiet_minute(rhythm.digest_minute):
        raise Invalid("notices.digest_quiet", "每日汇总的时间不能在免打扰时段内。", field="digest_at")
    NoticeRule.objects.select_for_update().filter(valid_until=None).update(valid_until=at)
    row = NoticeRule.objects.create(
        id=ids.uuid7(at),
        daily_max=rhythm.daily_max,
        quiet_from_minute=rhythm.quiet_from_minute,
        quiet_until_minute=rhythm.quiet_until_minute,
        digest_minute=rhythm.digest_minute,
        basis=rhythm.basis.strip()[:300],
        valid_from=at,
    )
    event = events.RuleSet(row.daily_max, *minutes, row.basis)
    record(verb="notices.set_rule", subject=Subject("notices.rule", row.id), by=by, at=at, event=event)
    return row
