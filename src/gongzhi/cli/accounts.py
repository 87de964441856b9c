"""`gongzhi accounts`: create the first accounts of a town, before anybody can sign in; disable one of somebody who goes."""

import argparse
import getpass
import os
import sys
from uuid import UUID

from gongzhi.cli import leaving
from gongzhi.cli.database import django
from gongzhi.cli.saying import trouble
from gongzhi.installation.trouble import Trouble
from gongzhi.kernel import clock

PASSWORD_VARIABLE = "GONGZHI_PASSWORD"  # noqa: S105 (the name of a variable)


def configure(parser: argparse.ArgumentParser) -> None:
    verbs = parser.add_subparsers(dest="verb", required=True)
    create = verbs.add_parser("create", help="建账号并授权 · an account with its roles")
    create.add_argument("username")
    create.add_argument("--name", default="", help="显示名 · shown to colleagues")
    create.add_argument(
        "--role", action="append", default=[], help="角色代码，可多次 · role code, repeatable"
    )
    create.add_argument("--area", default="", help="区域代码，不填为全域 · area code, default everywhere")
    create.add_argument("--organisation", default="", help="机构代码 · organisation code")
    disable = verbs.add_parser("disable", help="停用账号 · nobody signs in with it any more; its roles end")
    disable.add_argument("username")
    disable.add_argument("--reason", required=True, help="原因 · why, recorded")
    left = disable.add_mutually_exclusive_group()
    left.add_argument(
        "--hand-over-to", default="", help="移交给谁 · the colleague who takes over all open work"
    )
    left.add_argument("--leave-open", action="store_true", help="不移交 · the unit hands it over later")


def run(options: argparse.Namespace) -> int:
    """0: done."""
    return leaving.disable(options) if options.verb == "disable" else _create(options)


def _create(options: argparse.Namespace) -> int:
    """Asks for the password (or takes GONGZHI_PASSWORD, for scripts). 0: the account exists with all its roles."""
    password = os.environ.get(PASSWORD_VARIABLE) or _ask()
    with django("app"):
        from django.db import transaction

        from gongzhi.access.actor import SYSTEM
        from gongzhi.grants import actions as grants
        from gongzhi.kernel.refusals import Refusal
        from gongzhi.parties.actions import create_account

        at = clock.now()
        try:
            with transaction.atomic():
                path, organisation_id = _area(options.area), _organisation(options.organisation)
                account = create_account(
                    username=options.username, password=password, display_name=options.name, by=SYSTEM, at=at
                )
                for role in options.role:
                    grants.give(
                        account_id=account.id,
                        role=role,
                        area_path="" if organisation_id else path,
                        organisation_id=organisation_id,
                        by=SYSTEM,
                        at=at,
                    )
        except Refusal as refusal:
            raise trouble(refusal) from refusal
    print(f"账号已建：{options.username} · account made, roles: {', '.join(options.role) or '—'}")
    return 0


def _ask() -> str:
    if not sys.stdin.isatty():
        raise Trouble(
            "accounts.no_password",
            f"没有终端可输入密码：请设置环境变量 {PASSWORD_VARIABLE}。",
            f"No terminal to ask for a password: set {PASSWORD_VARIABLE}.",
        )
    first = getpass.getpass("密码 · password: ")
    if first != getpass.getpass("再输一次 · again: "):
        raise Trouble(
            "accounts.differ", "两次输入的密码不同，账号没有建。", "The passwords differ; nothing was made."
        )
    return first


def _area(code: str) -> str:
    from gongzhi.places.models import Area

    if not code:
        return ""
    found = Area.objects.filter(code=code, ended_at=None).first()
    if found is None:
        raise Trouble("accounts.area", f"没有代码为 {code} 的区域。", f"No area has the code {code}.")
    return str(found.path)


def _organisation(code: str) -> UUID | None:
    from gongzhi.parties.models import Organisation

    if not code:
        return None
    found = Organisation.objects.filter(code=code, ended_at=None).first()
    if found is None:
        raise Trouble(
            "accounts.organisation", f"没有代码为 {code} 的机构。", f"No organisation has the code {code}."
        )
    return found.id
