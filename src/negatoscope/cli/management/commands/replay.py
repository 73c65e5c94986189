"""``negatoscope replay``: rebuild the register and every judgement from the vault, on an empty database."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from negatoscope.cli import desk
from negatoscope.cli.verb import DONE, Fails, Verb
from negatoscope.flows.replaying import Contested, Contradicted, NotEmpty, Tampered, compare, replay
from negatoscope.prove.verification import NotAnExport, load


class Command(Verb):
    """Replay the vault's journal."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Offer a ledger to compare with, and output for machines."""
        parser.add_argument("--ledger", type=Path, help=_("un journal exporté : il garantit aussi la dernière entrée"))
        parser.add_argument("--json", action="store_true")

    def act(self, options: dict[str, Any]) -> int:
        """Rebuild, or say which piece of evidence is not what it was."""
        console = desk.bare_console()
        try:
            if options["ledger"]:
                compare(console, load(options["ledger"]).entries)
            done = replay(console, desk.operator())
        except NotEmpty as error:
            raise Fails(
                _("La base %(base)s n’est pas vide : écartez-la d’abord, puis recommencez.")
                % {"base": settings.CONFIG.database or settings.CONFIG.embedded}
            ) from error
        except (Tampered, Contradicted, Contested, NotAnExport) as error:
            raise Fails(
                _("Le coffre n’est plus ce qu’il était (%(where)s) : rien n’a été refait.") % {"where": error}
            ) from error
        told = {"observations": done.observations, "judgements": done.judgements}
        if options["json"]:
            self.machine(told)
        else:
            self.stdout.write(_("Refait : %(observations)d observations, %(judgements)d jugements.") % told)
        return DONE
