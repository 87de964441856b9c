"""The writes of this room: each one transaction, one act (one per row for the set-based ones)."""

from gongzhi.parties.actions.accounts import (
    choose_language,
    create_account,
    disable_account,
    enable_account,
    set_password,
)
from gongzhi.parties.actions.contacts import add_contact, end_contact
from gongzhi.parties.actions.organisations import (
    change_organisation,
    end_organisation,
    register_organisation,
)
from gongzhi.parties.actions.people import register_person, rename_person
from gongzhi.parties.actions.posts import leave_post, take_post
from gongzhi.parties.actions.signing_in import sign_in

__all__ = [
    "add_contact",
    "change_organisation",
    "choose_language",
    "create_account",
    "disable_account",
    "enable_account",
    "end_contact",
    "end_organisation",
    "leave_post",
    "register_organisation",
    "register_person",
    "rename_person",
    "set_password",
    "sign_in",
    "take_post",
]
