"""The door of probes: a small WSGI program behind mutual TLS, apart from the pages of people."""

import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any, TypeVar

import msgspec
from cryptography import x509
from django.db import DatabaseError, close_old_connections

from negatoscope.flows import enrolling, ordering, unsealing, vouching
from negatoscope.flows.console import Console
from negatoscope.flows.disk import DiskFull, room_on
from negatoscope.flows.enrolling import NotEnrolled
from negatoscope.flows.unsealing import Arriving, WrongPlace
from negatoscope.probe import messages
from negatoscope.probe.messages import Authority, Enrolment, Message, Problem, Progress
from negatoscope.probe.signed import Refused
from negatoscope.store import probes
from negatoscope.store.probes import ProbeRow

Environ = dict[str, Any]
M = TypeVar("M", bound=Message)

OK, CREATED, NOTHING = 200, 201, 204
BAD, UNKNOWN, FORBIDDEN, MISSING, ELSEWHERE, NO_LENGTH, TOO_LARGE = 400, 401, 403, 404, 409, 411, 413
NOT_TAKEN, TOO_MANY, TROUBLE, BUSY, FULL = 422, 429, 500, 503, 507
MAX_SMALL = 64 * 1024
"""Bytes of any message but a piece of a parcel."""
CHUNK = 64 * 1024
ENROLS_FROM_ONE, ENROLS = 10, 60
"""Enrolments that one address, and that all of them, may try in a minute."""
ORDERS_FROM_ONE, ORDERS = 300, 3000
"""How often one probe, and all of them, may ask for an order in a minute: each answer costs an entry of the ledger."""
MINUTE = 60.0
MOST_ADDRESSES = 10_000
MOST_HELD = 1000
"""Numbers of orders that a probe may say it holds."""
HIGHEST = 10**9
"""The last number of a parcel."""
STATUS_OF = {messages.TOO_MANY: TOO_MANY, messages.PROTOCOL_UNKNOWN: BAD, "not_a_request": BAD}


class Answered(Exception):  # noqa: N818 -- what it is
    """The request ends here."""

    def __init__(self, status: int, problem: str, **values: str | int) -> None:
        """Keep what to say."""
        super().__init__(problem)
        self.status = status
        self.problem = problem
        self.values = values


@dataclass(frozen=True)
class Answer:
    """What goes back."""

    status: int
    body: Message | None = None
    headers: tuple[tuple[str, str], ...] = ()


@dataclass
class Pace:
    """How often somebody did something within the last minute: one of them at most, and all together."""

    of_one: int
    of_all: int
    lock: Lock = field(default_factory=Lock)
    by_address: dict[str, deque[float]] = field(default_factory=lambda: defaultdict(deque))
    all: deque[float] = field(default_factory=deque)

    def allows(self, address: str, now: float) -> bool:
        """Whether one more is within bounds; then it counts."""
        with self.lock:
            if len(self.by_address) > MOST_ADDRESSES:
                self.by_address.clear()
            mine = self.by_address[address]
            for tried in (mine, self.all):
                while tried and tried[0] < now - MINUTE:
                    tried.popleft()
            if len(mine) >= self.of_one or len(self.all) >= self.of_all:
                return False
            mine.append(now)
            self.all.append(now)
            return True


class Door:
    """The WSGI program. ``heard``: told when a request is whole, so that no clock runs against our own work."""

    def __init__(self, console: Console, heard: Callable[[Any], None] = lambda _socket: None) -> None:
        """Serve this console."""
        self.console, self.heard = console, heard
        self.pace, self.orders = Pace(ENROLS_FROM_ONE, ENROLS), Pace(ORDERS_FROM_ONE, ORDERS)

    def __call__(self, environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request; whatever went wrong is said in a word."""
        close_old_connections()
        try:
            answer = self._answer(environ)
        finally:
            close_old_connections()
        body = msgspec.json.encode(answer.body) if answer.body is not None else b""
        clock = (messages.CONSOLE_CLOCK, self.console.clock().isoformat())
        problem = [(messages.PROBLEM, answer.body.problem)] if isinstance(answer.body, Problem) else []
        said = [
            clock,
            *problem,
            *answer.headers,
            ("Content-Length", str(len(body))),
            ("Content-Type", "application/json"),
        ]
        start(f"{answer.status} -", said)
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [body]

    def _answer(self, environ: Environ) -> Answer:
        try:
            with room_on(self.console.config.data):
                return self._routed(environ)
        except Answered as error:
            return Answer(error.status, Problem(error.problem, dict(error.values)))
        except NotEnrolled as error:
            return Answer(STATUS_OF.get(error.code, FORBIDDEN), Problem(error.code))
        except Refused as error:
            named = error.why if error.why in {messages.DIFFERS, messages.REVOKED} else messages.REFUSED
            return Answer(FORBIDDEN if named == messages.REVOKED else NOT_TAKEN, Problem(named, {"why": error.why}))
        except DiskFull:
            return Answer(FULL, Problem(messages.CONSOLE_FULL))
        except DatabaseError:
            return Answer(BUSY, Problem("console_busy"))

    def _routed(self, environ: Environ) -> Answer:
        method, path = environ["REQUEST_METHOD"], environ.get("PATH_INFO", "")
        if (method, path) == ("GET", messages.AUTHORITY_PATH):
            self.heard(environ.get("gunicorn.socket"))
            return Answer(OK, Authority(vouching.authority(self.console).pem.decode()))
        if (method, path) == ("POST", messages.ENROL_PATH):
            return self._enrol(environ)
        probe = self._known(environ)
        where, _slash, number = path.rpartition("/")
        if (method, path) == ("GET", messages.ORDER_PATH):
            return self._order(environ, probe)
        if (method, where) == ("POST", messages.ORDER_PATH):
            told = _message(self._body(environ, MAX_SMALL), Progress)
            return Answer(OK, ordering.follow(self.console, probe, _number(number), told))
        if method in {"HEAD", "PATCH"} and where == messages.PARCEL_PATH:
            one = Arriving(self.console, probe, _number(number), _head(environ))
            return self._piece(environ, one) if method == "PATCH" else self._state(environ, one)
        raise Answered(MISSING, "not_found")

    def _enrol(self, environ: Environ) -> Answer:
        if not self.pace.allows(str(environ.get("REMOTE_ADDR")), time.monotonic()):
            raise Answered(TOO_MANY, messages.TOO_MANY)
        return Answer(CREATED, enrolling.enrol(self.console, _message(self._body(environ, MAX_SMALL), Enrolment)))

    def _known(self, environ: Environ) -> ProbeRow:
        """Whose certificate the other side holds. Raises Answered."""
        socket = environ.get("gunicorn.socket")
        der = socket.getpeercert(binary_form=True) if socket is not None else None
        if not der:
            raise Answered(UNKNOWN, "certificate_missing")
        serial = x509.load_der_x509_certificate(der).serial_number
        probe = probes.with_serial(self.console.practice, f"{serial:x}")
        if probe is None:
            raise Answered(FORBIDDEN, "probe_unknown")
        ordering.contact(probe, _clock(environ), self.console.clock())
        if probe.revoked_at is not None:
            if environ["REQUEST_METHOD"] == "PATCH":
                unsealing.turn_away(probe, messages.REVOKED)
            raise Answered(FORBIDDEN, messages.REVOKED)
        return probe

    def _order(self, environ: Environ, probe: ProbeRow) -> Answer:
        self.heard(environ.get("gunicorn.socket"))
        if not self.orders.allows(probe.ident, time.monotonic()):
            raise Answered(TOO_MANY, messages.TOO_MANY)
        full = environ.get(_name(messages.FULL)) == messages.WHOLE
        if full != probe.full:
            probes.put(probe, full=full)
        if full:
            return Answer(NOTHING)
        said = environ.get(_name(messages.HOLDS), "")
        order = ordering.following(self.console, probe, _held(said))
        return Answer(OK, order) if order is not None else Answer(NOTHING)

    def _state(self, environ: Environ, one: Arriving) -> Answer:
        """How much of a parcel is here; one that is whole is registered before the answer."""
        self.heard(environ.get("gunicorn.socket"))
        done = unsealing.registered(one) or unsealing.finish(one) is not None
        return _standing(OK, one, done=done)

    def _piece(self, environ: Environ, one: Arriving) -> Answer:
        if unsealing.registered(one):
            return _standing(CREATED, one, done=True)
        offset = environ.get(_name(messages.OFFSET), "")
        if not offset.isdecimal():
            raise Answered(BAD, "offset_missing")
        data = self._body(environ, messages.MAX_PATCH, whole=False)
        try:
            unsealing.append(one, int(offset), [data])
        except WrongPlace:
            return _standing(ELSEWHERE, one, done=False)
        done = unsealing.finish(one) is not None or unsealing.registered(one)
        return _standing(CREATED if done else NOTHING, one, done=done)

    def _body(self, environ: Environ, most: int, *, whole: bool = True) -> bytes:
        """The body of a request. ``whole`` false: what came of one that was cut is worth keeping. Raises Answered."""
        told = environ.get("CONTENT_LENGTH") or ""
        if not told.isdecimal():
            raise Answered(NO_LENGTH, "no_length")
        if int(told) > most:
            raise Answered(TOO_LARGE, "too_large", limit=most)
        data = b"".join(_pieces(environ["wsgi.input"], int(told)))
        self.heard(environ.get("gunicorn.socket"))
        if whole and len(data) < int(told):
            raise Answered(BAD, "truncated")
        return data


def _held(said: str) -> set[int]:
    """Numbers of orders, as a probe lists them; what is none is left aside."""
    told = (one.strip() for one in said.split(",")[:MOST_HELD])
    return {int(one) for one in told if one.isascii() and one.isdecimal() and len(one) <= len(str(2**62))}


def _pieces(stream: Any, length: int) -> Iterator[bytes]:  # noqa: ANN401 -- a body as WSGI gives it
    try:
        while length > 0 and (chunk := stream.read(min(CHUNK, length))):
            length -= len(chunk)
            yield chunk
    except OSError:
        return


def _standing(status: int, one: Arriving, *, done: bool) -> Answer:
    size = "0" if done else str(one.size())
    return Answer(status, None, ((messages.OFFSET, size), (messages.COMPLETE, "?1" if done else "?0")))


def _message(data: bytes, kind: type[M]) -> M:
    """Read a message of this kind. Raises Answered."""
    try:
        return msgspec.json.decode(data, type=kind)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise Answered(BAD, "not_understood") from error


def _name(header: str) -> str:
    return f"HTTP_{header.upper().replace('-', '_')}"


def _head(environ: Environ) -> str:
    said: str = environ.get(_name(messages.PARCEL_HEAD), "")
    if len(said) != 64 or set(said) - set("0123456789abcdef"):  # noqa: PLR2004 -- a sha256 in hexadecimal
        raise Answered(BAD, "head_missing")
    return said


def _number(said: str) -> int:
    if not said.isdecimal() or not said.isascii() or len(said) > len(str(HIGHEST)) or not 1 <= int(said) <= HIGHEST:
        raise Answered(MISSING, "not_found")
    return int(said)


def _clock(environ: Environ) -> datetime | None:
    """What time it is at the probe; ``None``: it does not say, or not with its zone."""
    try:
        said = datetime.fromisoformat(environ.get(_name(messages.PROBE_CLOCK), ""))
    except ValueError:
        return None
    return said if said.tzinfo is not None else None
