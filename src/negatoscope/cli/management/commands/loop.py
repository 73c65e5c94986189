"""``negatoscope loop``: the background loop of a console; started by ``run``."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from negatoscope.cli import desk, server
from negatoscope.flows.scheduling import loop


class Command(BaseCommand):
    """Claim and follow jobs."""

    help = __doc__

    def handle(self, *_args: Any, **_options: Any) -> None:  # noqa: ANN401 -- Django's signature
        """Work until told to stop."""
        told = server.until_told()
        with server.demonstration_on_demand(settings.CONFIG, told):
            loop(desk.console(), told.is_set)
