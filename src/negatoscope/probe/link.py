"""HTTPS to the console and to nobody else: pinned authority, limits on every answer, no redirect is followed."""

import http.client
import socket
import ssl
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec

from negatoscope.kit.clock import Clock
from negatoscope.probe import messages
from negatoscope.probe.home import Home, Trouble

CONNECT_SECONDS = 15.0
ANSWER_SECONDS = 60.0
"""For one whole exchange, its answer included: an answer that drips is cut."""
IDLE_SECONDS = 3.0
"""After which a connection is made anew."""
MOST_LETTERS = 64
"""Of a code that says why."""
M = TypeVar("M", bound=msgspec.Struct)


class NoLink(Exception):  # noqa: N818 -- what it is
    """The console was not reached, or not understood; later may be better. ``why``: a code."""

    def __init__(self, why: str) -> None:
        """Keep the code."""
        super().__init__(why)
        self.why = why


class Answered(Exception):  # noqa: N818 -- what it is
    """The console refused, with a status and a code."""

    def __init__(self, status: int, problem: str) -> None:
        """Keep both."""
        super().__init__(f"{status} {problem}")
        self.status = status
        self.problem = problem


@dataclass(frozen=True)
class Answer:
    """An answer that is no refusal."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def read(self, kind: type[M]) -> M:
        """What it says. Raises NoLink."""
        try:
            return msgspec.json.decode(self.body, type=kind)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise NoLink("not_understood") from error


@dataclass(frozen=True)
class Ask:
    """One request."""

    method: str
    path: str
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    accepted: frozenset[int] = frozenset({200, 201, 204})


def place(console: str) -> tuple[str, int]:
    """Host and port of ``https://host:port``. Raises Trouble."""
    try:
        parts = urlsplit(console)
        host, port = parts.hostname, parts.port or 8443
    except ValueError as error:
        raise Trouble("not_an_address", address=console) from error
    if parts.scheme != "https" or not host or parts.username or parts.path.strip("/") or parts.query:
        raise Trouble("not_an_address", address=console)
    return host, port


class _Strict(ssl.SSLContext):
    """An end that TLS did not announce is an error, not the end of an answer."""

    def wrap_socket(self, sock: socket.socket, *given: Any, **named: Any) -> ssl.SSLSocket:  # noqa: ANN401 -- the base's
        return super().wrap_socket(sock, *given, **{**named, "suppress_ragged_eofs": False})


def pinned(authority: str) -> ssl.SSLContext:
    """TLS 1.2 or later, and this authority alone."""
    context = _Strict(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_verify_locations(cadata=authority)
    return context


def unknown() -> ssl.SSLContext:
    """Whoever answers: only to ask for the authority, which the code then proves or not."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def own(home: Home) -> ssl.SSLContext:
    """As an enrolled probe."""
    context = pinned(home.identity().authority)
    context.load_cert_chain(home.certificate_file, home.key_file)
    return context


class Link:
    """Requests one after the other over one connection, made again when it breaks."""

    def __init__(self, console: str, context: ssl.SSLContext, now: Clock) -> None:
        """Nothing is sent yet. Raises Trouble for what is no address."""
        self._host, self._port = place(console)
        self._context = context
        self._now = now
        self._connection: http.client.HTTPSConnection | None = None
        self.offset: float | None = None
        """Seconds by which the console's clock is ahead of ours, as its last answer said."""

    def close(self) -> None:
        """Hang up."""
        if self._connection:
            self._connection.close()
            self._connection = None

    def ask(self, ask: Ask) -> Answer:
        """One exchange. Raises NoLink, Answered."""
        try:
            answer = self._exchange(ask)
        except ssl.SSLCertVerificationError as error:
            raise NoLink("certificate_refused") from error
        except (ssl.SSLError, http.client.HTTPException) as error:
            raise NoLink("not_understood") from error
        except (OSError, ValueError, AttributeError) as error:  # http.client: a socket shut down under its reader
            raise NoLink("unreachable") from error
        finally:
            if not self._kept:
                self.close()
        self._clock(answer)
        if answer.status not in ask.accepted:
            raise _refusal(answer)
        return answer

    _kept = False
    _spoke = 0.0

    def _exchange(self, ask: Ask) -> Answer:
        if time.monotonic() - self._spoke > IDLE_SECONDS:
            self.close()  # the console may have hung up meanwhile
        self._kept = False
        connection = self._connection or http.client.HTTPSConnection(
            self._host, self._port, timeout=CONNECT_SECONDS, context=self._context
        )
        self._connection = connection
        if connection.sock is None:
            connection.connect()
        late = threading.Event()
        watch = threading.Timer(ANSWER_SECONDS, _cut, (connection.sock, late))
        watch.daemon = True
        watch.start()
        try:
            headers = {messages.PROBE_CLOCK: self._now().isoformat(), **ask.headers}
            connection.request(ask.method, ask.path, ask.body or None, headers)
            response = connection.getresponse()
            body = response.read(messages.MAX_MESSAGE + 1)
        finally:
            watch.cancel()
        if late.is_set() or len(body) > messages.MAX_MESSAGE:  # http.client takes headers cut short for whole
            raise http.client.HTTPException("too slow or too large")
        self._spoke = time.monotonic()
        self._kept = response.isclosed() and not response.will_close
        return Answer(response.status, dict(response.headers.items()), body)

    def _clock(self, answer: Answer) -> None:
        said = answer.headers.get(messages.CONSOLE_CLOCK, "")
        try:
            self.offset = (datetime.fromisoformat(said) - self._now()).total_seconds()
        except (ValueError, TypeError):
            return


def _cut(sock: socket.socket, late: threading.Event) -> None:
    late.set()
    try:
        socket.socket.shutdown(sock, socket.SHUT_RDWR)
    except OSError:
        return


def _refusal(answer: Answer) -> Answered:
    said = answer.headers.get(messages.PROBLEM, "")
    plain = said.isascii() and said.replace("_", "").isalnum() and len(said) <= MOST_LETTERS
    return Answered(answer.status, said if plain else f"status_{answer.status}")
