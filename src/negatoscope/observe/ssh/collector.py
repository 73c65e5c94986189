"""Where ``ssh`` may look, and through which door."""

import msgspec
from msgspec import Struct

from negatoscope.observe.collector import Bounds, Collector, later
from negatoscope.observe.linux.read import GIVES, read


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """Which log-in, which port, how long. From ``declared`` on, fields are filled in by ``bound``, never by a person.

    ``bastion``: the address of a host to pass through, with a log-in of its own.
    """

    credential: str = ""
    port: int = 22
    minutes: int = 10
    bastion: str = ""
    bastion_port: int = 22
    bastion_credential: str = ""
    declared: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    host_keys: tuple[tuple[str, str], ...] = ()
    """``address:port`` and the key that a person accepted for it."""


def bound(settings: Settings, bounds: Bounds) -> Settings:
    """Only inside declared networks, never a modality without consent, only hosts whose key a person accepted."""
    return msgspec.structs.replace(settings, declared=bounds.networks, spared=bounds.spared, host_keys=bounds.host_keys)


def place(address: str, port: int) -> str:
    """How an accepted key is found."""
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


SSH = Collector("ssh", Settings, later("negatoscope.observe.ssh.capture"), read, gives=GIVES, bound=bound)
