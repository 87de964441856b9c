"""Refusals said on a terminal in both languages."""

from gongzhi.installation.trouble import Trouble
from gongzhi.kernel.refusals import Refusal


def said(refusal: Refusal) -> tuple[str, str]:
    """A refusal in Chinese and in English."""
    from django.utils import translation
    from django.utils.translation import gettext

    found = []
    for language in ("zh-hans", "en"):
        with translation.override(language):
            found.append(gettext(refusal.text) % refusal.params if refusal.params else gettext(refusal.text))
    return found[0], found[1]


def trouble(refusal: Refusal) -> Trouble:
    """The same as a Trouble, for what stops a command."""
    return Trouble(refusal.code, *said(refusal))
