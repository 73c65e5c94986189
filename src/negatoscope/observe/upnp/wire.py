"""What is said to a gateway that opens ports by itself: UPnP (UDA 1.1, WANIPConnection 1 and 2) and NAT-PMP (RFC 6886).

Everything is asked of one address: a search by multicast would reach every device of the network.
"""

import re
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin, urlsplit

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from negatoscope.observe.line import Closed, Line

SSDP, NAT_PMP = 1900, 5351
EXTERNAL_ADDRESS = b"\0\0"
"""NAT-PMP: version 0, operation 0 (RFC 6886 3.2): asks, and changes nothing."""
MAX_BYTES = 64 * 1024
MAX_SERVICES = 8
MAX_PATH = 512
POLL = 0.25
GATEWAYS = (
    "urn:schemas-upnp-org:device:InternetGatewayDevice:1",
    "urn:schemas-upnp-org:device:InternetGatewayDevice:2",
)
_OPENS = re.compile(r"urn:schemas-upnp-org:service:WAN(IP|PPP)Connection:[1-9]")
_PATH = re.compile(r"/[!-~]*")


@dataclass(frozen=True, slots=True)
class Door:
    """Where a gateway is asked to tell, or to change, what it opens."""

    service: str
    port: int
    path: str


def searching(port: int) -> Iterator[bytes]:
    """The questions that find a gateway, to one address alone (UDA 1.1, 1.3.2)."""
    for wanted in GATEWAYS:
        yield (
            f'M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:{port}\r\nMAN: "ssdp:discover"\r\n'
            f"MX: 1\r\nST: {wanted}\r\n\r\n"
        ).encode()


def heard(
    address: str, port: int, questions: Iterator[bytes], seconds: float, tick: Callable[[], None]
) -> tuple[str, bytes]:
    """Ask over UDP: ``answered``, ``closed`` (nothing listens), or ``silent``; and what came back first."""
    end = time.monotonic() + seconds
    with closing(socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM)) as line:
        line.settimeout(POLL)
        try:
            line.connect((address, port))  # nobody else is listened to
            for question in questions:
                line.send(question)
            while time.monotonic() < end:
                tick()
                try:
                    return "answered", line.recv(4096)
                except TimeoutError:
                    continue
        except ConnectionRefusedError:
            return "closed", b""
        except OSError:
            return "silent", b""
    return "silent", b""


def place(said: bytes, address: str) -> tuple[int, str] | None:
    """Where a gateway describes itself; ``None``: nowhere, or at somebody else's address."""
    found = re.search(rb"(?im)^location:[ \t]*(http://[!-~]{1,600})[ \t]*\r?$", said[:4096])
    return _on(found[1].decode(), address) if found else None


def _on(url: str, address: str) -> tuple[int, str] | None:
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port or 80
    except ValueError:
        return None
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return (port, path) if host == address and len(path) <= MAX_PATH and _PATH.fullmatch(path) else None


def doors(description: bytes, address: str, at: tuple[int, str]) -> list[Door]:
    """The services by which ports are opened, as a description names them, on that very address only."""
    base = f"http://{f'[{address}]' if ':' in address else address}:{at[0]}{at[1]}"
    told: list[Door] = []
    for node in parsed(description).iter() if parsed(description) is not None else ():
        if tag(node) != "service":
            continue
        kind, url = child(node, "serviceType"), child(node, "controlURL")
        where = _on(urljoin(base, url), address) if url and _OPENS.fullmatch(kind) else None
        if where:
            told.append(Door(kind, *where))
    return list(dict.fromkeys(told))[:MAX_SERVICES]


def parsed(data: bytes) -> Any:  # noqa: ANN401 -- an XML element, or None
    """The root of an XML answer; ``None`` for what is none, or tries to be more."""
    try:
        return fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, RecursionError):
        return None


def tag(node: Any) -> str:  # noqa: ANN401 -- an XML element
    """The name of an element without its namespace."""
    return str(node.tag).rpartition("}")[2]


def child(node: Any, name: str) -> str:  # noqa: ANN401 -- an XML element
    """The text of the first element below of this name; empty where there is none."""
    return next(((one.text or "").strip() for one in node.iter() if tag(one) == name), "")


def described(address: str, at: tuple[int, str], seconds: float, tick: Callable[[], None]) -> tuple[int, bytes]:
    """Fetch a description: status and body. Raises Closed."""
    head = f"GET {at[1]} HTTP/1.0\r\nHost: {address}:{at[0]}\r\nConnection: close\r\n\r\n"
    return _asked(address, at[0], head.encode(), (seconds, tick))


def entry(address: str, door: Door, index: int, seconds: float, tick: Callable[[], None]) -> tuple[int, bytes]:
    """Ask for one opening by its number (GetGenericPortMappingEntry): status and body. Raises Closed."""
    body = (
        '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" '
        's:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body>'
        f'<u:GetGenericPortMappingEntry xmlns:u="{door.service}"><NewPortMappingIndex>{index}</NewPortMappingIndex>'
        "</u:GetGenericPortMappingEntry></s:Body></s:Envelope>"
    ).encode()
    head = (
        f"POST {door.path} HTTP/1.0\r\nHost: {address}:{door.port}\r\nConnection: close\r\n"
        f'Content-Type: text/xml; charset="utf-8"\r\nContent-Length: {len(body)}\r\n'
        f'SOAPAction: "{door.service}#GetGenericPortMappingEntry"\r\n\r\n'
    )
    return _asked(address, door.port, head.encode() + body, (seconds, tick))


def _asked(address: str, port: int, said: bytes, patience: tuple[float, Callable[[], None]]) -> tuple[int, bytes]:
    seconds, tick = patience
    with Line(address, port, seconds, tick, MAX_BYTES) as line:
        line.send(said)
        answer = line.hear(lambda _: False)
    head, _, body = answer.partition(b"\r\n\r\n")
    status = re.match(rb"HTTP/1\.[01] (\d{3})\b", head)
    if not status:
        raise Closed("not_http")
    return int(status[1]), body
