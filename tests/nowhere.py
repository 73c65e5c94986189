"""A secret is in no file and no table, in none of the encodings that these could give it."""

import base64
import sqlite3
from io import BytesIO
from pathlib import Path

import zstandard
from django.conf import settings
from django.db import connection


def nowhere(secret: str, *places: Path) -> None:
    """Look through folders, the database's own files and its rows."""
    clear = secret.encode()
    wanted = [clear, secret.encode("utf-16-le"), base64.b64encode(clear), clear.hex().encode()]
    found = [*places, Path(str(settings.DATABASES["default"]["NAME"]))]
    files = [file for place in found if place.exists() for file in ([place] if place.is_file() else place.rglob("*"))]
    for file in (one for one in files if one.is_file()):
        data = file.read_bytes()
        if file.suffix == ".zst":
            data = zstandard.ZstdDecompressor().decompressobj().decompress(data)
        assert not [one for one in wanted if one in data], file
    if isinstance(connection.connection, sqlite3.Connection):
        dump = BytesIO("\n".join(connection.connection.iterdump()).encode())
        assert not [one for one in wanted if one in dump.getvalue()]
