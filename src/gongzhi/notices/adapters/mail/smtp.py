"""Mail through an SMTP server, by Django's own transport.

GONGZHI_SMTP_HOST, _PORT (465), _USER, _PASSWORD, _FROM; _SECURITY is `ssl` (default), `starttls` or `none`.
"""

import os
import smtplib

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

from gongzhi.notices.adapters import Gateway, Undeliverable

_TIMEOUT_SECONDS = 15


class Smtp:
    def send(self, *, to: str, title: str, body: str, reference: str) -> None:
        headers = {"Message-ID": f"<{reference}@{_setting('HOST')}>", "Auto-Submitted": "auto-generated"}
        message = EmailMessage(
            subject=title,
            body=body,
            from_email=_setting("FROM"),
            to=[to],
            headers=headers,
            connection=_backend(),
        )
        try:
            message.send()
        except smtplib.SMTPRecipientsRefused as error:
            raise Undeliverable("recipient_refused") from error


def gateway() -> Gateway:
    return Smtp()


def _backend() -> EmailBackend:
    security = os.environ.get("GONGZHI_SMTP_SECURITY", "ssl")
    return EmailBackend(
        host=_setting("HOST"),
        port=int(os.environ.get("GONGZHI_SMTP_PORT", "465")),
        username=os.environ.get("GONGZHI_SMTP_USER", ""),
        password=os.environ.get("GONGZHI_SMTP_PASSWORD", ""),
        use_ssl=security == "ssl",
        use_tls=security == "starttls",
        timeout=_TIMEOUT_SECONDS,
    )


def _setting(name: str) -> str:
    value = os.environ.get(f"GONGZHI_SMTP_{name}", "")
    if not value:
        raise ValueError(f"GONGZHI_SMTP_{name} is not set")
    return value
