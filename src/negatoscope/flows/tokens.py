"""Tokens of receivers: made, shown once, revoked; each act is in the ledger."""

import secrets
from contextlib import suppress
from pathlib import Path

from django.db import transaction

from negatoscope.flows.console import Console
from negatoscope.flows.recording import alone, enter
from negatoscope.kit.canonical import sha256
from negatoscope.kit.durable import write_durably
from negatoscope.store import tokens

TOKEN_BYTES = 24


class NameTaken(Exception):  # noqa: N818 -- what it is
    """An open token of this receiver has this name already."""


def make(console: Console, operator: str, receiver: str, name: str) -> str:
    """Make a token and return it: it is shown once, only its hash stays. Raises NameTaken."""
    with alone(console):
        if tokens.named(console.practice, receiver, name):
            raise NameTaken(name)
        token = secrets.token_urlsafe(TOKEN_BYTES)
        at = console.clock()
        tokens.add(console.practice, receiver, name, sha256(token.encode()), (operator, at))
        enter(console, at, "token_made", operator, {"receiver": receiver, "name": name})
        return token


def revoke(console: Console, operator: str, number: int) -> str | None:
    """Close a token; returns its name, ``None`` where there is none open."""
    with alone(console):
        at = console.clock()
        name = tokens.revoke(console.practice, number, at)
        if name is not None:
            enter(console, at, "token_revoked", operator, {"name": name})
            transaction.on_commit(lambda: _mark(console))
        return name


type_mark = tuple[int, int]


def revocations(console: Console) -> type_mark:
    """Differs after each revocation: whoever remembers that a token opens asks this first, without the database."""
    try:
        state = _place(console).stat()
    except OSError:
        return 0, 0
    return state.st_ino, state.st_mtime_ns


def _mark(console: Console) -> None:
    """Tell other processes. Where the disk is full they learn it as soon as they ask the database again."""
    with suppress(OSError):
        write_durably(_place(console), b"")


def _place(console: Console) -> Path:
    return console.config.data / "spool" / "revoked"
