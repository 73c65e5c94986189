"""``negatoscope report``: write the report of the last judgement."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from negatoscope.cli import handing
from negatoscope.cli.verb import DONE, Verb


class Command(Verb):
    """Make the report and write it."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Choose the file, the form and the language."""
        parser.add_argument("--out", type=Path, metavar="FILE", help=_("sans cela : negatoscope-AAAA-MM-JJ.pdf, ici"))
        parser.add_argument(
            "--format", choices=handing.FORMS, help=_("sans cela : d’après le nom du fichier, sinon PDF")
        )
        parser.add_argument("--lang", choices=("fr", "en"), help=_("sans cela : celle du terminal"))
        parser.add_argument("--json", action="store_true", help=_("pour un programme"))

    def act(self, options: dict[str, Any]) -> int:
        """Write the file, and print where it is."""
        told = handing.report(options["out"], options["format"], options["lang"] or self.lang)
        if options["json"]:
            self.machine(told)
        else:
            self.stdout.write(str(told["file"]))
        return DONE
