"""A full disk, told from every other trouble, in one place."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import DatabaseError

FULL = 1024 * 1024
"""Free bytes below which SQLite's « disk I/O error » means that it found no room for its own files."""

SERVER_FULL = "53100"
"""What PostgreSQL answers when the disk of its server is full (appendix A of its manual)."""


class DiskFull(Exception):  # noqa: N818 -- what it is
    """No room left; nothing of what was under way was kept."""


@contextmanager
def room_on(folder: Path) -> Iterator[None]:
    """Raise DiskFull where the work inside fails for want of room on the disk that holds ``folder``."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull from error
        raise
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", None) == SERVER_FULL:
            raise DiskFull from error
        if "disk is full" in str(error) or ("disk I/O" in str(error) and shutil.disk_usage(folder).free < FULL):
            raise DiskFull from error
        raise
