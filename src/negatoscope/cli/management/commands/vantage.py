"""``negatoscope vantage``: what answers to a place, seen from there; the same without Django (``__main__``)."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from negatoscope.cli import outside


class Command(BaseCommand):
    """Look from here."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Take all words as they are."""
        parser.add_argument("words", nargs=argparse.REMAINDER)

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 -- Django's signature
        """Hand them over."""
        raise SystemExit(outside.main(options["words"]))
