"""How the verb ``spam`` speaks."""

from collections.abc import Mapping
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from negatoscope.cli import desk
from negatoscope.cli.verb import DONE, FAILED, USAGE, Fails, Verb
from negatoscope.flows import signalling
from negatoscope.flows.alerting import Handler
from negatoscope.flows.signalling import Dry, Mail, NotSignalled, Tampered
from negatoscope.respond.spam import guard
from negatoscope.respond.spam.words import words as said


def words(parser: CommandParser) -> None:
    """What the verb takes."""
    acts = parser.add_subparsers(dest="what", required=True)
    show = acts.add_parser("show", help=_("ce qui partirait d’un courriel gardé, et ce qui s’y oppose ; rien ne part"))
    send = acts.add_parser("send", help=_("l’envoyer à Signal Spam, maintenant"))
    for act in (show, send):
        act.add_argument("where", choices=("tip", "incident"), metavar=_("OÙ"), help="tip, incident")
        act.add_argument("number", type=int, metavar=_("NUMÉRO"), help=_("du signalement, ou de l’incident"))
        act.add_argument("place", type=int, metavar=_("LIGNE"), help=_("celle qui porte le courriel"))
    send.add_argument("--by", required=True, metavar=_("NOM"), help=_("qui décide de l’envoyer"))
    send.add_argument("--looked", action="append", default=[], metavar="SIGNE", help=_("un signe que NOM a vérifié"))
    acts.add_parser("try", help=_("demander à Signal Spam s’il connaît le compte ; aucun courriel ne part"))
    show.add_argument("--json", action="store_true", help=_("pour un programme"))


def _mail(options: Mapping[str, Any]) -> Mail:
    find = signalling.of_tip if options["where"] == "tip" else signalling.of_incident
    mail = find(desk.console(), options["number"], options["place"])
    if mail is None:
        raise Fails(_("Aucun fichier n’est à cette ligne."), USAGE)
    return mail


def show(verb: Verb, options: Mapping[str, Any]) -> int:
    """Look at a mail as if it were to leave."""
    told = _dry(_mail(options))
    if options["json"]:
        signs = [{"sign": one.telling.code, "stops": one.telling.stops, "values": one.values} for one in told.signs]
        verb.machine({"name": told.mail.name, "sha256": told.mail.digest, "signs": signs,
                      "asked": sorted(told.asked), "refused": told.refused})  # fmt: skip
        return DONE
    verb.stdout.write(f"{told.mail.name}  SHA-256 {told.mail.digest}")
    for one in told.signs:
        verb.stdout.write(f"  {'×' if one.telling.stops else '?'} {one.telling.code}  {one.telling.says[verb.lang]}")
    unseen = _("pas vu")
    for blind in guard.book().blind:
        verb.stdout.write(f"  – {unseen}  {blind[verb.lang]}")
    if told.refused:
        verb.stdout.write(said().why[told.refused][verb.lang])
    return DONE


def _dry(mail: Mail) -> Dry:
    try:
        return signalling.dry(desk.console(), mail)
    except Tampered as error:
        raise Fails(_("Ce fichier n’est plus celui qui a été gardé."), FAILED) from error


def send(verb: Verb, options: Mapping[str, Any]) -> int:
    """Report it, under somebody's name."""
    mail = _mail(options)
    _dry(mail)
    try:
        one = signalling.send(
            desk.console(), mail, frozenset(options["looked"]), Handler(desk.operator(), options["by"])
        )
    except NotSignalled as error:
        raise Fails(said().why[error.code][verb.lang], FAILED) from error
    verb.stdout.write(_("Signal Spam a pris ce courriel (HTTP %(status)d).") % {"status": one.status})
    return DONE


def try_out(verb: Verb, _options: Mapping[str, Any]) -> int:
    """Ask whether the account is known."""
    try:
        why = signalling.try_out(desk.console(), Handler(desk.operator(), desk.operator()))
    except NotSignalled as error:
        why = error.code
    if why:
        raise Fails(said().why[why][verb.lang], FAILED)
    verb.stdout.write(_("Signal Spam connaît ce compte. Aucun courriel n’est parti."))
    return DONE


ACTS = {"show": show, "send": send, "try": try_out}
