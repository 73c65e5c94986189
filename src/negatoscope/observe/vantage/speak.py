"""What speaks on a port that opened: the first words it says by itself, else the first page that it shows.

The standard library alone, to run anywhere. Nobody is logged on to; what a page would have its visitor keep (cookies)
is left out of the capture.
"""

import re
import ssl
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from negatoscope.observe.line import Closed, Line

SECONDS = 4.0
GREETING = 1.0
KEPT_GREETING, KEPT_PAGE = 256, 48 * 1024
TLS_FIRST = frozenset({443, 465, 636, 853, 990, 993, 995, 3269, 5986, 6514, 7443, 8006, 8443, 8883, 9443, 10443})
HOPS = 2
_LOCATION = re.compile(rb"^location:[ \t]*([^\r\n]*)", re.IGNORECASE | re.MULTILINE)
_COOKIES = re.compile(rb"^set-cookie:[^\n]*\n", re.IGNORECASE | re.MULTILINE)
_PATH = re.compile(rb"^(?:https?://[^/?#]*)?(/[\x21-\x7e]{0,500})$")


@dataclass(frozen=True)
class Spoken:
    """What a port said. ``page``: head and beginning of an answer in HTTP."""

    greeting: bytes = b""
    page: bytes = b""
    tls: bool = False


def speak(address: str, port: int, tick: Callable[[], None]) -> Spoken:
    """Listen, then ask for a page, in clear or in TLS; whatever goes wrong, nothing was said."""
    if port not in TLS_FIRST:
        greeting = _greeting(address, port, tick)
        if greeting:
            return Spoken(greeting)
    for tls in (True, False) if port in TLS_FIRST else (False, True):
        spoken = _page(address, port, tick, tls=tls)
        if spoken is not None:
            return spoken
    return Spoken(_greeting(address, port, tick) if port in TLS_FIRST else b"")


def _greeting(address: str, port: int, tick: Callable[[], None]) -> bytes:
    with suppress(Closed), Line(address, port, SECONDS, tick) as line:
        return line.greeting(GREETING)[:KEPT_GREETING]
    return b""


def _page(address: str, port: int, tick: Callable[[], None], *, tls: bool) -> Spoken | None:
    """The page that this port shows, after at most two steps to another path of its own; ``None``: none this way."""
    path, page = b"/", b""
    for _ in range(HOPS + 1):
        said = _asked(address, port, path, tick, tls=tls)
        if said is None or not said.startswith(b"HTTP/"):
            return Spoken(page=page, tls=tls) if page else Spoken(tls=True) if tls and said is not None else None
        if not tls and b"HTTPS port" in said[:2000]:
            return None  # nginx, Apache and others say so in clear, in a page of their own
        page = _COOKIES.sub(b"", said)[:KEPT_PAGE]
        onward = _LOCATION.search(said.partition(b"\r\n\r\n")[0])
        way = _PATH.match(onward.group(1).strip()) if onward else None
        if way is None or (onward and b"://" in onward.group(1)):
            break
        path = way.group(1)
    return Spoken(page=page, tls=tls)


def _asked(address: str, port: int, path: bytes, tick: Callable[[], None], *, tls: bool) -> bytes | None:
    """The answer to one GET; empty where it heard and said nothing; ``None``: no such connection."""
    host = f"[{address}]" if ":" in address else address
    try:
        with Line(address, port, SECONDS, tick, 2 * KEPT_PAGE) as line:
            if tls:
                line.secure(context())
            line.send(b"GET %s HTTP/1.0\r\nHost: %s\r\nConnection: close\r\n\r\n" % (path, host.encode()))
            return line.hear(lambda said: len(said) >= KEPT_PAGE)
    except Closed as error:
        return error.said or (b"" if tls and error.why == "timed_out" else None)
    except OSError:
        return None


def context() -> ssl.SSLContext:
    """Take whatever is there: nothing but a question for a public page is sent."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    with suppress(ssl.SSLError):
        context.set_ciphers("ALL:@SECLEVEL=0")
    return context
