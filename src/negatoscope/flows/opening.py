"""Open the console: folders, tables, the practice; then whatever a crash left in the journal."""

from pathlib import Path

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from negatoscope.config import Config
from negatoscope.flows.console import Console
from negatoscope.flows.judging import pronounce
from negatoscope.flows.ledgering import settle_key
from negatoscope.flows.recording import alone, enter
from negatoscope.flows.registering import register
from negatoscope.kit.clock import Clock
from negatoscope.kit.lock import held
from negatoscope.model.journal import Judged, Observed
from negatoscope.store import practice, subjects
from negatoscope.store.observations import last_sequence


class DatabaseLost(Exception):  # noqa: N818 -- what it is
    """The vault holds a journal and the database nothing: replay must be asked for."""


class JournalLost(Exception):  # noqa: N818 -- what it is
    """The database knows of journal entries that the vault lacks; the message is the first one missing."""


def open_console(config: Config, clock: Clock) -> Console:
    """Make what is missing, migrate, and finish what a crash interrupted. The same call at every start.

    Raises DatabaseLost, JournalLost: one half of the data directory was taken away or put back from an older copy.
    """
    console = lay_out(config, clock)
    settle_key(console)
    reached, top = last_sequence(), console.vault.top()
    if reached == 0 and top > 1:
        raise DatabaseLost
    if reached > top:
        raise JournalLost(top + 1)
    finish_interrupted(console)
    return console


def lay_out(config: Config, clock: Clock) -> Console:
    """Make folders, tables and the practice's rows, where they are missing."""
    for folder in (config.data, config.key_folder, config.vault):
        Path(folder).mkdir(parents=True, exist_ok=True, mode=0o700)
    with held(config.data / "opening.lock"):
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=0, interactive=False)
            subjects.rebuild(practice.first()[0])
        return Console(config, *practice.first(), clock)


def finish_interrupted(console: Console) -> int:
    """Apply journal entries that the database has not reached: their transaction was cut short. Returns how many.

    A judgement cut short was told to nobody: it is struck, and pronounced anew when somebody asks.
    """
    with alone(console):
        pending = list(console.vault.entries(after=last_sequence()))
        if len(pending) == 1 and isinstance(pending[0], Judged):
            console.vault.strike(pending.pop().sequence)
        for entry in pending:
            if isinstance(entry, Observed):
                register(console, entry)
                enter(console, entry.recorded, entry.act, entry.operator, entry)
            else:
                pronounce(console, entry)
                enter(console, entry.at, "judgement", "console", entry)
    return len(pending)
