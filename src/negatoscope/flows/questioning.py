"""Rule 38's three questions on one host: the register, the flows and the logs, read for the thinkers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from ipaddress import ip_address
from itertools import starmap
from typing import Any

from negatoscope.flows.console import Console
from negatoscope.flows.estates import ESTATE, evidence, exposures, of_register, reachable
from negatoscope.flows.hunting import store
from negatoscope.flows.recording import enter
from negatoscope.flows.registering import StoredRegister
from negatoscope.judge.talks import ends
from negatoscope.model.accounts import Privilege
from negatoscope.model.administration import BY_PORT
from negatoscope.model.evidence import Ref
from negatoscope.model.hosts import Host
from negatoscope.model.networks import Service
from negatoscope.model.traffic import INTERNET, Conversation, FlowWatch
from negatoscope.model.zones import Zone, ZoneKind
from negatoscope.respond.questions import entry, reach, spread, talk, twins, ways
from negatoscope.respond.questions.answer import Answer, Read, Why, Window, why
from negatoscope.respond.questions.silence import silences, unwatched
from negatoscope.store import aliases
from negatoscope.store.queries import alerts, exchanges, register

ASKED = "questions"
USUAL, LONGEST = timedelta(days=7), timedelta(days=366)
OUTSIDE = "zone/internet"
UPSTREAM = 200
"""Hosts from which it may have come, nearest first, whose events are read for a way in."""
AHEAD = timedelta(days=2)
SMB = frozenset({139, 445})


class NoSuchHost(LookupError):  # noqa: N818 -- what it is
    """The register knows no host of this name."""


class BadWindow(ValueError):  # noqa: N818 -- what it is
    """The window ends before it begins, is too long, or the first sign lies outside it."""


def window(now: datetime, since: datetime | None, until: datetime | None, sign: datetime | None) -> Window:
    """The time asked about; seven days to this instant unless told otherwise. Raises BadWindow."""
    until = until or now
    since = since or until - USUAL
    if not (timedelta() < until - since <= LONGEST) or not since <= (sign or until) <= until or until > now + AHEAD:
        raise BadWindow
    return Window(since, until, sign or until)


@dataclass
class Questioning:
    """The answers on one host, each worked out when it is first asked for. Each may raise ``events.Refused``."""

    console: Console
    host: Ref
    window: Window

    @cached_property
    def register(self) -> StoredRegister:
        """What the console knows now."""
        return StoredRegister(self.console.practice)

    @cached_property
    def _addresses(self) -> tuple[str, ...]:
        """Addresses that this host alone bears."""
        return tuple(sorted(address for address, ref in self._bearers.items() if ref == self.host))

    @cached_property
    def _outside(self) -> tuple[str, ...]:
        zones = self.register.seen(Zone).facts
        return tuple(sorted({OUTSIDE, *(one.ref for one in zones if one.kind is ZoneKind.INTERNET)}))

    @cached_property
    def _whom(self) -> exchanges.Whom:
        return exchanges.Whom(self.host, self._addresses, self._outside)

    @cached_property
    def _hours(self) -> list[dict[str, Any]]:
        return exchanges.hours(store(self.console), self._whom, self.window.since, self.window.until)

    @cached_property
    def _conversations(self) -> list[Conversation]:
        """Those that went on at some time of the window."""
        since, until = self.window.since, self.window.until
        every = register.stated(self.console.practice, Conversation)
        return [one for one in every if one.first and one.last and one.first < until and one.last >= since]

    @cached_property
    def _watches(self) -> list[FlowWatch]:
        return register.stated(self.console.practice, FlowWatch)

    def _events_read(self) -> list[Read]:
        count, last = sum(row["n"] for row in self._hours), max((row["last"] for row in self._hours), default=None)
        return [Read("events", count, last)]

    def _silent(self, code: str, column: str) -> list[Why]:
        return list(silences(code, (row["hour"] for row in self._hours if row[column]), self.window))

    @cached_property
    def twins(self) -> Answer[twins.Twin]:
        """Who is alike."""
        seen = self.register.seen
        known = twins.traits(seen(Host).facts, seen(Service).facts, seen(Privilege).facts)
        software = register.shared_software(self.console.practice, self.host)
        return twins.twins(self.host, known, software, evidence(self.register, (Host, Service, Privilege)))

    @cached_property
    def reach(self) -> Answer[reach.Reached]:
        """What can be reached."""
        since, until = self.window.since - exchanges.HABIT, self.window.until
        events = store(self.console)
        came = [
            ways.Session(one["host"], one["account"], one["last"]) for one in exchanges.sessions(events, since, until)
        ]
        opened = [
            ways.Opened(one["account"], one["action"], one["what"] or one["host"], one["n"], one["last"])
            for one in exchanges.opened(events, since, until)
            if one["what"] or one["host"]
        ]
        estate = of_register(self.register, came, opened)
        steps = [*ways.steps(self.host, estate), *reachable(self.register, self.host, self._addresses)]
        known = reach.Known(
            {one.ref: one.host_class for one in estate.hosts}, frozenset(one.host for one in estate.nodes)
        )
        read = [*evidence(self.register, ESTATE), *self._events_read()]
        return reach.reach(self.host, steps, known, read, self._unread(estate))

    def _unread(self, estate: ways.Estate) -> list[Why]:
        told = [why("share_rights_unread")]
        if not estate.members:
            told.append(why("no_directory"))
        if not estate.sessions:
            told.append(why("no_sessions"))
        if without := ways.without_privileges(estate.hosts, estate.privileges):
            told.append(why("others_without_administrator", hosts=without, of=len(estate.hosts)))
        return told + self._silent("logs", "mine")

    @cached_property
    def talk(self) -> Answer[talk.Exchange]:
        """With whom it exchanged."""
        rows = exchanges.exchanged(store(self.console), self._whom, self.window.since, self.window.until)
        told = [_exchange(row) for row in rows]
        flows = [one for one in self._conversations if {one.source, one.target} & set(self._addresses)]
        told += [_of_flow(one, one.source in self._addresses, self._bearers, self.window) for one in flows]
        cut = [why("too_many_exchanges", most=exchanges.MOST_ROWS)] if len(rows) == exchanges.MOST_ROWS else []
        read = [*self._events_read(), *self._flows_read()]
        return talk.talk(told, read, [*cut, *self._untold()])

    @cached_property
    def _bearers(self) -> Mapping[str, Ref]:
        return ends(self.register.seen(Host).facts)

    def _flows_read(self) -> list[Read]:
        newest = max((one.last for one in self._watches if one.last), default=None)
        return [Read("Conversation", len(self._conversations), newest)]

    def _untold(self) -> list[Why]:
        """What nobody could tell of the host's exchanges."""
        logged = any(row["my_talks"] for row in self._hours)
        return [
            *unwatched(self._addresses, self._watches, self.window, logged=logged),
            *(self._silent("connections", "talks") if logged or not self._watches else ()),
            *self._silent("logs", "mine"),
        ]

    @cached_property
    def _spans(self) -> tuple[list[spread.Span], list[Why]]:
        moves = exchanges.moves(store(self.console), self.window.since, self.window.until)
        habits = set(starmap(_between, moves.before)) if moves.heard else None
        told = [_of_events(row, habits) for row in moves.told]
        before = any(one.first and one.first < self.window.since for one in self._watches)
        told += [one for flow in self._conversations if (one := _span(flow, self._bearers, self.window, before=before))]
        blind = [why("coarse_spans", most=exchanges.MOST_SPANS)] if moves.joined else []
        return told, [*blind, *([why("spans_cut", cut=moves.cut)] if moves.cut else [])]

    @cached_property
    def spread(self) -> Answer[spread.Passage]:
        """Where it may have come from, and gone."""
        told, coarse = self._spans
        read = [*self._events_read(), *self._flows_read()]
        return spread.spread(self.host, self.window, told, read, [why("one_way_only"), *coarse, *self._untold()])

    @cached_property
    def entry(self) -> Answer[entry.Candidate]:
        """How it may have come in."""
        back = spread.backwards(self.host, self.window.sign, self._spans[0])
        near = sorted(back.values(), key=lambda one: (len(one.path), not one.unusual, one.host))[:UPSTREAM]
        distances = {self.host: 0, **{one.host: len(one.path) for one in near}}
        events, (since, sign) = store(self.console), (self.window.since, self.window.sign)
        rows = exchanges.happened(events, distances.keys(), self._outside, since, sign + timedelta(microseconds=1))
        told = [entry.Happening(**row) for row in rows]
        told += [
            entry.Happening(
                one.subject,
                "alert",
                origin=f"n°\N{NO-BREAK SPACE}{one.number}",
                done=one.count,
                first=one.began,
                last=one.last,
            )
            for one in alerts.since(self.console.practice, since)
            if since <= one.began <= sign
        ]
        told += exposures(self.register, self._bearers)
        blind = [why("mail_unread"), *self._silent("logs", "mine")]
        read = [*self._events_read(), Read("hosts", len(distances))]
        return entry.entry(self.window, distances, told, read, blind)

    def every(self) -> dict[str, Answer[Any]]:
        """All answers by name."""
        return {name: getattr(self, name) for name in NAMES}


NAMES = ("entry", "spread", "talk", "reach", "twins")


def ask(console: Console, operator: str, name: str, asked: Window) -> Questioning:
    """Ask about a host, and enter that it was asked. Raises NoSuchHost."""
    found = find(console, name, asked)
    enter(console, console.clock(), ASKED, operator, {"host": found.host, "window": asked})
    return found


def find(console: Console, name: str, asked: Window) -> Questioning:
    """The questions on a host, by the name that it has or had in the register. Raises NoSuchHost."""
    ref = f"host/{name.removeprefix('host/')}"
    ref = aliases.leading(console.practice).get(ref, ref)
    if not any(told.kind == Host.__name__ for told in register.about(console.practice, ref)):
        raise NoSuchHost(name)
    return Questioning(console, ref, asked)


def _exchange(row: dict[str, Any]) -> talk.Exchange:
    return talk.Exchange(
        talk.Way(row["way"]), row["peer"], row["host"], row["outside"], row["protocol"], row["port"], row["sent"],
        row["received"], row["n"], row["failed"], row["first"], row["last"], ("events",),
    )  # fmt: skip


def _of_flow(one: Conversation, mine: bool, bearers: Mapping[str, Ref], asked: Window) -> talk.Exchange:  # noqa: FBT001 -- who began
    """A conversation from the host's side. It may have gone on beyond the window: its instants are those within."""
    back = None if one.octets is None or one.octets_out is None else one.octets - one.octets_out
    peer = one.target if mine else one.source
    first, last = max(one.first or asked.since, asked.since), min(one.last or asked.until, asked.until)
    sent, received = (one.octets_out, back) if mine else (back, one.octets_out)
    return talk.Exchange(
        talk.Way.OUT if mine else talk.Way.IN, peer, bearers.get(peer), _is_outside(peer, bearers), one.protocol,
        one.port, sent, received, one.flows, (one.flows or 1) if one.answered is False else 0, first, last, ("flows",),
    )  # fmt: skip


def _between(source: Ref, target: Ref, protocol: str | None, port: int | None) -> tuple[Any, ...]:
    """Who to whom and by what, whoever told it: where a log says SSH, a flow says TCP and 22."""
    known = "smb" if port in SMB else BY_PORT.get(("tcp", port), "") if port is not None else ""
    return source, target, known.lower() or (protocol if port is None else (protocol, port))


def _of_events(
    row: tuple[Ref, Ref, str | None, int | None, datetime, datetime], habits: set[tuple[Any, ...]] | None
) -> spread.Span:
    """A span that events told; whether it is a habit is not known where nothing was heard before the window."""
    source, target, protocol, port, first, last = row
    habitual = _between(source, target, protocol, port) in habits if habits is not None else None
    return spread.Span(source, target, first, last, protocol, port, habitual)


def _span(one: Conversation, bearers: Mapping[str, Ref], asked: Window, *, before: bool) -> spread.Span | None:
    """A conversation that can carry something from one host of the register to another.

    ``before``: somebody listened before the window, so that what began within it is new.
    """
    source, target = bearers.get(one.source), bearers.get(one.target)
    apart = source is not None and target is not None and source != target
    if not apart or one.answered is False or one.port not in exchanges.LATERAL_PORTS:
        return None
    first, last = one.first or asked.since, one.last or asked.until
    habitual = True if first < asked.since else False if before else None
    first, last = max(first, asked.since), min(last, asked.until)
    return spread.Span(str(source), str(target), first, last, one.protocol, one.port, habitual)


def _is_outside(peer: str, bearers: Mapping[str, Ref]) -> bool:
    """A public address of no host of ours; or all of them together."""
    if peer in bearers:
        return False
    try:
        return ip_address(peer).is_global
    except ValueError:
        return peer == INTERNET
