"""``negatoscope run``: start the console."""

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from negatoscope.cli import desk, server
from negatoscope.cli.verb import DONE, Verb
from negatoscope.flows.admitting import first_link
from negatoscope.flows.console import Console


class Command(Verb):
    """Start web and background loop, and print where they are."""

    def act(self, _options: dict[str, Any]) -> int:
        """Serve until stopped; a second start finds the first."""
        config = settings.CONFIG
        console = desk.console()
        try:
            with server.only_one(config):
                server.check(config)
                server.serve(config, lambda: self._announce(console))
        except server.AlreadyRunning as found:
            self.stdout.write(_("Négatoscope fonctionne déjà : %(address)s") % {"address": found})
        return DONE

    def _announce(self, console: Console) -> None:
        """Say where the console is, and by which link its first user enters."""
        address = settings.CONFIG.address
        self.stdout.write(f"Négatoscope : {address}")
        if token := first_link(console):
            link = f"{address}premier/{token}/"
            self.stdout.write(_("Première ouverture, lien à usage unique : %(link)s") % {"link": link})
        self.stdout.write(_("Ctrl-C pour arrêter."))
        self.stdout.flush()
