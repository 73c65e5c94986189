"""One message carried out by Apprise, in a process of its own: where it may go, and for how long, is bounded here.

It reads an ``Errand`` on standard input, and answers with an ``Outcome`` on standard output. Nothing of the address is
ever printed. Redirects are not followed; certificates are always read; what is not encrypted stays on private networks.
"""

import contextlib
import os
import resource
import signal
import socket
import ssl
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any

import apprise
import msgspec
import requests

from negatoscope.respond.channels.message import PATIENCE, Errand, Outcome
from negatoscope.respond.channels.ways import SPOKEN

CONNECT, READ = 5.0, 10.0
MOST = 64 * 1024
MEMORY = 1 << 30
REFUSED = "address_refused"
_STATUS = {401: "login_refused", 403: "login_refused", 404: "not_found", 410: "not_found", 429: "busy", 503: "busy"}


class NotThere(OSError):  # noqa: N818 -- what it is
    """A place to which nothing is sent."""


@dataclass
class Seen:
    """What was met on the way."""

    why: list[str] = field(default_factory=list)
    clear: bool = False
    """What is sent now is not encrypted."""


def reachable(address: str, *, clear: bool) -> bool:
    """Whether something may be sent there: never to what a cloud serves to its own machines, nor to many at once."""
    ip: IPv4Address | IPv6Address = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address) and ip.ipv4_mapped:
        ip = ip.ipv4_mapped
    if ip.is_link_local or ip.is_multicast or ip.is_unspecified or ip.is_reserved:
        return False
    return ip.is_loopback or ip.is_private or (ip.is_global and not clear)


@contextlib.contextmanager
def bounded() -> Iterator[Seen]:
    """While Apprise works: names resolve to places that may be reached, and each request is made as we want it."""
    seen, look_up, send = Seen(), socket.getaddrinfo, requests.Session.send

    def looked_up(*asked: Any, **named: Any) -> Any:  # noqa: ANN401 -- the socket module's
        found = [one for one in look_up(*asked, **named) if reachable(str(one[4][0]), clear=seen.clear)]
        if not found:
            seen.why.append(REFUSED)
            raise NotThere
        return found

    def sent(session: requests.Session, request: requests.PreparedRequest, **named: Any) -> requests.Response:  # noqa: ANN401
        seen.clear = not str(request.url).startswith("https:")
        named |= {"allow_redirects": False, "timeout": (CONNECT, READ), "verify": _authorities(), "proxies": {}}
        try:
            answer = send(session, request, **named)
        except requests.exceptions.SSLError:
            seen.why.append("certificate_refused")
            raise
        except requests.RequestException:
            seen.why.append("unreachable")
            raise
        if not answer.ok or answer.is_redirect:
            seen.why.append("redirected" if answer.is_redirect else _STATUS.get(answer.status_code, "refused"))
        return answer

    socket.getaddrinfo = looked_up
    requests.Session.send = sent  # type: ignore[method-assign,assignment]
    try:
        yield seen
    finally:
        socket.getaddrinfo = look_up
        requests.Session.send = send  # type: ignore[method-assign]


def _authorities() -> str | bool:
    """Those that this host trusts, a practice's own among them; else those that come with the library."""
    return ssl.get_default_verify_paths().cafile or True


def carry(errand: Errand) -> Outcome:
    """Do it, or say why not."""
    asset = apprise.AppriseAsset(
        app_id="Negatoscope", app_desc="Négatoscope", app_url="", image_url_mask="", image_url_logo="",
        http_redirects=False, async_mode=False, plugin_paths=[],
    )  # fmt: skip
    with bounded() as seen:
        way = apprise.Apprise.instantiate(errand.url, asset=asset, suppress_exceptions=True)
        if way is None or not way.schemas() <= SPOKEN:  # type: ignore[no-untyped-call]
            return Outcome("not_understood")
        if not errand.go:
            return Outcome()
        extras = getattr(way, "payload_extras", None)
        if isinstance(extras, dict):
            extras["key"] = errand.key
        kind = apprise.NotifyType(errand.kind)
        if way.notify(title=errand.title, body=errand.body, notify_type=kind):
            return Outcome()
    why = REFUSED if REFUSED in seen.why else next(iter(seen.why), "refused")
    return Outcome(why, again=why not in {REFUSED, "redirected"})


def main() -> None:
    """Read, carry, answer; whatever hangs or swells ends with this process."""
    signal.alarm(PATIENCE)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    errand = msgspec.json.decode(sys.stdin.buffer.read(MOST), type=Errand)
    with open(os.devnull, "w", encoding="utf-8") as nowhere, contextlib.redirect_stdout(nowhere):  # noqa: PTH123 -- of the system
        outcome = carry(errand)
    sys.stdout.buffer.write(msgspec.json.encode(outcome))


if __name__ == "__main__":
    main()
