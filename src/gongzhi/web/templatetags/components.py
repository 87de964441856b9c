"""The components of every page, each with all its states. Words come in ready; nothing here asks a room."""

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.template.context import Context
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString

from gongzhi.catalogue.procedure import Wording
from gongzhi.kernel import numbers
from gongzhi.web import words
from gongzhi.web.chips import Chip
from gongzhi.web.forms import Option

register = template.Library()


@register.simple_tag(takes_context=True)
def when(context: Context, at: datetime | None) -> SafeString | str:
    """A time as people say it, the exact instant on hover."""
    if at is None:
        return ""
    now = context["request"].at
    return format_html(
        '<time datetime="{}" title="{}">{}</time>', at.isoformat(), words.exact(at), words.when(at, now=now)
    )


@register.filter
def exact(at: datetime | None) -> str:
    return words.exact(at) if at else ""


@register.simple_tag
def wording(said: Wording | None) -> str:
    """Words of data (catalogue, procedures) in the reader's language."""
    return said.in_language(translation.get_language() or "") if said else ""


@register.filter
def grouped(number: str) -> str:
    """A public number as it is read aloud: K7M2X-9QP4T."""
    return numbers.grouped(number) if number else ""


@register.inclusion_tag("web/components/chip.html")
def deadline_chip(chip: Chip | None, side: str = "", flat: bool = False) -> dict[str, Any]:
    """flat: no explanation to open (inside lists that are links themselves)."""
    return {"chip": chip, "side": side, "flat": flat}


@register.inclusion_tag("web/components/who.html")
def who(name: str, post: str = "", unit: str = "") -> dict[str, Any]:
    return {"name": name, "post": post, "unit": unit}


@register.inclusion_tag("web/components/place.html")
def place_line(area: str, address: str = "", state: str = "located") -> dict[str, Any]:
    """state: located · outside (no grid covers the point) · unknown (nobody said where)."""
    return {"area": area, "address": address, "state": state}


@register.inclusion_tag("web/components/evidence.html")
def evidence(files: Sequence[Any]) -> dict[str, Any]:
    """files: objects with url, name, is_image."""
    return {"files": files}


@register.inclusion_tag("web/components/rate.html")
def rate(
    value: float | None,
    n: int,
    low: float | None = None,
    high: float | None = None,
    excluded: int = 0,
    withdrawn: int = 0,
) -> dict[str, Any]:
    """A share with its 95 % interval, its denominator and what was left out of it; without denominator it shows none."""
    scale = 92.0
    return {
        "value": value,
        "percent": None if value is None else f"{value * 100:.1f}",
        "n": n,
        "excluded": excluded,
        "withdrawn": withdrawn,
        "point": None if value is None else 2 + value * scale,
        "low": None if low is None else 2 + low * scale,
        "high": None if high is None else 2 + high * scale,
        "low_percent": None if low is None else f"{low * 100:.0f}",
        "high_percent": None if high is None else f"{high * 100:.0f}",
    }


@register.inclusion_tag("web/components/count.html")
def queue_count(count: int, late: int = 0, capped_at: int = 0) -> dict[str, Any]:
    """capped_at: counting stopped there and the truth is "at least"."""
    return {"count": count, "late": late, "capped": capped_at and count >= capped_at}


@register.inclusion_tag("web/components/state.html")
def state_block(
    kind: str, heading: str, text: str = "", link: str = "", link_text: str = ""
) -> dict[str, Any]:
    """kind: empty · loading · error · offline · denied."""
    return {"kind": kind, "heading": heading, "text": text, "link": link, "link_text": link_text}


@register.inclusion_tag("web/components/timeline.html", takes_context=True)
def timeline(context: Context, entries: Sequence[Any]) -> dict[str, Any]:
    """entries: objects with at, what, who, post, words, note, tone, position, recorded_at, files."""
    return {"entries": entries, "request": context["request"]}


@register.inclusion_tag("web/components/verb.html", takes_context=True)
def verb_form(
    context: Context,
    form: Any,
    action: str,
    version: int | None = None,
    target: str = "",
) -> dict[str, Any]:
    """form: gongzhi.web.forms.VerbForm. target: CSS selector of the fragment the answer replaces."""
    return {
        "form": form,
        "action": action,
        "version": version,
        "target": target,
        "request": context["request"],
        "csrf_token": context.get("csrf_token", ""),
    }


@register.simple_tag
def options(choices: Sequence[Option], chosen: str = "") -> SafeString:
    """The options of a select, one of them chosen."""
    drawn = _options(tuple(choices))
    if chosen:
        value = f'<option value="{escape(chosen)}"'
        drawn = drawn.replace(f"{value}>", f"{value} selected>", 1)
    return SafeString(drawn)


@lru_cache(maxsize=100)
def _options(choices: tuple[Option, ...]) -> str:
    return "".join(
        f'<option value="{escape(option.value)}">{escape(option.title)}</option>' for option in choices
    )


@register.simple_tag(takes_context=True)
def query(context: Context, **changes: Any) -> str:
    """The present query string with changes; an empty value removes a key."""
    parameters = context["request"].GET.copy()
    for key, value in changes.items():
        if value in ("", None):
            parameters.pop(key, None)
        else:
            parameters[key] = str(value)
    encoded = parameters.urlencode()
    return f"?{encoded}" if encoded else "?"
