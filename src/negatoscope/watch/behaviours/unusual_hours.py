"""Rule 26, first situation: somebody logs on outside their usual hours, or during a declared absence.

What people declared decides first: an absence, on-call duty, hours of presence. Where no hours are declared the
person's own habit does: for working days, Saturdays, and Sundays with public holidays apart, the hours in which they
were seen on a fair share of the days on which they came. A single odd day makes no habit, and around midnight hours are
neighbours.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

import msgspec

from negatoscope.model.event import Action, Told
from negatoscope.model.evidence import Ref, Values
from negatoscope.model.presence import Span, said
from negatoscope.watch.behaviours.growing import Cases, Matter, touched, trim
from negatoscope.watch.calendar import day_class, instant, is_holiday, local, seat, subject, unlisted
from negatoscope.watch.detection import Detection, Level
from negatoscope.watch.known import INTERNET, Known

CODE = "unusual_hours"
ACTIONS = frozenset({Action.LOGON})
SUBJECTS_AT_MOST = 10_000
"""Persons and accounts whose habits are kept, some 1.5 kB each."""
SESSIONS_AT_MOST = 8
Weighed = tuple[str | None, Values]
"""The reason, if there is one, and what is usual."""
DAY = timedelta(days=1)
CLASSES = 3
FADE = 1 - 1 / 90
"""How a day weighs against the next of its class: a habit left 90 days ago counts a third."""


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may be tuned."""

    margin: int = 60
    """Minutes before and after declared hours that say nothing: people come early and leave late."""
    slack: int = 2
    """Hours around a learned habit that say nothing: one evening that lasted is no intrusion."""
    share: float = 0.1
    """Of the days of a class, how many make an hour usual: with 60 days kept, six odd evenings."""
    days: int = 20
    """Days of a habit at least before it says anything: four weeks of work."""
    logons: int = 40
    """Log-ons of a habit at least."""
    weeks: int = 8
    """Weeks after which somebody who never came on such a day is known never to come on it."""
    duty_until: int = 8
    """Hour at which the last night of an on-call duty ends."""
    carried: frozenset[str] = frozenset({"network", "smb", "ldap", "rpc", "ntlm"})
    """Protocols by which an open session speaks on its own, day and night: from a host where the person began one, no
    log-on."""
    session_days: int = 3
    """Days without a sign after which a session is over: a weekend."""
    ignored: frozenset[str] = frozenset()
    """Protocols that log on by themselves, such as a telephone's ``imap``."""


class Habit(msgspec.Struct):
    """When one person, or one account that is nobody's, logs on. Hours by class of day, faded."""

    since: date
    day: date
    """The day that is being learned; it counts from the next one on."""
    hours: int = 0
    """Bits: the hours in which they were seen on that day."""
    logons: int = 0
    came: list[float] = msgspec.field(default_factory=lambda: [0.0] * CLASSES)
    """Days of each class on which they came."""
    seen: list[list[float]] = msgspec.field(default_factory=lambda: [[0.0] * 24 for _ in range(CLASSES)])
    days: int = 0
    sessions: dict[str, datetime] = {}
    """Hosts where they began a session, and when it last gave a sign."""

    def goes_on(self, told: Told, settings: Settings) -> bool:
        """Whether it is no log-on but a sign of a session that goes on; any other log-on begins one."""
        at, where = instant(told), seat(told)
        last = self.sessions.pop(where, None)
        alive = last is not None and at - last <= timedelta(days=settings.session_days)
        carried = told.event.protocol in settings.carried
        if alive or not carried:
            self.sessions[where] = max(at, last or at)
            trim(self.sessions, SESSIONS_AT_MOST)
        return alive and carried

    def learn(self, day: date, hour: int, where: str | None) -> None:
        """Note a log-on; a new day closes the one before. What comes late for a closed day is not learned."""
        if day > self.day:
            self._close(day_class(self.day, where))
            self.day = day
        if day == self.day:
            self.hours |= 1 << hour
            self.logons += 1

    def _close(self, which: int) -> None:
        if not self.hours:
            return
        self.days += 1
        self.came[which] = self.came[which] * FADE + 1
        self.seen[which] = [
            one * FADE + (1 if self.hours >> hour & 1 else 0) for hour, one in enumerate(self.seen[which])
        ]
        self.hours = 0

    def usual(self, which: int, share: float) -> list[int]:
        """Hours that are usual on such a day; one odd day never makes one."""
        least = max(share * self.came[which], 1.5)
        return [hour for hour, one in enumerate(self.seen[which]) if one >= least]


class State(msgspec.Struct):
    """What the behaviour remembers."""

    habits: dict[str, Habit] = {}
    cases: Cases = msgspec.field(default_factory=lambda: Cases(CODE))


def look(events: Iterable[Told], state: State, known: Known, settings: Settings) -> Iterator[Detection]:
    """Tell each log-on that should not be at its hour, once a person and day, again as it grows."""
    for told in events:
        if told.event.action is not Action.LOGON or told.event.ok is False or _by_itself(told, settings):
            continue
        found = _weigh(told, state, known, settings)
        if found is None:
            continue
        at = instant(told)
        case = state.cases.take(f"{found.subject}/{local(at)[0]}/{found.reason}", told, at)
        if case.grown(found.reason):
            yield case.say(CODE, found)


def who(told: Told) -> Ref | None:
    """The person, else the account, else the account as it is written; ``None``: a machine's, or nobody's."""
    user = told.event.user
    if told.person or told.account:
        return told.person or told.account
    if user is None or user.endswith("$"):
        return None
    return unlisted(told)


def _by_itself(told: Told, settings: Settings) -> bool:
    return told.event.protocol in settings.ignored


def _weigh(told: Told, state: State, known: Known, settings: Settings) -> Matter | None:
    ref = who(told)
    if ref is None:
        return None
    day, hour, minute = local(instant(told))
    where = known.regions.get(ref)
    habit = touched(state.habits, ref, lambda: Habit(day, day), SUBJECTS_AT_MOST)
    if habit.goes_on(told, settings):
        return None
    habit.learn(day, hour, where)
    spans = known.hours(told.person, day)
    reason: str | None = None
    usual: Values = {}
    if (away := known.absence(told.person, day)) is not None:
        tail = hour < settings.duty_until and known.on_call(told.person, day - DAY, hour, 0)
        if not tail and not _last_night(known, told.person, day, time(hour, minute)):
            reason, usual = "declared_absence", {"from": f"{away.begins_on}", "to": f"{away.ends_on}"}
    elif known.on_call(told.person, day, hour, settings.duty_until):
        return None
    elif spans is not None:
        reason, usual = _declared(known, told.person, (day, time(hour, minute)), settings)
    else:
        reason, usual = _learned(habit, (day, hour), where, settings)
    if reason is None:
        return None
    return Matter(ref, reason, _level(reason, told, known), usual, _seen(told, day, f"{hour:02}:{minute:02}"))


def _declared(known: Known, person: Ref | None, when: tuple[date, time], settings: Settings) -> Weighed:
    day, at = when
    holiday = is_holiday(day, known.regions.get(person or ""))
    spans = () if holiday else known.hours(person, day) or ()
    if any(_within(span, at, settings.margin) for span in spans) or _last_night(known, person, day, at):
        return None, {}
    return ("public_holiday" if holiday else "outside_declared"), {"hours": said(spans)}


def _within(span: Span, at: time, margin: int) -> bool:
    """Whether an hour lies in a span of this day, widened; one past midnight lasts to the end of it."""
    low, high, now = (one.hour * 60 + one.minute for one in (*span, at))
    return low - margin <= now <= (high + margin if high > low else 24 * 60)


def _last_night(known: Known, person: Ref | None, day: date, at: time) -> bool:
    """Whether a span of the day before, past midnight, still goes on."""
    return any(ends <= begins and at <= ends for begins, ends in known.hours(person, day - DAY) or ())


def _learned(habit: Habit, when: tuple[date, int], where: str | None, settings: Settings) -> Weighed:
    day, hour = when
    if habit.days < settings.days or habit.logons < settings.logons:
        return None, {}
    which = day_class(day, where)
    usual = habit.usual(which, settings.share)
    if habit.came[which] < 1 and day - habit.since >= timedelta(weeks=settings.weeks):
        return "unusual_day", {"days": habit.days, "weeks": (day - habit.since).days // 7}
    if not usual:
        return None, {}
    if min(min(abs(hour - one), 24 - abs(hour - one)) for one in usual) <= settings.slack:
        return None, {}
    return "outside_habit", {"hours": _spans(usual), "days": habit.days}


def _spans(hours: list[int]) -> str:
    """Hours as people say them: ``08:00–12:00; 14:00–19:00``."""
    told: list[tuple[int, int]] = []
    for hour in hours:
        if told and told[-1][1] == hour:
            told[-1] = (told[-1][0], hour + 1)
        else:
            told.append((hour, hour + 1))
    return "; ".join(f"{low:02}:00–{high:02}:00" for low, high in told)


def _level(reason: str, told: Told, known: Known) -> Level:
    standing = known.account.get(told.account or "")
    afar = told.zone in known.outside or told.zone == INTERNET
    if reason == "declared_absence" or afar or (standing is not None and standing.privileged):
        return Level.HIGH
    return Level.MEDIUM


def _seen(told: Told, day: date, at: str) -> Values:
    event = told.event
    return {
        "day": f"{day}",
        "hour": at,
        "on": told.host or (event.host and subject(None, "host", event.host)),
        "from": told.source or (event.source and subject(None, "address", event.source)),
        "protocol": event.protocol,
    }
