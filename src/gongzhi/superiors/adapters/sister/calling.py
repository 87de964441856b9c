"""Calls to the other installation's API, with the token of an account of the unit we are there."""

import json
from collections.abc import Mapping
from typing import Any

from gongzhi.exchange import outbound
from gongzhi.exchange.outbound import Answer
from gongzhi.kernel.refusals import Refusal
from gongzhi.superiors.adapters.shapes import Line, Unreachable


def headers(line: Line, **more: str) -> Mapping[str, str]:
    return {
        "Authorization": f"Bearer {line.secret}",
        "Accept": "application/json",
        "User-Agent": "Gongzhi-Superiors/1",
        **more,
    }


def read(line: Line, path: str) -> dict[str, Any] | None:
    """The JSON object at a path; None where there is none (404). Raises Unreachable."""
    try:
        answer = outbound.get(f"{line.url}/api/v1{path}", headers=headers(line))
    except (outbound.Failed, outbound.Forbidden, Refusal) as error:
        raise Unreachable(str(error)[:150] or type(error).__name__) from error
    if answer.status == 404:
        return None
    if answer.status != 200:
        raise Unreachable(f"HTTP {answer.status}")
    return said(answer)


def said(answer: Answer) -> dict[str, Any]:
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise Unreachable("not JSON") from None
    if not isinstance(found, dict):
        raise Unreachable("not the agreed shape")
    return found
