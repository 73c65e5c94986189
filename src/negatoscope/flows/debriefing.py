"""What an exercise showed: on paper, kept in the vault, and said in the register where it was played to its end."""

from collections.abc import Sequence
from datetime import datetime

from negatoscope.flows import responding
from negatoscope.flows.alerting import CONSOLE, Handler
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.recording import alone
from negatoscope.flows.responding import Line
from negatoscope.kit.bilingual import Lang
from negatoscope.kit.clock import PARIS
from negatoscope.model.continuity import CrisisExercise
from negatoscope.model.exercise import Chosen, Kept
from negatoscope.model.incident import Entry, Incident
from negatoscope.prove.exercise import paper
from negatoscope.prove.report.words import instant
from negatoscope.respond.exercise import result, stage
from negatoscope.respond.exercise.result import Mark, Result
from negatoscope.respond.exercise.scenario import Scenario
from negatoscope.store import jobs, practice
from negatoscope.store.queries import incidents as held

ITSELF = Handler(CONSOLE, "")
COUNTED = {Mark.MET: True, Mark.LATE: False, Mark.DISORDERED: False, Mark.MISSED: False}


def file(console: Console, number: int) -> None:
    """Keep the sheet of an exercise that is over; done twice, it is the same. One that was cut short proves nothing.

    A second exercise on the same scenario of the same day takes the place of the first.
    """
    log = held.entries(console.practice, number)
    one = responding.incident(console, number)
    if one.finished is None or one.kept is not None:
        return
    played = stage.scenario(one)
    digest = console.vault.put(sheet(console, one, log, "fr"))
    if played is not None and stage.whole(one):
        shown = result.weigh(one, log, console.clock())
        on = _real(one.opened).astimezone(PARIS).date()
        fact = CrisisExercise(
            on, played.title.fr, shown.asked, shown.met, len(shown.vital), f"exercice-{number}.pdf", digest
        )
        declare(console, Said(CONSOLE, "edit"), (fact,))
    with alone(console):
        responding.say(console, number, Line(Kept(digest), once="kept"), ITSELF)
        jobs.ask_judgement(console.practice, console.clock(), CONSOLE)


def _real(entry: Entry) -> datetime:
    return entry.real or entry.at


def sheet(console: Console, one: Incident, log: Sequence[Entry], lang: Lang) -> bytes:
    """What an exercise shows, as a PDF."""
    now = console.clock()
    shown, ended = result.weigh(one, log, now), one.finished
    told = paper.Sheet(
        lang, practice.name(console.practice), one.number, one.title, instant(_real(one.opened), lang),
        instant(_real(ended), lang) if ended else "", (ended.name or ended.who) if ended else "",
        f"{shown.met} / {shown.asked}", len(shown.vital), stage.whole(one),
        _rows(shown, lang), _events(one, stage.scenario(one), lang),
    )  # fmt: skip
    return paper.sheet(told, _real(ended) if ended else now)


def _rows(shown: Result, lang: Lang) -> tuple[paper.Row, ...]:
    words = paper.words(lang)
    return tuple(
        paper.Row(
            words[f"{line.mark}_mark"], COUNTED.get(line.mark), line.expected[lang], line.expected.why[lang],
            line.expected.vital, instant(line.entry.at, lang) if line.entry else "",
            instant(_real(line.entry), lang) if line.entry else "", instant(line.due, lang) if line.due else "",
        )
        for line in shown.settled
    )  # fmt: skip


def _events(one: Incident, played: Scenario | None, lang: Lang) -> tuple[paper.Event, ...]:
    """What came, in order, with what was answered."""
    found = []
    for name, entry in one.came.items():
        inject, answer = played.named(name) if played else None, one.chosen.get(name)
        if inject is not None:
            picked = answer.word.choice if answer and isinstance(answer.word, Chosen) else ""
            said = next((each[lang] for each in inject.choice if each.id == picked), "")
            found.append(paper.Event(instant(entry.at, lang), f"{inject.by[lang]} – {inject[lang]}", said))
    return tuple(found)
