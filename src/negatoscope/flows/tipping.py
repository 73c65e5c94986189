"""Reports of the staff: taken without an account, kept before they are acknowledged, handled within a day.

What is taken is told to operators in the same transaction. Over a limit nothing is taken, and whoever sends is told so.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_network
from typing import BinaryIO

from negatoscope.flows import notifying, responding
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.disk import room_on
from negatoscope.flows.notifying import Telling
from negatoscope.flows.recording import alone, enter
from negatoscope.flows.responding import CHUNK, Beginning, Line
from negatoscope.model.evidence import Ref
from negatoscope.model.incident import Attached, Noted, Origin
from negatoscope.model.networks import Network
from negatoscope.model.tip import Door, Enclosed, Look, Tip, TipOutcome, Voice
from negatoscope.prove.telling import Concern, Kind
from negatoscope.respond import tips
from negatoscope.store import aliases, notices
from negatoscope.store import tips as rows
from negatoscope.store.notices import Notice
from negatoscope.store.queries import register
from negatoscope.store.queries import tips as held
from negatoscope.store.roles import Role
from negatoscope.store.tips import Begun, Said

HANDLED_IN = timedelta(hours=24)
A_WHILE, AN_HOUR, A_DAY = timedelta(minutes=10), timedelta(hours=1), timedelta(days=1)
MOST_OF_ONE, MOST_OF_ALL = 20, 300
"""Words and files that one address may send in ten minutes, and all of them in an hour."""
MOST_OCTETS = 500 * 1024 * 1024
"""Of files in a day."""
LONGEST = 4000
REPORTER = "reporter"


class NotTaken(Exception):  # noqa: N818 -- what it is
    """A report, or what was joined, is not kept. ``code`` says why; ``name``: of the file whose fault it is."""

    def __init__(self, code: str, name: str = "") -> None:
        """Keep why."""
        super().__init__(code)
        self.code, self.name = code, name


@dataclass(frozen=True)
class File:
    """A file that somebody joins."""

    name: str
    stream: BinaryIO


@dataclass(frozen=True)
class Sending:
    """What somebody sends. ``once``: marks a form sent twice."""

    once: str
    look: Look
    text: str = ""
    where: str = ""
    name: str = ""
    phone: str = ""
    address: str = ""
    files: Sequence[File] = ()


def admitted(console: Console, address: str) -> bool:
    """Whether the page is open to an address."""
    door, listed = held.door(console.practice)
    declared = [ip_network(one.cidr, strict=False) for one in register.declared(console.practice, Network)]
    return tips.admits(door, address, tips.networks_of(listed), declared)


def open_door(console: Console, door: Door, networks: str, who: Handler) -> None:
    """Say to whom the page is open. Raises ValueError: a network that is none."""
    told = " ".join(map(str, tips.networks_of(networks)))
    with alone(console):
        rows.set_door(console.practice, door, told)
        enter(console, console.clock(), "tip_door", who.operator, {"door": door, "networks": told})


def host_at(console: Console, address: str) -> Ref | None:
    """The one host of the register that bears an address; ``None``: none does, or several."""
    told = tips.plain_address(address)
    if told is None or told.is_loopback:
        return None
    leaders = aliases.leading(console.practice)
    found = {leaders.get(one, one) for one in held.hosts_at(console.practice, str(told))}
    return found.pop() if len(found) == 1 else None


def send(console: Console, told: Sending) -> Tip:
    """Take a report; it is kept when this returns. Sent twice, it is one. Raises NotTaken, DiskFull."""
    before = held.of_form(console.practice, told.once)
    if before is not None:
        return before
    _within_limits(console, told.address, len(told.files))
    with room_on(console.config.data):
        kept = [_kept(console, one) for one in told.files]
        with alone(console):
            return held.of_form(console.practice, told.once) or _begin(console, told, kept)


def _begin(console: Console, told: Sending, kept: Sequence[Enclosed]) -> Tip:
    _within_limits(console, told.address, len(kept))
    now, code = console.clock(), "".join(secrets.choice(tips.ALPHABET) for _ in range(tips.LETTERS))
    host, due = host_at(console, told.address), now + HANDLED_IN
    begun = Begun(
        code, told.once, told.look, now, due, host, told.address, told.where[:200], told.name[:200], told.phone[:40]
    )
    number = rows.begin(console.practice, begun)
    rows.add(number, Said(now, Voice.REPORTER, told.name, told.text[:LONGEST], address=told.address))
    for file in kept:
        rows.add(number, Said(now, Voice.REPORTER, told.name, file=file, address=told.address))
    said = {"tip": number, "look": told.look, "text": told.text, "files": [file.digest for file in kept]}
    enter(console, now, "tip_received", REPORTER, said)
    _tell(console, number, due, "tip_received", f"tip/{number}")
    return tip(console, number)


def _tell(console: Console, number: int, due: datetime, code: str, key: str) -> None:
    """Write a mail to operators down; where no server takes them, none is."""
    way = notices.mail(console.practice)
    if way is not None and way.active:
        notice = Notice(key, code, {"ident": number, "at": due.isoformat()})
        notifying.tell(console, [Telling(notice, Concern(Kind.ALERT, Role.OPERATOR))])


def _within_limits(console: Console, address: str, files: int) -> None:
    now, practice = console.clock(), console.practice
    if files > tips.MOST_FILES:
        raise NotTaken("files")
    if address and held.sent_since(practice, now - A_WHILE, address) >= MOST_OF_ONE:
        raise NotTaken("too_many")
    if held.sent_since(practice, now - AN_HOUR) >= MOST_OF_ALL:
        raise NotTaken("too_many_of_all")
    if files and held.octets_since(practice, now - A_DAY) >= MOST_OCTETS:
        raise NotTaken("no_more_files")


def _kept(console: Console, file: File) -> Enclosed:
    """Put a file in the vault. Raises NotTaken: too large, empty, neither a photo nor a mail."""
    name = "".join(sign for sign in file.name if sign.isprintable())[:200] or "document"
    size = 0
    with console.vault.writer() as writer:
        chunk = file.stream.read(max(CHUNK, tips.HEAD))
        kind = tips.kind_of(chunk)
        if not chunk or kind is None:
            raise NotTaken("kind" if chunk else "empty", name)
        while chunk:
            size += len(chunk)
            if size > tips.MOST_FILE:
                raise NotTaken("too_large", name)
            writer.write(chunk)
            chunk = file.stream.read(CHUNK)
        return Enclosed(name, kind, console.vault.keep(writer), size)


def add(console: Console, code: str, told: Sending) -> None:
    """Take more words or files of a reporter; what was found harmless waits again. Raises NotTaken, DiskFull."""
    one = held.of_code(console.practice, tips.spelt(code))
    if one is None:
        raise NotTaken("unknown")
    if not told.text.strip() and not told.files:
        raise NotTaken("wordless")
    if held.said_once(one.number, told.once):
        return
    _within_limits(console, told.address, len(told.files))
    if sum(word.file is not None for word in one.words) + len(told.files) > tips.MOST_KEPT:
        raise NotTaken("files_of_one")
    with room_on(console.config.data):
        kept = [_kept(console, file) for file in told.files]
        with alone(console):
            if not held.said_once(one.number, told.once):
                _add(console, tip(console, one.number), told, kept)


def _add(console: Console, one: Tip, told: Sending, kept: Sequence[Enclosed]) -> None:
    _within_limits(console, told.address, len(kept))
    now, text = console.clock(), told.text.strip()[:LONGEST]
    said = [Said(now, Voice.REPORTER, one.name, text, None, told.address, told.once)] if text else []
    said += [Said(now, Voice.REPORTER, one.name, "", file, told.address, told.once) for file in kept]
    for word in said:
        rows.add(one.number, word)
        if one.incident is not None:
            _carry(console, one, one.incident, word.text, word.file)
    digests = [file.digest for file in kept]
    enter(console, now, "tip_added", REPORTER, {"tip": one.number, "text": text, "files": digests})
    if one.outcome is TipOutcome.HARMLESS:
        rows.wait_again(one.number, now + HANDLED_IN)
        _tell(console, one.number, now + HANDLED_IN, "tip_again", f"tip/{one.number}/{now.isoformat()}")


def tip(console: Console, number: int) -> Tip:
    """One report, with its words. Raises NotTaken: there is none of that number."""
    one = held.tip(console.practice, number)
    if one is None:
        raise NotTaken("unknown")
    return one


def _waiting(console: Console, number: int) -> Tip:
    one = tip(console, number)
    if not one.open:
        raise NotTaken("handled")
    return one


def open_incident(console: Console, number: int, title: str, who: Handler) -> int:
    """Open an incident from a report: its words, its files, its host. Raises NotTaken, Refused."""
    with alone(console):
        one, now = _waiting(console, number), console.clock()
        subjects = (one.host,) if one.host else ()
        words = "\n\n".join(word.text for word in one.words if word.text and word.voice is Voice.REPORTER)
        told = Beginning(title, words, Origin.REPORT, detected=one.received_at, subjects=subjects)
        incident = responding.open_incident(console, told, who)
        for word in one.words:
            _carry(console, one, incident, "", word.file, who)
        _settle(console, one, TipOutcome.OPENED, incident, who, now)
        return incident


def join(console: Console, number: int, incident: int, who: Handler) -> None:
    """Put a report among the words of an incident that is there. Raises NotTaken, Refused: no such incident."""
    with alone(console):
        one, now = _waiting(console, number), console.clock()
        for word in one.words:
            if word.voice is Voice.REPORTER:
                _carry(console, one, incident, word.text, word.file, who)
        _settle(console, one, TipOutcome.JOINED, incident, who, now)


def _carry(  # noqa: PLR0913, PLR0917 -- what is carried, whence, whither and by whom
    console: Console, one: Tip, incident: int, text: str, file: Enclosed | None, who: Handler | None = None
) -> None:
    """Say in an incident's log what was said in a report."""
    by = who or Handler(f"tip:{one.number}", one.name or f"n° {one.number}")
    if text:
        responding.say(console, incident, Line(Noted(), text, one.where), by)
    if file is not None:
        word = Attached(file.name, file.digest, file.size)
        responding.say(console, incident, Line(word, "", one.where), by)


def _settle(  # noqa: PLR0913, PLR0917 -- what became of it, and who says so
    console: Console, one: Tip, outcome: TipOutcome, incident: int | None, who: Handler, now: datetime
) -> None:
    rows.handled(one.number, outcome, now, who.name, incident)
    enter(console, now, f"tip_{outcome}", who.operator, {"tip": one.number, "incident": incident})


def harmless(console: Console, number: int, why: str, who: Handler) -> None:
    """Say that it was nothing, and why; the reporter reads it. Raises NotTaken."""
    if not why.strip():
        raise NotTaken("wordless")
    with alone(console):
        one, now = _waiting(console, number), console.clock()
        rows.add(number, Said(now, Voice.ANSWER, who.name, why.strip()[:LONGEST]))
        _settle(console, one, TipOutcome.HARMLESS, None, who, now)


def answer(console: Console, number: int, text: str, who: Handler) -> None:
    """Say something to the reporter, who reads it with the receipt. Raises NotTaken."""
    if not text.strip():
        raise NotTaken("wordless")
    with alone(console):
        one, now = tip(console, number), console.clock()
        rows.add(one.number, Said(now, Voice.ANSWER, who.name, text.strip()[:LONGEST]))
        enter(console, now, "tip_answered", who.operator, {"tip": number, "text": text})


def wait_again(console: Console, number: int, who: Handler) -> None:
    """Take back that a report was harmless: it waits again, its clock was never stopped. Raises NotTaken."""
    with alone(console):
        one = tip(console, number)
        if one.outcome is not TipOutcome.HARMLESS:
            raise NotTaken("not_harmless")
        rows.wait_again(number, one.due)
        enter(console, console.clock(), "tip_reopened", who.operator, {"tip": number})
