"""Rate limits: token buckets in one table, so that every process counts the same visitors. Counted per account, phone
or network; what is stored is a keyed hash."""

import hashlib
import hmac
import math
from datetime import datetime

from django.conf import settings
from django.db import connection

from gongzhi.kernel.refusals import TooMany

_REFILLED = "least(%(capacity)s, b.tokens + greatest(0, extract(epoch FROM %(at)s - b.at)) * %(rate)s)"
_TAKE = f"""
INSERT INTO web_ratebucket AS b (key, tokens, at) VALUES (%(key)s, %(capacity)s - 1, %(at)s)
ON CONFLICT (key) DO UPDATE SET tokens = {_REFILLED} - 1, at = %(at)s WHERE {_REFILLED} >= 1
RETURNING tokens"""  # noqa: S608 (constant parts)
_LEFT = f"SELECT {_REFILLED} FROM web_ratebucket b WHERE key = %(key)s"  # noqa: S608 (constant parts)


def take(*, purpose: str, who: str, capacity: int, per_seconds: int, at: datetime) -> None:
    """Take one of `capacity` tokens that refill evenly over `per_seconds`. Raises TooMany with the seconds to wait."""
    rate = capacity / per_seconds
    values: dict[str, str | float | datetime] = {
        "key": bucket_key(purpose, who),
        "capacity": float(capacity),
        "rate": rate,
        "at": at,
    }
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, values)
        if cursor.fetchone():
            return
        cursor.execute(_LEFT, values)
        row = cursor.fetchone()
    seconds = max(1, math.ceil((1 - float(row[0] if row else 0)) / rate))
    raise TooMany("web.too_many", "请求太频繁，请 %(seconds)s 秒后再试。", seconds=seconds)


def bucket_key(purpose: str, who: str) -> str:
    """Keyed hash: the table tells nobody which phone or address came by."""
    secret = settings.SECRET_KEY.encode()
    return hmac.new(secret, f"{purpose}\0{who}".encode(), hashlib.sha256).hexdigest()
