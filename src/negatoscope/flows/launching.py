"""The alert chain is launched: shown first, then written down whole, called step by step, answered, ended.

Whom it may call and when stands in tables before anybody is called; each call is written with what carries it. What is
killed in between goes on where it was: nobody is called twice, nobody is forgotten.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from negatoscope.flows import chaining, lettering, listing, reaching, responding
from negatoscope.flows.alerting import CONSOLE, Handler
from negatoscope.flows.chaining import Link
from negatoscope.flows.console import Console
from negatoscope.flows.recording import alone, enter
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.responding import Line
from negatoscope.model import calltree
from negatoscope.model.continuity import Call
from negatoscope.model.evidence import Ref
from negatoscope.model.incident import Chained, State
from negatoscope.model.launch import Launch, LaunchState, Purpose, Reach, Ring, System, Told
from negatoscope.prove.telling import Book, Kind
from negatoscope.respond import chain
from negatoscope.respond.chain import Planned, Use, Way
from negatoscope.respond.incident import Refused
from negatoscope.store import channels, notices
from negatoscope.store import launches as rows
from negatoscope.store.notices import Addressed, MailRow, Notice
from negatoscope.store.queries import channels as known_channels
from negatoscope.store.queries import launches as held

ITSELF = Handler(CONSOLE, "")
TOKEN = 16
"""Octets of chance in the address by which somebody answers."""
CLOSED = frozenset({LaunchState.STOPPED, LaunchState.FALSE_ALARM})


class NotLaunched(Exception):  # noqa: N818 -- what it is
    """Not done. ``code``: ``nobody``, ``running``, ``incident``, ``exercise``, ``unknown``, ``expired``, ``ended``."""

    def __init__(self, code: str) -> None:
        """Keep why."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Wish:
    """What somebody wants launched. ``once``: marks a form sent twice."""

    purpose: Purpose
    reach: Reach = Reach.ONE
    text: str = ""
    suspect: frozenset[System] = frozenset()
    incident: int | None = None
    once: str = ""

    @property
    def far(self) -> Reach:
        """An exercise calls everybody: what it is to show is that each line answers."""
        return Reach.ALL if self.purpose is Purpose.DRILL else self.reach


@dataclass(frozen=True)
class Callee:
    """Somebody to be called, with names and ways."""

    planned: Planned
    name: str
    instead: str
    """Who is away."""
    phones: tuple[str, ...]
    ways: tuple[Way, ...]
    mail: str
    """Where a mail goes; empty: none is known, or no server takes it."""
    mail_left: bool
    """A mail would go there, but mail is suspect."""
    language: str

    @property
    def used(self) -> tuple[Way, ...]:
        """The channels that carry it."""
        return tuple(way for way in self.ways if way.use is not Use.LEFT)

    @property
    def by_hand(self) -> bool:
        """Whether nothing reaches them but a telephone call."""
        return not self.used and not self.mail


@dataclass(frozen=True)
class Plan:
    """What a launch would do. ``silent``: lines on which nobody would answer."""

    callees: tuple[Callee, ...]
    silent: tuple[Link, ...]
    total: int


def plan(console: Console, wish: Wish) -> Plan:
    """Who would be called now, when, and by which ways; nothing is sent or written."""
    known, now = StoredRegister(console.practice), console.clock()
    links = chaining.links(known, now)
    way = notices.mail(console.practice)
    book = reaching.book(console, way or MailRow(), known, now)
    names = listing.named(known, ("Person",))
    phones = {call.person: calltree.numbers(call) for call in known.seen(Call).facts}
    mails = way is not None and way.active

    def callee(one: Planned) -> Callee:
        return _callee(console, one, wish.suspect, _Known(names, phones, book, mails=mails))

    callees = tuple(map(callee, chain.planned([link.rung for link in links], wish.far)))
    return Plan(callees, tuple(link for link in links if not link.called), len(links))


@dataclass(frozen=True)
class _Known:
    names: dict[Ref, str]
    phones: dict[Ref, tuple[str, ...]]
    book: Book
    mails: bool


def _callee(console: Console, one: Planned, suspect: frozenset[System], known: _Known) -> Callee:
    contact = known.book.find(one.person)
    called = contact.names if contact else frozenset({one.person.casefold()})
    ways = chain.ways(known_channels.channels(console.practice), called, suspect)
    address = contact.address if contact and known.mails else ""
    left = System.MAIL in suspect
    return Callee(
        one, known.names.get(one.person, one.person), known.names.get(one.instead or "", one.instead or ""),
        known.phones.get(one.person, ()), ways, "" if left else address, bool(address) and left,
        contact.language if contact and contact.language else "fr",
    )  # fmt: skip


def launch(console: Console, wish: Wish, who: Handler) -> int:
    """Launch the chain; the first are called when this returns. Sent twice, it is one. Raises NotLaunched."""
    once = wish.once or secrets.token_urlsafe(15)
    with alone(console):
        before = held.of_form(console.practice, once)
        if before is not None:
            return before
        _allowed(console, wish)
        told = plan(console, wish)
        if not told.callees:
            raise NotLaunched("nobody")
        now = console.clock()
        fields = {
            "once": once, "purpose": wish.purpose, "reach": wish.far, "text": wish.text[:1000],
            "suspect": sorted(wish.suspect), "incident": wish.incident, "total": told.total, "begun_at": now,
            "begun_by": who.name[:200], "expires_at": now + chain.VALID,
        }  # fmt: skip
        rings = [_row(place, one, now) for place, one in enumerate(told.callees, start=1)]
        number = rows.begin(console.practice, fields, rings)
        said = {"launch": number, "purpose": wish.purpose, "rings": [one.planned.person for one in told.callees]}
        enter(console, now, "chain_launched", who.operator, said)
        _log(console, _launch(console, number), "launched", "", who)
        go_on(console, number)
        return number


def _allowed(console: Console, wish: Wish) -> None:
    """One launch at a time; what is serious ends an exercise."""
    for one in held.running(console.practice):
        if wish.purpose is Purpose.DRILL or one.purpose is Purpose.REAL:
            raise NotLaunched("running")
        _end(console, one, LaunchState.STOPPED, ITSELF, "")
    if wish.incident is not None:
        try:
            told = responding.incident(console, wish.incident)
        except Refused as refused:
            raise NotLaunched("incident") from refused
        if told.exercise and (wish.purpose is Purpose.REAL or told.finished is not None):
            raise NotLaunched("exercise")
        if told.state is State.CLOSED or (wish.purpose is Purpose.DRILL and not told.exercise):
            raise NotLaunched("incident")


def _row(place: int, one: Callee, now: datetime) -> dict[str, Any]:
    begins = now + one.planned.after
    return {
        "place": place, "person": one.planned.person, "name": one.name[:200], "lines": list(one.planned.lines),
        "instead": one.instead[:200], "phones": list(one.phones), "channels": [way.channel for way in one.used],
        "ways": [way.name for way in one.used], "mail": one.mail, "language": one.language,
        "token": secrets.token_urlsafe(TOKEN), "due": begins, "until": begins + one.planned.wait,
    }  # fmt: skip


def _launch(console: Console, number: int) -> Launch:
    one = held.launch(console.practice, number)
    if one is None:
        raise NotLaunched("unknown")
    return one


def waiting(one: Launch, now: datetime) -> bool:
    """Whether time has brought something to a launch."""
    mails = any(ring.mail_due is not None and ring.mail_due <= now for ring in one.rings)
    return mails or bool(chain.due(one, now)) or chain.ending(one, now) is not None


def go_on(console: Console, number: int) -> None:
    """Do what time has brought: call, mail, end. Each thing once, whoever does it and however often."""
    with alone(console):
        one, now = _launch(console, number), console.clock()
        while one.running and (rings := chain.due(one, now)):
            rows.moved(chain.late(one, rings[0], now))
            _call(console, one, rings[0], now)
            one = _launch(console, number)
        for ring in one.rings:
            if one.running and ring.mail_due is not None and ring.mail_due <= now:
                _mail(console, one, ring, now)
        state = chain.ending(one, now) if one.running else None
        if state is not None:
            _end(console, one, state, ITSELF, "")


def _call(console: Console, one: Launch, ring: Ring, now: datetime) -> None:
    row = rows.ring(ring.number)
    written = channels.write_ring(row.channels, ring.number, f"ring/{ring.number}", now)
    mail_due = (now + chain.LATER if written else now) if ring.mail else None
    rows.called(ring.number, now, mail_due)
    enter(console, now, "chain_called", CONSOLE, {"launch": one.number, "person": ring.person, "ways": row.channels})
    _log(console, one, "called", ring.name, ITSELF)


def _mail(console: Console, one: Launch, ring: Ring, now: datetime) -> None:
    """Write the mail down: it leaves last, and only where no answer has come."""
    row = rows.ring(ring.number)
    values = {"url": lettering.answered_at(console.config.address, row.token)}
    notice = Notice(f"ring/{ring.number}", f"chain_{one.purpose}", values)
    notices.write(console.practice, [Addressed(notice, Kind.CALL, ring.mail, row.language)], now)
    rows.mailed(ring.number)


def of_token(console: Console, token: str) -> tuple[Launch, Ring]:
    """Whom an address stands for, and of which launch. Raises NotLaunched: ``unknown``, ``expired``."""
    found = held.of_token(console.practice, token)
    if found is None:
        raise NotLaunched("unknown")
    one = _launch(console, found[0])
    if console.clock() > one.expires_at:
        raise NotLaunched("expired")
    return one, next(ring for ring in one.rings if ring.number == found[1])


def answer(console: Console, token: str) -> None:
    """Somebody answers by their own address. Done twice, the first stands. Raises NotLaunched."""
    with alone(console):
        one, ring = of_token(console, token)
        _answered(console, one, ring, Told.LINK, Handler(f"ring:{ring.person}", ring.name))


def tick(console: Console, number: int, ring: int, who: Handler) -> None:
    """Whoever telephoned notes that somebody answered. Raises NotLaunched."""
    with alone(console):
        one = _launch(console, number)
        _answered(console, one, _ring(one, ring), Told.HAND, who)


def _answered(console: Console, one: Launch, ring: Ring, how: Told, who: Handler) -> None:
    if one.state in CLOSED:
        raise NotLaunched("ended")
    if ring.answered_at is not None:
        return
    now = console.clock()
    rows.answered(ring.number, now, how, who.name if how is Told.HAND else "")
    enter(console, now, "chain_answered", who.operator, {"launch": one.number, "person": ring.person, "how": how})
    _log(console, one, f"answered_{how}", ring.name, who)
    go_on(console, one.number)


def missed(console: Console, number: int, ring: int, who: Handler) -> None:
    """Whoever telephoned notes that nobody picked up: the next is called now. Raises NotLaunched."""
    with alone(console):
        one = _launch(console, number)
        if not one.running:
            raise NotLaunched("ended")
        told, now = _ring(one, ring), console.clock()
        if told.answered_at is not None or told.missed_at is not None or told.called_at is None:
            return
        rows.missed(told.number, now)
        rows.moved(chain.hurried(one, told, now))
        enter(console, now, "chain_missed", who.operator, {"launch": number, "person": told.person})
        _log(console, one, "missed", told.name, who)
        go_on(console, number)


def stop(console: Console, number: int, state: LaunchState, why: str, who: Handler) -> None:
    """End it: nobody else is called, who was told reads so at their address. Raises NotLaunched."""
    with alone(console):
        one = _launch(console, number)
        if not one.running:
            raise NotLaunched("ended")
        _end(console, one, state, who, why.strip()[:1000])


def _end(console: Console, one: Launch, state: LaunchState, who: Handler, why: str) -> None:
    now = console.clock()
    rows.end(one.number, state, now, who.name, why)
    enter(console, now, "chain_ended", who.operator, {"launch": one.number, "state": state, "why": why})
    _log(console, one, state, "", who, why)


def _ring(one: Launch, number: int) -> Ring:
    found: Sequence[Ring] = [ring for ring in one.rings if ring.number == number]
    if not found:
        raise NotLaunched("unknown")
    return found[0]


def _log(  # noqa: PLR0913, PLR0917 -- what, of whom, by whom, why
    console: Console, one: Launch, step: str, name: str, who: Handler, why: str = ""
) -> None:
    """Say it in the incident's log, where it belongs to one."""
    if one.incident is not None:
        responding.say(console, one.incident, Line(Chained(one.number, step, name), why), who)
