"""Differences between the map and a recorded capture, through both readers and the register's own reckoning."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO

from negatoscope.judge.graph.draw import standings
from negatoscope.model.carrying import ConsoleSeat, SealedCopy
from negatoscope.model.evidence import Sweep
from negatoscope.model.gateways import RuleBase
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.networks import Network
from negatoscope.model.zones import Zone, ZoneKind
from negatoscope.observe.declared import declaration
from negatoscope.observe.declared import read as read_declared
from negatoscope.observe.firewall import fortigate
from negatoscope.observe.local import LOCAL as CONSOLE
from negatoscope.register.differences import Passage, Told, entry
from tests.judge.memory import AT, SEEN_AT, World, of
from tests.judge.planted.computers import CAPTURES, LOCAL, Edits, local
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


GATE = Host("host/fw-1", "fw-1", HostClass.NETWORK, "FortiOS", addresses=("10.77.0.1", "10.78.0.1"))
WALL = (CAPTURES / "firewall" / "fortigate.conf").read_bytes()
PLAN = (
    Network("10.77.0.0/24"), Network("10.78.0.0/24"), Zone("Postes", ZoneKind.USERS, ("10.77.0.0/24",)),
    Zone("Imagerie", ZoneKind.IMAGING, ("10.78.0.0/24",), gateway="fw-1"),
)  # fmt: skip
ADDRESSES = next(name for line in LOCAL if (name := json.loads(line).get("section", "")).startswith("cmd:ip -j"))


def wired(second_card: str) -> World:
    """The recorded host behind a FortiGate that was read; its second card holds this address too."""
    edits: Edits = (
        (
            ADDRESSES,
            "10.77.0.5",
            f'10.77.0.5","prefixlen":24,"scope":"global"}},{{"family":"inet","local":"{second_card}',
        ),
    )
    bases = [item for item in fortigate.read(WALL, GATE.ref) if isinstance(item, RuleBase)]
    base = of([*local(edits), GATE, *bases, *PLAN, Sweep("Host")])
    return base.with_(*(fact for fact, _ in standings(base)))


def seated(own: str) -> World:
    """Where the console says it stands, by the look that it takes of itself; a copy sealed some days ago."""
    lines = "\n".join(LOCAL).replace("10.77.0.5", own).encode()
    seats = [item for item in CONSOLE.read(BytesIO(lines)) if isinstance(item, ConsoleSeat)]
    return of([*seats, copied(3), Network("10.77.0.0/24")])


def copied(days: int) -> SealedCopy:
    """A crisis copy that was sealed so long ago."""
    return SealedCopy(AT - timedelta(days=days), "3" * 64, 90_000, "user:mdurand", ("Dr Petit 4f1c9a02",), ("calls",))


PLANTS: dict[str, Plant] = {
    "R1.7": Plant(lambda: drawn(RECORD), lambda: drawn(None)),
    "R1.4": Plant(lambda: wired("10.77.0.6"), lambda: wired("10.78.0.6")),
    "R37.8": Plant(lambda: of([copied(3)]), lambda: of([copied(31)])),
    "R1.8": Plant(lambda: seated("192.168.250.2"), lambda: seated("10.77.0.5")),
}
