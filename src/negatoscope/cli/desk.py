"""What every verb starts from: the console, opened, and the name of who types."""

import getpass

from django.conf import settings
from django.utils.translation import gettext as _

from negatoscope.cli.verb import Fails
from negatoscope.flows.console import Console
from negatoscope.flows.opening import DatabaseLost, JournalLost, lay_out, open_console
from negatoscope.kit.clock import utc_now


def console() -> Console:
    """Open the console of the data directory. Raises Fails."""
    try:
        return open_console(settings.CONFIG, utc_now)
    except JournalLost as error:
        raise Fails(
            _("Le coffre %(vault)s a perdu l’entrée %(number)s de son journal : remettez-le depuis sa sauvegarde.")
            % {"vault": settings.CONFIG.vault, "number": error}
        ) from error
    except DatabaseLost as error:
        raise Fails(
            _("La base %(base)s est vide et le coffre ne l’est pas : lancez « negatoscope replay » pour la refaire.")
            % {"base": settings.CONFIG.database or settings.CONFIG.embedded}
        ) from error


def bare_console() -> Console:
    """The console as it is, without finishing what a crash interrupted."""
    return lay_out(settings.CONFIG, utc_now)


def operator() -> str:
    """Who types, as the system knows them."""
    return f"terminal:{getpass.getuser()}"
