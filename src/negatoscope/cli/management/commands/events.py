"""``negatoscope events``: where logs are sent to; started by ``run`` when the settings name an address for them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from negatoscope.cli import desk, server
from negatoscope.flows.hearing import hold


class Command(BaseCommand):
    """Hold the doors of those who send logs."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the process of the console that the doors belong to."""
        parser.add_argument("--console", type=int)

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 -- Django's signature
        """Listen until told to stop."""
        told = server.until_told(options["console"])
        hold(desk.console(), told.is_set)
