"""``negatoscope exercise``: play an incident on a scenario, and read what it showed."""

from typing import Any

from django.core.management.base import CommandParser

from negatoscope.cli import exercises
from negatoscope.cli.verb import Verb


class Command(Verb):
    """List, start, next, pace, show, end."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Choose what to do."""
        exercises.words(parser)

    def act(self, options: dict[str, Any]) -> int:
        """Do it."""
        return exercises.ACTS[options["what"]](self, options)
