"""``negatoscope run``: start the console."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from negatoscope.cli import desk, server
from negatoscope.cli.verb import DONE, Verb
from negatoscope.flows.admitting import first_link


class Command(Verb):
    """Start web and background loop, and print where they are."""

    help = __doc__

    def act(self, _options: dict[str, Any]) -> int:
        """Serve until stopped; a second start finds the first."""
        config = settings.CONFIG
        console = desk.console()
        try:
            with server.only_one(config):
                server.check(config)
                self.stdout.write(f"Négatoscope : {config.address}")
                if token := first_link(console):
                    link = f"{config.address}premier/{token}/"
                    self.stdout.write(_("Première ouverture, lien à usage unique : %(link)s") % {"link": link})
                self.stdout.write(_("Ctrl-C pour arrêter."))
                self.stdout.flush()
                server.serve(config)
        except server.AlreadyRunning as found:
            self.stdout.write(_("Négatoscope fonctionne déjà : %(address)s") % {"address": found})
        return DONE
