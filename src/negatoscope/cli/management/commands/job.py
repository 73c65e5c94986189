"""``negatoscope job N``: do the work of one claimed job; started by the loop in a process group of its own."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from negatoscope.cli import desk, server
from negatoscope.flows.scheduling import run_job


class Command(BaseCommand):
    """Carry out one job."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the job's number."""
        parser.add_argument("number", type=int)

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 -- Django's signature
        """Look, register, judge."""
        told = server.until_told()
        sys.exit(0 if run_job(desk.console(), options["number"], told.is_set) else 1)
