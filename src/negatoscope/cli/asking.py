"""What ``hunt`` needs: days and words into a search, events and answers onto a terminal."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.management.base import CommandParser
from django.utils.timezone import localtime, make_aware
from django.utils.translation import gettext as _
from rich.markup import escape

from negatoscope.cli.verb import USAGE, Fails, Verb, harmless
from negatoscope.model.event import Action, Told
from negatoscope.store.queries.events import Answer, Refused, Wanted
from negatoscope.store.queries.paging import Found

WORDS = ("host", "who", "sender", "product", "text")
ONE_DAY = timedelta(days=1)
DAYS = 7
"""How far back a search goes unless it is told otherwise."""


def arguments(parser: CommandParser) -> None:
    """The filters."""
    parser.add_argument("--since", metavar="2026-11-20", help=_("premier jour, sept jours en arrière sans cela"))
    parser.add_argument("--until", metavar="2026-11-22", help=_("dernier jour"))
    for word in WORDS:
        parser.add_argument(f"--{word}", default="")
    parser.add_argument("--action", default="", choices=("", *(one.value for one in Action)))
    parser.add_argument("--outcome", default="", choices=("", "ok", "failed"))
    parser.add_argument("--limit", type=int, default=50, help=_("nombre de lignes, les plus récentes d’abord"))
    parser.add_argument("--sql", help=_("une question d’expert : un SELECT sur la table events"))
    parser.add_argument("--json", action="store_true", help=_("pour un programme : un objet par ligne"))


def wanted(options: dict[str, Any], now: datetime) -> Wanted:
    """What is searched. Raises Fails for what is no day."""
    since = _day(options["since"]) or make_aware(datetime.combine((now - timedelta(days=DAYS)).date(), time()))
    until = _day(options["until"])
    words = {word: options[word] for word in (*WORDS, "action", "outcome")}
    return Wanted(since=since, until=until and until + ONE_DAY, **words)


def _day(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        return make_aware(datetime.combine(date.fromisoformat(text), time()) + ONE_DAY) - ONE_DAY
    except (ValueError, OverflowError) as error:
        raise Fails(
            _("« %(day)s » n’est pas un jour : écrivez-le ainsi, 2026-11-20.") % {"day": text}, USAGE
        ) from error


def answered(ask: Callable[[], Any]) -> Any:  # noqa: ANN401 -- what was asked
    """What the question gets. Raises Fails where it is refused."""
    try:
        return ask()
    except Refused as error:
        why = {
            "not_one_select": _("Une seule question, qui commence par SELECT, est permise."),
            "too_long": _("La question prend trop de temps. Demandez une période plus courte."),
            "too_large": _("La question prend trop de mémoire. Demandez moins à la fois."),
        }.get(error.why, _("La question n’a pas été comprise."))
        raise Fails(f"{why} {error.said}".strip(), USAGE) from error


def show(verb: Verb, found: Found[Told], *, machine: bool) -> None:
    """Print events: a table, or an object a line."""
    if machine:
        for told in found.rows:
            verb.machine(told)
        return
    table = verb.table(_("Quand"), _("Quoi"), _("Qui"), _("Équipement"), _("Depuis"), _("Ce qui est écrit"))
    for told in found.rows:
        event = told.event
        said = str(event.fields.get("message", event.what or ""))
        what = f"{event.action or event.product}{'' if event.ok is not False else ' ✕'}"
        when = f"{localtime(event.at):%Y-%m-%d %H:%M:%S}"
        cells = (told.person or event.user, told.host or event.host, event.source, said)
        table.add_row(when, what, *(escape(cell or "") for cell in cells))
    verb.screen().print(table)
    verb.stderr.write(_("%(shown)d événements sur %(all)d.") % {"shown": len(found.rows), "all": found.total})


def show_answer(verb: Verb, answer: Answer, *, machine: bool) -> None:
    """Print an expert's answer: a table, or an object a line."""
    if machine:
        for row in answer.rows:
            verb.machine(dict(zip(answer.titles, row, strict=True)))
    else:
        table = verb.table(*(escape(harmless(title)) for title in answer.titles))
        for row in answer.rows:
            table.add_row(*("" if value is None else escape(str(value)) for value in row))
        verb.screen().print(table)
    if answer.cut:
        verb.stderr.write(_("La réponse est coupée à mille lignes."))
