"""``negatoscope incident``: open an incident, add a line to its log, read it."""

from typing import Any

from django.core.management.base import CommandParser

from negatoscope.cli import incidents
from negatoscope.cli.verb import Verb


class Command(Verb):
    """Open, note, list, show."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Choose what to do."""
        incidents.words(parser)

    def act(self, options: dict[str, Any]) -> int:
        """Do it."""
        return incidents.ACTS[options["what"]](self, options)
