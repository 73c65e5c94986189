"""How the verb ``incident`` writes the pack for whoever investigates."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from negatoscope.cli import desk
from negatoscope.cli.verb import DONE, USAGE, Fails, Verb
from negatoscope.flows import packing
from negatoscope.flows.carrying import NoRecipient
from negatoscope.kit.durable import write_durably
from negatoscope.respond.incident import Refused


def words(acts: Any) -> list[CommandParser]:  # noqa: ANN401 -- argparse's own, untyped
    """What the act takes."""
    pack = acts.add_parser("pack", help=_("écrire le dossier à remettre à qui enquête (zip)"))
    pack.add_argument("number", type=int, metavar=_("NUMÉRO"))
    pack.add_argument("file", type=Path, metavar=_("FICHIER"))
    pack.add_argument("--sealed", action="store_true", help=_("le sceller pour les clés de la copie de crise"))
    return [pack]


def pack(verb: Verb, options: Mapping[str, Any]) -> int:
    """Make it, write it, say where."""
    make = packing.sealed if options["sealed"] else packing.packed
    try:
        data = make(desk.console(), desk.operator(), options["number"], verb.lang)
    except NoRecipient as error:
        raise Fails(_("Aucune clé n’est enregistrée : ajoutez-en une à la page Carte.")) from error
    except Refused as error:
        raise Fails(_("L’incident n° %(n)d n’existe pas.") % {"n": options["number"]}, USAGE) from error
    write_durably(options["file"], data)
    verb.stdout.write(_("Écrit : %(file)s") % {"file": options["file"]})
    return DONE


ACTS = {"pack": pack}
