"""How the verb ``exercise`` speaks."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.markup import escape

from negatoscope.cli import desk
from negatoscope.cli.verb import DONE, USAGE, Fails, Verb
from negatoscope.flows import exercising
from negatoscope.flows.alerting import Handler
from negatoscope.kit.clock import PARIS
from negatoscope.respond.exercise import stage
from negatoscope.respond.exercise.result import Mark, Result
from negatoscope.respond.exercise.scenario import RATES, scenarios
from negatoscope.respond.incident import Refused
from negatoscope.store.queries import incidents as held

MARKS = {
    Mark.MET: gettext_lazy("tenu"),
    Mark.LATE: gettext_lazy("fait trop tard"),
    Mark.DISORDERED: gettext_lazy("fait dans le mauvais ordre"),
    Mark.MISSED: gettext_lazy("pas fait"),
    Mark.WAITED: gettext_lazy("encore attendu"),
    Mark.UNASKED: gettext_lazy("pas joué"),
}
REFUSED = {
    "unknown": gettext_lazy("Cet exercice n’existe pas."),
    "finished": gettext_lazy("Cet exercice est terminé."),
    "no_more": gettext_lazy("Tout est arrivé : il n’y a plus d’événement à venir."),
}


def words(parser: CommandParser) -> None:
    """What the verb takes."""
    acts = parser.add_subparsers(dest="what", required=True)
    listing = acts.add_parser("list", help=_("les scénarios, et les exercices joués"))
    start = acts.add_parser("start", help=_("commencer un exercice"))
    start.add_argument("scenario", choices=sorted(scenarios()))
    start.add_argument("--rate", type=int, choices=RATES, default=10, help=_("combien de fois plus vite que le monde"))
    after = acts.add_parser("next", help=_("faire arriver l’événement suivant maintenant"))
    pace = acts.add_parser("pace", help=_("changer la vitesse de l’horloge ; 0 la met en pause"))
    show = acts.add_parser("show", help=_("ce qui est arrivé, et le bilan"))
    end = acts.add_parser("end", help=_("terminer : ce qui n’a pas été fait compte comme manqué"))
    for act in (after, pace, show, end):
        act.add_argument("number", type=int, metavar=_("NUMÉRO"))
    pace.add_argument("rate", type=int, choices=(0, *RATES))
    for act in (listing, start, after, pace, show, end):
        act.add_argument("--json", action="store_true", help=_("pour un programme"))


def listing(verb: Verb, options: Mapping[str, Any]) -> int:
    """Scenarios, then exercises."""
    played, lang = held.exercises(desk.console().practice), verb.lang
    if options["json"]:
        for scenario in scenarios().values():
            verb.machine({"scenario": scenario.id, "title": scenario.title[lang], "hours": scenario.hours})
        for row in played:
            verb.machine({"exercise": row.number, "title": row.title, "begun": row.opened_at})
        return DONE
    table = verb.table(_("Scénario"), "")
    for scenario in scenarios().values():
        table.add_row(scenario.id, escape(scenario.title[lang]))
    verb.screen().print(table)
    table = verb.table(">" + _("Numéro"), _("Exercice"), _("Commencé"))
    for row in played:
        table.add_row(str(row.number), escape(row.title), f"{row.opened_at.astimezone(PARIS):%Y-%m-%d %H:%M}")
    verb.screen().print(table)
    return DONE


def start(verb: Verb, options: Mapping[str, Any]) -> int:
    """Begin one."""
    with _refused():
        number = exercising.begin(desk.console(), options["scenario"], options["rate"], _who(), verb.lang)
    return _tell(verb, options, number)


def after(verb: Verb, options: Mapping[str, Any]) -> int:
    """Bring what comes next."""
    with _refused():
        exercising.leap(desk.console(), options["number"], _who())
    return _tell(verb, options, options["number"])


def pace(verb: Verb, options: Mapping[str, Any]) -> int:
    """Set the clock."""
    with _refused():
        exercising.pace(desk.console(), options["number"], options["rate"], _who())
    return _tell(verb, options, options["number"])


def end(verb: Verb, options: Mapping[str, Any]) -> int:
    """End it, and say what it showed."""
    with _refused():
        exercising.end(desk.console(), options["number"], _who())
    return _tell(verb, options, options["number"], whole=True)


def show(verb: Verb, options: Mapping[str, Any]) -> int:
    """What came, and what it shows until now."""
    return _tell(verb, options, options["number"], whole=True)


def _tell(verb: Verb, options: Mapping[str, Any], number: int, *, whole: bool = False) -> int:
    console, lang = desk.console(), verb.lang
    with _refused():
        exercising.go_on(console, number)
        one, result = exercising.exercise(console, number), exercising.result(console, number)
    at = stage.showing(one, console.clock())
    if options["json"]:
        told = {"exercise": number, "scenario": one.exercise, "at": at, "over": one.finished is not None}
        verb.machine({**told, "came": list(one.came), **_counts(result), "expected": _lines(result)})
        return DONE
    verb.stdout.write(_("EXERCICE n° %(n)d – %(title)s") % {"n": number, "title": one.title})
    verb.stdout.write(f"{at.astimezone(PARIS):%Y-%m-%d %H:%M}")
    played = stage.scenario(one)
    for name, entry in one.came.items():
        inject = played.named(name) if played else None
        if inject is not None:
            verb.stdout.write(f"  {entry.at.astimezone(PARIS):%H:%M}  {inject.by[lang]} – {inject[lang]}")
    if whole:
        table = verb.table(_("Attendu"), "", _("Quand"))
        for line in result.settled:
            when = f"{line.entry.at.astimezone(PARIS):%Y-%m-%d %H:%M}" if line.entry else ""
            table.add_row(*map(escape, (line.expected[lang], str(MARKS[line.mark]), when)))
        verb.screen().print(table)
        verb.stdout.write(_("%(met)d attendus tenus sur %(asked)d") % _counts(result))
    return DONE


def _counts(result: Result) -> dict[str, int]:
    return {"met": result.met, "asked": result.asked, "vital_missed": len(result.vital)}


def _lines(result: Result) -> list[dict[str, Any]]:
    return [
        {
            "id": line.expected.id,
            "mark": line.mark,
            "vital": line.expected.vital,
            "at": line.entry.at if line.entry else None,
            "real": line.entry.real if line.entry else None,
            "due": line.due,
        }
        for line in result.settled
    ]


def _who() -> Handler:
    operator = desk.operator()
    return Handler(operator, operator.partition(":")[2])


@contextmanager
def _refused() -> Iterator[None]:
    try:
        yield
    except Refused as error:
        raise Fails(str(REFUSED.get(error.code, error.code)), USAGE) from error


ACTS = {"list": listing, "start": start, "next": after, "pace": pace, "show": show, "end": end}
