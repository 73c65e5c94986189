"""Tokens of receivers: made, shown once, revoked; each act is in the ledger."""

import secrets

from negatoscope.flows.console import Console
from negatoscope.flows.recording import alone, enter
from negatoscope.kit.canonical import sha256
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
        return name
