"""How an incident is handled, beyond what closing asks for: rule 38's questions, memory first, declarations in time."""

from collections.abc import Iterator
from datetime import datetime

from negatoscope.model.custody import Inquired, Piece
from negatoscope.model.evidence import Ref
from negatoscope.model.incident import Hit, Incident, Sent
from negatoscope.respond import closing, custody
from negatoscope.respond.duty import Owed
from negatoscope.respond.wall import Clock, clocks

ASKED = ("twins", "reach", "talk")
"""The three questions of rule 38, of each compromised host."""


def lacks(one: Incident) -> tuple[str, ...]:
    """What is lacking, as codes: those of closing, then questions without an answer kept, and memory."""
    found = {code for code, _host in closing.missing(one)}
    for host in one.hosts(Hit.COMPROMISED):
        found |= {name for name in ASKED if name not in _kept(one, host)} | set(_memory(one, host))
    return tuple(sorted(found))


def _kept(one: Incident, host: Ref) -> set[str]:
    """The questions about a host whose answers were kept, at whatever time."""
    words = (entry.word for entry in one.inquired)
    return {name for word in words if isinstance(word, Inquired) and word.host == host for name in word.asked}


def _memory(one: Incident, host: Ref) -> Iterator[str]:
    """Whether its memory was copied, and before its disks: what is switched off has none any more."""
    pieces = [chain.word.piece for chain in custody.chains(one) if chain.word.host == host]
    if Piece.MEMORY not in pieces:
        yield "disk_first" if Piece.DISK in pieces else "no_memory"
    elif Piece.DISK in pieces[: pieces.index(Piece.MEMORY)]:
        yield "disk_first"


def declared(one: Incident, now: datetime) -> tuple[str, ...]:
    """Duties that have a last instant, and what became of each: ``CNIL/met``, ``late``, ``waits`` or ``perhaps``."""
    timed = ((clock, clock.due) for clock in clocks(one))
    return tuple(sorted(f"{clock.duty.id}/{_became(one, clock, due, now)}" for clock, due in timed if due))


def _became(one: Incident, clock: Clock, due: datetime, now: datetime) -> str:
    """Late with its reasons is as the law wants it, where the law asks for them."""
    if clock.sent is not None:
        return "met" if clock.sent <= due or (clock.duty.late_asks_why and _explained(one, clock)) else "late"
    if now <= due:
        return "waits"
    return "late" if clock.owed is Owed.YES else "perhaps"


def _explained(one: Incident, clock: Clock) -> bool:
    first = next(each for each in one.sent if isinstance(each.word, Sent) and each.word.duty == clock.duty.id)
    return bool(first.text.strip() or (isinstance(first.word, Sent) and first.word.reasons.strip()))
