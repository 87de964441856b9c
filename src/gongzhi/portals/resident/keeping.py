"""Photos that come with words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile

from gongzhi.access.actor import Actor
from gongzhi.files import actions as files
from gongzhi.kernel.refusals import Invalid, InvalidForm

PHOTOS_MAX = 6


def keep(upload: "UploadedFile[Any]", *, by: Actor, at: datetime) -> UUID:
    """One upload. by: whoever attaches it afterwards. Raises Invalid for what is not taken."""
    kept = files.keep(
        stream=upload,  # type: ignore[arg-type]  # an upload reads like the binary stream it wraps
        name=upload.name or "",
        purpose="report",
        visibility="public",
        by=by,
        at=at,
    )
    return kept.id


def keep_photos(uploads: "Sequence[UploadedFile[Any]]", *, by: Actor, at: datetime) -> tuple[UUID, ...]:
    """All or none. Raises InvalidForm that names the photos."""
    if len(uploads) > PHOTOS_MAX:
        many = Invalid(
            "resident.many_photos", "最多 %(max)s 张照片，请少选几张。", field="photos", max=PHOTOS_MAX
        )
        raise InvalidForm({"photos": many})
    try:
        return tuple(keep(upload, by=by, at=at) for upload in uploads)
    except Invalid as refusal:
        raise InvalidForm({"photos": refusal}) from refusal
