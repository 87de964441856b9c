"""GET {url}/orders?after=CURSOR and POST {url}/messages, both sides signed as our webhooks are (signing.py)."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from gongzhi.exchange import outbound, signing
from gongzhi.exchange.outbound import Answer
from gongzhi.kernel import canonical
from gongzhi.kernel.refusals import Refusal
from gongzhi.superiors.adapters.shapes import Fetched, Known, Line, Parcel, Receipt, Unreachable

_ROWS_MAX = 1_000
_AGAIN = (408, 425, 429)
_RECEIPT_LETTERS_MAX = 180


def fetch(line: Line, known: Sequence[Known], at: datetime) -> Fetched:
    """What is new since the cursor. Raises Unreachable; nothing of an answer without a good signature is read."""
    headers = _signed(line, str(uuid4()), b"", at)
    try:
        answer = outbound.get(f"{line.url}/orders?after={quote(line.cursor, safe='')}", headers=headers)
    except (outbound.Failed, outbound.Forbidden, Refusal) as error:
        raise Unreachable(str(error)[:150] or type(error).__name__) from error
    if answer.status != 200:
        raise Unreachable(f"HTTP {answer.status}")
    secret = line.secret.encode()
    if not signing.verified(secret=secret, headers=answer.headers, body=answer.body, now=int(at.timestamp())):
        raise Unreachable("bad signature")
    said = _object(answer)
    items, cursor = said.get("items"), said.get("next", line.cursor)
    if (
        not isinstance(items, list)
        or len(items) > _ROWS_MAX
        or not isinstance(cursor, str)
        or len(cursor) > 200
    ):
        raise Unreachable("not the agreed shape")
    rows = tuple(_row(item) for item in items)
    return Fetched(rows=rows, cursor=cursor, more=bool(rows) and cursor != line.cursor)


def send(line: Line, parcels: Sequence[Parcel], at: datetime) -> list[Receipt]:
    """In order; the first that may be tried again stops the rest, so that a dead superior costs one time limit."""
    receipts: list[Receipt] = []
    for parcel in parcels:
        receipt = _post(line, parcel, at)
        receipts.append(receipt)
        if receipt.error and receipt.again:
            break
    return receipts


def _post(line: Line, parcel: Parcel, at: datetime) -> Receipt:
    body = canonical.dumps(
        {"id": parcel.id, "kind": parcel.kind, "number": parcel.number, "values": dict(parcel.body)}
    ).encode()
    headers = {"Content-Type": "application/json", **_signed(line, str(parcel.id), body, at)}
    try:
        answer = outbound.post(f"{line.url}/messages", body=body, headers=headers)
    except (outbound.Failed, outbound.Forbidden, Refusal) as error:
        return Receipt(parcel.id, error=str(error)[:150] or type(error).__name__)
    if not 200 <= answer.status < 300:
        again = answer.status >= 500 or answer.status in _AGAIN
        return Receipt(parcel.id, error=f"HTTP {answer.status}", again=again)
    try:
        said = str(_object(answer).get("receipt", ""))
    except Unreachable:
        said = ""
    return Receipt(parcel.id, text=said[:_RECEIPT_LETTERS_MAX] or f"HTTP {answer.status}")


def _signed(line: Line, id_: str, body: bytes, at: datetime) -> Mapping[str, str]:
    stamp = int(at.timestamp())
    own = signing.headers(secret=line.secret.encode(), delivery_id=id_, timestamp=stamp, body=body)
    return {"User-Agent": "Gongzhi-Superiors/1", "Accept": "application/json", **own}


def _object(answer: Answer) -> dict[str, Any]:
    try:
        said = json.loads(answer.body)
    except (ValueError, RecursionError):
        raise Unreachable("not JSON") from None
    if not isinstance(said, dict):
        raise Unreachable("not the agreed shape")
    return said


def _row(item: object) -> Mapping[str, str]:
    """Flat texts; whatever else it holds is left out, a mapping cannot name it."""
    if not isinstance(item, dict):
        raise Unreachable("not the agreed shape")
    return {str(name): _text(value) for name, value in item.items() if isinstance(value, str | int | float)}


def _text(value: str | float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip()
