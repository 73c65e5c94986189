"""Differences between the map and a recorded capture, through both readers and the register's own reckoning."""

from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO

from negatoscope.model.evidence import Sweep
from negatoscope.model.hosts import Host
from negatoscope.observe.declared import declaration
from negatoscope.observe.declared import read as read_declared
from negatoscope.register.differences import Passage, Told, entry
from tests.judge.memory import AT, SEEN_AT, World, of
from tests.judge.planted.computers import local
from tests.judge.planted.plant import Plant

SEEN = next(item for item in local(()) if isinstance(item, Host))
RECORD = Host(SEEN.ref, SEEN.hostname, model=SEEN.model)
LONG_AGO = AT - timedelta(days=60)


def drawn(record: Host | None, seen_at: datetime | None = SEEN_AT) -> World:
    """One host: what its record says, if it has one; when the capture saw it, if ever; its network swept since."""
    said = list(read_declared(BytesIO(declaration((record,))))) if record else []
    told = [Told(SEEN, seen_at, declared=False)] if seen_at else []
    told += [Told(replace(item, ref=SEEN.ref), LONG_AGO, declared=True) for item in said if isinstance(item, Host)]
    passages = [Passage(f"{address}/24", AT - timedelta(hours=2)) for address in SEEN.addresses or ()]
    return of([SEEN, entry(told, passages), Sweep("Host")])


PLANTS: dict[str, Plant] = {"R1.7": Plant(lambda: drawn(RECORD), lambda: drawn(None))}
