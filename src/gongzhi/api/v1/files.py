"""Uploads in pieces that survive a lost connection, and downloads decided each time."""

from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from ninja import Field, Router, Schema

from gongzhi.api.v1.answers import KeptOut, ReceivedOut
from gongzhi.api.v1.asking import asking, json, limit_anonymous
from gongzhi.files import queries, uploads

router = Router(tags=["files"])


class UploadIn(Schema):
    """purpose: a code of the files room ("report", "evidence")."""

    name: str = Field(..., max_length=200)
    size_bytes: int = Field(..., ge=1)
    purpose: str = "report"


@router.post("/uploads", response={201: uploads.Begun}, summary="Announce a file")
def begin(request: HttpRequest, body: UploadIn) -> HttpResponse:
    """Answers with a token that goes with every piece as `Upload-Token`."""
    visit = asking(request)
    limit_anonymous(request, "api.upload")
    begun = uploads.begin(
        name=body.name,
        size_bytes=body.size_bytes,
        purpose=body.purpose,
        visibility="public",
        by=visit.actor,
        at=visit.at,
    )
    return json(begun, status=201, location=f"/api/v1/files/uploads/{begun.id}")


@router.get("/uploads/{upload_id}", response=ReceivedOut, summary="How many bytes are safe")
def received(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    token = request.headers.get("Upload-Token", "")
    return json({"received_bytes": uploads.received(id=upload_id, token=token, at=asking(request).at)})


@router.put("/uploads/{upload_id}/bytes", response=ReceivedOut, summary="Add a piece at an offset")
def put(request: HttpRequest, upload_id: UUID, offset: int) -> HttpResponse:
    token = request.headers.get("Upload-Token", "")
    at = asking(request).at
    safe = uploads.put(id=upload_id, token=token, offset=offset, piece=request.body, at=at)
    return json({"received_bytes": safe})


@router.post(
    "/uploads/{upload_id}/completion", response={201: KeptOut}, summary="Check, clean and keep what arrived"
)
def finish(request: HttpRequest, upload_id: UUID) -> HttpResponse:
    visit = asking(request)
    token = request.headers.get("Upload-Token", "")
    kept = uploads.finish(id=upload_id, token=token, by=visit.actor, at=visit.at)
    content = {"id": kept.id, "name": kept.name, "type": kept.type, "size_bytes": kept.size_bytes}
    return json(content, status=201, location=f"/api/v1/files/{kept.id}")


@router.get("/{file_id}", summary="Download, decided now")
def download(request: HttpRequest, file_id: UUID, thumbnail: bool = False) -> HttpResponseBase:
    found = queries.open_for(asking(request).actor, file_id, thumbnail=thumbnail)
    return FileResponse(
        found.stream, filename=found.name, content_type=found.type, as_attachment=not found.inline
    )
