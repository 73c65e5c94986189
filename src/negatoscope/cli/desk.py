"""What every verb starts from: the console, opened, and the name of who types."""

import getpass

from django.conf import settings
from django.core.management.base import CommandError

from negatoscope.flows.console import Console
from negatoscope.flows.opening import DatabaseLost, lay_out, open_console
from negatoscope.kit.clock import utc_now


def console() -> Console:
    """Open the console of the data directory."""
    try:
        return open_console(settings.CONFIG, utc_now)
    except DatabaseLost:
        raise CommandError(
            f"{settings.CONFIG.database} is empty and the vault is not: run « negatoscope replay » to rebuild it"
        ) from None


def bare_console() -> Console:
    """The console as it is, without finishing what a crash interrupted."""
    return lay_out(settings.CONFIG, utc_now)


def operator() -> str:
    """Who types, as the system knows them."""
    return f"terminal:{getpass.getuser()}"
