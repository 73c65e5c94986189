"""WireGuard: a configuration of ``wg-quick`` or ``wg showconf`` (wg(8)). Only public keys are kept."""

import re
from collections.abc import Iterator
from ipaddress import ip_network

from negatoscope.model.evidence import Ref
from negatoscope.model.gateways import RemoteAccess, Tunnel

_SECTION = re.compile(r"^[ \t]*\[(\w+)\]", re.MULTILINE)
SECRET = re.compile(r"(?im)^([ \t]*(?:PrivateKey|PresharedKey)[ \t]*=[ \t]*)\S.*$")


def recognises(text: str) -> bool:
    """Both of its sections."""
    names = {name.lower() for name in _SECTION.findall(text)}
    return {"interface", "peer"} <= names and "AllowedIPs" in text


def accesses(text: str, host: Ref) -> Iterator[RemoteAccess]:
    """Persons and their devices, each with one address of its own; a peer with a network is another site."""
    port, people, name = "", [], ""
    for section, body in _sections(text):
        settings = {name: said.strip() for name, said in re.findall(r"(?m)^[ \t]*(\w+)[ \t]*=(.+)$", body)}
        if section == "interface":
            port = settings.get("ListenPort", "")
        elif "Endpoint" not in settings and _one_host(settings.get("AllowedIPs", "")):
            people.append(name or settings.get("PublicKey", "")[:8])
        said = re.findall(r"(?m)^[ \t]*#[ \t]*(\S.*)$", body)
        name = said[-1].strip() if said else ""
    if people:
        yield RemoteAccess(
            host, f"WireGuard udp/{port or '?'}", Tunnel.WIREGUARD, certificates=True, second_factor=False,
            shared_secret=False, known_devices=True, weak=(), peers=tuple(people),
        )  # fmt: skip


def _sections(text: str) -> Iterator[tuple[str, str]]:
    """Each section with its lines; the name of a peer is the comment right above it."""
    marks = list(_SECTION.finditer(text))
    for mark, following in zip(marks, [*marks[1:], None], strict=False):
        yield mark[1].lower(), text[mark.end() : following.start() if following else len(text)]


def _one_host(allowed: str) -> bool:
    try:
        networks = [ip_network(part.strip(), strict=False) for part in allowed.split(",") if part.strip()]
    except ValueError:
        return False
    return bool(networks) and all(network.num_addresses == 1 for network in networks)
