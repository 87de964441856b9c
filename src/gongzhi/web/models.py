"""Mechanisms all doors share: answers kept for repeated requests, token buckets, and the demo's offered people."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class IdempotentRequest(models.Model):
    """What was answered to a request with this key. Written in the transaction of the effect itself."""

    id = models.BigAutoField(primary_key=True)
    actor = models.CharField(
        max_length=64, help_text="pseudonymous reference, or the session's hash when anonymous"
    )
    key = models.CharField(max_length=128)
    fingerprint = models.BinaryField(max_length=32)
    state = models.CharField(max_length=8, choices=[("running", "running"), ("done", "done")])
    status = models.PositiveSmallIntegerField(default=0)
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="web_idempotent_at")]
        constraints = [
            models.UniqueConstraint(fields=["actor", "key"], name="web_idempotent_once"),
            models.CheckConstraint(condition=~Q(key=""), name="web_idempotent_has_key"),
            models.CheckConstraint(condition=Q(state__in=["running", "done"]), name="web_idempotent_state"),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.state}"


class RateBucket(models.Model):
    """A token bucket. `key` is a keyed hash of purpose and who: neither numbers nor addresses stand here."""

    key = models.CharField(max_length=64, primary_key=True)
    tokens = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="web_rate_at")]

    def __str__(self) -> str:
        return self.key


class DemoPersona(models.Model):
    """Somebody a visitor of the demo may become with one click. Read in demo mode only."""

    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, primary_key=True)
    rank = models.PositiveSmallIntegerField(unique=True)
    title_zh = models.CharField(max_length=60)
    title_en = models.CharField(max_length=60)
    hint_zh = models.CharField(max_length=160, blank=True, default="")
    hint_en = models.CharField(max_length=160, blank=True, default="")

    def __str__(self) -> str:
        return self.title_zh
