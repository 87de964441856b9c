"""Our acts as verbs on the superior's matter: it judges them as those of the unit we are there."""

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import quote

from gongzhi.exchange import outbound
from gongzhi.kernel import canonical
from gongzhi.kernel.refusals import Refusal
from gongzhi.superiors.adapters.shapes import Line, Parcel, Receipt, Unreachable
from gongzhi.superiors.adapters.sister.calling import headers, said

_AGAIN = (408, 425, 429)


def send(line: Line, parcels: Sequence[Parcel], at: datetime) -> list[Receipt]:
    """In order; a superior that does not answer stops the round. body: `verb` and the fields of its form."""
    receipts: list[Receipt] = []
    for parcel in parcels:
        receipt = _perform(line, parcel)
        receipts.append(receipt)
        if receipt.error and receipt.again:
            break
    return receipts


def _perform(line: Line, parcel: Parcel) -> Receipt:
    form = {name: text for name, text in parcel.body.items() if name != "verb" and text}
    body = canonical.dumps({"verb": parcel.body.get("verb", ""), "form": form}).encode()
    sent = headers(line, **{"Content-Type": "application/json", "Idempotency-Key": str(parcel.id)})
    url = f"{line.url}/api/v1/matters/{quote(parcel.number, safe='')}/transitions"
    try:
        answer = outbound.post(url, body=body, headers=sent)
        found = said(answer)
    except (outbound.Failed, outbound.Forbidden, Refusal, Unreachable) as error:
        return Receipt(parcel.id, error=str(error)[:150] or type(error).__name__)
    if answer.status == 201:
        return Receipt(parcel.id, text=f"act {found.get('act_id', '')}"[:180])
    again = answer.status >= 500 or answer.status in _AGAIN
    return Receipt(parcel.id, error=f"HTTP {answer.status} {found.get('detail', '')}"[:280], again=again)
