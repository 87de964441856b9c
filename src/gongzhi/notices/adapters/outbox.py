"""What fakes write instead of sending: one line per text, the address masked, readable by the owner only."""

import json
import logging
import os

from gongzhi.installation.home import home
from gongzhi.parties import masking

log = logging.getLogger("gongzhi.notices")
_CONTACT = {"sms": "phone", "mail": "email"}


class Outbox:
    """A gateway that sends nothing and says so each time."""

    def __init__(self, channel: str) -> None:
        self.channel = channel

    def send(self, *, to: str, title: str, body: str, reference: str) -> None:
        line = {
            "warning": "NOT SENT: fake gateway",
            "channel": self.channel,
            "to": masking.value(_CONTACT[self.channel], to),
            "title": masking.text(title),
            "body": masking.text(body),
            "reference": reference,
        }
        path = home().log / "outbox.jsonl"
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as stream:
            stream.write(json.dumps(line, ensure_ascii=False) + "\n")
        log.warning(
            "fake %s gateway: %s was written to the outbox and sent to nobody", self.channel, reference
        )
