"""nmap's XML, read as it flows: no tree is built, entities are refused, bytes, elements and depth are bounded."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Protocol

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser, ParseError

from negatoscope.observe.collector import MAX_CAPTURE_BYTES, Unreadable

CHUNK = 64 * 1024
MAX_ELEMENTS = 5_000_000
MAX_DEPTH = 32
MAX_NAME = 200
MAX_FINGERPRINT = 16 * 1024
SPEAKS_HTTP = re.compile(r"HTTP/1\\\.[01]\\x20(?!400)\d{3}")
"""Within the fingerprint of an answer that nmap does not know. Ports of TLS answer 400 to who speaks in clear."""
ANSWERED = frozenset({"open", "closed"})
Attributes = Mapping[str, str]


class Readable(Protocol):
    """Anything bytes can be read from."""

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes."""


@dataclass(slots=True)
class Port:
    """One open TCP port. ``probed``: what answers was recognised, not looked up in a table by number."""

    number: int
    name: str | None = None
    product: str | None = None
    version: str | None = None
    tunnel: str | None = None
    probed: bool = False


@dataclass(slots=True)
class Answer:
    """One host in one pass."""

    up: bool = False
    reason: str | None = None
    """How nmap knows that it is up: ``arp-response``, ``echo-reply`` …"""
    addresses: list[str] = field(default_factory=list)
    mac: str | None = None
    vendor: str | None = None
    ports: dict[int, Port] = field(default_factory=dict)
    answered: int = 0
    """TCP ports that answered: open or closed."""
    filtered: int = 0
    """TCP ports that kept silent where an answer was due."""
    timed_out: bool = False


@dataclass(slots=True)
class Run:
    """One run of nmap."""

    arguments: str = ""
    methods: list[str] = field(default_factory=list)
    """How each protocol was asked: ``tcp/syn``, ``udp/udp`` …"""
    tcp_ports: int = 0
    success: bool = False
    total: int = 0
    answers: list[Answer] = field(default_factory=list)


class Listener:
    """Takes the elements one by one. ``stop_at_elements`` and ``stop_at_depth`` bound what a hostile file may cost."""

    def __init__(self) -> None:
        """Start with nothing heard."""
        self.run = Run()
        self._elements = 0
        self._path: list[str] = []
        self._answer: Answer | None = None
        self._port: Port | None = None
        self._heard = {
            "nmaprun": self._run,
            "scaninfo": self._scaninfo,
            "finished": self._finished,
            "hosts": self._hosts,
            "host": self._host,
            "status": self._status,
            "address": self._address,
            "extraports": self._extraports,
            "port": self._open_port,
            "state": self._state,
            "service": self._service,
        }

    def start(self, tag: str, attributes: Attributes) -> None:
        """An element opens."""
        self._elements += 1
        self._path.append(tag)
        if self._elements > MAX_ELEMENTS:
            raise Unreadable("too_many_elements", f"element {self._elements}")
        if len(self._path) > MAX_DEPTH:
            raise Unreadable("too_deep", f"element {self._elements}")
        if self._elements == 1 and (tag != "nmaprun" or attributes.get("scanner", "nmap") != "nmap"):
            raise Unreadable("not_nmap", "element 1")
        hear = self._heard.get(tag)
        if hear:
            try:
                hear(attributes)
            except ValueError as error:
                raise Unreadable("malformed", f"element {self._elements}") from error

    def end(self, tag: str) -> None:
        """An element closes."""
        self._path.pop()
        if tag == "host" and self._answer is not None:
            self.run.answers.append(self._answer)
            self._answer = None
        elif tag == "port":
            self._port = None

    def data(self, text: str) -> None:
        """Text means nothing here."""

    def close(self) -> Run:
        """The document has ended."""
        return self.run

    def _run(self, said: Attributes) -> None:
        self.run.arguments = said.get("args", "")

    def _scaninfo(self, said: Attributes) -> None:
        protocol = said.get("protocol", "")
        self.run.methods.append(f"{protocol}/{said.get('type', '')}")
        if protocol == "tcp":
            self.run.tcp_ports = _number(said, "numservices")

    def _finished(self, said: Attributes) -> None:
        self.run.success = said.get("exit") == "success"

    def _hosts(self, said: Attributes) -> None:
        self.run.total = _number(said, "total")

    def _host(self, said: Attributes) -> None:
        self._answer = Answer(timed_out=said.get("timedout") == "true")

    def _status(self, said: Attributes) -> None:
        if self._answer is not None:
            self._answer.up = said.get("state") == "up"
            self._answer.reason = _text(said, "reason")

    def _address(self, said: Attributes) -> None:
        if self._answer is None:
            return
        address = said.get("addr", "")
        if said.get("addrtype") == "mac":
            self._answer.mac = address.lower()[:17] or None
            self._answer.vendor = _text(said, "vendor")
        else:
            self._answer.addresses.append(str(ip_address(address)))

    def _extraports(self, said: Attributes) -> None:
        if self._answer is not None:
            self._count(said.get("state"), _number(said, "count"))

    def _open_port(self, said: Attributes) -> None:
        if self._answer is None or said.get("protocol") != "tcp":
            return
        number = _number(said, "portid")
        if not 0 < number <= 65_535:  # noqa: PLR2004 -- the range of ports
            raise ValueError(number)
        self._port = Port(number)

    def _state(self, said: Attributes) -> None:
        if self._answer is None or self._port is None:
            return
        self._count(said.get("state"), 1)
        if said.get("state") == "open":
            self._answer.ports[self._port.number] = self._port

    def _count(self, state: str | None, ports: int) -> None:
        """``unfiltered``, ``open|filtered`` and the like say nothing of what listens, and are not counted."""
        if self._answer is not None and state in ANSWERED:
            self._answer.answered += ports
        elif self._answer is not None and state == "filtered":
            self._answer.filtered += ports

    def _service(self, said: Attributes) -> None:
        if self._port is None:
            return
        self._port.name = _text(said, "name")
        self._port.product = _text(said, "product")
        self._port.version = _text(said, "version")
        self._port.tunnel = _text(said, "tunnel")
        self._port.probed = said.get("method") == "probed"
        if not self._port.probed and SPEAKS_HTTP.search(said.get("servicefp", "")[:MAX_FINGERPRINT]):
            self._port.name, self._port.probed = "http", True


def _text(said: Attributes, name: str) -> str | None:
    return said.get(name, "")[:MAX_NAME] or None


def _number(said: Attributes, name: str) -> int:
    digits = said.get(name, "0")
    if len(digits) > 9:  # noqa: PLR2004 -- more than any count of ports or hosts
        raise ValueError(name)
    return int(digits)


def parse(source: Readable) -> Run:
    """One XML document to its end. Raises Unreadable with the line and column."""
    listener = Listener()
    parser = DefusedXMLParser(target=listener, forbid_dtd=False, forbid_entities=True, forbid_external=True)
    taken = 0
    try:
        while chunk := source.read(CHUNK):
            taken += len(chunk)
            if taken > MAX_CAPTURE_BYTES:
                raise Unreadable("too_large", f"byte {taken}")
            parser.feed(chunk)
        parser.close()
    except ParseError as error:
        line, column = error.position
        raise Unreadable("malformed", f"line {line} column {column}") from error
    except DefusedXmlException as error:
        raise Unreadable("forbidden_xml", f"byte {taken}") from error
    except (ValueError, LookupError) as error:
        raise Unreadable("wrong_encoding", f"byte {taken}") from error
    return listener.run
