"""What probe and console say to each other, protocol 1: JSON over HTTPS, or files on a medium.

Every request of an enrolled probe carries its client certificate and ``Probe-Clock`` (ISO 8601); every answer carries
``Console-Clock``. A refusal is any status ≥ 400 with a code in ``Probe-Problem`` (and in a ``Problem``, but for HEAD).

    GET   /probe/v1/authority      -> Authority                (before trust: compared with the code)
    POST  /probe/v1/enrol          Enrolment -> Enrolled       (201)
    GET   /probe/v1/order          ``Probe-Holds: 12,13`` -> Order: the lowest one that the probe does not hold, or 204;
                                   204 where it says ``Probe-Full: ?1``
    POST  /probe/v1/order/<n>      Progress -> Heard
    HEAD  /probe/v1/parcel/<n>     ``Parcel-Head`` -> 200, Upload-Offset, Upload-Complete: ?0 or ?1
    PATCH /probe/v1/parcel/<n>     ``Parcel-Head``, Upload-Offset, ≤ 4 MiB -> 204 and the new Upload-Offset;
                                   409 and the right Upload-Offset; 201 and Upload-Complete: ?1 once registered
"""

from datetime import datetime
from typing import Any

from msgspec import Struct

from negatoscope.observe.collector import Login

PROTOCOL = 1
AUTHORITY_PATH = "/probe/v1/authority"
ENROL_PATH = "/probe/v1/enrol"
ORDER_PATH = "/probe/v1/order"
PARCEL_PATH = "/probe/v1/parcel"

PROBE_CLOCK = "Probe-Clock"
CONSOLE_CLOCK = "Console-Clock"
HOLDS = "Probe-Holds"
"""Numbers of the orders under way, or sealed and not delivered yet: the console does not give them again."""
FULL = "Probe-Full"
"""``?1`` where the probe has no room for another look: the console gives no order."""
OFFSET = "Upload-Offset"
COMPLETE = "Upload-Complete"
PARCEL_HEAD = "Parcel-Head"
"""sha256 of the parcel's header line. A number known under another one is refused (``parcel_differs``): a probe put
back from an older copy of its disk would otherwise forget a parcel that was never received."""
WHOLE = "?1"
PROBLEM = "Probe-Problem"

MAX_MESSAGE = 8 * 1024 * 1024
MAX_PATCH = 4 * 1024 * 1024

REVOKED = "probe_revoked"
DIFFERS = "parcel_differs"
REFUSED = "parcel_refused"
"""The parcel is whole and wrong (signature, chain, seal …): the probe keeps it and says so."""
CODE_UNKNOWN = "code_unknown"
"""No such code, used, dead or too old: which of these is told to nobody."""
TOO_MANY = "too_many_tries"
PROTOCOL_UNKNOWN = "protocol_unknown"
CONSOLE_FULL = "console_full"
"""The console's disk is full: later."""


class Message(Struct, frozen=True):
    """Unknown fields are left aside: the other side may be newer."""


class Problem(Message, frozen=True):
    """Why a request was refused: one of the codes above, or another."""

    problem: str
    values: dict[str, str | int | float | bool | None] = {}


class Authority(Message, frozen=True):
    """Who signs at this console. ``certificate``: PEM."""

    certificate: str
    protocol: int = PROTOCOL


class Enrolment(Message, frozen=True):
    """``secret``: hexadecimal, of the code; ``csr``: PEM, its subject is left aside."""

    secret: str
    csr: str
    protocol: int = PROTOCOL
    edition: str = ""

    def __repr__(self) -> str:
        """Tell nothing."""
        return "Enrolment()"


class Enrolled(Message, frozen=True):
    """A probe is known. ``certificate``, ``authority``: PEM; ``recipients``: age public keys."""

    id: str
    certificate: str
    authority: str
    recipients: tuple[str, ...]


class Order(Message, frozen=True):
    """One look to make."""

    number: int
    """From one up at the console, never used twice for one probe."""
    collector: str
    target: str
    settings: dict[str, Any]
    """Already narrowed to where the practice allows a look."""
    until: datetime
    """Not to be begun later, by the console's clock."""
    minutes: int = 30
    logins: dict[str, Login] = {}
    """Credentials lent for this look, by the name that settings give them. Never in a task."""


class Progress(Message, frozen=True):
    """How far a look has come."""

    done: int
    total: int


class Heard(Message, frozen=True):
    """``cancelled``: somebody asked the look to stop."""

    cancelled: bool = False


# By medium. Names of files: the probe's id, then what it is.

TASK = b"negatoscope-task/1"
RECEIPT = b"negatoscope-receipt/1"
TASK_NAME = "{probe}.task"
RECEIPT_NAME = "{probe}.receipt"
REQUEST_NAME = "{probe}.request"
PARCEL_NAME = "{probe}-{number:08d}.parcel"


class Handed(Message, frozen=True):
    """The file that enrols a probe without network, JSON; it is a secret until the first import. ``secret``: hex."""

    id: str
    authority: str
    recipients: tuple[str, ...]
    secret: str
    protocol: int = PROTOCOL

    def __repr__(self) -> str:
        """Tell no secret."""
        return f"Handed({self.id!r})"


class Request(Message, frozen=True):
    """What the first export carries, JSON. ``mac``: ``code.vouched`` of the request's PEM bytes."""

    probe: str
    csr: str
    mac: str
    edition: str = ""
    protocol: int = PROTOCOL


class Task(Message, frozen=True):
    """Orders on a medium, signed by the authority."""

    probe: str
    issued: datetime
    until: datetime
    orders: tuple[Order, ...]


class Received(Message, frozen=True):
    """One parcel that the console has registered."""

    number: int
    head: str
    """sha256 of its header line."""


class Receipt(Message, frozen=True):
    """What the console has registered of a probe, signed by the authority. ``certificate``: PEM, once signed in."""

    probe: str
    at: datetime
    received: tuple[Received, ...]
    certificate: str = ""
