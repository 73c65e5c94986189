"""How the verb ``incident`` reads evidence: a piece is taken, a piece is read again."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rich.console import Console as Screen
from rich.progress import Progress

from negatoscope.cli import desk
from negatoscope.cli.verb import DONE, USAGE, Fails, Verb
from negatoscope.flows import evidencing
from negatoscope.flows.alerting import Handler
from negatoscope.flows.evidencing import Again, Found, Other, Unsettled, type_progress
from negatoscope.model.custody import Piece
from negatoscope.respond.incident import Refused

REFUSED = {
    "unknown": gettext_lazy("Cet incident n’existe pas."),
    "closed": gettext_lazy("L’incident est clos : rouvrez-le d’abord."),
    "wordless": gettext_lazy("Dites de quel équipement, et qui garde la pièce."),
    "host_unknown": gettext_lazy("Ni le registre ni l’incident ne connaissent cet équipement : vérifiez son nom."),
    "memory_first": gettext_lazy(
        "La mémoire se prend avant le disque. Si ce n’est pas possible, dites pourquoi : --why."
    ),
    "digest": gettext_lazy("Une empreinte sha256 a 64 signes, chiffres et lettres de a à f."),
    "undigested": gettext_lazy("Cette pièce n’a pas d’empreinte : il n’y a rien à quoi la comparer."),
    "no_piece": gettext_lazy("Cette pièce n’existe pas, ou a été rayée."),
}


def words(acts: Any) -> list[CommandParser]:  # noqa: ANN401 -- argparse's own, untyped
    """What the two acts take."""
    collect = acts.add_parser("collect", help=_("lire une pièce (image, journaux) et l’ajouter aux preuves"))
    collect.add_argument("number", type=int, metavar=_("NUMÉRO"))
    collect.add_argument("file", type=Path, metavar=_("FICHIER"))
    collect.add_argument("--host", required=True, help=_("de quel équipement, par son nom au registre"))
    collect.add_argument("--piece", choices=[one.value for one in Piece if one is not Piece.DEVICE], default="disk")
    collect.add_argument("--held", required=True, help=_("qui la garde, et où"))
    collect.add_argument("--seal", default="", help=_("numéro du scellé"))
    collect.add_argument("--sha256", default="", help=_("l’empreinte notée quand elle a été prise"))
    collect.add_argument("--why", default="", help=_("par qui, comment ; pourquoi le disque avant la mémoire"))
    again = acts.add_parser("compare", help=_("relire une pièce : est-elle toujours ce qui a été pris ?"))
    again.add_argument("number", type=int, metavar=_("NUMÉRO"))
    again.add_argument("place", type=int, metavar=_("LIGNE"), help=_("celle où la pièce a été prise"))
    again.add_argument("file", type=Path, metavar=_("FICHIER"))
    return [collect, again]


def collect(verb: Verb, options: Mapping[str, Any]) -> int:
    """Read a piece where it lies."""
    named, file = options["host"], options["file"]
    host = named if named.startswith("host/") else f"host/{named}"
    held = (options["held"], options["seal"], options["sha256"], options["why"])
    with _read(file) as progress:
        found = Found(file, Piece(options["piece"]), host, *held, progress)
        place = evidencing.collect(desk.console(), options["number"], found, operator())
    return line(verb, options, place)


def compare(verb: Verb, options: Mapping[str, Any]) -> int:
    """Read a piece again."""
    with _read(options["file"]) as progress:
        again = Again(options["place"], options["file"], progress)
        place = evidencing.compare(desk.console(), options["number"], again, operator())
    return line(verb, options, place)


def line(verb: Verb, options: Mapping[str, Any], place: int) -> int:
    """Say which line of the log tells of it."""
    number = options["number"]
    if options["json"]:
        verb.machine({"incident": number, "place": place})
    else:
        told = _("Ligne %(place)d de l’incident n° %(n)d.") % {"place": place, "n": number}
        verb.stdout.write(told)
    return DONE


@contextmanager
def _read(file: Path) -> Iterator[type_progress]:
    """Show how far the reading is; say why it did not come to its end."""
    try:
        with Progress(console=Screen(file=sys.stderr), transient=True) as shown:
            task = shown.add_task(file.name, total=file.stat().st_size)
            yield lambda octets: shown.update(task, completed=octets)
    except Other as error:
        told = _("Ce fichier n’est pas ce qui a été pris : attendu %(expected)s, trouvé %(found)s. C’est noté.")
        raise Fails(told % {"expected": error.expected, "found": error.found}) from error
    except Unsettled as error:
        told = _("%(file)s change encore : attendez la fin de la copie, puis recommencez.")
        raise Fails(told % {"file": file}) from error
    except Refused as error:
        raise Fails(str(REFUSED.get(error.code, error.code)), USAGE) from error
    except OSError as error:
        raise Fails(_("%(file)s ne se lit pas : %(why)s") % {"file": file, "why": error.strerror}) from error


def operator() -> Handler:
    """Whoever is at this terminal."""
    name = desk.operator()
    return Handler(name, name.partition(":")[2])


ACTS = {"collect": collect, "compare": compare}
