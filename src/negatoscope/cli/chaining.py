"""How the verb ``chain`` speaks."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.markup import escape

from negatoscope.cli import desk
from negatoscope.cli.verb import DONE, FAILED, USAGE, Fails, Verb
from negatoscope.flows import launching
from negatoscope.flows.alerting import Handler
from negatoscope.flows.launching import Callee, NotLaunched, Wish
from negatoscope.kit.clock import PARIS
from negatoscope.model.launch import Launch, LaunchState, Purpose, Reach, Ring, System
from negatoscope.respond import chain
from negatoscope.respond.chain import Use
from negatoscope.store.queries import launches as held

REFUSED = {
    "nobody": gettext_lazy("Personne ne peut être appelé : la liste d’appel est vide, ou tous sont absents."),
    "running": gettext_lazy("Un lancement est déjà en cours : suivez-le, ou arrêtez-le d’abord."),
    "incident": gettext_lazy("Cet incident n’existe pas, ou il est clos."),
    "unknown": gettext_lazy("Ce lancement n’existe pas."),
    "ended": gettext_lazy("Ce lancement est terminé."),
}
STATES = {
    LaunchState.RUNNING: gettext_lazy("en cours"),
    LaunchState.ANSWERED: gettext_lazy("quelqu’un a répondu"),
    LaunchState.OVER: gettext_lazy("terminée"),
    LaunchState.STOPPED: gettext_lazy("arrêtée"),
    LaunchState.FALSE_ALARM: gettext_lazy("fausse alerte"),
}


def words(parser: CommandParser) -> None:
    """What the verb takes."""
    acts = parser.add_subparsers(dest="what", required=True)
    begin = acts.add_parser("launch", help=_("lancer la chaîne d’alerte, ou montrer ce qui se passerait"))
    begin.add_argument("--drill", action="store_true", help=_("un exercice : chaque message le dit en premier"))
    begin.add_argument("--all", action="store_true", help=_("toute la liste à la fois"))
    begin.add_argument("--suspect", action="append", default=[], choices=list(System), metavar=_("SYSTÈME"),
                       help=", ".join(System))  # fmt: skip
    begin.add_argument("--text", default="", help=_("ce qu’il faut savoir, lu sur la page de réponse"))
    begin.add_argument("--incident", type=int, help=_("numéro de l’incident dont la main courante le note"))
    begin.add_argument("--dry-run", action="store_true", help=_("montrer qui serait appelé, sans rien envoyer"))
    listing = acts.add_parser("list", help=_("les lancements, le plus récent d’abord"))
    show = acts.add_parser("show", help=_("qui a été appelé, qui a répondu"))
    answered = acts.add_parser("answered", help=_("noter que quelqu’un a répondu au téléphone"))
    stop = acts.add_parser("stop", help=_("ne plus appeler personne"))
    for act in (show, answered, stop):
        act.add_argument("number", type=int, metavar=_("NUMÉRO"))
    answered.add_argument("place", type=int, metavar=_("PLACE"), help=_("sa place dans le lancement"))
    stop.add_argument("--false-alarm", action="store_true", help=_("c’était une fausse alerte"))
    stop.add_argument("--why", default="", help=_("précision"))
    for act in (begin, listing, show, answered, stop):
        act.add_argument("--json", action="store_true", help=_("pour un programme"))


def begin(verb: Verb, options: Mapping[str, Any]) -> int:
    """Launch it, or show what that would do."""
    wish = Wish(
        Purpose.DRILL if options["drill"] else Purpose.REAL, Reach.ALL if options["all"] else Reach.ONE,
        options["text"], frozenset(map(System, options["suspect"])), options["incident"],
    )  # fmt: skip
    if options["dry_run"]:
        return _plan(verb, options, wish)
    with _refused():
        number = launching.launch(desk.console(), wish, _who())
    return show(verb, {**options, "number": number})


def _plan(verb: Verb, options: Mapping[str, Any], wish: Wish) -> int:
    told = launching.plan(desk.console(), wish)
    for one in told.callees:
        if options["json"]:
            verb.machine(_callee(one))
            continue
        minutes = int(one.planned.after.total_seconds() // 60)
        verb.stdout.write(f"+{minutes:>3} min  {one.name}" + (f" ({one.instead} ×)" if one.instead else ""))
        for way in one.ways:
            verb.stdout.write(f"          {'×' if way.use is Use.LEFT else '→'} {way.name}")
        for address in filter(None, (one.mail,)):
            verb.stdout.write(f"          → {address}")
        if one.by_hand:
            verb.stdout.write(
                "          " + _("à appeler au téléphone : %(phones)s") % {"phones": ", ".join(one.phones)}
            )
    for link in told.silent:
        verb.stdout.write(_("Ligne %(n)d (%(name)s) : personne ne répond.") % {"n": link.rank, "name": link.name})
    return DONE if told.callees else FAILED


def _callee(one: Callee) -> dict[str, Any]:
    ways = [{"name": way.name, "use": way.use, "needs": list(way.needs)} for way in one.ways]
    return {
        "person": one.planned.person, "name": one.name, "instead": one.instead, "lines": list(one.planned.lines),
        "after": int(one.planned.after.total_seconds()), "ways": ways, "mail": one.mail, "mail_left": one.mail_left,
        "phones": list(one.phones), "by_hand": one.by_hand,
    }  # fmt: skip


def listing(verb: Verb, options: Mapping[str, Any]) -> int:
    """All of them."""
    found = held.every(desk.console().practice)
    if options["json"]:
        for one in found:
            verb.machine(_summed(one))
        return DONE
    table = verb.table(">" + _("Numéro"), _("Sorte"), _("Lancée"), _("État"), ">" + _("Lignes jointes"))
    for one in found:
        kind = _("exercice") if one.purpose is Purpose.DRILL else _("réelle")
        shown = chain.result(one)
        at = f"{one.begun_at.astimezone(PARIS):%Y-%m-%d %H:%M}"
        table.add_row(str(one.number), kind, at, str(STATES[one.state]), f"{shown.reached}/{shown.lines}")
    verb.screen().print(table)
    return DONE


def _summed(one: Launch) -> dict[str, Any]:
    shown = chain.result(one)
    first, last = (None if time is None else int(time.total_seconds()) for time in (shown.first, shown.last))
    return {
        "launch": one.number, "purpose": one.purpose, "reach": one.reach, "state": one.state, "begun": one.begun_at,
        "ended": one.ended_at, "incident": one.incident, "lines": shown.lines, "reached": shown.reached,
        "first": first, "last": last, "silent": [ring.name for ring in shown.silent], "sheet": one.sheet,
    }  # fmt: skip


def show(verb: Verb, options: Mapping[str, Any]) -> int:
    """One of them, person by person."""
    one = _launch(options)
    if options["json"]:
        verb.machine({**_summed(one), "rings": [_rung(ring) for ring in one.rings]})
        return DONE
    kind = _("Exercice") if one.purpose is Purpose.DRILL else _("Chaîne d’alerte")
    verb.stdout.write(f"{kind} {one.number} – {STATES[one.state]}")
    table = verb.table(">" + _("Place"), _("Personne"), _("Par"), _("Téléphone"), _("Appel"), _("Réponse"))
    for ring in one.rings:
        ways = ", ".join([*ring.ways, *filter(None, (ring.mail,))])
        hours = [f"{at.astimezone(PARIS):%H:%M:%S}" if at else "" for at in (ring.called_at, ring.answered_at)]
        table.add_row(str(ring.place), *map(escape, (ring.name, ways, ", ".join(ring.phones), *hours)))
    verb.screen().print(table)
    return DONE


def _rung(ring: Ring) -> dict[str, Any]:
    return {
        "place": ring.place, "name": ring.name, "lines": list(ring.lines), "ways": list(ring.ways), "mail": ring.mail,
        "phones": list(ring.phones), "due": ring.due, "called": ring.called_at, "answered": ring.answered_at,
        "how": ring.how,
    }  # fmt: skip


def answered(verb: Verb, options: Mapping[str, Any]) -> int:
    """Somebody answered by telephone."""
    one = _launch(options)
    number = next((ring.number for ring in one.rings if ring.place == options["place"]), 0)
    with _refused():
        launching.tick(desk.console(), one.number, number, _who())
    return show(verb, options)


def stop(verb: Verb, options: Mapping[str, Any]) -> int:
    """Nobody else is called."""
    state = LaunchState.FALSE_ALARM if options["false_alarm"] else LaunchState.STOPPED
    with _refused():
        launching.stop(desk.console(), options["number"], state, options["why"], _who())
    return show(verb, options)


def _launch(options: Mapping[str, Any]) -> Launch:
    one = held.launch(desk.console().practice, options["number"])
    if one is None:
        raise Fails(str(REFUSED["unknown"]), USAGE)
    return one


def _who() -> Handler:
    operator = desk.operator()
    return Handler(operator, operator.partition(":")[2])


@contextmanager
def _refused() -> Iterator[None]:
    try:
        yield
    except NotLaunched as error:
        raise Fails(str(REFUSED.get(error.code, error.code)), USAGE) from error


ACTS = {"launch": begin, "list": listing, "show": show, "answered": answered, "stop": stop}
