"""``negatoscope tip``: report something odd, read what was reported."""

from typing import Any

from django.core.management.base import CommandParser

from negatoscope.cli import tips
from negatoscope.cli.verb import Verb


class Command(Verb):
    """Send, list."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Choose what to do."""
        tips.words(parser)

    def act(self, options: dict[str, Any]) -> int:
        """Do it."""
        return tips.ACTS[options["what"]](self, options)
