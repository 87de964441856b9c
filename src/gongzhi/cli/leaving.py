"""`gongzhi accounts disable NAME`: somebody goes; what lies with them is handed over or knowingly left."""

import argparse
from uuid import UUID

from gongzhi.cli.database import django
from gongzhi.cli.saying import trouble
from gongzhi.installation.trouble import Trouble
from gongzhi.kernel import clock


def disable(options: argparse.Namespace) -> int:
    """One transaction: handed over in every unit, then disabled. Raises Trouble when work is open and neither
    --hand-over-to nor --leave-open says what becomes of it."""
    with django("app"):
        from django.db import transaction

        from gongzhi.access.actor import SYSTEM
        from gongzhi.kernel.refusals import Refusal
        from gongzhi.parties.actions import disable_account
        from gongzhi.timetable import handing_over

        at, account_id = clock.now(), _account(options.username)
        open_in = handing_over.open_in_units(account_id)
        count = sum(open_in.values())
        if count and not (options.hand_over_to or options.leave_open):
            raise Trouble(
                "accounts.open_work",
                f"{options.username} 手上还有 {count} 项未办结的工作。请加 --hand-over-to 同事账号 移交，"
                "或加 --leave-open 留待单位在“值班”页移交。",
                f"{options.username} still has {count} open pieces of work. Add --hand-over-to COLLEAGUE, or "
                "--leave-open to let the unit hand them over on its duty page.",
            )
        try:
            with transaction.atomic():
                for organisation_id in open_in if options.hand_over_to else ():
                    handing_over.hand_over(
                        organisation_id=organisation_id,
                        account_id=account_id,
                        to_account_id=_account(options.hand_over_to),
                        by=SYSTEM,
                        at=at,
                    )
                disable_account(account_id=account_id, reason=options.reason, by=SYSTEM, at=at)
        except Refusal as refusal:
            raise trouble(refusal) from refusal
    handed = count if options.hand_over_to else 0
    print(
        f"账号已停用：{options.username}，移交 {handed} 项，留下 {count - handed} 项 · "
        f"disabled; {handed} handed over, {count - handed} left open"
    )
    return 0


def _account(username: str) -> UUID:
    from gongzhi.parties.models import Account

    found = Account.objects.filter(username=username).first()
    if found is None:
        raise Trouble("accounts.unknown", f"没有账号 {username}。", f"There is no account {username}.")
    account_id: UUID = found.id
    return account_id
