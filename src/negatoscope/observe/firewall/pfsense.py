"""pfSense: ``config.xml``, as its backup page gives it (Diagnostics > Backup & Restore)."""

import re
from collections.abc import Iterable, Iterator

from negatoscope.model.evidence import Ref, Sweep
from negatoscope.model.gateways import RemoteAccess, RuleBase, Tunnel
from negatoscope.observe.collector import Item, Sort
from negatoscope.observe.firewall import pf
from negatoscope.observe.firewall.ciphers import weak
from negatoscope.observe.firewall.device import device
from negatoscope.observe.firewall.pf_kept import scrub

_KEYED = frozenset({"server_tls", "server_tls_user", "p2p_tls"})
_SERVES = frozenset({"server_tls", "server_user", "server_tls_user"})


def read(data: bytes, host: Ref) -> Iterator[Item]:
    """Rule base and remote accesses of one file. Raises Unreadable."""
    root = pf.parsed(data, "pfsense")
    aliases = {
        pf.text(one, "name"): tuple(pf.text(one, "address").split())
        for one in root.findall("aliases/alias")
        if pf.text(one, "type") in {"host", "network", "port"}
    }
    told = pf.settings(root, aliases)
    yield from device(host, named(data), "pfSense", told.legs.values(), pf.text(root, "version") or None)
    log = root.find("syslog/nologdefaultblock") is None
    base = RuleBase(
        host, "pfSense", pf.chains(told, log_rest=log), pf.translations(told), tuple(told.legs.values()),
        pf.routes(told),
    )  # fmt: skip
    yield base
    yield Sweep("RuleBase", host=host)
    yield from accesses(root, host)
    yield from pf.tunnels_told(root, host)
    yield from pf.opens_by_itself(root, host)


def named(data: bytes) -> str | None:
    """What the device calls itself."""
    said = re.search(rb"<system>.{0,4000}?<hostname>([\w.-]{1,63})</hostname>", data[:200_000], re.DOTALL)
    return said[1].decode() if said else None


def accesses(root: pf.Node, host: Ref) -> Iterator[RemoteAccess]:
    """OpenVPN servers for persons, and IPsec for mobile clients."""
    for server in root.findall("openvpn/openvpn-server"):
        if pf.flag(server, "disable") or pf.text(server, "mode") not in _SERVES:
            continue
        yield _openvpn(server, host)
    for phase in root.findall("ipsec/phase1"):
        if phase.find("mobile") is not None and not pf.flag(phase, "disabled"):
            yield _ipsec(phase, host)


def _openvpn(server: pf.Node, host: Ref) -> RemoteAccess:
    mode = pf.text(server, "mode")
    keyed, passwords = mode in _KEYED, mode.endswith("_user")
    ciphers = [one for tag in ("data_ciphers", "crypto", "data_ciphers_fallback", "ncp-ciphers")
               for one in re.split(r"[,:]", pf.text(server, tag))]  # fmt: skip
    told = f"{pf.text(server, 'protocol').lower()[:3] or 'udp'}/{pf.text(server, 'local_port') or '1194'}"
    return RemoteAccess(
        host,
        pf.text(server, "description") or f"OpenVPN {told}",
        Tunnel.OPENVPN,
        certificates=keyed,
        second_factor=True if keyed and passwords else None if passwords else False,
        shared_secret=False,
        known_devices=keyed and not pf.flag(server, "duplicate_cn"),
        weak=(*weak(ciphers), *weak(one for one in [pf.text(server, "digest")] if one.upper() != "SHA1")),
    )


def _ipsec(phase: pf.Node, host: Ref) -> RemoteAccess:
    method = pf.text(phase, "authentication_method")
    keyed = method in {"rsasig", "cert", "xauth_rsa_server", "eap-tls", "xauth_cert_server"}
    return RemoteAccess(
        host,
        pf.text(phase, "descr") or "IPsec",
        Tunnel.IPSEC,
        certificates=keyed,
        second_factor=method.startswith("xauth_") and keyed,
        shared_secret=method in {"pre_shared_key", "xauth_psk_server"},
        known_devices=keyed,
        weak=weak(_proposals(phase)),
    )


def _proposals(phase: pf.Node) -> Iterable[str]:
    for item in (*phase.findall("encryption/item"), phase):
        for path in ("encryption-algorithm/name", "hash-algorithm"):
            yield pf.text(item, path)
        if pf.text(item, "dhgroup"):
            yield f"group{pf.text(item, 'dhgroup')}"


PFSENSE = Sort("pfsense", pf.recogniser(b"pfsense"), read, scrub, named)
