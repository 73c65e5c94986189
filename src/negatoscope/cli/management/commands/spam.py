"""``negatoscope spam``: a kept mail reported to Signal Spam, once somebody says so."""

from typing import Any

from django.core.management.base import CommandParser

from negatoscope.cli import spamming
from negatoscope.cli.verb import Verb


class Command(Verb):
    """Show, send, try."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Choose what to do."""
        spamming.words(parser)

    def act(self, options: dict[str, Any]) -> int:
        """Do it."""
        return spamming.ACTS[options["what"]](self, options)
