"""How the verb ``tip`` speaks."""

import secrets
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.markup import escape

from negatoscope.cli import desk
from negatoscope.cli.verb import DONE, USAGE, Fails, Verb
from negatoscope.flows import tipping
from negatoscope.flows.tipping import File, NotTaken, Sending
from negatoscope.kit.clock import PARIS
from negatoscope.model.tip import Look
from negatoscope.respond import tips
from negatoscope.store.queries import tips as held
from negatoscope.store.queries.paging import Ask

LISTED = 200
REFUSED = {
    "too_many_of_all": gettext_lazy("Trop de signalements en une heure : rien n’est enregistré."),
    "no_more_files": gettext_lazy("Trop de fichiers ont été reçus aujourd’hui : rien n’est enregistré."),
    "files": gettext_lazy("Trois fichiers au plus à la fois."),
    "kind": gettext_lazy("Ce fichier n’est ni une photo ni un courriel enregistré. Gardez-le, et dites-le en mots."),
    "empty": gettext_lazy("Ce fichier est vide."),
    "too_large": gettext_lazy("Ce fichier dépasse 10 Mo. Prenez une photo plus légère, ou dites-le en mots."),
}


def words(parser: CommandParser) -> None:
    """What the verb takes."""
    acts = parser.add_subparsers(dest="what", required=True)
    send = acts.add_parser("send", help=_("signaler quelque chose d’anormal"))
    send.add_argument("look", choices=list(Look), metavar=_("VU"), help=", ".join(Look))
    send.add_argument("text", nargs="?", default="", metavar=_("TEXTE"), help=_("ce que vous voyez"))
    send.add_argument("--where", default="", help=_("où, sur quoi"))
    send.add_argument("--name", default="", help=_("qui signale"))
    send.add_argument("--phone", default="", help=_("à quel numéro rappeler"))
    send.add_argument("--file", type=Path, action="append", default=[], help=_("une photo ou un courriel enregistré"))
    listing = acts.add_parser("list", help=_("les signalements, le plus récent d’abord"))
    listing.add_argument("--open", action="store_true", help=_("ceux qui attendent seulement"))
    for act in (send, listing):
        act.add_argument("--json", action="store_true", help=_("pour un programme"))


def send(verb: Verb, options: Mapping[str, Any]) -> int:
    """Report something; say what to do."""
    said = {name: options[name] for name in ("text", "where", "name", "phone")}
    look = Look(options["look"])
    try:
        with ExitStack() as files:
            opened = [File(path.name, files.enter_context(path.open("rb"))) for path in options["file"]]
            one = tipping.send(desk.console(), Sending(secrets.token_urlsafe(15), look, **said, files=opened))
    except NotTaken as error:
        raise Fails(str(REFUSED.get(error.code, error.code)), USAGE) from error
    except OSError as error:
        raise Fails(str(error), USAGE) from error
    if options["json"]:
        verb.machine({"tip": one.number, "receipt": tips.shown(one.code), "due": one.due})
        return DONE
    verb.stdout.write(_("Signalement n° %(n)d, reçu %(code)s.") % {"n": one.number, "code": tips.shown(one.code)})
    first, do, dont = tips.advice(look)
    for sign, steps in (("+", (*first, *do)), ("×", dont)):
        for step in steps:
            verb.stdout.write(f"  {sign} {step[verb.lang]}")
    return DONE


def listing(verb: Verb, options: Mapping[str, Any]) -> int:
    """All of them, or the newest."""
    only = {"etat": held.OPEN} if options["open"] else {}
    found = held.page(desk.console().practice, Ask(stop=LISTED, only=only)).rows
    if options["json"]:
        for one in found:
            verb.machine(one)
        return DONE
    table = verb.table(">" + _("Numéro"), _("Ce qui a été vu"), _("Où"), _("Reçu"), _("Traité"))
    for one in found:
        handled = f"{one.handled_at.astimezone(PARIS):%Y-%m-%d %H:%M}" if one.handled_at else ""
        received = f"{one.received_at.astimezone(PARIS):%Y-%m-%d %H:%M}"
        saw = tips.guidance()[one.look].says[verb.lang]
        table.add_row(*map(escape, (str(one.number), saw, one.where, received, handled)))
    verb.screen().print(table)
    return DONE


ACTS = {"send": send, "list": listing}
