"""Connecting a directory: a test that only comes in and out again, and the log-in kept under the directory's name."""

from dataclasses import dataclass
from io import BytesIO
from typing import Any

import msgspec
from django.views.decorators.debug import sensitive_variables

from negatoscope.flows import credentials, scheduling
from negatoscope.flows.console import Console
from negatoscope.flows.observing import bounds
from negatoscope.model.evidence import Values
from negatoscope.observe.collector import Login, Look, Unreachable
from negatoscope.observe.directory.capture import entered
from negatoscope.observe.directory.collector import DIRECTORY
from negatoscope.observe.directory.settings import Settings
from negatoscope.observe.directory.settings import bound as within

PATIENCE = 8
"""Seconds that a person waits for one answer of a test."""


@dataclass(frozen=True)
class Tried:
    """What became of a test: the base it would look under, or why it was not let in (a gap's code and values)."""

    base: str | None = None
    why: str | None = None
    values: Values | None = None


def credential_of(realm: str) -> str:
    """The name under which a directory's log-in is kept."""
    return f"annuaire {realm}"


@sensitive_variables()
def attempt(console: Console, settings: dict[str, Any], login: Login | None) -> Tried:
    """Come in and out again, with this log-in or the stored one; nothing is read, nothing is kept."""
    try:
        asked = msgspec.convert({**settings, "patience": PATIENCE}, Settings)
        borrowed = login or credentials.lender(console)(asked.credential)
        return Tried(base=entered(within(asked, bounds(console)), borrowed, Look(BytesIO())))
    except Unreachable as error:
        return Tried(why=error.why, values=error.values)


@sensitive_variables()
def keep(console: Console, operator: str, realm: str, login: Login) -> None:
    """Keep a directory's log-in, in the place of the last one. Raises CredentialRefused, KeyLost."""
    name = credential_of(realm)
    try:
        credentials.add(console, operator, name, login)
    except credentials.CredentialRefused as error:
        if error.code != "name_taken":
            raise
        credentials.replace(console, operator, name, login)


def look(console: Console, operator: str, realm: str, settings: dict[str, Any]) -> int:
    """Ask for a look at a directory; returns the job's number."""
    return scheduling.ask(console, scheduling.Asked(DIRECTORY.name, realm, operator, settings))
