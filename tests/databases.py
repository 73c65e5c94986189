"""Where the tests' rows are: in the embedded database, or in the PostgreSQL that ``tests.postgresql`` started."""

import atexit
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connection
from psycopg.rows import dict_row

from tests.postgresql import VARIABLE

SERVER = os.environ.get(VARIABLE)
EMBEDDED = "negatoscope.sqlite3"


def opened_by(item: pytest.Item) -> bool:
    """Whether a test opens a database: by Django's fixtures, for Django refuses it otherwise; or in a process of its
    own, in a folder that this module configured for it or for one of its fixtures.
    """
    made = getattr(item, "_fixtureinfo", None)
    if made is None or item.get_closest_marker("django_db"):
        return True
    if {"db", "transactional_db", "live_server"} & set(made.name2fixturedefs):
        return True
    functions = [one.func for several in made.name2fixturedefs.values() for one in several]
    return any(_leads_here(name) for name in {item.module.__name__, *(one.__module__ for one in functions)})  # type: ignore[attr-defined]


@cache
def _leads_here(name: str) -> bool:
    """Whether a module of the tests has something of this one at hand, itself or through another than the conftest
    that asks.
    """
    seen, waiting = {name, "tests.conftest"}, [name] if name != "tests.conftest" else []
    while waiting:
        there = sys.modules.get(waiting.pop())
        for value in list(vars(there).values()) if there else ():
            other = value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", None)
            if other == __name__:
                return True
            if isinstance(other, str) and other.startswith("tests.") and other not in seen:
                seen.add(other)
                waiting.append(other)
    return False


def configure(data: Path, more: str = "") -> None:
    """Write ``negatoscope.toml``; on PostgreSQL with a database of this folder's own."""
    data.mkdir(parents=True, exist_ok=True)
    lines = f'database = "{_named(data)}"\n' if SERVER else ""
    (data / "negatoscope.toml").write_text(lines + more)


def furnish(data: Path) -> None:
    """A data folder whose database has its tables, and nothing in them."""
    data.mkdir(mode=0o700, parents=True)
    if SERVER:
        (data / ".database").write_text(_made(like=(_tables() / ".database").read_text()))
        configure(data)
    else:
        shutil.copy(_tables() / EMBEDDED, data)


@cache
def _tables() -> Path:
    """A folder whose database has its tables, made once in each process of tests."""
    folder = Path(tempfile.mkdtemp(prefix="negatoscope-tables-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    if SERVER:
        configure(folder)
    settings = os.environ | {"NEGATOSCOPE_DATA": str(folder)}
    subprocess.run([sys.executable, "-m", "negatoscope", "migrate", "--verbosity=0"], env=settings, check=True)
    return folder


def rows(data: Path, question: str) -> list[dict[str, Any]]:
    """What the database of a data folder answers."""
    if SERVER:
        with psycopg.connect(_named(data), row_factory=dict_row) as there:
            return there.execute(question.encode()).fetchall()
    return embedded_rows(data, question)


def embedded_rows(data: Path, question: str) -> list[dict[str, Any]]:
    """What the embedded database of a data folder answers."""
    with closing(sqlite3.connect(data / EMBEDDED, timeout=30)) as here:
        here.row_factory = sqlite3.Row
        return [dict(row) for row in here.execute(question)]


def set_aside(data: Path) -> Path:
    """Take the database away, and leave an empty one; returns the folder under which the old one now answers."""
    old = data.parent / f"old-{uuid4().hex[:8]}"
    old.mkdir()
    if SERVER:
        (data / ".database").rename(old / ".database")
        configure(data, _besides_database(data))
    for file in data.glob(f"{EMBEDDED}*"):
        file.rename(old / file.name)
    return old


def forget(data: Path) -> None:
    """Give the server its room back."""
    for mark in data.parent.glob("*/.database") if SERVER else ():
        _ask(f'drop database if exists "{mark.read_text()}" with (force)')


@contextmanager
def refusing(table: str, words: str) -> Iterator[None]:
    """A table that takes no new row, and says so."""
    if connection.vendor == "postgresql":
        make = [
            f"create function refuse() returns trigger language plpgsql as $$begin raise exception '{words}'; end$$",
            f"create trigger refuse before insert on {table} for each row execute function refuse()",
        ]
        end = ["drop function refuse() cascade"]
    else:
        make = [f"create trigger refuse before insert on {table} begin select raise(abort, '{words}'); end"]
        end = ["drop trigger refuse"]
    with connection.cursor() as cursor:
        for statement in make:
            cursor.execute(statement)
    yield
    with connection.cursor() as cursor:
        for statement in end:
            cursor.execute(statement)


def _named(data: Path) -> str:
    """The address of a data folder's database, made at the first need."""
    mark = data / ".database"
    if not mark.exists():
        mark.write_text(_made())
    return f"{SERVER}/{mark.read_text()}"


def _made(like: str = "template1") -> str:
    name = f"journey_{uuid4().hex}"
    _ask(f'create database "{name}" template "{like}"')
    return name


def _besides_database(data: Path) -> str:
    lines = (data / "negatoscope.toml").read_text().splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith("database ="))


def _ask(statement: str) -> None:
    with psycopg.connect(f"{SERVER}/postgres", autocommit=True) as there:
        there.execute(statement.encode())
