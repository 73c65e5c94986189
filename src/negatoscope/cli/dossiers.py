"""How the verb ``dossier`` speaks."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from rich.markup import escape

from negatoscope.cli import desk
from negatoscope.cli.verb import DONE, FAILED, USAGE, Fails, Verb
from negatoscope.flows import dossier_papers, dossiers, responding
from negatoscope.kit.clock import utc_now
from negatoscope.respond.dossier import Dossier, Held, forms
from negatoscope.respond.incident import Refused


def words(parser: CommandParser) -> None:
    """What the verb takes."""
    acts = parser.add_subparsers(dest="what", required=True)
    listing = acts.add_parser("list", help=_("les dossiers d’un incident, et ce qui y manque"))
    show = acts.add_parser("show", help=_("un dossier, champ par champ"))
    for act in (listing, show):
        act.add_argument("number", type=int, metavar=_("NUMÉRO"), help=_("numéro de l’incident"))
        act.add_argument("--json", action="store_true", help=_("pour un programme"))
    letter = acts.add_parser("letter", help=_("la lettre d’un dossier : texte, ou PDF à signer"))
    letter.add_argument("number", type=int, metavar=_("NUMÉRO"), help=_("numéro de l’incident"))
    empty = acts.add_parser("blank", help=_("un formulaire vide, à remplir à la main si rien ne marche"))
    for act in (show, letter, empty):
        known = [duty for duty, form in sorted(forms().items()) if act is not letter or form.letter]
        act.add_argument("duty", choices=known, metavar=_("OBLIGATION"), help=", ".join(known))
        act.add_argument("--pdf", type=Path, required=act is empty, metavar=_("FICHIER"), help=_("l’écrire en PDF"))


def listing(verb: Verb, options: Mapping[str, Any]) -> int:
    """Every dossier of an incident."""
    found = [_dossier(options["number"], duty) for duty in forms()]
    if options["json"]:
        for told in found:
            missing = [held.field.id for held in told.missing]
            verb.machine({"duty": told.form.duty, "required": told.required, "missing": missing,
                          "sent": len(told.sent), "late": told.late})  # fmt: skip
        return DONE
    table = verb.table(_("Obligation"), _("Dossier"), ">" + _("Manque"), ">" + _("Partis"))
    for told in found:
        gone = str(len(told.sent))
        table.add_row(told.form.duty, told.form.title[verb.lang], f"{len(told.missing)} / {told.required}", gone)
    verb.screen().print(table)
    return DONE


def show(verb: Verb, options: Mapping[str, Any]) -> int:
    """One of them: on the screen, as data, or on paper."""
    told = _dossier(options["number"], options["duty"])
    if options["pdf"]:
        console = desk.console()
        one = responding.incident(console, options["number"])
        _write(verb, options["pdf"], dossier_papers.printed(console, told, one, verb.lang))
    elif options["json"]:
        verb.machine(dossier_papers.as_data(options["number"], told, verb.lang))
    else:
        _screen(verb, told)
    return DONE


def _screen(verb: Verb, told: Dossier) -> None:
    mark = f"{_('EXERCICE')} – " if told.exercise else ""
    verb.stdout.write(f"{mark}{told.form.title[verb.lang]}\n{told.form.portal}\n")
    for group, some in told.groups:
        verb.stdout.write(group.title[verb.lang].upper())
        table = verb.table(_("Champ"), _("Contenu"), "")
        for held in filter(lambda held: held.asked, some):
            said = held.field.said(held.values, "fr")
            table.add_row(*map(escape, (held.field.label[verb.lang], said, _mark(held))))
        verb.screen().print(table)


def _mark(held: Held) -> str:
    if held.missing:
        return _("obligatoire, manque")
    return _("pas sûr, à relire") if held.given.doubt else ""


def letter(verb: Verb, options: Mapping[str, Any]) -> int:
    """The letter that a dossier makes."""
    told = _dossier(options["number"], options["duty"])
    if options["pdf"]:
        _write(verb, options["pdf"], dossier_papers.letter(desk.console(), told, verb.lang))
    else:
        verb.stdout.write(dossier_papers.text(told, verb.lang))
    return DONE


def blank(verb: Verb, options: Mapping[str, Any]) -> int:
    """A form to be filled with a pen."""
    _write(verb, options["pdf"], dossier_papers.blank(forms()[options["duty"]], verb.lang, utc_now()))
    return DONE


def _dossier(number: int, duty: str) -> Dossier:
    try:
        return dossiers.dossier(desk.console(), number, duty)
    except Refused as refused:
        raise Fails(_("L’incident n° %(n)d n’existe pas.") % {"n": number}, USAGE) from refused


def _write(verb: Verb, path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        told = {"file": path, "why": error.strerror or error}
        raise Fails(_("Impossible d’écrire %(file)s : %(why)s") % told, FAILED) from error
    verb.stdout.write(_("Écrit : %(file)s") % {"file": path})


ACTS = {"list": listing, "show": show, "letter": letter, "blank": blank}
