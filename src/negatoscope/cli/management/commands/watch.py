"""``negatoscope watch``: works through what the doors of logs kept; started by ``run`` beside them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from negatoscope.cli import desk, server
from negatoscope.flows.watching import watch


class Command(BaseCommand):
    """Watch what comes in."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the process of the console that the watch belongs to."""
        parser.add_argument("--console", type=int)

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 -- Django's signature
        """Watch until told to stop."""
        told = server.until_told(options["console"])
        watch(desk.console(), told.is_set)
