"""Reports of the staff in their tables. Called by a writer who is alone."""

from dataclasses import dataclass
from datetime import datetime

from negatoscope.model.tip import Door, Enclosed, Look, TipOutcome, Voice
from negatoscope.store.models import TipDoorRow, TipRow, TipWordRow


@dataclass(frozen=True)
class Said:
    """Something to add to a report."""

    at: datetime
    voice: Voice
    name: str
    text: str = ""
    file: Enclosed | None = None
    address: str = ""
    once: str | None = None


@dataclass(frozen=True)
class Begun:
    """What a report begins with."""

    code: str
    once: str
    look: Look
    received_at: datetime
    due: datetime
    host: str | None
    address: str
    where: str
    name: str
    phone: str


def begin(practice: int, told: Begun) -> int:
    """Give a report its number."""
    return TipRow.objects.create(
        practice_id=practice, code=told.code, once=told.once, look=told.look, received_at=told.received_at,
        due=told.due, host=told.host, address=told.address, where=told.where, name=told.name, phone=told.phone,
    ).pk  # fmt: skip


def add(number: int, said: Said) -> int:
    """Write a word at the next place; returns it."""
    place = TipWordRow.objects.filter(tip_id=number).count() + 1
    file = said.file or Enclosed("", "", "", 0)
    TipWordRow.objects.create(
        tip_id=number, place=place, at=said.at, voice=said.voice, name=said.name[:200], address=said.address,
        text=said.text, file_name=file.name, kind=file.kind, digest=file.digest, size=file.size, once=said.once,
    )  # fmt: skip
    return place


def handled(number: int, outcome: TipOutcome, at: datetime, by: str, incident: int | None = None) -> None:
    """Say what became of a report."""
    TipRow.objects.filter(pk=number).update(outcome=outcome, handled_at=at, handled_by=by[:200], incident=incident)


def wait_again(number: int, due: datetime) -> None:
    """Take back what became of a report: it waits again."""
    TipRow.objects.filter(pk=number).update(outcome=None, handled_at=None, handled_by="", incident=None, due=due)


def set_door(practice: int, door: Door, networks: str) -> None:
    """Say to whom the page is open."""
    TipDoorRow.objects.update_or_create(practice_id=practice, defaults={"door": door, "networks": networks})
