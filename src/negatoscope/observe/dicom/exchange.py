"""One association over the network: bounded in time and size, in clear or in TLS, and kept byte for byte."""

import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress

from msgspec import Struct

from negatoscope.observe.dicom import wire

POLL_SECONDS = 0.5
TLS_ALERT = b"\x15\x03"


class Exchange(Struct, frozen=True, omit_defaults=True):
    """One association asked for. ``asks``: ``usual``, ``other_called`` or ``other_calling``."""

    port: int
    asks: str
    called: str
    calling: str
    outcome: str
    """``answered``, ``closed`` (no TCP), ``hung_up``, ``timed_out``, ``not_dicom``, ``tls_refused``."""
    tls: bool = False
    sent: bytes = b""
    received: bytes = b""
    tls_version: str | None = None
    certificate: bytes | None = None
    """DER, as shown; nobody verified it."""


class Ask(Struct, frozen=True):
    """Whom to ask, under which names."""

    address: str
    port: int
    asks: str
    called: str
    calling: str
    seconds: float
    tls: bool = False


def exchange(ask: Ask, tick: Callable[[], None]) -> Exchange:
    """Associate, echo, release; whatever goes wrong is an outcome. ``tick`` may raise."""
    talk = _Talk(ask, tick)
    try:
        outcome = talk.go()
    finally:
        talk.line.close()
    return Exchange(
        ask.port, ask.asks, ask.called, ask.calling, outcome, ask.tls, bytes(talk.sent), bytes(talk.received),
        talk.tls_version, talk.certificate,
    )  # fmt: skip


class _Talk:
    def __init__(self, ask: Ask, tick: Callable[[], None]) -> None:
        self.ask, self.tick = ask, tick
        self.end = time.monotonic() + ask.seconds
        self.line = socket.socket(socket.AF_INET6 if ":" in ask.address else socket.AF_INET)
        self.sent, self.received = bytearray(), bytearray()
        self.tls_version: str | None = None
        self.certificate: bytes | None = None

    def go(self) -> str:
        try:
            self.line.settimeout(self.ask.seconds)
            self.line.connect((self.ask.address, self.ask.port))
        except OSError:
            return "closed"
        if self.ask.tls and not self._wrapped():
            return "tls_refused"
        try:
            return self._associated()
        except TimeoutError:
            return "timed_out"
        except wire.NotDicom:
            return "not_dicom"
        except OSError:
            return "hung_up"

    def _wrapped(self) -> bool:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE  # we look at what is there: nothing secret is ever sent
        context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
        with suppress(ssl.SSLError):
            context.set_ciphers("ALL:@SECLEVEL=0")
        try:
            wrapped = context.wrap_socket(self.line)
        except OSError:
            return False
        self.line = wrapped  # which took the socket over
        self.tls_version, self.certificate = wrapped.version(), wrapped.getpeercert(binary_form=True)
        return True

    def _associated(self) -> str:
        self._send(wire.association(self.ask.called, self.ask.calling))
        if not self._heard():
            return "hung_up"
        if wire.answer(bytes(self.received)).accepted:
            self._send(wire.echo())
            if self._heard():
                self._send(wire.release())
                self._heard()
        return "answered"

    def _send(self, data: bytes) -> None:
        self.sent += data
        self.line.sendall(data)

    def _heard(self) -> bool:
        """Wait for whole messages. Raises TimeoutError, NotDicom, OSError; false where the line was closed."""
        before = len(self.received)
        while len(self.received) == before or not wire.whole(bytes(self.received)):
            self.tick()
            left = self.end - time.monotonic()
            if left <= 0:
                raise TimeoutError
            self.line.settimeout(min(left, POLL_SECONDS))
            with suppress(TimeoutError):
                chunk = self.line.recv(4096)
                self.received += chunk
                if not chunk:
                    return False
            if len(self.received) > wire.MAX_RECEIVED:
                raise wire.NotDicom
        return True
