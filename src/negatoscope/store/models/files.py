"""Files of logs: those given once, and those of folders that are followed."""

from typing import ClassVar

from django.db import models

from negatoscope.store.models.practice import PracticeRow


class LogFolderRow(models.Model):
    """A folder whose files are read as they grow. ``trouble``: a code of why it cannot be; empty: it can."""

    practice = models.ForeignKey(PracticeRow, models.PROTECT)
    name = models.CharField(max_length=80)
    folder = models.CharField(max_length=1000)
    pattern = models.CharField(max_length=200)
    added_at = models.DateTimeField()
    added_by = models.CharField(max_length=200)
    removed_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    trouble = models.CharField(max_length=40, default="")
    files = models.IntegerField(default=0)
    """How many were there when it was last looked at."""

    class Meta:
        """A name names one."""

        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["practice", "name"], condition=models.Q(removed_at=None), name="one_folder_a_name"
            )
        ]

    def __str__(self) -> str:
        """Its name."""
        return self.name


class FollowedFileRow(models.Model):
    """One file of a folder, known by device and inode, and by what was read last of it."""

    folder = models.ForeignKey(LogFolderRow, models.CASCADE)
    origin = models.CharField(max_length=500)
    """What it was called when it was first seen."""
    device = models.CharField(max_length=24)
    inode = models.CharField(max_length=24)
    """Empty where the file is gone or was emptied: what was moved away may still be found by ``proof``."""
    offset = models.BigIntegerField(default=0)
    """Octets that were read, of what it holds unpacked."""
    proof = models.CharField(max_length=64, default="")
    """The digest of what stands right before ``offset``."""
    within = models.BooleanField(default=False)
    """Whether ``offset`` lies within a line that is too long, whose rest is passed over."""
    seen_at = models.DateTimeField()

    class Meta:
        """Asked by folder."""

        indexes: ClassVar = [models.Index(fields=["folder", "seen_at"])]

    def __str__(self) -> str:
        """Its first name."""
        return self.origin


class LogFileRow(models.Model):
    """A file to be read whole, once. ``state``: ``waiting``, ``reading``, ``done``, ``refused``."""

    practice = models.ForeignKey(PracticeRow, models.PROTECT)
    digest = models.CharField(max_length=64)
    name = models.CharField(max_length=250)
    size = models.BigIntegerField()
    folder = models.ForeignKey(LogFolderRow, models.CASCADE, null=True)
    """Where it was found; nothing: somebody gave it."""
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=200)
    rings_within = models.FloatField()
    state = models.CharField(max_length=10, default="waiting")
    taken = models.BigIntegerField(default=0)
    """Pieces of it that are worked through, flaws included."""
    counts = models.JSONField(default=dict)
    """``kept``, and flaws by why."""
    parts = models.JSONField(default=list)
    """Digests of the plain files in it."""
    attempts = models.IntegerField(default=0)
    """How often it was begun since it last went on."""
    ended_at = models.DateTimeField(null=True)

    class Meta:
        """Taken once."""

        constraints: ClassVar = [
            models.UniqueConstraint(fields=["practice", "digest"], name="one_log_file_a_digest"),
        ]

    def __str__(self) -> str:
        """Its name."""
        return self.name
