"""Rule 26, second situation: a massive transfer to the outside.

Bytes that leave are summed by hour for each host (or sender of mail), apart for each product that tells of them: the
same transfer told by a firewall and by a proxy is not two. An hour is weighed against the same hours of the host's own
past, robustly: the median and the spread of the last ones, and what happened three times already (a weekly backup).
A day is weighed against an absolute bound. A slow leak shows as a sum, over days, to one destination that is new.
Studies sent to a DICOM peer that nobody knows are told whatever their size.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import msgspec

from negatoscope.model.event import Action, Event, Told
from negatoscope.model.evidence import Ref, Values
from negatoscope.watch.behaviours.growing import Cases, Matter, touched, trim
from negatoscope.watch.behaviours.past import Past
from negatoscope.watch.behaviours.peers import Exit, exit_of, stranger
from negatoscope.watch.calendar import HOUR, hour_of, instant
from negatoscope.watch.detection import Detection, Level
from negatoscope.watch.known import Known

CODE = "transfers"
ACTIONS = frozenset({Action.CONNECTION, Action.MAIL_SENT, Action.STUDY_SENT, Action.ASSOCIATION})
MIB = 1 << 20
TELLERS_AT_MOST = 8_000
"""Hosts and senders of mail, apart for each product that tells of them; some 4 kB each."""
PLACES_AT_MOST = 16
"""Destinations followed for one teller; the least ones give way."""
KNOWN_AT_MOST = 20_000
"""Destinations that the practice has met."""
WEEK_HOURS = 168
MAILS_AT_MOST = 5_000
"""Mails of which only the size is known yet."""
DAYS = 3
"""On which a leak must be seen to be slow."""
Found = tuple[str, Values, int]
"""The reason, what is usual, and the bytes."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may be tuned. Sizes in MiB."""

    hourly: int = 500
    """Below it an hour is never told: a large mail, a set of images, an update."""
    mail_hourly: int = 100
    """The same for mail."""
    daily: int = 50_000
    """Above it a day is always told, whatever the past: some hundred CT studies."""
    spread: float = 4.0
    """How many spreads above the median are too many, both of logarithms: traffic is heavy-tailed."""
    hours: int = 8
    """Past hours of a kind at least before they say anything; until then the daily bound alone holds."""
    leak: int = 1024
    """To one new destination, over ``leak_days``, on three days at least."""
    leak_days: int = 30
    learning_days: int = 14
    """In the first days every destination and every DICOM peer is new: none is told."""
    expected: frozenset[str] = frozenset()
    """Destinations, as addresses, names or references, to which much is sent with everybody's agreement."""


class Place(msgspec.Struct):
    """What one teller sent to one destination that was new."""

    first: datetime
    came: datetime
    sum: int = 0
    days: int = 0
    last: date | None = None

    def add(self, amount: int, day: date) -> None:
        """Note what was sent on a day."""
        self.sum += amount
        self.days += day != self.last
        self.last = day


class Teller(msgspec.Struct):
    """One host's bytes out, as one product tells them."""

    hour: int
    """Counted from 1970."""
    sum: int = 0
    at: datetime | None = None
    came: datetime | None = None
    """Of the first transfer of this hour."""
    day: date | None = None
    today: int = 0
    past: Past = msgspec.field(default_factory=Past)
    places: dict[str, Place] = {}

    def roll(self, number: int) -> None:
        """Close the hours before this one; in a week of silence nothing left, in a longer one nobody knows."""
        if number <= self.hour:
            return
        self.past.add(self.hour, self.sum)
        if number - self.hour <= WEEK_HOURS:
            for idle in range(self.hour + 1, number):
                self.past.add(idle, 0)
        self.hour, self.sum, self.at, self.came = number, 0, None, None
        day, _ = hour_of(number)
        if day != self.day:
            self.day, self.today = day, 0


class Mail(msgspec.Struct):
    """A mail that waits to leave: its size, and whose it is."""

    size: int | None
    user: str | None
    person: Ref | None
    account: Ref | None


class State(msgspec.Struct):
    """What the behaviour remembers. ``since``: when it first saw anything."""

    since: datetime | None = None
    tellers: dict[str, Teller] = {}
    places: dict[str, datetime] = {}
    """When the practice first met a destination."""
    peers: dict[str, bool] = {}
    """DICOM peers met while learning."""
    mails: dict[str, Mail] = {}
    cases: Cases = msgspec.field(default_factory=lambda: Cases(CODE))


def look(events: Iterable[Told], state: State, known: Known, settings: Settings) -> Iterator[Detection]:
    """Tell each transfer that is too large, once a subject and day, again as it doubles."""
    for event in events:
        if event.event.action is None:
            _queue(event, state)
            continue
        told = _weighed(event, state)
        action = told.event.action
        if action is Action.STUDY_SENT or action is Action.ASSOCIATION:
            yield from _imaging(told, state, known, settings)
        elif action is Action.CONNECTION or action is Action.MAIL_SENT:
            way = exit_of(told, known)
            if way is not None and way.to not in settings.expected and told.target not in settings.expected:
                yield from _sent(told, way, state, settings)


def queued(event: Event) -> bool:
    """Whether it tells the size of a mail that later lines say where it goes: Postfix writes one line for each."""
    return event.service == "mail" and event.sent is not None and event.what is not None and event.action is None


def _queue(told: Told, state: State) -> None:
    state.mails[f"{told.sender}/{told.event.what}"] = Mail(told.event.sent, told.event.user, told.person, told.account)
    trim(state.mails, MAILS_AT_MOST)


def _weighed(told: Told, state: State) -> Told:
    """A mail that leaves with its size and its sender, told in another line."""
    if told.event.action is not Action.MAIL_SENT or told.event.sent is not None:
        return told
    mail = state.mails.get(f"{told.sender}/{told.event.what}")
    if mail is None:
        return told
    event = replace(told.event, sent=mail.size, user=told.event.user or mail.user)
    return replace(told, event=event, person=told.person or mail.person, account=told.account or mail.account)


def _imaging(told: Told, state: State, known: Known, settings: Settings) -> Iterator[Detection]:
    peer = stranger(told, known)
    if peer is None or told.event.ok is False or peer.to in settings.expected:
        return
    at = instant(told)
    state.since = state.since or at
    if at - state.since < timedelta(days=settings.learning_days):
        touched(state.peers, peer.to, lambda: True, TELLERS_AT_MOST)
    elif peer.to not in state.peers:
        case = state.cases.take(
            f"{peer.subject}/{peer.to}/dicom_stranger", told, at, timedelta(days=settings.leak_days)
        )
        if case.grown("dicom_stranger"):
            level = Level.HIGH if peer.outside else Level.MEDIUM
            seen: Values = {"to": peer.to, "studies": case.count, "title": told.event.user}
            yield case.say(CODE, Matter(peer.subject, "dicom_stranger", level, {"peers": len(known.imaging)}, seen))


def _sent(told: Told, way: Exit, state: State, settings: Settings) -> Iterator[Detection]:
    at = instant(told)
    state.since = state.since or at
    number = int(at.timestamp()) // HOUR
    key = f"{way.subject} {'@' if way.mail else ''}{told.sender}"
    teller = touched(state.tellers, key, lambda: Teller(number, day=hour_of(number)[0]), TELLERS_AT_MOST)
    teller.roll(number)
    teller.at, teller.came = teller.at or at, teller.came or told.came
    teller.sum += way.bytes
    teller.today += way.bytes
    place = _place(state, teller, way, told, settings)
    found = _much(teller, way, settings) or _leak(place, settings)
    if found is None:
        return
    reason, usual, amount = found
    day, hour = hour_of(number)
    case = state.cases.take(f"{way.subject}/{day}/{'mail' if way.mail else 'flow'}", told, at)
    first = (place.first, place.came) if place and reason == "leak" else (teller.at, teller.came)
    case.at, case.came = min((case.at, case.came), first)
    case.measure = max(case.measure, amount)
    if case.grown(reason):
        seen: Values = {
            "bytes": amount,
            "to": way.to,
            "day": f"{day}",
            "hour": f"{hour:02}:00",
        }
        yield case.say(CODE, Matter(way.subject, reason, Level.HIGH, usual, seen))


def _place(state: State, teller: Teller, way: Exit, told: Told, settings: Settings) -> Place | None:
    """What this teller sent to a destination that is new to the practice; ``None``: it is not."""
    at = instant(told)
    met = touched(state.places, way.to, lambda: at, KNOWN_AT_MOST)
    learning = met - (state.since or at) < timedelta(days=settings.learning_days)
    if learning or at - met > timedelta(days=settings.leak_days):
        teller.places.pop(way.to, None)
        return None
    place = teller.places.get(way.to)
    if place is None:
        if len(teller.places) >= PLACES_AT_MOST:
            del teller.places[min(teller.places, key=lambda one: teller.places[one].sum)]
        place = teller.places[way.to] = Place(at, told.came)
    place.add(way.bytes, hour_of(teller.hour)[0])
    return place


def _much(teller: Teller, way: Exit, settings: Settings) -> Found | None:
    if teller.today >= settings.daily * MIB:
        return "absolute", {"most": settings.daily * MIB}, teller.today
    floor = (settings.mail_hourly if way.mail else settings.hourly) * MIB
    if teller.sum < floor:
        return None
    usual = teller.past.usual(teller.hour, settings.spread, settings.hours)
    if usual is None or teller.sum < max(floor, usual.limit):
        return None
    limits: Values = {"median": usual.median, "most": max(floor, usual.limit), "hours": usual.hours}
    return "own_past", limits, teller.sum


def _leak(place: Place | None, settings: Settings) -> Found | None:
    if place is None or place.sum < settings.leak * MIB or place.days < DAYS:
        return None
    return "leak", {"most": settings.leak * MIB, "days": settings.leak_days}, place.sum
