"""``negatoscope map``: take the map away: a picture, a document, a workbook, or all of it sealed."""

from functools import partial
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from negatoscope.cli import desk
from negatoscope.cli.verb import DONE, Fails, Verb
from negatoscope.flows import carrying
from negatoscope.kit.durable import write_durably


class Command(Verb):
    """Write the map to a file."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Choose the file, the form and the language."""
        export = parser.add_subparsers(dest="act", required=True).add_parser("export")
        export.add_argument("file", type=Path)
        form = export.add_mutually_exclusive_group()
        form.add_argument(
            "--format", choices=(*carrying.FORMS, carrying.ANNEXES), help=_("sans cela : d’après le nom du fichier")
        )
        form.add_argument(
            "--sealed",
            action="store_true",
            help=_("la copie de crise (carte, qui appeler, que faire), scellée pour les clés enregistrées"),
        )

    def act(self, options: dict[str, Any]) -> int:
        """Write it and say where it is."""
        file: Path = options["file"]
        form = options["format"] or file.suffix.removeprefix(".")
        if options["sealed"]:
            try:
                carrying.sealed(desk.console(), desk.operator(), self.lang, partial(write_durably, file))
            except carrying.NoRecipient as error:
                raise Fails(_("Aucune clé n’est enregistrée : ajoutez-en une à la page Carte.")) from error
        elif form in {*carrying.FORMS, carrying.ANNEXES}:
            write_durably(file, carrying.taken(desk.console(), desk.operator(), form, self.lang))
        else:
            raise Fails(_("Dites la forme : --format svg, pdf, xlsx ou annexes, ou --sealed."))
        self.stdout.write(_("Écrit : %(file)s") % {"file": file})
        return DONE
