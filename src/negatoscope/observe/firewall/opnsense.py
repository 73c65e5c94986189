"""OPNsense: ``config.xml``, as its backup page gives it (System > Configuration > Backups)."""

from collections.abc import Iterator

from negatoscope.model.evidence import Ref, Sweep
from negatoscope.model.gateways import RemoteAccess, RuleBase, Tunnel
from negatoscope.observe.collector import Item, Sort
from negatoscope.observe.firewall import pf, pfsense
from negatoscope.observe.firewall.ciphers import weak
from negatoscope.observe.firewall.device import device
from negatoscope.observe.firewall.pf_kept import scrub


def read(data: bytes, host: Ref) -> Iterator[Item]:
    """Rule base and remote accesses of one file. Raises Unreadable."""
    root = pf.parsed(data, "opnsense")
    told = pf.settings(root, _aliases(root))
    yield from device(host, pfsense.named(data), "OPNsense", told.legs.values(), None)
    log = not pf.flag(root, "syslog/nologdefaultblock")
    chains = pf.chains(told, log_rest=log)
    yield RuleBase(host, "OPNsense", chains, pf.translations(told), tuple(told.legs.values()), pf.routes(told))
    yield Sweep("RuleBase", host=host)
    yield from pfsense.accesses(root, host)
    yield from _instances(root, host)
    yield from _wireguard(root, host)
    yield from pf.tunnels_told(root, host)
    yield from pf.opens_by_itself(root, host)


def _aliases(root: pf.Node) -> dict[str, tuple[str, ...]]:
    """Aliases of its own model, and those of older versions."""
    told = {}
    for one in (*root.findall("OPNsense/Firewall/Alias/aliases/alias"), *root.findall("aliases/alias")):
        if pf.text(one, "type") in {"host", "network", "port", "networkgroup"} and pf.text(one, "enabled") != "0":
            told[pf.text(one, "name")] = tuple((pf.text(one, "content") or pf.text(one, "address")).split())
    return told


def _instances(root: pf.Node, host: Ref) -> Iterator[RemoteAccess]:
    """OpenVPN servers of the newer page."""
    for one in root.findall("OPNsense/OpenVPN/Instances/Instance"):
        if pf.text(one, "role") != "server" or not pf.flag(one, "enabled"):
            continue
        keyed = pf.text(one, "verify_client_cert") not in {"none", "optional"}
        passwords = bool(pf.text(one, "authmode"))
        ciphers = pf.text(one, "data-ciphers").replace(":", ",").split(",")
        yield RemoteAccess(
            host,
            pf.text(one, "description") or f"OpenVPN {pf.text(one, 'proto')}/{pf.text(one, 'port')}",
            Tunnel.OPENVPN,
            certificates=keyed,
            second_factor=True if keyed and passwords else None if passwords else False,
            shared_secret=False,
            known_devices=keyed and not pf.flag(one, "duplicate_cn"),
            weak=weak(ciphers) if any(ciphers) else None,
        )


def _wireguard(root: pf.Node, host: Ref) -> Iterator[RemoteAccess]:
    """Persons of WireGuard: peers with one address and no place of their own."""
    clients = root.findall("OPNsense/wireguard/client/clients/client")
    people = [one for one in clients if pf.flag(one, "enabled") and not pf.text(one, "serveraddress")
              and all(part.endswith(("/32", "/128")) for part in pf.text(one, "tunneladdress").split(","))]  # fmt: skip
    if people:
        names = pf.items(people, "name")
        yield RemoteAccess(host, "WireGuard", Tunnel.WIREGUARD, certificates=True, second_factor=False,
                           shared_secret=False, known_devices=True, weak=(), peers=names)  # fmt: skip


OPNSENSE = Sort("opnsense", pf.recogniser(b"opnsense"), read, scrub, pfsense.named)
