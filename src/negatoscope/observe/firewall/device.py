"""The device that a file of settings describes, where nobody said which of the register it is."""

from collections.abc import Iterable, Iterator

from negatoscope.model.evidence import Ref
from negatoscope.model.gateways import GatewayInterface
from negatoscope.model.hosts import Host, HostClass
from negatoscope.observe.collector import Item
from negatoscope.observe.handed import HANDLE


def device(
    host: Ref, name: str | None, model: str, legs: Iterable[GatewayInterface], version: str | None
) -> Iterator[Item]:
    """The host, by the name and the addresses that it gives itself."""
    if host == HANDLE:
        addresses = tuple(one.split("/")[0] for leg in legs for one in leg.addresses)
        yield Host(host, name, HostClass.NETWORK, model=model, os_name=model, os_version=version,
                   addresses=addresses or None)  # fmt: skip
