"""``negatoscope channels``: by which ways somebody hears of alerts, and whether they work."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from negatoscope.cli import calling, desk
from negatoscope.cli.verb import DONE, Verb


class Command(Verb):
    """List, try."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Say what, and which."""
        acts = parser.add_subparsers(dest="what", required=True)
        acts.add_parser("list").add_argument("--json", action="store_true", help=_("pour un programme"))
        acts.add_parser("try").add_argument("name", help=_("canal, comme dans la liste"))

    def act(self, options: dict[str, Any]) -> int:
        """Do it, or say why not."""
        console = desk.console()
        if options["what"] == "list":
            calling.listed(self, console, machine=options["json"])
        else:
            calling.tried(self, console, desk.operator(), options["name"])
        return DONE
