"""What ``negatoscope logs`` takes, and what it prints."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from rich.markup import escape

from negatoscope.cli.verb import USAGE, Fails, Verb
from negatoscope.flows import giving
from negatoscope.flows.console import Console
from negatoscope.flows.giving import Gift, NotTaken
from negatoscope.intake.files.unpacking import NoRoom
from negatoscope.model.files import LogFolder
from negatoscope.store import files

LISTED = 50


def words(parser: CommandParser) -> None:
    """The acts, and what each takes."""
    acts = parser.add_subparsers(dest="what", required=True)
    give = acts.add_parser("give", help=_("remettre des fichiers de journaux, lus une fois"))
    give.add_argument("file", type=Path, nargs="+")
    give.add_argument("--alarms", action="store_true", help=_("alerter sur les lignes de moins de sept jours"))
    follow = acts.add_parser("follow", help=_("lire un dossier de journaux à mesure qu’il grandit"))
    follow.add_argument("name")
    follow.add_argument("folder")
    follow.add_argument("--names", default="*", metavar="PATTERN", help=_("les noms des fichiers : auth.log, *.evtx"))
    leave = acts.add_parser("leave", help=_("ne plus lire un dossier"))
    leave.add_argument("number", type=int)
    listed = acts.add_parser("list", help=_("dossiers suivis et fichiers remis"))
    listed.add_argument("--json", action="store_true", help=_("pour un programme"))


def give(verb: Verb, console: Console, who: str, paths: Sequence[Path], *, watched: bool) -> None:
    """Keep files to be read; one that is known already is said and is no failure. Raises NotTaken, NoRoom, OSError."""
    for path in paths:
        try:
            with path.open("rb") as file:
                giving.give(console, who, Gift(path.name, watched), file)
        except NotTaken as error:
            if error.code != "known":
                raise
            verb.stdout.write(_("%(file)s : déjà remis, rien de plus n’est gardé.") % {"file": path})
        else:
            verb.stdout.write(_("%(file)s : remis, la console le lit dès qu’elle fonctionne.") % {"file": path})


def follow(console: Console, who: str, options: Mapping[str, Any]) -> None:
    """Follow a folder. Raises NotTaken."""
    giving.follow(console, who, LogFolder(0, options["name"], options["folder"], options["names"]))


def leave(console: Console, who: str, number: int) -> None:
    """Follow a folder no more. Raises Fails."""
    if giving.unfollow(console, who, number) is None:
        raise Fails(_("Aucun dossier suivi ne porte ce numéro."), USAGE)


def show(verb: Verb, practice: int, *, machine: bool) -> None:
    """Folders that are followed, and the files given last."""
    folders, given = files.folders(practice), files.files(practice, LISTED)
    if machine:
        verb.machine({"folders": msgspec.to_builtins(folders), "files": msgspec.to_builtins(given)})
        return
    table = verb.table(">" + _("Numéro"), _("Nom"), _("Dossier"), _("Noms des fichiers"), _("État"))
    for one in folders:
        table.add_row(*map(escape, (str(one.number), one.name, one.folder, one.pattern, one.trouble or "ok")))
    verb.screen().print(table)
    table = verb.table(_("Fichier"), _("Remis le"), _("État"), ">" + _("Lignes"))
    for file in given:
        at = f"{file.given_at:%Y-%m-%d %H:%M} UTC"
        table.add_row(*map(escape, (file.name, at, file.state, str(file.counts.get("kept", 0)))))
    verb.screen().print(table)


@contextmanager
def said() -> Iterator[None]:
    """Say why a file or a folder is not taken. Raises Fails."""
    sentences = {
        "empty": _("Ce fichier est vide."),
        "too_large": _("Ce fichier est trop gros : 8 Gio au plus."),
        "name": _("Donnez un nom à cette source, sans barre oblique."),
        "name_taken": _("Un dossier suivi porte déjà ce nom."),
        "too_many": _("Trop de dossiers sont suivis : 32 au plus."),
        "pattern": _("Les noms de fichiers s’écrivent sans barre oblique : auth.log, *.evtx."),
        "not_absolute": _("Donnez le chemin entier du dossier, sans « .. » : /var/log/samba."),
        "not_logs": _("Ce dossier n’est pas un dossier de journaux."),
        "own_data": _("Ce dossier contient des données de la console : il n’est jamais lu."),
    }
    try:
        yield
    except NotTaken as error:
        raise Fails(sentences[error.code], USAGE) from error
    except NoRoom as error:
        raise Fails(_("Il reste trop peu de place sur le disque de la console pour garder ce fichier.")) from error
