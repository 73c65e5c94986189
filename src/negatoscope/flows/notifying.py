"""Who is told what by mail: written down first, sent by the loop, once each, tried again, given up in plain sight."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

from negatoscope.flows.console import Console
from negatoscope.flows.decaying import WEEK, decaying
from negatoscope.flows.posting import Letter, NotSent, Way, post
from negatoscope.flows.recording import alone, enter
from negatoscope.judge import texts
from negatoscope.prove.plan import PARIS, Ending
from negatoscope.store import ledger, notices
from negatoscope.store.notices import MailRow, Notice, NoticeRow
from negatoscope.store.queries import jobs, judgements

GATHER = timedelta(minutes=30)
WARNINGS = (30, 7, 1)
"""Days before an end at which it is told."""
WORK = frozenset({"action", "arrival", "departure"})
"""What somebody has to do: that it is late is told too."""
FAILED_IN_A_ROW = 3
AT_ONCE = 20
TRIES = 8
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
            gather(console, way)
        if (self.rests_until is None or now >= self.rests_until) and not send(console, way):
            self.rests_until = now + FIRST_WAIT


def gather(console: Console, way: MailRow) -> int:
    """Write down what is to be told; returns how many notices are new."""
    now = console.clock()
    found = list(_found(console.practice, now))
    return sum(notices.write(console.practice, one, to, now) for one in found for to in addresses(way))


def trial(console: Console, operator: str) -> int:
    """Write a test message down, for everybody who is told things."""
    now, way = console.clock(), notices.mail(console.practice)
    if way is None:
        return 0
    one = Notice(f"trial/{now.isoformat()}", "trial", {})
    enter(console, now, "notice_trial", operator, {"key": one.key})
    return sum(notices.write(console.practice, one, to, now) for to in addresses(way))


def addresses(way: MailRow) -> list[str]:
    """Who is told."""
    return list(dict.fromkeys(line.strip() for line in way.to.splitlines() if line.strip()))


def send(console: Console, way: MailRow) -> bool:
    """Send what waits; ``False``: the server failed, and the rest waits too."""
    return all(_send(console, way, row) for row in notices.waiting(console.practice, console.clock(), AT_ONCE))


def _send(console: Console, way: MailRow, row: NoticeRow) -> bool:
    """Send one notice; ``False``: the server failed, whoever the notice was for."""
    subject, body = written(row, way.language)
    letter = Letter(f"{row.pk}-{console.practice}", way.sender, row.to, subject, body)
    try:
        post(console, Way(way.host, way.port, way.security, way.login), letter)
    except NotSent as error:
        with alone(console):
            last = row.tries + 1 >= TRIES or not error.again
            wait = min(FIRST_WAIT * 2**row.tries, LONGEST_WAIT)
            notices.missed(row, error.why, None if last else console.clock() + wait)
            if last:
                enter(console, console.clock(), "notice_given_up", "console", {"key": row.key, "why": error.why})
        return error.why == "recipient_refused"
    with alone(console):
        notices.sent(row, console.clock())
        enter(console, console.clock(), "notice_sent", "console", {"key": row.key, "to": row.to})
    return True


def _found(practice: int, now: datetime) -> Iterator[Notice]:
    for one in decaying(practice, now, timedelta(days=max(WARNINGS))):
        yield from _warning(one, now)
    yield from _reds(practice, now)
    for name, many, last in jobs.failing(practice, FAILED_IN_A_ROW):
        yield Notice(f"failing/{name}/{last}", "failing", {"name": name, "n": many})
    week = decaying(practice, now, WEEK)
    if week:
        year, number, _day = now.astimezone(PARIS).isocalendar()
        said = [_values(one) for one in week]
        yield Notice(f"digest/{year}-{number}", "digest", {"n": len(week), "list": said})


def _warning(one: Ending, now: datetime) -> Iterator[Notice]:
    """The nearest warning that is due; for work whose day is over, that it is late."""
    values = _values(one)
    mark = f"{one.code}/{one.what}/{one.at:%Y-%m-%d}"
    if one.at <= now:
        if one.code in WORK:
            yield Notice(f"late/{mark}", "late", values)
        return
    days = next(days for days in sorted(WARNINGS) if one.at <= now + timedelta(days=days))
    yield Notice(f"ending/{mark}/{days}", "ending", values)


def _values(one: Ending) -> dict[str, str]:
    return {"what": one.code, "control": one.control, "subject": one.subject, "at": one.at.isoformat()}


def _reds(practice: int, now: datetime) -> Iterator[Notice]:
    """Rules that turned red at a judgement of the last day, one notice a judgement."""
    before: set[int] | None = None
    for sequence, at, failed in judgements.failed_since(practice, now - timedelta(days=1)):
        fresh = failed - before if before is not None else set()
        if fresh:
            rules = ", ".join(f"R{number}" for number in sorted(fresh))
            yield Notice(f"red/{sequence}", "red", {"rules": rules, "at": at.isoformat()})
        before = failed


@cache
def _book() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads(files("negatoscope.flows").joinpath("notices.toml").read_text(encoding="utf-8"))


def written(row: NoticeRow, language: str) -> tuple[str, str]:
    """Subject and body of a notice, in one language."""
    values = {name: value for name, value in row.values.items() if name != "list"}
    values |= {"name": _named(values, language), "day": _day(values.get("at", ""))}
    values["list"] = "\n".join(f"– {_line(one, language)}" for one in row.values.get("list", ()))
    last = ledger.last() or {"sequence": 0, "hash": ""}
    foot = _fill("foot", {"size": last["sequence"], "head": last["hash"]}, language)
    subject = _fill(row.code, values, language, "subject")
    return f"Négatoscope – {subject}", f"{_fill(row.code, values, language)}\n\n-- \n{foot}\n"


def _fill(code: str, values: dict[str, Any], language: str, part: str = "body") -> str:
    text = _book()[part][code][language]
    for name, value in values.items():
        text = text.replace(f"{{{name}}}", str(value))
    return text


def _line(said: dict[str, str], language: str) -> str:
    colon = ":" if language == "en" else "\xa0:"
    return f"{_named(said, language)}{colon} {_day(said['at'])}"


def _named(values: dict[str, Any], language: str) -> str:
    if "what" not in values:
        return str(values.get("name", ""))
    subject = values["subject"] and texts.subject(values["subject"], "en" if language == "en" else "fr")
    shown = " ".join(filter(None, (values["control"], subject)))
    return f"{_book()['what'][values['what']][language]} {shown}"


def _day(at: str) -> str:
    return f"{datetime.fromisoformat(at).astimezone(PARIS):%d/%m/%Y}" if at else ""
