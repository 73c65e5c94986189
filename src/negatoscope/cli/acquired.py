"""How the verb ``incident`` takes evidence of a Linux host over SSH."""

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

from negatoscope.cli import desk, doors, evidenced
from negatoscope.cli.verb import DONE, USAGE, Fails, Verb
from negatoscope.flows import acquiring
from negatoscope.flows.acquiring import Aim, NotThere, type_progress
from negatoscope.flows.imaging import Damaged, OtherSource, Short
from negatoscope.observe.collector import Unreachable
from negatoscope.respond.incident import Refused
from negatoscope.respond.live import looks

REFUSED = {
    **evidenced.REFUSED,
    "exercise": gettext_lazy("Ceci est un exercice : rien n’est pris d’un vrai équipement."),
    "unapproved": gettext_lazy("Dites qui a donné son accord : --approved-by."),
    "modality_without_consent": gettext_lazy(
        "C’est une modalité : il faut d’abord un accord enregistré, et aucun examen en cours."
    ),
    "not_a_device": gettext_lazy("Un disque se nomme par son chemin : /dev/sda."),
    "memory_first": gettext_lazy(
        "La mémoire se prend avant le disque, et la console ne peut pas la prendre. Si ce n’est pas possible, dites"
        " pourquoi : --why."
    ),
}


def words(acts: Any) -> list[CommandParser]:  # noqa: ANN401 -- argparse's own, untyped
    """What the act takes."""
    acquire = acts.add_parser("acquire", help=_("prendre par SSH l’état puis les disques d’un serveur Linux allumé"))
    acquire.add_argument("number", type=int, metavar=_("NUMÉRO"))
    acquire.add_argument("--host", required=True, help=_("de quel équipement, par son nom au registre"))
    acquire.add_argument("--address", required=True, help=_("où il répond"))
    acquire.add_argument("--port", type=int, default=22)
    acquire.add_argument("--user", default="root")
    acquire.add_argument("--secret-file", type=Path, help=_("fichier du mot de passe, qui n’est pas gardé"))
    acquire.add_argument("--key-file", type=Path, help=_("fichier de la clé privée, qui n’est pas gardée"))
    acquire.add_argument("--host-key", default="", help=_("l’empreinte de sa clé, lue sur l’équipement : SHA256:…"))
    acquire.add_argument("--device", action="append", default=[], help=_("un disque : /dev/sda ; répétable"))
    acquire.add_argument("--to", type=Path, required=True, metavar=_("DOSSIER"), help=_("où les pièces sont gardées"))
    acquire.add_argument("--approved-by", default="", help=_("qui a donné son accord"))
    acquire.add_argument("--why", default="", help=_("pourquoi les disques sans la mémoire"))
    acquire.add_argument("--dry-run", action="store_true", help=_("dire ce qui serait demandé, sans rien demander"))
    return [acquire]


def acquire(verb: Verb, options: Mapping[str, Any]) -> int:
    """Take them, or say what would be taken."""
    console = desk.console()
    with _refused(), _shown() as progress:
        aim = _aim(options)
        acquiring.weigh(console, aim, evidenced.operator())
        if options["dry_run"]:
            for look in looks():
                verb.stdout.write(f"{look.id}: {' '.join(look.argv)}".replace("\n", "\\n"))
            for device in aim.devices:
                verb.stdout.write(f"dd if={device}")
            return DONE
        places = acquiring.take(console, aim, evidenced.operator(), progress)
    for line in places:
        evidenced.line(verb, options, line)
    return DONE


def _aim(options: Mapping[str, Any]) -> Aim:
    return Aim(
        options["number"], doors.host(options), doors.door(options, knock=not options["dry_run"]), options["to"],
        options["approved_by"],
        tuple(options["device"]), options["why"],
    )  # fmt: skip


@contextmanager
def _shown() -> Iterator[type_progress]:
    with Progress(console=Screen(file=sys.stderr), transient=True) as shown:
        task = shown.add_task("", total=None)
        yield lambda what, done, whole: shown.update(task, description=what, completed=done, total=whole)


@contextmanager
def _refused() -> Iterator[None]:
    """Say why it did not come to its end, and what to do."""
    again = _("Relancez la même commande : elle reprend où elle en était.")
    try:
        yield
    except Refused as error:
        raise Fails(str(REFUSED.get(error.code, error.code)), USAGE) from error
    except Unreachable as error:
        raise Fails(_("La liaison a été coupée ou refusée (%(why)s).") % {"why": error.why} + " " + again) from error
    except Short as error:
        raise Fails(_("Le disque ne se lit pas entièrement : %(why)s.") % {"why": error} + " " + again) from error
    except NotThere as error:
        told = _("%(device)s ne se lit pas là-bas : %(why)s. Il faut le compte root.")
        raise Fails(told % {"device": error.device, "why": error.said}) from error
    except OtherSource as error:
        raise Fails(
            _("Ce dossier contient le début d’une copie d’un autre disque : choisissez-en un autre.")
        ) from error
    except OSError as error:
        told = _("%(file)s ne s’écrit ou ne se lit pas : %(why)s.")
        raise Fails(told % {"file": error.filename or _("Le dossier"), "why": error.strerror} + " " + again) from error
    except Damaged as error:
        told = _("Ce qui avait été copié est abîmé : gardez-le à part, et recommencez dans un autre dossier.")
        raise Fails(told) from error


ACTS = {"acquire": acquire}
