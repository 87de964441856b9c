"""Tables of the room. Subjects are references (kind, id): what files belong to lies above this room."""

from django.db import models
from django.db.models import F, Q

VISIBILITIES = ("internal", "public")
PURPOSES = ("report", "evidence", "reply", "message", "identity", "import", "other")


class File(models.Model):
    """Kept bytes and what they are. `public`: for everybody who may see the subject at all; `internal`: for those
    who work on it. Several rows may share one `sha256`; the bytes are stored once.
    """

    id = models.UUIDField(primary_key=True, editable=False)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    type = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    width = models.PositiveIntegerField(null=True, blank=True)
    height = models.PositiveIntegerField(null=True, blank=True)
    thumbnail_sha256 = models.CharField(max_length=64, blank=True, default="")
    visibility = models.CharField(max_length=8, default="internal")
    purpose = models.CharField(max_length=16)
    kept_by = models.TextField(help_text="pseudonymous reference of the actor")
    kept_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["sha256"], name="files_file_sha256"),
            models.Index(
                fields=["thumbnail_sha256"], condition=~Q(thumbnail_sha256=""), name="files_file_thumbnail"
            ),
            models.Index(fields=["kept_at"], condition=Q(ended_at__isnull=True), name="files_file_kept"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="files_file_sha256_hex"
            ),
            models.CheckConstraint(condition=Q(size_bytes__gt=0), name="files_file_not_empty"),
            models.CheckConstraint(
                condition=Q(visibility__in=VISIBILITIES), name="files_file_visibility_known"
            ),
            models.CheckConstraint(condition=Q(purpose__in=PURPOSES), name="files_file_purpose_known"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("kept_at")),
                name="files_file_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Attachment(models.Model):
    """That a file belongs to a subject. Ended, never deleted."""

    id = models.UUIDField(primary_key=True, editable=False)
    file = models.ForeignKey(File, models.PROTECT, related_name="attachments")
    subject_kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=64)
    attached_by = models.TextField()
    attached_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="files_attachment_subject")]
        constraints = [
            models.UniqueConstraint(
                fields=["file", "subject_kind", "subject_id"],
                condition=Q(ended_at__isnull=True),
                name="files_attachment_once",
            ),
            models.CheckConstraint(
                condition=~Q(subject_kind="") & ~Q(subject_id=""), name="files_attachment_has_subject"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("attached_at")),
                name="files_attachment_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_kind}:{self.subject_id}"


class Upload(models.Model):
    """A file on its way in, piece by piece. Transport, not evidence: swept when it expires."""

    id = models.UUIDField(primary_key=True, editable=False)
    token_hash = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    purpose = models.CharField(max_length=16)
    visibility = models.CharField(max_length=8)
    size_bytes = models.BigIntegerField(help_text="announced")
    received_bytes = models.BigIntegerField(default=0)
    started_by = models.TextField()
    expires_at = models.DateTimeField()
    file = models.ForeignKey(File, models.PROTECT, null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["expires_at"], name="files_upload_expires")]
        constraints = [
            models.CheckConstraint(
                condition=Q(received_bytes__gte=0, received_bytes__lte=F("size_bytes"), size_bytes__gt=0),
                name="files_upload_within_announced",
            ),
            models.CheckConstraint(
                condition=Q(visibility__in=VISIBILITIES), name="files_upload_visibility_known"
            ),
            models.CheckConstraint(condition=Q(purpose__in=PURPOSES), name="files_upload_purpose_known"),
        ]

    def __str__(self) -> str:
        return f"{self.received_bytes}/{self.size_bytes}"
