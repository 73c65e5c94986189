"""How the verb ``incident`` speaks."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import msgspec
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.markup import escape

from negatoscope.cli import acquired, contained, desk, evidenced, packed, triaged
from negatoscope.cli.verb import DONE, USAGE, Fails, Verb
from negatoscope.flows import correcting, responding
from negatoscope.flows.alerting import Handler
from negatoscope.flows.responding import Beginning, Line
from negatoscope.kit.clock import PARIS
from negatoscope.model.incident import Entry, Moment, Noted, Origin, State
from negatoscope.respond import closing, wall
from negatoscope.respond.incident import Refused
from negatoscope.store.queries import incidents as held
from negatoscope.store.queries.paging import Ask

LISTED = 200
ROOMS = (evidenced, acquired, triaged, contained, packed)
"""Where further acts are told."""
STATES = {
    State.OPEN: gettext_lazy("ouvert"),
    State.QUALIFIED: gettext_lazy("qualifié"),
    State.CONTAINED: gettext_lazy("contenu"),
    State.ERADICATED: gettext_lazy("éradiqué"),
    State.RECOVERED: gettext_lazy("rétabli"),
    State.CLOSED: gettext_lazy("clos"),
}
REFUSED = {
    "unknown": gettext_lazy("Cet incident ou cette alerte n’existe pas."),
    "wordless": gettext_lazy("Dites-le en quelques mots."),
}


def words(parser: CommandParser) -> None:
    """What the verb takes."""
    acts = parser.add_subparsers(dest="what", required=True)
    begin = acts.add_parser("open", help=_("ouvrir un incident"))
    begin.add_argument("title", metavar=_("TITRE"), help=_("en une ligne, ce qui se passe"))
    begin.add_argument("--words", default="", help=_("ce que vous voyez"))
    begin.add_argument("--alert", type=int, help=_("numéro de l’alerte dont il naît"))
    note = acts.add_parser("note", help=_("ajouter une ligne à la main courante"))
    note.add_argument("number", type=int, metavar=_("NUMÉRO"))
    note.add_argument("text", metavar=_("TEXTE"))
    note.add_argument("--element", default="", help=_("où, sur quoi"))
    show = acts.add_parser("show", help=_("lire la main courante et les délais"))
    show.add_argument("number", type=int, metavar=_("NUMÉRO"))
    listing = acts.add_parser("list", help=_("tous les incidents, le plus récent d’abord"))
    further = [act for room in ROOMS for act in room.words(acts)]
    for act in (begin, note, show, listing, *further):
        act.add_argument("--json", action="store_true", help=_("pour un programme"))


def begin(verb: Verb, options: Mapping[str, Any]) -> int:
    """Open one."""
    console, who = desk.console(), _who()
    with _refused():
        if options["alert"] is not None:
            told = options["words"]
            number = responding.open_from_alert(console, options["alert"], options["title"], who, told)
        else:
            beginning = Beginning(options["title"], options["words"], Origin.TERMINAL)
            number = responding.open_incident(console, beginning, who)
    _say(verb, options, {"incident": number}, _("Incident n° %(n)d ouvert.") % {"n": number})
    return DONE


def note(verb: Verb, options: Mapping[str, Any]) -> int:
    """Add a line."""
    number = options["number"]
    with _refused():
        line = Line(Noted(), options["text"], options["element"])
        place = responding.say(desk.console(), number, line, _who())
    told = _("Ligne %(place)d de l’incident n° %(n)d.") % {"place": place, "n": number}
    _say(verb, options, {"incident": number, "place": place}, told)
    return DONE


def listing(verb: Verb, options: Mapping[str, Any]) -> int:
    """All of them, or the newest."""
    found = held.page(desk.console().practice, Ask(stop=LISTED)).rows
    if options["json"]:
        for one in found:
            verb.machine(one)
        return DONE
    table = verb.table(">" + _("Numéro"), _("Incident"), _("État"), _("Ouvert"))
    for one in found:
        opened = f"{one.opened_at.astimezone(PARIS):%Y-%m-%d %H:%M}"
        table.add_row(str(one.number), escape(one.title), str(STATES[one.state]), opened)
    verb.screen().print(table)
    return DONE


def show(verb: Verb, options: Mapping[str, Any]) -> int:
    """One of them, whole."""
    console, number = desk.console(), options["number"]
    with _refused():
        one = responding.incident(console, number)
    log, clocks = held.entries(console.practice, number), wall.clocks(one, correcting.duties(console.practice))
    if options["json"]:
        moments = {which.value: one.moment(which) for which in Moment}
        owed = [
            {"duty": clock.duty.id, "owed": clock.owed, "from": clock.since, "due": clock.due, "sent": clock.sent}
            for clock in clocks
        ]
        lacks = [{"code": code, "host": host} for code, host in closing.missing(one)]
        verb.machine(
            {"incident": number, "exercise": one.exercise, "title": one.title, "state": one.state, **moments,
             "duties": owed, "missing": lacks,
             "log": [_row(entry, struck=entry.place in one.struck) for entry in log]}
        )  # fmt: skip
        return DONE
    mark = f"{_('EXERCICE')} – " if one.exercise else ""
    verb.stdout.write(f"{number}  {mark}{one.title} – {STATES[one.state]}")
    for clock in clocks:
        until = f"{clock.due.astimezone(PARIS):%Y-%m-%d %H:%M}" if clock.due else clock.duty.said[verb.lang]
        verb.stdout.write(f"  {clock.duty.id:<8} {clock.duty.to[verb.lang]} – {until}")
    table = verb.table(">" + _("Ligne"), _("Quand"), _("Qui"), _("Sorte"), _("Texte"))
    for entry in log:
        told = _row(entry, struck=False)
        kind = str(told["word"]["type"]) + (" ×" if entry.place in one.struck else "")
        at = f"{entry.at.astimezone(PARIS):%Y-%m-%d %H:%M:%S}"
        table.add_row(*map(escape, (str(entry.place), at, entry.name or entry.who, kind, entry.text)))
    verb.screen().print(table)
    return DONE


def _row(entry: Entry, *, struck: bool) -> dict[str, Any]:
    told: dict[str, Any] = {"place": entry.place, "at": entry.at, "who": entry.who, "name": entry.name}
    return {
        **told,
        "word": msgspec.to_builtins(entry.word),
        "text": entry.text,
        "element": entry.element,
        "struck": struck,
    }


def _say(verb: Verb, options: Mapping[str, Any], row: dict[str, int], sentence: str) -> None:
    if options["json"]:
        verb.machine(row)
    else:
        verb.stdout.write(sentence)


def _who() -> Handler:
    operator = desk.operator()
    return Handler(operator, operator.partition(":")[2])


@contextmanager
def _refused() -> Iterator[None]:
    try:
        yield
    except Refused as error:
        raise Fails(str(REFUSED.get(error.code, error.code)), USAGE) from error


ACTS: Mapping[str, Callable[[Verb, Mapping[str, Any]], int]] = {
    "open": begin,
    "note": note,
    "list": listing,
    "show": show,
} | {name: act for room in ROOMS for name, act in room.ACTS.items()}
