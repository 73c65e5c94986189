"""Mails leave: one a day to each address, urgent ones at once; each once, tried again, given up in plain sight."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import groupby

from negatoscope.flows import lettering, notifying
from negatoscope.flows.console import Console
from negatoscope.flows.notifying import Found
from negatoscope.flows.posting import Letter, NotSent, Way, post
from negatoscope.flows.recording import alone, enter
from negatoscope.kit.clock import PARIS
from negatoscope.prove.telling import URGENT
from negatoscope.store import notices
from negatoscope.store.notices import MailRow, NoticeRow

GATHER = timedelta(minutes=30)
MORNING = time(7)
"""Paris time from which the day's mail leaves."""
TRIES = 8
AT_ONCE = 20
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=12)


@dataclass
class Postman:
    """The loop's own memory of when it last looked for something to tell."""

    gathered: datetime | None = None
    rests_until: datetime | None = None
    """A server that fails is left in peace: the looks wait for nobody."""

    def round(self, console: Console) -> None:
        """Gather now and then, send what waits; a console without a way out does nothing."""
        now = console.clock()
        way = notices.mail(console.practice)
        if way is None or not way.active:
            return
        if self.gathered is None or now - self.gathered >= GATHER:
            self.gathered = now
            notifying.gather(console, way)
        if (self.rests_until is None or now >= self.rests_until) and not send(console, way):
            self.rests_until = now + FIRST_WAIT


def next_mail(now: datetime, *, had_today: bool) -> datetime:
    """When an address gets its next mail of the day."""
    here = now.astimezone(PARIS)
    today = datetime.combine(here.date(), MORNING, PARIS)
    if had_today:
        return today + timedelta(days=1)
    return max(now, today)


def midnight(now: datetime) -> datetime:
    """When the day began, Paris time."""
    return datetime.combine(now.astimezone(PARIS).date(), time(), PARIS)


@dataclass(frozen=True)
class Coming:
    """A mail that waits, or that is foreseen: to whom, when, and what it tells."""

    to: str
    at: datetime
    rows: tuple[NoticeRow, ...]


def coming(console: Console, found: Found) -> list[Coming]:
    """What would leave next, to whom and when: what is written down, then what is foreseen."""
    now = console.clock()
    served = _served(console, now)
    mails: dict[tuple[datetime, str, str], list[NoticeRow]] = {}
    for row in notices.waiting(console.practice):
        now_or_later = row.letter or row.kind in URGENT
        at = max(now, row.due_at) if now_or_later else next_mail(now, had_today=row.to in served)
        mails.setdefault((at, row.to, row.letter), []).append(row)
    for one in found.told:
        row, day = one.row(console.practice, now), found.days.get(one.notice.key, 0)
        at = now if row.kind in URGENT else next_mail(now, had_today=row.to in served)
        if day:
            at = max(at, next_mail(midnight(now + timedelta(days=day)), had_today=False))
        mails.setdefault((at, row.to, ""), []).append(row)
    return [Coming(to, at, tuple(rows)) for (at, to, _letter), rows in sorted(mails.items(), key=lambda one: one[0])]


def _served(console: Console, now: datetime) -> set[str]:
    """Addresses that had their mail of the day, or have one on the way."""
    on_the_way = notices.on_the_way(console.practice, URGENT)
    return on_the_way | notices.told_since(console.practice, midnight(now), URGENT)


def send(console: Console, way: MailRow) -> bool:
    """Send what waits; ``False``: the server failed, and the rest waits too."""
    now = console.clock()
    loose = notices.loose(console.practice)
    if loose and (ready := _ready(loose, _served(console, now), now)):
        with alone(console):
            _enclose(console.practice, ready)
    letters = [list(rows) for _letter, rows in groupby(notices.due(console.practice, now), key=_enclosed)]
    return all(_send(console, way, rows) for rows in letters[:AT_ONCE])


def _enclosed(row: NoticeRow) -> str:
    return row.letter


def _ready(loose: set[tuple[str, str]], served: set[str], now: datetime) -> set[tuple[str, str]]:
    """What may leave now: the urgent, and what an address gets in its mail of the day."""
    day = next_mail(now, had_today=False) <= now
    return {(to, kind) for to, kind in loose if kind in URGENT or (day and to not in served)}


def _enclose(practice: int, ready: set[tuple[str, str]]) -> None:
    """Put what may leave into letters: what is urgent by its kind, the others together, one an address."""
    letters: dict[tuple[str, str], list[NoticeRow]] = {}
    for row in notices.waiting(practice):
        if not row.letter and (row.to, row.kind) in ready:
            letters.setdefault((row.to, row.kind if row.kind in URGENT else ""), []).append(row)
    for rows in letters.values():
        notices.enclose(rows, f"{rows[0].pk}-{practice}")


def _send(console: Console, way: MailRow, rows: list[NoticeRow]) -> bool:
    """Send one letter; ``False``: the server failed, whoever the letter was for."""
    first = rows[0]
    language = first.language or way.language
    subject, body = lettering.letter(rows, language, console.config.address)
    told = {"key": first.letter, "n": len(rows), "to": first.to}
    try:
        post(
            console,
            Way(way.host, way.port, way.security, way.login),
            Letter(first.letter, way.sender, first.to, subject, body),
        )
    except NotSent as error:
        with alone(console):
            last = first.tries + 1 >= TRIES or not error.again
            wait = min(FIRST_WAIT * 2**first.tries, LONGEST_WAIT)
            notices.missed(rows, error.why, None if last else console.clock() + wait)
            if last:
                enter(console, console.clock(), "notice_given_up", "console", {**told, "why": error.why})
        return error.why == "recipient_refused"
    with alone(console):
        notices.sent(rows, console.clock())
        enter(console, console.clock(), "notice_sent", "console", told)
    return True
