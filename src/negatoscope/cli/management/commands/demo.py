"""``negatoscope demo``: a fictional practice to explore, in a data directory of its own."""

import os
import sys
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from negatoscope.cli import server
from negatoscope.cli.verb import DONE, Fails, Verb
from negatoscope.flows.demonstrating import NotADemonstration, Unplayable, build
from negatoscope.kit.clock import utc_now


class Command(Verb):
    """Lay out the demonstration where there is none yet, then run it as any console."""

    def act(self, _options: dict[str, Any]) -> int:
        """Build, choose a free port, and become ``run``: the configuration is read anew."""
        config = settings.CONFIG
        if config.demonstration is None:
            self.stdout.write(_("Préparation du cabinet de démonstration…"))
            try:
                build(config, utc_now, self._tell)
            except NotADemonstration as error:
                raise Fails(
                    _("%(folder)s contient déjà autre chose : donnez un dossier neuf (--data).") % {"folder": error}
                ) from error
            except Unplayable as error:
                raise Fails(_("La démonstration est abîmée (%(file)s).") % {"file": error}) from error
        server.settle(config)
        os.execv(sys.executable, [sys.executable, "-m", "negatoscope", "run"])  # noqa: S606 -- our own module
        return DONE

    def _tell(self, done: int, total: int) -> None:
        self.stdout.write(f"\r{done}/{total}", ending="" if done < total else "\n")
        self.stdout.flush()
