"""``negatoscope questions``: who is like a host, what it could reach, with whom it spoke, and how it got in."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from negatoscope.cli import asking, desk, questioned
from negatoscope.cli.verb import DONE, USAGE, Fails, Verb
from negatoscope.flows import questioning


class Command(Verb):
    """Ask rule 38's questions about a host."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the host and the time."""
        questioned.arguments(parser)

    def act(self, options: dict[str, Any]) -> int:
        """Ask, and print."""
        console = desk.console()
        window = questioned.window(options, console.clock())
        try:
            asked = questioning.ask(console, desk.operator(), options["host"], window)
        except questioning.NoSuchHost as error:
            raise Fails(_("Aucun équipement « %(name)s » au registre.") % {"name": error}, USAGE) from error
        answers = asking.answered(asked.every)
        if options["json"]:
            self.machine({"host": asked.host, "window": window, **answers})
        else:
            questioned.show(self, answers, console.practice)
        return DONE
