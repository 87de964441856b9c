"""Tables of the room. Evidence (`Act`, `Leaf`) keeps references as text, never foreign keys: it outlives the rows.

The application role may only SELECT and INSERT on evidence (roles.py); triggers refuse UPDATE, DELETE and TRUNCATE.
"""

from django.db import models


class Act(models.Model):
    """That something was done. No personal data. Partitioned by month of `id` (UUIDv7), see sql/act.sql."""

    id = models.UUIDField(primary_key=True)
    recorded_at = models.DateTimeField(help_text="set by the database when the row is written, never by us")
    at = models.DateTimeField(
        help_text="when it happened; earlier than recorded_at for imports and offline work"
    )
    by = models.TextField(help_text="pseudonymous reference of the actor")
    under = models.TextField(blank=True, help_text="role and mandate acted under")
    verb = models.TextField()
    subject_kind = models.TextField()
    subject_id = models.TextField()
    area_path = models.TextField(blank=True)
    origin = models.TextField(help_text="installation that recorded it")
    request = models.TextField(blank=True)

    class Meta:
        # The table, its partitions, indexes and triggers are made by sql/act.sql: Django cannot say PARTITION BY.
        db_table = "acts_act"

    def __str__(self) -> str:
        return f"{self.verb} {self.subject_kind}:{self.subject_id}"


class ActContent(models.Model):
    """What an act said: canonical JSON and the salt of its seal. Erasable by role eraser, never changed."""

    act_id = models.UUIDField(primary_key=True)
    type = models.TextField()
    version = models.PositiveSmallIntegerField()
    payload = models.TextField(
        help_text="canonical JSON (gongzhi.kernel.canonical), exactly the bytes sealed"
    )
    salt = models.BinaryField(max_length=16)

    class Meta:
        db_table = "acts_content"

    def __str__(self) -> str:
        return f"{self.type}@{self.version}"


class Leaf(models.Model):
    """The one order of acts: position is dense, starts at 0 and equals the ledger index."""

    position = models.BigIntegerField(primary_key=True)
    act_id = models.UUIDField(unique=True)
    entry = models.BinaryField(help_text="the bytes sealed in the ledger (entries.py)")

    class Meta:
        db_table = "acts_leaf"
        constraints = [
            models.CheckConstraint(condition=models.Q(position__gte=0), name="acts_leaf_position_from_0")
        ]

    def __str__(self) -> str:
        return str(self.position)


class Pending(models.Model):
    """Recorded acts that have no position yet. Emptied by the sequencer."""

    act_id = models.UUIDField(primary_key=True)

    class Meta:
        db_table = "acts_pending"

    def __str__(self) -> str:
        return str(self.act_id)


class Tombstone(models.Model):
    """That an act's content was erased, when, by whom and why. Written only by the SQL function acts_erase."""

    act_id = models.UUIDField(primary_key=True)
    erased_at = models.DateTimeField()
    by = models.TextField()
    reason = models.TextField(help_text="code of the legal ground")

    class Meta:
        db_table = "acts_tombstone"

    def __str__(self) -> str:
        return f"{self.act_id} {self.reason}"


class ReactionCursor(models.Model):
    """The last position a reaction has dealt with (-1: none)."""

    reaction = models.TextField(primary_key=True)
    position = models.BigIntegerField(default=-1)

    class Meta:
        db_table = "acts_reaction_cursor"
        constraints = [
            models.CheckConstraint(condition=models.Q(position__gte=-1), name="acts_cursor_from_minus_1")
        ]

    def __str__(self) -> str:
        return f"{self.reaction} {self.position}"


class DeadLetter(models.Model):
    """An act a reaction could not deal with. Others went on; it stays here until a retry settles it."""

    id = models.BigAutoField(primary_key=True)
    reaction = models.TextField()
    position = models.BigIntegerField()
    act_id = models.UUIDField()
    error = models.TextField()
    attempts = models.PositiveIntegerField(default=1)
    failed_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "acts_dead_letter"
        constraints = [
            models.UniqueConstraint(fields=["reaction", "position"], name="acts_dead_letter_once"),
        ]
        indexes = [
            models.Index(
                fields=["failed_at"],
                condition=models.Q(settled_at__isnull=True),
                name="acts_dead_letter_open",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reaction} {self.position}"
