"""From nmap's answers to facts: hosts that are up, ports that are open, and what was not looked at."""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

from negatoscope.model.evidence import Gap, Ref, Sweep
from negatoscope.model.hosts import Host
from negatoscope.model.networks import Service
from negatoscope.observe.collector import Item, Unreadable
from negatoscope.observe.scan.arguments import Refused, inside, network
from negatoscope.observe.scan.frames import MAX_LINE, Header, Whole, passes, read_header
from negatoscope.observe.scan.modalities import Shyness
from negatoscope.observe.scan.xml import Answer, Port, Run, parse

TCP_PORTS = 65_535
TELLING = frozenset({"tcp/syn", "tcp/connect"})
"""Ways to ask whose answers tell an open port from a closed one; ACK, FIN and the like do not, UDP is not TCP."""
WRAPPED = frozenset(
    {"ssh", "https", "ldaps", "imaps", "pop3s", "smtps", "submissions", "ftps", "telnets", "ircs", "sips", "domain-s"}
    | {"syslog-tls", "dicom-tls", "ms-wbt-server-tls"}
)
"""Service names that mean TLS or SSH from the first byte."""
ON_LINK = frozenset({"arp-response", "localhost-response"})
"""How a host that is on the same link is known to be up. Beyond a router a silent host is missed."""
_LEAVES_OUT = re.compile(r"--?ex")
"""``--exclude`` and ``--excludefile``, however shortened."""
_TAKES_A_VALUE = frozenset({"--dns-servers", "-D", "-S", "-e", "-g", "--source-port", "-sI", "-b", "--proxies"})


def read(stream: BinaryIO) -> Iterator[Item]:
    """The capture of a look, or a plain XML file that nmap wrote elsewhere. Raises Unreadable with the place."""
    first = stream.readline(MAX_LINE)
    if first.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{"):
        yield from _captured(stream, read_header(first))
    else:
        run = parse(Whole(stream, first))
        yield from _facts(run, _imported(run))


def _captured(stream: BinaryIO, header: Header) -> Iterator[Item]:
    """Both passes put together: the second names what the first found."""
    whole = _whole(header)
    found: Run | None = None
    named: dict[str, dict[int, Port]] = {}
    for of, part in passes(stream):
        run = parse(part)
        if of == "open_ports":
            found = run
        else:
            for answer in run.answers:
                for address in answer.addresses:
                    named.setdefault(address, {}).update(answer.ports)
    yield from _spared(header)
    if found is None:
        return
    for answer in found.answers:
        later = named.get(answer.addresses[0], {}) if answer.addresses else {}
        answer.ports = {number: later.get(number, port) for number, port in answer.ports.items()}
    yield from _facts(found, _Scope(header.target, tuple(whole), header.spared, header.links, Shyness.of(header)))


@dataclass(frozen=True, slots=True)
class _Scope:
    """Which networks a run was to cover, and what it was told to leave alone."""

    target: str | None
    networks: tuple[str, ...]
    spared: tuple[str, ...] | None = ()
    """Known hosts left alone; ``None``: it left out addresses that nobody answers for."""
    links: tuple[str, ...] | None = None
    shy: Shyness = field(default_factory=Shyness)


def _whole(header: Header) -> list[str]:
    """The declared networks that the target is, as the practice wrote them."""
    try:
        wanted = network(header.target)
        return [cidr for cidr in header.declared if network(cidr) == wanted]
    except Refused as error:
        raise Unreadable("malformed", "line 1") from error


def _imported(run: Run) -> _Scope:
    """What a file made elsewhere says that it covered: the networks on its command line."""
    try:
        words = shlex.split(run.arguments)
    except ValueError:
        return _Scope(None, ())
    networks = tuple(
        str(network(word))
        for before, word in zip(["", *words], words, strict=False)
        if before not in _TAKES_A_VALUE and "/" in word and _is_network(word)
    )
    return _Scope(", ".join(networks) or None, networks, None if any(map(_LEAVES_OUT.match, words)) else ())


def _is_network(word: str) -> bool:
    try:
        network(word)
    except Refused:
        return False
    return True


def _spared(header: Header) -> Iterator[Gap]:
    """No packet was sent to these: nothing is known of them, not even that they are up."""
    try:
        for address in header.spared:
            if inside(address, header.target):
                yield Gap("Service", "modality_without_consent", f"host/{address}")
    except Refused as error:
        raise Unreadable("malformed", "line 1") from error


def _facts(run: Run, scope: _Scope) -> Iterator[Item]:
    for answer in run.answers:
        if answer.up and answer.addresses:
            yield from _host(answer, run, scope)
    if "tcp/connect" in run.methods:
        yield Gap("Host", "connect_scan", None, {"network": scope.target})
    elif scope.networks:
        yield from _closed(run, scope)


def _host(answer: Answer, run: Run, scope: _Scope) -> Iterator[Item]:
    host = f"host/{answer.addresses[0]}"
    macs = (answer.mac,) if answer.mac else None
    yield Host(host, card_maker=answer.vendor, macs=macs, addresses=tuple(answer.addresses))
    left_alone = scope.shy.why(answer)
    if left_alone == "modality_without_consent":
        yield Gap("Service", left_alone, host)
        return
    for port in answer.ports.values():
        yield _service(host, port)
    why = left_alone or _untold(answer, run, scope)
    if why is None:
        yield Sweep("Service", host=host)
    elif why == "ports_not_all_scanned":
        yield Gap("Service", why, host, {"scanned": min(answer.answered + answer.filtered, run.tcp_ports)})
    else:
        yield Gap("Service", why, host)


def _untold(answer: Answer, run: Run, scope: _Scope) -> str | None:
    """Why nothing certain is known of some TCP port; ``None``: each is known to answer or not."""
    if answer.timed_out:
        return "host_timeout"
    if len(run.methods) != 1 or run.methods[0] not in TELLING:
        return "scan_cannot_tell"
    if not run.success or run.tcp_ports != TCP_PORTS or answer.answered + answer.filtered < TCP_PORTS:
        return "ports_not_all_scanned"
    near = answer.reason in ON_LINK and _touched(answer.addresses[0], scope.links)
    return None if not answer.filtered or (answer.answered and near) else "ports_filtered"


def _service(host: Ref, port: Port) -> Service:
    """A port that nobody spoke to, or whose answer nmap did not know, has no name but a guess from its number."""
    return Service(
        host,
        "tcp",
        port.number,
        name=port.name if port.probed or port.tunnel else None,
        product=port.product,
        version=port.version,
        encrypted=_encrypted(port),
        reachable=True,
    )


def _encrypted(port: Port) -> bool | None:
    """A name looked up in a table by port number proves nothing: only what nmap recognised does."""
    if port.tunnel == "ssl":
        return True
    if not port.probed or port.name is None:
        return None
    return port.name in WRAPPED


def _closed(run: Run, scope: _Scope) -> Iterator[Sweep | Gap]:
    """Whether every address of the networks was asked: nmap counts the addresses that it asked itself."""
    without = sum(any(inside(word, cidr) for cidr in scope.networks) for word in set(scope.spared or ()))
    wanted = sum(network(cidr).num_addresses for cidr in set(scope.networks)) - without
    for cidr in scope.networks:
        if not run.success or run.total < wanted or scope.spared is None:
            yield Gap("Host", "network_not_all_scanned", None, {"network": cidr, "asked": run.total})
        elif _on_link(run, cidr, scope.links):
            yield Sweep("Host", network=cidr)
        else:
            yield Gap("Host", "beyond_router", None, {"network": cidr})


def _on_link(run: Run, cidr: str, links: tuple[str, ...] | None) -> bool:
    """Whether no host could keep silent: asked by ARP, which none refuses, or every address answered."""
    up = [answer for answer in run.answers if answer.up and any(inside(one, cidr) for one in answer.addresses)]
    if len(up) >= network(cidr).num_addresses:
        return True
    return _touched(cidr, links) and bool(up) and all(answer.reason in ON_LINK for answer in up)


def _touched(place: str, links: tuple[str, ...] | None) -> bool:
    return links is None or any(inside(place, link) for link in links)
