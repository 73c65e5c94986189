"""``negatoscope import FAMILY FILE``: hand over a list (persons, rooms, keys …), a device’s file, or a scan."""  # noqa: N999 -- the verb's name

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from negatoscope.cli import desk, handing, telling
from negatoscope.cli.verb import DONE, FAILED, Verb
from negatoscope.observe.spreadsheet.families import FAMILIES


class Command(Verb):
    """Say what a file would do, then do it."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the family and the file."""
        parser.add_argument("family", choices=(*FAMILIES, "device", "nmap"), metavar="FAMILY")
        parser.add_argument("file", type=Path)
        parser.add_argument("--complete-on", type=date.fromisoformat, metavar="DATE", help=_("personne n’y manquait"))
        parser.add_argument("--device", default="", metavar="HOST", help=_("l’équipement dont vient le fichier"))
        parser.add_argument("--on", type=date.fromisoformat, metavar="DATE", help=_("le jour où il l’a écrit"))
        parser.add_argument("--dry-run", action="store_true", help=_("dire ce que le fichier ferait, sans le faire"))
        parser.add_argument("--json", action="store_true", help=_("pour un programme"))

    def act(self, options: dict[str, Any]) -> int:
        """Preview a list, then accept it; take a scan as it is."""
        preview, outcome = handing.taken(desk.console(), options)
        telling.imported(self, preview, outcome, machine=options["json"])
        return FAILED if (preview and preview.unreadable) or (outcome and outcome.blocking) else DONE
