"""``negatoscope reflexes``: what to do, and not to do, in the first hour; the same without Django (``__main__``)."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from negatoscope.cli import reacting


class Command(BaseCommand):
    """Tell."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Take all words as they are."""
        parser.add_argument("words", nargs=argparse.REMAINDER)

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 -- Django's signature
        """Hand them over."""
        raise SystemExit(reacting.main(options["words"]))
