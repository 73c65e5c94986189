"""Time goes on for launches of the alert chain; what an exercise showed becomes a fact of the register."""

import math
from datetime import datetime, timedelta

from negatoscope.flows import launching
from negatoscope.flows.alerting import CONSOLE
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.recording import alone, enter
from negatoscope.kit.bilingual import Lang
from negatoscope.kit.clock import PARIS
from negatoscope.model.continuity import CallDrill
from negatoscope.model.launch import Launch, Ring, Told
from negatoscope.prove.launch import paper
from negatoscope.prove.report.words import instant
from negatoscope.respond import chain
from negatoscope.store import jobs, practice
from negatoscope.store import launches as rows
from negatoscope.store.queries import launches as held

MINUTE = timedelta(minutes=1)


class Ringer:
    """What the loop does for launches; it remembers nothing: all is in tables."""

    def round(self, console: Console) -> None:
        """Call, mail and end what is due; file what exercises showed."""
        now = console.clock()
        for one in held.running(console.practice):
            if launching.waiting(one, now):
                launching.go_on(console, one.number)
        for one in held.unfiled(console.practice):
            file(console, one)


def file(console: Console, one: Launch) -> None:
    """Keep the sheet of an exercise that is over, and say in the register what it showed; done twice, it is the same.

    A second exercise of the same day takes the place of the first.
    """
    digest = console.vault.put(sheet(console, one, "fr"))
    shown = chain.result(one)
    minutes = math.ceil(shown.last / MINUTE) if shown.last is not None else None
    on = one.begun_at.astimezone(PARIS).date()
    name = f"exercice-{one.number}.pdf"
    fact = CallDrill(on, shown.outcome, minutes, name, digest, shown.lines, shown.reached)
    declare(console, Said(CONSOLE, "edit"), (fact,))
    with alone(console):
        now = console.clock()
        rows.keep_sheet(one.number, digest)
        enter(console, now, "chain_filed", CONSOLE, {"launch": one.number, "digest": digest})
        jobs.ask_judgement(console.practice, now, CONSOLE)


def sheet(console: Console, one: Launch, lang: Lang) -> bytes:
    """What a launch showed, as a PDF."""
    words, shown = paper.words(lang), chain.result(one)
    made = one.ended_at or console.clock()
    told = paper.Sheet(
        lang, practice.name(console.practice), one.purpose.value, one.number, instant(one.begun_at, lang),
        instant(one.ended_at, lang) if one.ended_at else "", one.begun_by, f"{shown.reached} / {shown.lines}",
        lasted(shown.first), lasted(shown.last), ", ".join(ring.name for ring in shown.silent),
        tuple(_row(one, ring, words) for ring in one.rings if ring.called_at or ring.answered_at),
    )  # fmt: skip
    return paper.sheet(told, made)


def _row(one: Launch, ring: Ring, words: dict[str, str]) -> paper.Row:
    mail = [words["mail"]] if ring.mail else []
    ways = ", ".join([*ring.ways, *mail] or [words["telephone"]])
    answered = ring.answered_at
    how = "" if ring.how is None else words[ring.how]
    return paper.Row(
        ring.name, ", ".join(map(str, ring.lines)), ways, _hour(ring.called_at), _hour(answered),
        lasted(answered - one.begun_at) if answered else "",
        how.format(name=ring.noted_by) if ring.how is Told.HAND else how,
    )  # fmt: skip


def lasted(time: timedelta | None) -> str:
    """A length of time in minutes and seconds; empty: there is none."""
    if time is None:
        return ""
    minutes, seconds = divmod(int(time.total_seconds()), 60)
    return f"{minutes} min {seconds:02} s"


def _hour(at: datetime | None) -> str:
    return f"{at.astimezone(PARIS):%H:%M:%S}" if at else ""
