"""What a collector is: ``capture`` touches the world and keeps bytes, ``read`` is pure and replays them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO, Generic, Protocol, TypeVar

from msgspec import Struct

from negatoscope.model.evidence import Fact, Gap, Ref, Retraction, Sweep

Item = Fact | Sweep | Gap | Retraction
"""What ``read`` yields."""

S = TypeVar("S", bound=Struct)

MAX_CAPTURE_BYTES = 256 * 1024 * 1024


class Unreachable(Exception):  # noqa: N818 -- the house's word: a failed look, not a programming error
    """The target could not be looked at: becomes a gap, never an empty answer. ``why`` is a code."""

    def __init__(self, why: str, **values: str | float | bool | None) -> None:
        """Keep the code and the values that complete it."""
        super().__init__(why)
        self.why = why
        self.values = values


class Unreadable(Exception):  # noqa: N818 -- the house's word
    """The capture cannot be read: it is kept, the register is left untouched. ``position``: line, byte or cell."""

    def __init__(self, why: str, position: str = "") -> None:
        """Keep the code and where in the capture it happened."""
        super().__init__(f"{why} at {position}" if position else why)
        self.why = why
        self.position = position


class Cancelled(Exception):  # noqa: N818 -- the house's word
    """Somebody asked the look to stop; nothing of it is registered."""


class Login(Struct, frozen=True):
    """A log-in that a collector borrows for one look: never written to a capture, a gap, a log or a process list."""

    username: str
    password: str | None = None
    private_key: str | None = None
    """PEM or OpenSSH text."""

    def __repr__(self) -> str:
        """Tell nothing but who."""
        return f"Login({self.username!r})"


def _no_login(name: str) -> Login:
    raise Unreachable("credential_unknown", credential=name)


class Sink(Protocol):
    """Where captured bytes go."""

    def write(self, chunk: bytes, /) -> Any:  # noqa: ANN401 -- any writable file will do
        """Take one more chunk."""


@dataclass
class Look:
    """What ``capture`` holds in its hands: a place to write, a clock that runs out, a way to stop."""

    sink: Sink
    cancelled: Callable[[], bool] = lambda: False
    remaining: Callable[[], float] = lambda: float("inf")
    """Seconds left before the collector's own limit."""
    progress: Callable[[int, int], None] = lambda _done, _total: None
    login: Callable[[str], Login] = _no_login
    """The credential of this name, as settings name it. Raises Unreachable for one that nobody entered."""
    max_bytes: int = MAX_CAPTURE_BYTES
    gaps: list[Gap] = field(default_factory=list)
    written: int = 0

    def write(self, chunk: bytes) -> None:
        """Keep raw bytes. Raises Unreachable past the size limit, Cancelled if asked to stop."""
        if self.cancelled():
            raise Cancelled
        self.written += len(chunk)
        if self.written > self.max_bytes:
            raise Unreachable("too_large", limit=self.max_bytes)
        self.sink.write(chunk)

    def gap(self, what: str, why: str, host: Ref | None = None, **values: str | float | bool | None) -> None:
        """State what could not be looked at."""
        self.gaps.append(Gap(what, why, host, values))

    def step(self, done: int, total: int) -> None:
        """Tell how far the look has come. Raises Cancelled, or Unreachable when the time is up."""
        if self.cancelled():
            raise Cancelled
        if self.remaining() <= 0:
            raise Unreachable("time_limit")
        self.progress(done, total)


@dataclass(frozen=True, slots=True)
class Bounds:
    """Where the practice lets an active collector look."""

    networks: tuple[str, ...]
    """Declared networks (CIDR)."""
    spared: tuple[str, ...]
    """Addresses never to be probed: modalities without a recorded, current consent."""
    classed: tuple[str, ...] = ()
    """Addresses that may be spoken to whatever ports they open: no modality, says somebody, or consented."""
    spared_macs: tuple[str, ...] = ()
    """Hardware addresses of the spared: they may have moved to another address."""
    host_keys: tuple[tuple[str, str], ...] = ()
    """``address:port`` and the SSH host key that a person accepted there."""


@dataclass(frozen=True, slots=True)
class Collector(Generic[S]):
    """One way to look. ``voice``: whose word its facts are, when several collectors carry the same person's."""

    name: str
    settings: type[S]
    capture: Callable[[S, str, Look], None] | None
    """``None``: nobody goes and looks; a person hands the capture over."""
    read: Callable[[BinaryIO], Iterator[Item]]
    gives: tuple[str, ...] = ()
    """Kinds of fact it can bring back; feeds the coverage page."""
    voice: str | None = None
    bound: Callable[[S, Bounds], S] | None = None
    """Narrow the settings to where the practice allows a look; set by every collector that sends packets."""
