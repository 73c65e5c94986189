"""A console as it stands, kept to be put back in a later test: its rows, and its folder."""

import atexit
import shutil
import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.models import Model


@dataclass(frozen=True)
class Kept:
    """What stood there, and the instant of its story."""

    now: datetime
    folder: Path
    rows: dict[type[Model], list[dict[str, Any]]]


def tables() -> list[type[Model]]:
    return list(apps.get_app_config("store").get_models(include_auto_created=True))


def keep(folder: Path, now: datetime) -> Kept:
    """Copy all rows and the folder, until this process ends."""
    place = Path(tempfile.mkdtemp(prefix="negatoscope-kept-"))
    atexit.register(shutil.rmtree, place, ignore_errors=True)
    shutil.copytree(folder, place, dirs_exist_ok=True)
    return Kept(now, place, {table: list(table._base_manager.values()) for table in tables()})  # noqa: SLF001 -- Django's documented name


def put_back(kept: Kept, folder: Path) -> None:
    """Write them into an empty database and an empty folder."""
    shutil.copytree(kept.folder, folder, dirs_exist_ok=True)
    with transaction.atomic(), connection.cursor() as cursor:
        for table, rows in kept.rows.items():
            table._base_manager.bulk_create([table(**row) for row in rows], batch_size=2000)  # noqa: SLF001 -- the same
        for statement in connection.ops.sequence_reset_sql(no_style(), tables()):
            cursor.execute(statement)
