"""``negatoscope door``: where probes deliver; started by ``run`` when the settings name an address for it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from negatoscope.cli import desk
from negatoscope.cli.door import hold


class Command(BaseCommand):
    """Hold the door of probes."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the process of the console that the door belongs to."""
        parser.add_argument("--console", type=int)

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 -- Django's signature
        """Serve until told to stop."""
        hold(desk.bare_console(), options["console"])
