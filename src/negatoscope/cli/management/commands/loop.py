"""``negatoscope loop``: the background loop of a console; started by ``run``."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from negatoscope.cli import desk, server
from negatoscope.flows.guarding import Guard
from negatoscope.flows.hunting import Tidy
from negatoscope.flows.listening import open_door
from negatoscope.flows.ordering import give_up
from negatoscope.flows.rhythm import take_due
from negatoscope.flows.scheduling import loop


class Command(BaseCommand):
    """Claim and follow jobs."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the process of the console that the loop belongs to."""
        parser.add_argument("--console", type=int)

    def handle(self, *_args: Any, **options: Any) -> None:  # noqa: ANN401 -- Django's signature
        """Work until told to stop."""
        told = server.until_told(options["console"])
        with server.demonstration_on_demand(settings.CONFIG, told):
            console = desk.console()
            with open_door(console, told.is_set) as door:
                rounds = (take_due, give_up, Guard().round, Tidy().round)
                loop(console, told.is_set, lambda: ([one(console) for one in rounds], door and door.round()))
