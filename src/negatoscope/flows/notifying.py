"""What is to be told, and to whom: written down first, once an address; ``delivering`` sends it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from negatoscope.flows import reaching
from negatoscope.flows.console import Console
from negatoscope.flows.decaying import WEEK, decaying
from negatoscope.flows.recording import enter
from negatoscope.flows.registering import StoredRegister
from negatoscope.judge.leavers import Leaving, present
from negatoscope.judge.shapes import everyone_signed
from negatoscope.kit.clock import PARIS
from negatoscope.model.campaigns import Campaign, CampaignLine
from negatoscope.model.evidence import Ref
from negatoscope.model.judgement import Finding
from negatoscope.model.papers import Paper, PaperKind, Signature
from negatoscope.model.people import Departure, Person
from negatoscope.model.watching import SourceHealth
from negatoscope.prove.plan import Ending
from negatoscope.prove.telling import Book, Concern, Kind, Missed
from negatoscope.store import notices
from negatoscope.store.notices import Addressed, MailRow, Notice
from negatoscope.store.queries import alerts, jobs, judgements
from negatoscope.store.roles import Role

WARNINGS = (30, 7, 1)
"""Days before an end at which it is told."""
WORK = frozenset({"action", "arrival", "departure"})
"""What somebody has to do: that it is late is told too."""
FAILED_IN_A_ROW = 3
HEARD = {Kind.RED: Role.APPROVER, Kind.FAILING: Role.OPERATOR, Kind.WEEK: Role.APPROVER}
"""The least role that is told what concerns nobody by name."""
WRITTEN = (PaperKind.POLICY, PaperKind.CHARTER)
AHEAD = 7
"""Days of which the page tells beforehand."""


@dataclass(frozen=True)
class Telling:
    """Something to tell, and whom it concerns."""

    notice: Notice
    concern: Concern


@dataclass
class Found:
    """What is to be told to each address, and who is not reached; ``days``: that on which each is first to be told."""

    told: list[Addressed] = field(default_factory=list)
    missed: dict[Missed, None] = field(default_factory=dict)
    days: dict[str, int] = field(default_factory=dict)


def gather(console: Console, way: MailRow) -> int:
    """Write down what is to be told; returns how many notices are new."""
    now = console.clock()
    known = StoredRegister(console.practice)
    tellings = [*_dated(_Dated(console.practice, known, now), now), *_happened(console.practice, now)]
    found = addressed(reaching.book(console, way, known, now), tellings)
    return notices.write(console.practice, found.told, now)


def foreseen(console: Console, way: MailRow) -> Found:
    """What is to be told today and in the week that comes, nothing of it written down yet."""
    now = console.clock()
    known = StoredRegister(console.practice)
    dated = _Dated(console.practice, known, now + timedelta(days=AHEAD))
    days: dict[str, int] = {}
    tellings = list(_happened(console.practice, now))
    for day in range(AHEAD + 1):
        at = now + timedelta(days=day)
        changed = [one for one in dated.ends if not day or _due(one, at) != _due(one, at - timedelta(days=1))]
        coming = _dated(dated, at, changed)
        tellings += [one for one in coming if days.setdefault(one.notice.key, day) == day]
    found = addressed(reaching.book(console, way, known, now), tellings)
    found.told, found.days = notices.unwritten(console.practice, found.told), days
    return found


def tell(console: Console, tellings: Iterable[Telling]) -> int:
    """Write down what somebody asked to tell now; returns how many notices are new."""
    now, way = console.clock(), notices.mail(console.practice) or MailRow()
    found = addressed(reaching.book(console, way, StoredRegister(console.practice), now), tellings)
    return notices.write(console.practice, found.told, now)


def trial(console: Console, operator: str) -> int:
    """Write a test message down, for the practice's addresses and every administrator."""
    now = console.clock()
    if notices.mail(console.practice) is None:
        return 0
    one = Notice(f"trial/{now.isoformat()}", "trial", {})
    enter(console, now, "notice_trial", operator, {"key": one.key})
    return tell(console, [Telling(one, Concern(Kind.TRIAL, Role.ADMINISTRATOR))])


def addressed(book: Book, tellings: Iterable[Telling]) -> Found:
    """Give each notice its addresses, each address its words."""
    found = Found()
    for one in tellings:
        routed = book.route(one.concern)
        found.missed |= dict.fromkeys(routed.missed)
        subject = book.find(str(one.notice.values.get("subject", "")))
        for to in routed.to.values():
            said = {"instead": [_said(missed) for missed in to.instead]} if to.instead else {}
            named = {"named": subject.name} if subject else {}
            found.told.append(Addressed(one.notice, one.concern.kind, to.address, to.language, {**named, **said}))
    return found


def _said(missed: Missed) -> dict[str, str]:
    return {"name": missed.name, "why": missed.why, "until": missed.until.isoformat() if missed.until else ""}


class _Dated:
    """What has a day, read once: ends, reviews, texts to sign."""

    def __init__(self, practice: int, known: StoredRegister, now: datetime) -> None:
        """Read what ends within the first warning of ``now``."""
        self.known, self.practice = known, practice
        self.ends = decaying(practice, now, timedelta(days=max(WARNINGS)))
        self.managers: dict[Ref, Ref | None] = {one.ref: one.manager for one in known.seen(Person).facts}
        self.papers: Sequence[Paper] = known.seen(Paper).facts


def _dated(dated: _Dated, now: datetime, ends: Iterable[Ending] | None = None) -> Iterator[Telling]:
    """What is told on a day because a date comes near or has passed; ``ends``: those to look at, not all."""
    for one in dated.ends if ends is None else ends:
        yield from _warning(one, now, dated.managers.get(one.subject))
    yield from _reviews(dated.known, now.astimezone(PARIS).date())
    if any(paper.kind in WRITTEN for paper in dated.papers):
        yield from _unsigned(dated, now)
    yield from _alerted(dated, now)
    week = [one for one in dated.ends if one.at <= now + WEEK]
    if week:
        year, number, _day = now.astimezone(PARIS).isocalendar()
        said = [_values(one) for one in week]
        notice = Notice(f"digest/{year}-{number}", "digest", {"n": len(week), "list": said})
        yield Telling(notice, Concern(Kind.WEEK, HEARD[Kind.WEEK]))


def _alerted(dated: _Dated, now: datetime) -> Iterator[Telling]:
    """How alerts of the week before this one were handled, and who is silent, from Monday on; nothing of nothing."""
    here = now.astimezone(PARIS)
    monday = datetime.combine(here.date() - timedelta(days=here.weekday()), time(), PARIS)
    held = [one for one in alerts.since(dated.practice, monday - WEEK) if one.began < monday]
    silent = sum(one.silent is True for one in dated.known.seen(SourceHealth).facts)
    if held or silent:
        year, number, _day = here.isocalendar()
        values = {
            "n": len(held),
            "closed": sum(not one.open for one in held),
            "open": sum(one.open for one in held),
            "overdue": sum(one.open and one.late(now) for one in held),
            "late": sum(one.late(now) for one in held),
            "silent": silent,
        }
        notice = Notice(f"alerts/{year}-{number}", "alerts_week", values)
        yield Telling(notice, Concern(Kind.WEEK, HEARD[Kind.WEEK]))


def _happened(practice: int, now: datetime) -> Iterator[Telling]:
    """What is told because it happened."""
    for notice in _reds(practice, now):
        yield Telling(notice, Concern(Kind.RED, HEARD[Kind.RED]))
    for name, many, last in jobs.failing(practice, FAILED_IN_A_ROW):
        notice = Notice(f"failing/{name}/{last}", "failing", {"name": name, "n": many})
        yield Telling(notice, Concern(Kind.FAILING, HEARD[Kind.FAILING]))


def _due(one: Ending, now: datetime) -> int | None:
    """The nearest warning that is due, in days; 0: it is over; ``None``: too early."""
    if one.at <= now:
        return 0
    return next((days for days in sorted(WARNINGS) if one.at <= now + timedelta(days=days)), None)


def _warning(one: Ending, now: datetime, manager: Ref | None) -> Iterator[Telling]:
    """The nearest warning that is due; for work whose day is over, that it is late."""
    days, mark = _due(one, now), f"{one.code}/{one.what}/{one.at:%Y-%m-%d}"
    if one.code in WORK:
        concern = Concern(Kind.WORK, Role.OPERATOR, tuple(filter(None, (one.owner, manager))))
    else:
        concern = Concern(Kind.PROOF, Role.APPROVER, (one.owner,))
    if days:
        yield Telling(Notice(f"ending/{mark}/{days}", "ending", _values(one)), concern)
    elif days == 0 and one.code in WORK:
        yield Telling(Notice(f"late/{mark}", "late", _values(one)), concern)


def _values(one: Ending) -> dict[str, str]:
    return {"what": one.code, "control": one.control, "subject": one.subject, "at": one.at.isoformat()}


def _reviews(known: StoredRegister, today: date) -> Iterator[Telling]:
    """Lines that wait for their reviewer: when they are given, before the day, and once it is over."""
    for campaign in known.seen(Campaign).facts:
        left = (campaign.due_on - today).days
        step = next((days for days in (-1, 1, 7) if left <= days), "new")
        if campaign.closed_at is None:
            yield from reminders(known, campaign, str(step))


def reminders(known: StoredRegister, campaign: Campaign, mark: str) -> Iterator[Telling]:
    """Remind whoever has lines of a review to answer; ``mark``: what tells this reminder from the others."""
    waiting: dict[Ref, int] = {}
    for line in known.seen(CampaignLine).facts:
        if line.campaign == campaign.ref and not line.answered and line.reviewer:
            waiting[line.reviewer] = waiting.get(line.reviewer, 0) + 1
    for reviewer, many in waiting.items():
        values = {"n": many, "at": campaign.due_on.isoformat(), "control": campaign.control, "ident": campaign.ident}
        notice = Notice(f"review/{campaign.ident}/{reviewer}/{mark}", "review_due", values)
        yield Telling(notice, Concern(Kind.REVIEW, Role.APPROVER, (reviewer,)))


def _unsigned(dated: _Dated, now: datetime) -> Iterator[Telling]:
    """Texts that somebody here has not signed: told to them when asked; once it is late, to their manager too."""
    known = dated.known
    staff = present(known.seen(Person).facts, Leaving(known.seen(Departure).facts, now))
    people = {person.ref for person in staff}
    signatures = known.seen(Signature).facts
    for kind in WRITTEN:
        paper = next((one for one in dated.papers if one.kind is kind), None)
        for said in everyone_signed(kind, staff, signatures, dated.papers, now) if paper else ():
            if paper is None or said.subject not in people:
                continue
            late = isinstance(said, Finding)
            values = {"subject": said.subject, "paper": kind.value, "at": paper.signed_at.isoformat()}
            to = (said.subject, dated.managers.get(said.subject) or "") if late else (said.subject,)
            code = "unsigned" if late else "sign"
            notice = Notice(f"{code}/{kind.value}/{paper.version}/{said.subject}", code, values)
            yield Telling(notice, Concern(Kind.SIGN, Role.APPROVER, to))


def _reds(practice: int, now: datetime) -> Iterator[Notice]:
    """Rules that turned red at a judgement of the last day, one notice a judgement."""
    before: set[int] | None = None
    for sequence, at, failed in judgements.failed_since(practice, now - timedelta(days=1)):
        fresh = failed - before if before is not None else set()
        if fresh:
            rules = ", ".join(f"R{number}" for number in sorted(fresh))
            yield Notice(f"red/{sequence}", "red", {"rules": rules, "at": at.isoformat()})
        before = failed
