"""Outside systems that carry notices: one folder each, a fake that warns in all of them.

`GONGZHI_SMS` names the SMS gateway (default `fake`), `GONGZHI_MAIL` the mail transport (`fake` or `smtp`).
"""

import os
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Protocol

from gongzhi.installation.finding import Finding, fine

VARIABLES = {"sms": "GONGZHI_SMS", "mail": "GONGZHI_MAIL"}


class Undeliverable(Exception):
    """Trying again will not help. The text is a code without personal data."""


class Gateway(Protocol):
    """Carries one text. Raises Undeliverable when it never will, any other exception when it may later.

    reference: the notice's id, for gateways that recognise repetitions.
    """

    def send(self, *, to: str, title: str, body: str, reference: str) -> None: ...


def gateway(channel: str) -> Gateway:
    """The configured gateway of a channel. Raises ValueError for a name nobody wrote."""
    name = chosen(channel)
    try:
        module = import_module(f"gongzhi.notices.adapters.{channel}.{name}")
    except ModuleNotFoundError as error:
        raise ValueError(f"{VARIABLES[channel]}={name}: no such gateway") from error
    make: Callable[[], Gateway] = module.gateway
    return make()


def chosen(channel: str) -> str:
    name = os.environ.get(VARIABLES[channel], "fake").strip() or "fake"
    if not name.isidentifier():
        raise ValueError(f"{VARIABLES[channel]} is a plain name")
    return name


def findings() -> Iterator[Finding]:
    """For the doctor: which channels carry nothing to anybody."""
    for channel, variable in VARIABLES.items():
        words = {"sms": ("短信", "text messages"), "mail": ("邮件", "mail")}[channel]
        if chosen(channel) != "fake":
            yield fine(f"notices.{channel}", f"{words[0]}通道已配置", f"{words[1]}: a gateway is configured")
            continue
        yield Finding(
            "warning",
            f"notices.{channel}_fake",
            (
                f"{words[0]}只写入本机 log/outbox.jsonl，不会真正发出",
                "居民收不到任何" + words[0],
                f"配置 {variable} 后重新启动",
            ),
            (
                f"{words[1]}: written to log/outbox.jsonl only",
                "nobody outside receives any",
                f"set {variable} and start again",
            ),
        )
