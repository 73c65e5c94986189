"""Exercises: begun, led on by a clock of their own, ended. Their log is an incident's, and marked from its first line.

The loop brings what is due whether or not somebody looks; each thing comes once, after a kill as before.
"""

from negatoscope.flows import debriefing, responding
from negatoscope.flows.alerting import CONSOLE, Handler
from negatoscope.flows.console import Console
from negatoscope.flows.recording import alone
from negatoscope.flows.responding import Beginning, Line
from negatoscope.kit.bilingual import Lang
from negatoscope.model.exercise import Chosen, Finished, Injected, Paced
from negatoscope.model.incident import Incident, Origin
from negatoscope.respond.exercise import stage
from negatoscope.respond.exercise.result import Result, weigh
from negatoscope.respond.exercise.scenario import RATES, scenarios
from negatoscope.respond.incident import Refused
from negatoscope.store.queries import incidents as held

ITSELF = Handler(CONSOLE, "")


class Prompter:
    """What the loop does for exercises; it remembers nothing: all is in tables."""

    def round(self, console: Console) -> None:
        """Bring what their clocks make due; keep what those that are over showed."""
        for number in held.played(console.practice):
            go_on(console, number)
            debriefing.file(console, number)


def begin(console: Console, scenario: str, rate: int, who: Handler, lang: Lang = "fr") -> int:
    """Begin an exercise; what comes at its first minute has come when this returns. Its number. Raises Refused."""
    played = scenarios().get(scenario)
    if played is None:
        raise Refused("scenario")
    if rate not in RATES:
        raise Refused("rate")
    with alone(console):
        now = console.clock()
        pace = Paced(now, played.begins(now), rate)
        told = Beginning(played.title[lang], origin=Origin.EXERCISE, scenario=scenario, pace=pace)
        number = responding.open_incident(console, told, who)
        go_on(console, number)
    return number


def exercise(console: Console, number: int) -> Incident:
    """An exercise as its log says it. Raises Refused: ``unknown``, and where it is a real incident."""
    one = responding.incident(console, number)
    if not one.exercise:
        raise Refused("unknown")
    return one


def go_on(console: Console, number: int) -> None:
    """Bring what its clock makes due, each thing once. Raises Refused."""
    if not stage.due(exercise(console, number), console.clock()):
        return
    with alone(console):
        one = exercise(console, number)
        for inject in stage.due(one, console.clock()):
            line = Line(Injected(inject.id), once=f"inject/{inject.id}", at=stage.comes(one, inject))
            responding.say(console, number, line, ITSELF)


def pace(console: Console, number: int, rate: int, who: Handler) -> None:
    """Let its clock run so many times as fast as the world's, or stand (0). Raises Refused."""
    with alone(console):
        go_on(console, number)
        now = console.clock()
        at = stage.showing(exercise(console, number), now)
        responding.say(console, number, Line(Paced(now, at, rate)), who)


def leap(console: Console, number: int, who: Handler) -> str:
    """Bring what comes next now: its clock leaps there, and runs on as before. Returns what came. Raises Refused."""
    with alone(console):
        go_on(console, number)
        one, now = exercise(console, number), console.clock()
        left, before = stage.waiting(one), stage.pace(one)
        if one.finished is not None:
            raise Refused("finished")
        if not left or before is None:
            raise Refused("no_more")
        at = stage.comes(one, left[0])
        responding.say(console, number, Line(Paced(now, at, before.rate), at=at), who)
        go_on(console, number)
        return left[0].id


def choose(console: Console, number: int, word: Chosen, who: Handler, once: str | None = None) -> None:
    """Answer what asks for a decision; the first answer stands. Raises Refused."""
    with alone(console):
        go_on(console, number)
        exercise(console, number)
        responding.say(console, number, Line(word, once=once), who)


def end(console: Console, number: int, who: Handler) -> None:
    """It is over: nothing more is said in it. Done twice, it is done once. Raises Refused."""
    with alone(console):
        go_on(console, number)
        if exercise(console, number).finished is None:
            responding.say(console, number, Line(Finished()), who)
    debriefing.file(console, number)


def result(console: Console, number: int) -> Result:
    """What it shows until now. Raises Refused."""
    log = held.entries(console.practice, number)
    return weigh(exercise(console, number), log, console.clock())
