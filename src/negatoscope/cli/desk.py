"""What every verb starts from: the console, opened, and the name of who types."""

import getpass

from django.conf import settings

from negatoscope.flows.console import Console
from negatoscope.flows.opening import open_console
from negatoscope.kit.clock import utc_now


def console() -> Console:
    """Open the console of the data directory."""
    return open_console(settings.CONFIG, utc_now)


def operator() -> str:
    """Who types, as the system knows them."""
    return f"terminal:{getpass.getuser()}"
