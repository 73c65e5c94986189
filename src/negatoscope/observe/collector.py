"""What a collector is: ``capture`` touches the world and keeps bytes, ``read`` is pure and replays them."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, BinaryIO, Generic, Protocol, TypeVar

from msgspec import Struct

from negatoscope.model.evidence import Fact, Gap, Ref, Retraction, Sweep
from negatoscope.model.hosts import HostClass

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
    community: str | None = None
    """The name that opens an SNMP agent of version 1 or 2c: a secret that travels in clear."""
    digest: str = ""
    """How SNMP version 3 signs with ``password``: ``sha256``, ``sha512``, ``sha1``, ``md5``, or ``none``."""
    cipher: str = ""
    """How it encrypts with ``privacy``: ``aes128``, ``des``; empty: not at all."""
    privacy: str | None = None

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


class Known(Struct, frozen=True, array_like=True):
    """A TCP service of the register, as one address of its host shows it."""

    address: str
    port: int
    name: str | None = None
    encrypted: bool | None = None


class Subject(Struct, frozen=True, array_like=True):
    """A host on which a named person lets factory log-ins be tried. ``words``: who made it, and which model."""

    address: str
    host_class: HostClass
    words: str = ""


class Earlier(Struct, frozen=True, array_like=True):
    """A factory log-in that was tried lately on a host, as one of its addresses shows it."""

    address: str
    protocol: str
    port: int
    pair: str
    refused: bool
    """It was seen refused; else what became of it is not clear."""


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
    services: tuple[Known, ...] = ()
    """What the register knows to answer beyond its own host."""
    subjects: tuple[Subject, ...] = ()
    """Hosts on which factory log-ins may be tried."""
    tried: tuple[str, ...] = ()
    """Addresses of hosts on which they were tried since yesterday."""
    earlier: tuple[Earlier, ...] = ()
    """What became of those that were tried lately: what was refused is not tried again so soon."""
    shared: tuple[str, ...] = ()
    """Published names that are those of accounts of a directory: an attempt could lock one everywhere."""


def untouched(data: bytes) -> bytes:
    """Keep a file as it is: its format holds no secret."""
    return data


def nameless(_data: bytes) -> str | None:
    """Tell no name: the format does not say which device wrote the file."""
    return None


@dataclass(frozen=True, slots=True)
class Sort:
    """One format of file that devices write and people hand over. All four are pure; only ``read`` may raise."""

    name: str
    """Stable: it stands in captures."""
    recognises: Callable[[bytes], bool]
    """Whether this is such a file; asked of every file, so quick, strict and never wrong on another format."""
    read: Callable[[bytes, Ref], Iterable[Item]]
    """Facts of the scrubbed file; the second argument is the device that wrote it. Raises Unreadable."""
    scrub: Callable[[bytes], bytes] = untouched
    """The file without its secrets (kind and place stay): only what this returns is ever kept."""
    named: Callable[[bytes], str | None] = nameless
    """What the device that wrote the file calls itself in it; its reader then yields its ``Host``."""


def later(module: str) -> Callable[[Any, str, Look], None]:
    """The ``capture`` of a module that is only imported at its first look: its library is slow to wake."""

    def capture(settings: Any, target: str, look: Look) -> None:  # noqa: ANN401 -- the module's own settings
        import_module(module).capture(settings, target, look)

    return capture


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
    announces: Callable[[S, str], str] | None = None
    """The address on which log-ins are about to be tried, entered before anything is sent. Raises Unreachable."""
    sorts: tuple[Sort, ...] = ()
    """Formats of files that people hand over to it (``observe.handed``)."""
