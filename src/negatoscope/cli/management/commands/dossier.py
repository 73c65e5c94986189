"""``negatoscope dossier``: what is to be declared of an incident, field by field; and blank forms."""

from typing import Any

from django.core.management.base import CommandParser

from negatoscope.cli import dossiers
from negatoscope.cli.verb import Verb


class Command(Verb):
    """List, show, blank."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Choose what to do."""
        dossiers.words(parser)

    def act(self, options: dict[str, Any]) -> int:
        """Do it."""
        return dossiers.ACTS[options["what"]](self, options)
