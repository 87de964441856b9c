"""Calls to the other installation's API, with the token of an account of the unit we are there."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from gongzhi.exchange import outbound
from gongzhi.exchange.outbound import Answer
from gongzhi.kernel.refusals import Refusal
from gongzhi.superiors.adapters.shapes import Line, TheirFile, Unreachable

FILE_BYTES_MAX = 50_000_000
_LOAD_SECONDS = 60.0


def headers(line: Line, **more: str) -> Mapping[str, str]:
    return {
        "Authorization": f"Bearer {line.secret}",
        "Accept": "application/json",
        "User-Agent": "Gongzhi-Superiors/1",
        **more,
    }


def ask(line: Line, path: str) -> Answer | None:
    """The answer at a path; None where there is none (404). Raises Unreachable."""
    try:
        answer = outbound.get(f"{line.url}/api/v1{path}", headers=headers(line))
    except (outbound.Failed, outbound.Forbidden, Refusal) as error:
        raise Unreachable(str(error)[:150] or type(error).__name__) from error
    if answer.status == 404:
        return None
    if answer.status != 200:
        raise Unreachable(f"HTTP {answer.status}")
    return answer


def read(line: Line, path: str) -> dict[str, Any] | None:
    """The JSON object at a path; None where there is none (404). Raises Unreachable."""
    answer = ask(line, path)
    return said(answer) if answer else None


def load(line: Line, file: TheirFile) -> bytes:
    """The bytes of a file, decided there. Raises Unreachable."""
    try:
        answer = outbound.get(
            f"{line.url}/api/v1/files/{file.id}",
            headers=headers(line, Accept="*/*"),
            timeout_seconds=_LOAD_SECONDS,
            answer_bytes_max=FILE_BYTES_MAX,
        )
    except (outbound.Failed, outbound.Forbidden, Refusal) as error:
        raise Unreachable(str(error)[:150] or type(error).__name__) from error
    if answer.status != 200:
        raise Unreachable(f"HTTP {answer.status}")
    return answer.body


def said(answer: Answer) -> dict[str, Any]:
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise Unreachable("not JSON") from None
    if not isinstance(found, dict):
        raise Unreachable("not the agreed shape")
    return found


def skew_seconds(answer: Answer, at: datetime) -> int | None:
    """How far the clock over there is ahead of ours, to the second; None when the answer has no readable date."""
    try:
        theirs = parsedate_to_datetime(answer.headers.get("date", ""))
    except ValueError:
        return None
    theirs = theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)
    seconds = int((theirs - at).total_seconds())
    return max(-(2**31), min(seconds, 2**31 - 1))
