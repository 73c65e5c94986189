"""The weekly review of logs: counted from events and alerts, annotated by its reader, signed as rule 27 asks."""

import csv
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from io import StringIO

from negatoscope.flows import notifying
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare, keep_document
from negatoscope.flows.notifying import Telling
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.reviewing import RISKY, Reviewer
from negatoscope.flows.weighing import weighty
from negatoscope.kit.canonical import canonical
from negatoscope.kit.clock import PARIS
from negatoscope.model.alert import AlertOutcome
from negatoscope.model.detecting import RuleArchive, RuleSwitch
from negatoscope.model.event import Action
from negatoscope.model.people import Attestation, Person
from negatoscope.model.retention import LogKeeping
from negatoscope.model.tuning import AlertExemption, Tuning
from negatoscope.model.weekly import WEEK, WeekKind, WeekLine, WeekReview, monday
from negatoscope.prove.telling import Concern, Kind
from negatoscope.store.events import EventStore
from negatoscope.store.notices import Notice
from negatoscope.store.queries import alerts, sources, weeks
from negatoscope.store.queries.events import Refused
from negatoscope.store.queries.weeks import Counted
from negatoscope.store.roles import Role
from negatoscope.watch.calendar import public_holidays
from negatoscope.watch.health import LEARNED_FROM, silences, state
from negatoscope.watch.sparing import FIELDS, RULE
from negatoscope.watch.triage import Weighty

SIGNED = "R27.4"
STANDS = timedelta(days=8)
PRACTICE = "practice"
EVERY = timedelta(hours=1)
USES = (Action.LOGON, Action.FILE_OPENED, Action.STUDY_OPENED)
CHANGES = (Action.RIGHTS_CHANGED, Action.ACCOUNT_CHANGED)
TOLD_BY = {
    WeekKind.MAILBOX: (Action.MAILBOX_OPENED,), WeekKind.SENSITIVE: USES, WeekKind.RIGHTS: CHANGES,
    WeekKind.STUDIES: (Action.STUDY_OPENED,),
}  # fmt: skip
"""What sources must tell of for lines of a kind to be counted; the others come from the console itself."""


class NotReread(Exception):  # noqa: N818 -- what it is
    """A week cannot be prepared or signed. ``code``: ``not_over``, ``prepared``, ``signed``."""

    def __init__(self, code: str) -> None:
        """Keep why."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class _Line:
    kind: WeekKind
    subject: str
    who: str
    what: str
    count: int


def kept(console: Console) -> EventStore:
    """Where the console's own site keeps its events."""
    return EventStore(console.config.data / "events", console.site)


def last_week(now: datetime) -> date:
    """The Monday of the week that was over last."""
    return monday(now.astimezone(PARIS).date()) - WEEK


def prepare(console: Console, week: date, who: Reviewer) -> WeekReview:
    """Count a week that is over, and freeze its list for whoever reads it. Raises NotReread, Refused."""
    now = console.clock()
    if week > last_week(now):
        raise NotReread("not_over")
    if any(one.week == week for one in StoredRegister(console.practice).seen(WeekReview).facts):
        raise NotReread("prepared")
    told = list(_counted(console, week))
    digest = keep_document(console, canonical([[one.kind, one.subject, one.who, one.what, one.count] for one in told]))
    review = WeekReview(week, now, who.name, len(told), digest)
    lines = [
        WeekLine(week, number, one.kind, one.subject, one.who, one.what, one.count)
        for number, one in enumerate(told, start=1)
    ]
    declare(console, Said(who.operator), (review, *lines))
    return review


@dataclass
class Mondays:
    """The loop's own memory of when it last looked whether a week is to be prepared."""

    looked: datetime | None = None

    def round(self, console: Console) -> None:
        """Once an hour, where somebody read an earlier week: prepare the last one for them, and tell them."""
        now = console.clock()
        if self.looked is not None and timedelta() <= now - self.looked < EVERY:
            return
        self.looked, week = now, last_week(now)
        told = sorted(StoredRegister(console.practice).seen(WeekReview).facts, key=lambda one: one.week)
        if told and told[-1].week < week:
            with suppress(Refused):
                made = prepare(console, week, Reviewer("console", told[-1].reviewer))
                notifying.tell(console, [_waits(made)])


def _waits(review: WeekReview) -> Telling:
    values = {"n": review.size, "at": review.week.isoformat(), "ident": review.week.isoformat()}
    notice = Notice(f"week/{review.week}", "week_due", values)
    return Telling(notice, Concern(Kind.REVIEW, Role.APPROVER, (review.reviewer,)))


def _counted(console: Console, week: date) -> Iterator[_Line]:
    """Everything of a week that asks to be read, kind by kind."""
    since = datetime.combine(week, time(), PARIS)
    until, store = datetime.combine(week + WEEK, time(), PARIS), kept(console)
    known = StoredRegister(console.practice)
    weights = weighty(known)
    opened = weeks.counted(store, since, until, Action.MAILBOX_OPENED, ())
    yield from _mailboxes(opened, known.seen(Person).facts, weights)
    hosts = weights.sensitive | weights.modalities
    for action in USES if hosts else ():
        for one in weeks.counted(store, since, until, action, hosts):
            yield _Line(WeekKind.SENSITIVE, one.host or PRACTICE, one.who, one.action, one.count)
    for action in CHANGES:
        for one in weeks.counted(store, since, until, action, ()):
            yield _Line(WeekKind.RIGHTS, one.what or one.host or PRACTICE, one.who, one.action, one.count)
    places = {one.ref: one.site for one in known.seen(Person).facts if one.site and one.ref.isprintable()}
    for one in (
        *weeks.many_studies(store, since, until),
        *weeks.many_readers(store, since, until),
        *weeks.elsewhere(store, since, until, places),
    ):
        yield _Line(WeekKind.STUDIES, one.what or PRACTICE, one.who, one.action, one.count)
    yield from _silent(console, since, until)
    yield from _tuned(known, since, until)
    for alert in alerts.since(console.practice, since):
        if alert.outcome is AlertOutcome.FALSE and alert.closed_at and alert.closed_at < until:
            yield _Line(WeekKind.FALSE, f"alert/{alert.number}", alert.closed_by, alert.code, alert.count)


def _silent(console: Console, since: datetime, until: datetime) -> Iterator[_Line]:
    """Sources that were silent for longer than usual, and how often; a silence that is not over is among them."""
    off = public_holidays((until - timedelta(seconds=1)).date())
    for sender, hours in sources.hours(console.practice, since - LEARNED_FROM).items():
        told = [one for one in hours if one.hour < until]
        found = len(silences(told, since, until, off))
        still = state(told, until, since, off).silent_since is not None
        if found or still:
            yield _Line(
                WeekKind.SILENT, f"logsource/{sender}", "", "still_silent" if still else "was_silent", found + still
            )


def _tuned(known: StoredRegister, since: datetime, until: datetime) -> Iterator[_Line]:
    """How detection was changed in these days; what was taken back since is in the ledger alone."""
    yield from (line for at, line in _changes(known) if since <= at < until)


def _changes(known: StoredRegister) -> Iterator[tuple[datetime, _Line]]:
    """Rules turned off, situations tuned, subjects exempt from alerts, files of rules that came; and when."""
    for switch in known.seen(RuleSwitch).facts:
        yield switch.off_since, _Line(WeekKind.TUNED, switch.rule, switch.by, "rule_off", 1)
    for tuning in known.seen(Tuning).facts:
        what = "situation_tuned" if tuning.on else "situation_off"
        yield tuning.since, _Line(WeekKind.TUNED, tuning.behaviour, tuning.by, what, 1)
    for spared in known.seen(AlertExemption).facts:
        what = f"exempt_{spared.situation if spared.situation in (RULE, FIELDS) else spared.behaviour}"
        about = spared.behaviour if spared.situation == FIELDS else spared.subject
        yield spared.since, _Line(WeekKind.TUNED, about, spared.by, what, 1)
    for keeping in known.seen(LogKeeping).facts:
        yield keeping.since, _Line(WeekKind.TUNED, keeping.ref, keeping.by, "keeping_changed", 1)
    for archive in known.seen(RuleArchive).facts:
        yield archive.taken_at, _Line(WeekKind.TUNED, archive.name, "", "rules_taken", archive.rules)


def _mailboxes(opened: Iterable[Counted], people: Iterable[Person], weights: Weighty) -> Iterator[_Line]:
    """Mailboxes of key persons, opened by others; one whose owner is not told is told as it is named."""
    owners: dict[str, str] = {}
    for person in people:
        if person.ref in weights.key_people:
            email = (person.email or "").casefold()
            owners |= {person.ident.casefold(): person.ref}
            owners |= {email: person.ref, email.partition("@")[0]: person.ref} if email else {}
    for one in opened:
        name = one.what.casefold()
        owner = owners.get(name) or owners.get(name.partition("@")[0])
        if owner and one.who != owner:
            yield _Line(WeekKind.MAILBOX, owner, one.who, one.action, one.count)


def lines_of(console: Console, week: date) -> tuple[WeekLine, ...]:
    """The lines of a week, in order."""
    told = StoredRegister(console.practice).seen(WeekLine).facts
    return tuple(sorted((line for line in told if line.week == week), key=lambda line: line.number))


def annotate(console: Console, notes: dict[WeekLine, str], who: Reviewer) -> None:
    """Say something of these lines; a later word replaces an earlier one, which the journal keeps."""
    now = console.clock()
    said = [
        replace(line, note=note or None, signed_by=who.name if note else None, signed_at=now if note else None)
        for line, note in notes.items()
        if (line.note or "") != note
    ]
    if said:
        declare(console, Said(who.operator), said)


def sign(console: Console, review: WeekReview, statement: str, who: Reviewer) -> None:
    """Sign that a week was read: proves it for that week, and R27.4 for eight days. Raises NotReread."""
    if review.closed_at is not None:
        raise NotReread("signed")
    now = console.clock()
    attestation = Attestation(
        control=SIGNED,
        holds=True,
        statement=statement,
        signed_by=who.name,
        signed_at=now,
        expires_at=now + STANDS,
        document_name=f"semaine-{review.week}.csv",
        document_digest=keep_document(console, _signed_list(lines_of(console, review.week))),
    )
    closed = replace(review, closed_at=now, closed_by=who.name)
    declare(console, Said(who.operator, "attestation"), (closed, attestation))


def _signed_list(lines: Iterable[WeekLine]) -> bytes:
    """The lines as a list that a spreadsheet opens, and that can run nothing there."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(["kind", "subject", "who", "what", "count", "note", "signed_by"])
    for line in lines:
        told = (line.kind, line.subject, line.who, line.what, line.count, line.note, line.signed_by)
        texts = ["" if one is None else str(one) for one in told]
        writer.writerow([f"'{text}" if text.startswith(RISKY) else text for text in texts])
    return b"\xef\xbb\xbf" + out.getvalue().encode()
