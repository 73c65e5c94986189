"""Files of logs, in their tables: what was given, which folders are followed, and how far each file was read."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from negatoscope.model.files import Followed, LogFile, LogFolder
from negatoscope.store.models import FollowedFileRow, LogFileRow, LogFolderRow

FORGOTTEN = timedelta(days=30)
"""How long a file that is gone is still known, so that a copy of it is not read again."""
WAITING, READING, DONE, REFUSED = "waiting", "reading", "done", "refused"


def add_folder(practice: int, one: LogFolder, made: tuple[str, datetime]) -> int | None:
    """Follow a folder; its number, ``None`` where one that is followed has this name. ``made``: by whom, and when."""
    by, at = made
    if LogFolderRow.objects.filter(practice_id=practice, name=one.name, removed_at=None).exists():
        return None
    row = LogFolderRow.objects.create(
        practice_id=practice, name=one.name, folder=one.folder, pattern=one.pattern, added_at=at, added_by=by
    )
    return row.pk


def remove_folder(practice: int, number: int, at: datetime) -> str | None:
    """Follow a folder no more; its name, ``None`` where it is not followed."""
    row = LogFolderRow.objects.filter(practice_id=practice, pk=number, removed_at=None).first()
    if row is None:
        return None
    row.removed_at = at
    row.save(update_fields=["removed_at"])
    FollowedFileRow.objects.filter(folder=row).delete()
    return row.name


def folders(practice: int) -> tuple[LogFolder, ...]:
    """Folders that are followed, by name."""
    rows = LogFolderRow.objects.filter(practice_id=practice, removed_at=None).order_by("name")
    return tuple(
        LogFolder(row.pk, row.name, row.folder, row.pattern, row.looked_at, row.trouble, row.files) for row in rows
    )


def troubled(number: int, trouble: str) -> None:
    """Tell why a folder cannot be read."""
    LogFolderRow.objects.filter(pk=number).update(trouble=trouble)


def looked(number: int, at: datetime, trouble: str, files: int) -> None:
    """Tell that a folder was read, and what of it could not be."""
    LogFolderRow.objects.filter(pk=number).update(looked_at=at, trouble=trouble, files=files)


def followed(folder: int) -> tuple[Followed, ...]:
    """The files of a folder that are known."""
    return tuple(
        Followed(row.pk, row.origin, row.device, row.inode, row.offset, row.proof, row.within)
        for row in FollowedFileRow.objects.filter(folder_id=folder).order_by("pk")
    )


def begin(folder: int, one: Followed, at: datetime) -> int:
    """Follow a file from its beginning; returns its number, which is never given again."""
    row = FollowedFileRow.objects.create(
        folder_id=folder, origin=one.origin[:500], device=one.device, inode=one.inode, seen_at=at
    )
    return row.pk


def reached(one: Followed, at: datetime) -> None:
    """Write down how far a file was read, and where it stands."""
    FollowedFileRow.objects.filter(pk=one.number).update(
        device=one.device, inode=one.inode, offset=one.offset, proof=one.proof, within=one.within, seen_at=at
    )


def forget(practice: int, at: datetime) -> None:
    """Let go of files that are long gone."""
    gone = FollowedFileRow.objects.filter(folder__practice_id=practice, inode="", seen_at__lt=at - FORGOTTEN)
    gone.delete()


def give(practice: int, one: LogFile, folder: int | None = None) -> int | None:
    """Have a file read; its number, ``None`` where the same was given before."""
    try:
        with transaction.atomic():
            row = LogFileRow.objects.create(
                practice_id=practice,
                digest=one.digest,
                name=one.name[:250],
                size=one.size,
                folder_id=folder,
                given_at=one.given_at,
                given_by=one.given_by[:200],
                rings_within=one.rings_within,
            )
    except IntegrityError:
        return None
    return row.pk


def given(practice: int, digest: str) -> LogFile | None:
    """The file with this digest, if it was given."""
    row = LogFileRow.objects.filter(practice_id=practice, digest=digest).select_related("folder").first()
    return None if row is None else _file(row)


def files(practice: int, most: int) -> tuple[LogFile, ...]:
    """The files given last, the newest first."""
    rows = LogFileRow.objects.filter(practice_id=practice).select_related("folder").order_by("-given_at", "-pk")
    return tuple(map(_file, rows[:most]))


def waiting(practice: int) -> LogFile | None:
    """The file to read next: the one at hand, else the one that waits for longest."""
    rows = LogFileRow.objects.filter(practice_id=practice, state__in=(READING, WAITING)).select_related("folder")
    row = rows.order_by("state", "pk").first()
    return None if row is None else _file(row)


def parts(practice: int, but: int) -> frozenset[str]:
    """Digests of all plain files that were read in other files."""
    rows = LogFileRow.objects.filter(practice_id=practice).exclude(pk=but).values_list("parts", flat=True)
    return frozenset(digest for told in rows for digest in told)


def try_again(number: int, attempts: int) -> None:
    """Tell that a file is begun, once more."""
    LogFileRow.objects.filter(pk=number).update(state=READING, attempts=attempts)


def went_on(number: int, taken: int, counts: Mapping[str, int]) -> None:
    """Tell how far a file was read."""
    LogFileRow.objects.filter(pk=number).update(taken=taken, counts=dict(counts), attempts=0)


def ended(number: int, state: str, parts: Sequence[str], at: datetime) -> None:
    """A file is read, or refused."""
    LogFileRow.objects.filter(pk=number).update(state=state, parts=list(parts), ended_at=at)


def _file(row: LogFileRow) -> LogFile:
    return LogFile(
        number=row.pk,
        digest=row.digest,
        name=row.name,
        size=row.size,
        given_at=row.given_at,
        given_by=row.given_by,
        rings_within=row.rings_within,
        state=row.state,
        taken=row.taken,
        counts=row.counts,
        folder=row.folder.name if row.folder else "",
        attempts=row.attempts,
    )
