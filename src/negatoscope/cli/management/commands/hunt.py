"""``negatoscope hunt``: look in what devices wrote."""

from typing import Any

from django.core.management.base import CommandParser

from negatoscope.cli import asking, desk
from negatoscope.cli.verb import DONE, Verb
from negatoscope.flows import hunting
from negatoscope.store.queries.paging import Ask


class Command(Verb):
    """Search the events kept."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the filters."""
        asking.arguments(parser)

    def act(self, options: dict[str, Any]) -> int:
        """Search or ask, and print."""
        console, machine, sql = desk.console(), options["json"], options["sql"]
        if sql:
            answer = asking.answered(lambda: hunting.question(console, desk.operator(), sql))
            asking.show_answer(self, answer, machine=machine)
            return DONE
        wanted, ask = asking.wanted(options, console.clock()), Ask(stop=max(1, options["limit"]))
        found = asking.answered(lambda: hunting.hunt(console, desk.operator(), wanted, ask))
        asking.show(self, found, machine=machine)
        return DONE
