"""The acts of a demonstration's story, each played through the flow that a person or an instrument would use."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import msgspec
import zstandard

from negatoscope.flows import accompanying, acting, adopting, alerting, rereading, reviewing, tipping
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare, keep_document
from negatoscope.flows.importing import Upload, accept
from negatoscope.flows.judging import judge_now
from negatoscope.flows.observing import Delivery, Outcome, deliver
from negatoscope.flows.overhearing import lines, overhear
from negatoscope.flows.registering import StoredRegister
from negatoscope.model.alert import AlertOutcome
from negatoscope.model.cases import Case, CaseKind, CaseTask
from negatoscope.model.evidence import Ref
from negatoscope.model.papers import PaperKind
from negatoscope.model.people import Person, Waiver
from negatoscope.model.tip import Look
from negatoscope.store import judgements
from negatoscope.store.queries import alerts, tips

HERE = Path(__file__).parent / "demonstration"
OPERATOR = "demonstration"
MAX_BYTES = 32 * 1024 * 1024


class Capture(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="capture"):
    """A look that was recorded. ``file``: its bytes, in the folder of the story, compressed."""

    at: datetime
    collector: str
    file: str
    target: str = ""
    act: str = "observation"


class List(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="list"):
    """A list that somebody imported."""

    at: datetime
    family: str
    file: str
    complete_on: date | None = None


class Document(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="document"):
    """Something handed over as proof, which lists lean on."""

    at: datetime
    file: str


class Judge(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="judge"):
    """The forty rules, judged at this instant."""

    at: datetime


class Adopt(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="adopt"):
    """The director signs a text of the practice."""

    at: datetime
    kind: PaperKind
    signer: str


class Sign(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="sign"):
    """People sign a text or follow a training. ``people``: their identifiers; nobody named: everyone present."""

    at: datetime
    kind: PaperKind
    signer: str
    people: tuple[str, ...] = ()


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="plan"):
    """Somebody promises to repair what the last judgement found. ``among``: part of the subjects' names."""

    at: datetime
    control: str
    owner: str
    due_on: date
    among: str = ""
    cost: int | None = None
    note: str = ""


class Waive(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="waive"):
    """Somebody accepts what the last judgement found, for a while. ``among``: part of the subjects' names."""

    at: datetime
    control: str
    owner: str
    compensation: str
    until: datetime
    among: str = ""


class Leave(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="leave"):
    """Somebody's departure is prepared. ``done``: the tasks that are signed on that day already, by kind."""

    at: datetime
    person: str
    on: date
    owner: str
    done: tuple[str, ...] = ()


class Review(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="review"):
    """Somebody opens a review of a list, for an attested control."""

    at: datetime
    control: str
    due_on: date
    owner: str


class Logs(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="logs"):
    """Log lines that came in from ``since`` until now. ``file``: all lines of the story (``overhearing.lines``)."""

    at: datetime
    since: datetime
    file: str


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="answer"):
    """Somebody takes the open alerts of a situation, or ends them. ``outcome``: none while it is looked into."""

    at: datetime
    code: str
    owner: str
    outcome: AlertOutcome | None = None
    conclusion: str = ""


class Reread(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="reread"):
    """The logs of the last week are counted; with a statement, they are also read and signed."""

    at: datetime
    reviewer: str
    statement: str = ""


class Report(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="report"):
    """Somebody of the staff reports something, on the page that asks for no account."""

    at: datetime
    look: Look
    where: str
    text: str


class Settle(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag="settle"):
    """Somebody finds the reports that wait harmless, and says why."""

    at: datetime
    owner: str
    reason: str


Watched = Logs | Answer | Reread | Report | Settle
Act = Capture | List | Document | Judge | Adopt | Sign | Plan | Waive | Leave | Review | Watched


class Unplayable(Exception):  # noqa: N818 -- what it is
    """An act of the story brought back nothing to read, or met nothing; the message names its file or subject."""


def play(console: Console, act: Act) -> None:
    """Play one act at the console's present. Raises Unplayable, DiskFull."""
    match act:
        case Capture(at=at, collector=collector, file=file, target=target):
            _taken(file, deliver(console, Delivery(collector, target, OPERATOR, act.act, _bytes(file), at)))
        case List() | Document():
            _hand_over(console, act)
        case Judge():
            judge_now(console, OPERATOR)
        case Adopt() | Sign():
            _sign(console, act)
        case Plan() | Waive():
            _answer(console, act)
        case Leave() | Review():
            _follow(console, act)
        case _:
            _supervise(console, act)


def _hand_over(console: Console, act: List | Document) -> None:
    data = _bytes(act.file)
    if isinstance(act, Document):
        keep_document(console, data)
        return
    _taken(act.file, accept(console, Upload(act.family, act.file, data, act.complete_on), OPERATOR))


def _taken(file: str, outcome: Outcome) -> None:
    """Raise Unplayable where nothing could be read of a file, or where a row of a list was left out."""
    gap = outcome.blocking or next((gap for gap in outcome.gaps if gap.why == "rows_left_out"), None)
    if gap or not (outcome.facts or file.endswith(".json")):
        raise Unplayable(f"{file}: {gap.values if gap else 'empty'}")


def _bytes(name: str) -> bytes:
    """A file of the story; ``.zst`` ones are compressed."""
    packed = HERE / f"{name}.zst"
    if not packed.exists():
        return (HERE / name).read_bytes()
    with packed.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as stream:
        return stream.read(MAX_BYTES)


def _sign(console: Console, act: Adopt | Sign) -> None:
    signer = adopting.Signer(OPERATOR, act.signer)
    if isinstance(act, Adopt):
        adopting.adopt(console, act.kind, "fr", signer)
        return
    staff = adopting.staff_of(console)
    people = [one for one in staff if one.ident in act.people] if act.people else staff
    adopting.record(console, act.kind, people, act.at.date(), signer)


def _answer(console: Console, act: Plan | Waive) -> None:
    """Answer findings of the last judgement, as its page lets a person do."""
    subjects = [subject for subject in _found(console, act.control) if act.among in subject]
    if not subjects:
        raise Unplayable(f"{act.control} {act.among}")
    if isinstance(act, Plan):
        acting.plan(console, OPERATOR, act.control, subjects, acting.Promise(act.owner, act.due_on, act.cost, act.note))
        return
    waivers = [Waiver(act.control, subject, act.owner, act.compensation, act.until) for subject in subjects]
    declare(console, Said(OPERATOR, "waiver"), waivers)


def _found(console: Console, control: str) -> Iterator[Ref]:
    kept = judgements.last(console.practice)
    for rule in kept.judgement.rules if kept else ():
        for result in rule.controls:
            if result.id == control:
                yield from (finding.subject for finding in result.findings)


def _follow(console: Console, act: Leave | Review) -> None:
    """Open what others will have to finish."""
    if isinstance(act, Review):
        reviewing.start(console, act.control, act.due_on, reviewing.Reviewer(OPERATOR, act.owner))
        return
    known = StoredRegister(console.practice)
    person = next((one for one in known.seen(Person).facts if one.ident == act.person), None)
    if person is None:
        raise Unplayable(act.person)
    who = accompanying.Who(OPERATOR, act.owner)
    opening = accompanying.Opening(person, CaseKind.DEPARTURE, act.on, act.owner)
    case: Case = accompanying.open_case(console, opening, who)
    for task in StoredRegister(console.practice).seen(CaseTask).facts:
        if task.case == case.ref and task.kind.value in act.done:
            accompanying.sign_task(console, task, "Rendu en main propre.", who)


def _supervise(console: Console, act: Watched) -> None:
    """Hear logs and the staff, answer the alerts that they raised, read the week."""
    if isinstance(act, Logs):
        overhear(console, lines(_bytes(act.file).decode(), act.since, act.at))
        alerting.escalate(console)
    elif isinstance(act, Answer):
        _answer_alerts(console, act)
    elif isinstance(act, Report | Settle):
        _report(console, act)
    else:
        who = reviewing.Reviewer(OPERATOR, act.reviewer)
        week = rereading.prepare(console, rereading.last_week(act.at), who)
        if act.statement:
            rereading.sign(console, week, act.statement, who)


def _answer_alerts(console: Console, act: Answer) -> None:
    about = [one.number for one in alerts.standing(console.practice) if one.code == act.code]
    if not about:
        raise Unplayable(act.code)
    who = alerting.Handler(OPERATOR, act.owner)
    if act.outcome:
        alerting.close_together(console, about, act.outcome, act.conclusion, who)
        return
    for number in about:
        alerting.take(console, number, who)


def _report(console: Console, act: Report | Settle) -> None:
    """Send a report, or settle those that wait."""
    if isinstance(act, Report):
        tipping.send(console, tipping.Sending(act.at.isoformat(), act.look, act.text, act.where))
        return
    for one in tips.standing(console.practice):
        tipping.harmless(console, one.number, act.reason, alerting.Handler(OPERATOR, act.owner))
