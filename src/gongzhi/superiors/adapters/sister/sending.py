"""Our acts as verbs on the superior's matter: it judges them as those of the unit we are there."""

import json
from collections.abc import Callable, Sequence
from datetime import datetime
from urllib.parse import quote

from gongzhi.exchange import outbound
from gongzhi.exchange.outbound import Answer
from gongzhi.kernel import canonical
from gongzhi.kernel.refusals import Refusal
from gongzhi.superiors.adapters.shapes import Enclosed, Line, Parcel, Receipt, Unreachable
from gongzhi.superiors.adapters.sister.calling import headers, said

# A key that is refused is the connection's trouble, not the message's: it goes out once the key is renewed.
_AGAIN = (401, 403, 408, 425, 429)
_PIECE_BYTES = 900_000
_Call = Callable[[], Answer]


class _Refused(Exception):
    """Answered, and not as hoped."""

    def __init__(self, status: int, detail: str = "") -> None:
        super().__init__(f"HTTP {status} {detail}".strip())
        self.again = status >= 500 or status in _AGAIN
        self.status = status


def send(line: Line, parcels: Sequence[Parcel], at: datetime) -> list[Receipt]:
    """In order; a superior that does not answer stops the round. body: `verb` and the fields of its form."""
    receipts: list[Receipt] = []
    for parcel in parcels:
        receipt = _delivered(line, parcel)
        receipts.append(receipt)
        if receipt.error and receipt.again:
            break
    return receipts


def _delivered(line: Line, parcel: Parcel) -> Receipt:
    try:
        text = _stand(line, parcel) if parcel.kind == "standing" else _perform(line, parcel)
    except _Refused as refused:
        return Receipt(parcel.id, error=str(refused)[:280], again=refused.again)
    except Unreachable as error:
        return Receipt(parcel.id, error=str(error)[:150] or type(error).__name__)
    return Receipt(parcel.id, text=text[:180])


def _perform(line: Line, parcel: Parcel) -> str:
    form: dict[str, object] = {name: text for name, text in parcel.body.items() if name != "verb" and text}
    if parcel.enclosed:
        form["evidence"] = [_carry(line, one) for one in parcel.enclosed]
    body = canonical.dumps({"verb": parcel.body.get("verb", ""), "form": form}).encode()
    sent = {"Content-Type": "application/json", "Idempotency-Key": str(parcel.id)}
    url = f"{_matter(line, parcel)}/transitions"
    found = said(_good(lambda: outbound.post(url, body=body, headers=headers(line, **sent)), 201))
    return f"act {found.get('act_id', '')}"


def _stand(line: Line, parcel: Parcel) -> str:
    """Where it stands here. What is out of our sight there needs no telling any more."""
    body = canonical.dumps(dict(parcel.body)).encode()
    sent = headers(line, **{"Content-Type": "application/json"})
    try:
        _good(lambda: outbound.put(f"{_matter(line, parcel)}/standing", body=body, headers=sent), 200)
    except _Refused as refused:
        if refused.status != 404:
            raise
        return "HTTP 404"
    return "HTTP 200"


def _carry(line: Line, file: Enclosed) -> str:
    """The file's id over there, after its bytes are there; known already from an earlier attempt, nothing is sent."""
    if file.theirs:
        return file.theirs
    top = f"{line.url}/api/v1/files/uploads"
    json_type = {"Content-Type": "application/json"}
    announced = canonical.dumps({"name": file.name, "size_bytes": file.size_bytes, "purpose": "evidence"})
    begun = said(
        _good(
            lambda: outbound.post(top, body=announced.encode(), headers=headers(line, **json_type)),
            201,
        )
    )
    upload, token = f"{top}/{quote(str(begun.get('id', '')), safe='')}", str(begun.get("token", ""))
    sent = headers(line, **{"Content-Type": "application/octet-stream", "Upload-Token": token})
    offset = 0
    with file.open() as stream:
        while piece := stream.read(_PIECE_BYTES):
            url = f"{upload}/bytes?offset={offset}"
            _good(lambda url=url, piece=piece: outbound.put(url, body=piece, headers=sent), 200)  # type: ignore[misc]
            offset += len(piece)
    kept = said(_good(lambda: outbound.post(f"{upload}/completion", body=b"", headers=sent), 201))
    theirs = str(kept.get("id", ""))[:64]
    if not theirs:
        raise Unreachable("not the agreed shape")
    file.carried(theirs)
    return theirs


def _matter(line: Line, parcel: Parcel) -> str:
    return f"{line.url}/api/v1/matters/{quote(parcel.number, safe='')}"


def _good(call: _Call, status: int) -> Answer:
    """The answer, if it is the hoped-for. Raises _Refused, Unreachable."""
    try:
        answer = call()
    except (outbound.Failed, outbound.Forbidden, Refusal) as error:
        raise Unreachable(str(error)[:150] or type(error).__name__) from error
    if answer.status != status:
        raise _Refused(answer.status, _detail(answer))
    return answer


def _detail(answer: Answer) -> str:
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return ""
    return str(found.get("detail", "")) if isinstance(found, dict) else ""
