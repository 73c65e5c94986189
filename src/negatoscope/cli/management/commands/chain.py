"""``negatoscope chain``: launch the alert chain, for good or as an exercise; read who answered."""

from typing import Any

from django.core.management.base import CommandParser

from negatoscope.cli import chaining
from negatoscope.cli.verb import Verb


class Command(Verb):
    """Launch, list, show, answered, stop."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Choose what to do."""
        chaining.words(parser)

    def act(self, options: dict[str, Any]) -> int:
        """Do it."""
        return chaining.ACTS[options["what"]](self, options)
