"""``negatoscope run``: start the console."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from negatoscope.cli import desk, server
from negatoscope.flows.admitting import first_link


class Command(BaseCommand):
    """Start web and background loop, and print where they are."""

    help = __doc__

    def handle(self, *_args: Any, **_options: Any) -> None:  # noqa: ANN401 -- Django's signature
        """Serve until stopped; a second start finds the first."""
        config = settings.CONFIG
        try:
            console = desk.console()
            with server.only_one(config):
                server.check(config)
                self.stdout.write(f"Négatoscope : {server.address(config)}")
                token = first_link(console)
                if token:
                    self.stdout.write(
                        f"Première ouverture, lien à usage unique : {server.address(config)}premier/{token}/"
                    )
                self.stdout.write("Ctrl-C pour arrêter.")
                self.stdout.flush()
                server.serve(config)
        except server.AlreadyRunning as found:
            self.stdout.write(f"Négatoscope fonctionne déjà : {found}")
        except server.CannotStart as error:
            self.stderr.write(str(error))
            sys.exit(1)
