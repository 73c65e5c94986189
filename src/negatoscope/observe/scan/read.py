"""From nmap's answers to facts: hosts that are up, ports that are open, and what was not looked at."""

import shlex
from collections.abc import Iterable, Iterator
from typing import BinaryIO

from negatoscope.model.evidence import Gap, Ref, Sweep
from negatoscope.model.hosts import Host
from negatoscope.model.networks import Service
from negatoscope.observe.collector import Item, Unreadable
from negatoscope.observe.scan.arguments import Refused, inside, network
from negatoscope.observe.scan.frames import MAX_LINE, Header, Whole, passes, read_header
from negatoscope.observe.scan.xml import Answer, Port, Run, parse

TCP_PORTS = 65_535
WRAPPED = frozenset(
    {"ssh", "https", "ldaps", "imaps", "pop3s", "smtps", "submissions", "ftps", "telnets", "ircs", "sips", "domain-s"}
    | {"syslog-tls", "dicom-tls", "ms-wbt-server-tls"}
)
"""Service names that mean TLS or SSH from the first byte."""
ON_LINK = frozenset({"arp-response", "localhost-response"})
"""How a host that is on the same link is known to be up. Beyond a router a silent host is missed."""
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
    yield from _facts(found, _Scope(header.target, whole, header.spared, header.links))


class _Scope:
    """Which network a run was to cover, and which addresses it was told to leave alone."""

    def __init__(
        self, target: str | None, networks: Iterable[str], left_out: Iterable[str], links: tuple[str, ...] | None = None
    ) -> None:
        self.target = target
        self.links = links
        self.networks = tuple(networks)
        self.left_out = tuple(set(left_out))


def _whole(header: Header) -> list[str]:
    """The declared networks that the target is, as the practice wrote them."""
    try:
        wanted = network(header.target)
        return [cidr for cidr in header.declared if network(cidr) == wanted]
    except Refused as error:
        raise Unreadable("malformed", "line 1") from error


def _imported(run: Run) -> _Scope:
    """What a file made elsewhere says that it covered: the networks on its command line, less what it left out."""
    try:
        words = shlex.split(run.arguments.replace("--exclude=", "--exclude "))
    except ValueError:
        return _Scope(None, (), ())
    networks, left_out = [], []
    for before, word in zip(["", *words], words, strict=False):
        if before == "--exclude":
            left_out += [part for part in word.split(",") if part]
        elif before not in _TAKES_A_VALUE and "/" in word and _is_network(word):
            networks.append(str(network(word)))
    unknown = any(word.startswith("--excludefile") for word in words) or not all(map(_is_network, left_out))
    return _Scope(", ".join(networks) or None, () if unknown else networks, left_out)


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
            yield from _host(answer, run)
    if run.method == "connect":
        yield Gap("Host", "connect_scan", None, {"network": scope.target})
    elif scope.networks:
        yield from _closed(run, scope)


def _host(answer: Answer, run: Run) -> Iterator[Item]:
    host = f"host/{answer.addresses[0]}"
    macs = (answer.mac,) if answer.mac else None
    yield Host(host, vendor=answer.vendor, macs=macs, addresses=tuple(answer.addresses))
    for port in answer.ports.values():
        yield _service(host, port)
    if answer.timed_out:
        yield Gap("Service", "host_timeout", host)
    elif answer.counted >= TCP_PORTS and run.tcp_ports == TCP_PORTS and run.success:
        yield Sweep("Service", host=host)
    else:
        yield Gap("Service", "ports_not_all_scanned", host, {"scanned": min(answer.counted, run.tcp_ports)})


def _service(host: Ref, port: Port) -> Service:
    return Service(
        host,
        "tcp",
        port.number,
        name=port.name,
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
    without = sum(any(inside(word, cidr) for cidr in scope.networks) for word in scope.left_out)
    wanted = sum(network(cidr).num_addresses for cidr in set(scope.networks)) - without
    for cidr in scope.networks:
        if not (run.success and run.total >= wanted and all("/" not in word for word in scope.left_out)):
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
    touched = links is None or any(inside(cidr, link) for link in links)
    return touched and bool(up) and all(answer.reason in ON_LINK for answer in up)
