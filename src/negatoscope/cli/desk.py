"""What every verb starts from: the console, opened, and the name of who types."""

import getpass

from django.conf import settings
from django.core.management.base import CommandError

from negatoscope.flows.console import Console
from negatoscope.flows.opening import DatabaseLost, JournalLost, lay_out, open_console
from negatoscope.kit.clock import utc_now


def console() -> Console:
    """Open the console of the data directory."""
    try:
        return open_console(settings.CONFIG, utc_now)
    except JournalLost as error:
        raise CommandError(
            f"{settings.CONFIG.vault} lacks journal entry {error} that the database knows of: put the vault back from "
            "its backup"
        ) from None
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
