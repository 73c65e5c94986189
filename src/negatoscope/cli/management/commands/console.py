"""``negatoscope console``: probes, seen from the console that they work for."""

from typing import Any

from django.core.management.base import CommandParser

from negatoscope.cli import awaiting
from negatoscope.cli.verb import Verb


class Command(Verb):
    """Expect, list, revoke; give tasks and take what came on a medium."""

    def add_arguments(self, parser: CommandParser) -> None:
        """Choose what to do, to which probe."""
        awaiting.words(parser)

    def act(self, options: dict[str, Any]) -> int:
        """Do it, or say why not."""
        return awaiting.ACTS[options["what"]](self, options)
