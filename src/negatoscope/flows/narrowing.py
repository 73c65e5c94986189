"""What an order tells a probe of hosts: those at its target, and no others. A stick with a task on it may be lost."""

from collections.abc import Callable
from ipaddress import ip_address
from typing import Any

import msgspec

from negatoscope.flows.places import Places

_BY_ADDRESS: dict[str, Callable[[Any], str]] = {
    "spared": str,
    "classed": str,
    "tried": str,
    "services": lambda one: str(one.address),
    "subjects": lambda one: str(one.address),
    "earlier": lambda one: str(one.address),
    "host_keys": lambda one: str(one[0]).rpartition(":")[0].strip("[]"),
}
"""Settings that list hosts, and where each entry names its address."""
ELSEWHERE = ("bastion",)
"""Settings by which a look goes by way of another place than its target."""


def narrowed(settings: Any, target: str) -> Any:  # noqa: ANN401 -- each collector its own
    """The settings, less what they say of hosts that are not at this target.

    A target that names no address may lead anywhere: then all stays, for the look spares modalities by it.
    """
    places = Places.named(target)
    if not places.networks or any(getattr(settings, name, "") for name in ELSEWHERE):
        return settings
    listed = {name: getattr(settings, name) for name in _BY_ADDRESS if getattr(settings, name, ())}
    return msgspec.structs.replace(
        settings,
        **{name: tuple(one for one in held if _at(_BY_ADDRESS[name](one), places)) for name, held in listed.items()},
    )


def _at(said: str, places: Places) -> bool:
    """Whether this address is there; what is none stays."""
    try:
        address = ip_address(said)
    except ValueError:
        return True
    return any(address in network for network in places.networks)


__all__ = ["narrowed"]
