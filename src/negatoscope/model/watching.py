"""What the watch says of itself: who sends it logs, which detector looked, and whether alerts were handled in time."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from negatoscope.model.alert import AlertOutcome
from negatoscope.model.evidence import Ref, Scope
from negatoscope.model.tip import TipOutcome

OTHERS = "*"
"""All sources that nobody tells apart. What the console itself loses may be of any source."""
AMOUNT = "amount"
"""What a source brings whose connections say how much was sent: without it nobody sees much leave."""
BY_WHOM = "by_whom"
"""What a source brings whose connections name the account: without it nobody sees an administrator go out."""
ONLINE = ("admin_online", "station_online")
"""What the fifth situation says of an administrator's account, or station, that went on the Internet (rule 28)."""


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """A source of logs, as it was heard lately."""

    SCOPE: ClassVar[Scope] = "practice"

    source: str
    """As the sources page names it: an address, a file, a token's name."""
    brings: tuple[str, ...] | None = None
    """What its events of late tell of (``model.event.Action``), ``AMOUNT`` and ``BY_WHOM``."""
    hosts: tuple[Ref, ...] | None = None
    """Hosts of the register that its events of late happened on."""
    last: datetime | None = None
    """When something of it was last received."""
    silent: bool | None = None
    """It is silent for longer than its own rhythm explains."""
    lost: int | None = None
    """Records that are known to be lost since yesterday."""

    @property
    def ref(self) -> Ref:
        """``logsource/<name>``."""
        return f"logsource/{self.source}"


@dataclass(frozen=True, slots=True)
class DetectorRun:
    """A detector of one of the five situations, or that of Sigma's rules, and what it has looked at."""

    SCOPE: ClassVar[Scope] = "practice"

    behaviour: str
    """One of the five, or ``sigma``."""
    since: datetime | None = None
    """Since when it has looked without a break."""
    until: datetime | None = None
    """Up to which receipt of events it has looked."""
    off: bool | None = None
    """Whether it tells nothing, in the whole practice."""
    off_at: tuple[str, ...] | None = None
    """Sites of which it tells nothing."""
    loosened: tuple[str, ...] | None = None
    """Settings beyond the bounds within which it watches as it should: ``fast``, ``fast@Annecy``."""
    admins: int | None = None
    """Accounts that it knows as administrators': nothing tells it of others."""
    missing: tuple[str, ...] | None = None
    """Of ``sigma``: files of rules that the practice uses, and that cannot be had any more."""

    @property
    def ref(self) -> Ref:
        """``detector/<behaviour>``."""
        return f"detector/{self.behaviour}"


@dataclass(frozen=True, slots=True)
class LogsKept:
    """What is kept of the logs that came in."""

    SCOPE: ClassVar[Scope] = "practice"

    since: date | None = None
    """The first day on which logs came in, of those that are still to be kept."""
    days_lost: tuple[date, ...] | None = None
    """Days on which logs came in and of which nothing is kept, or not all, though their time is not over."""
    days_over: int | None = None
    """How many days are still kept though their time is over."""
    unjustified: tuple[str, ...] | None = None
    """Classes kept beyond the usual time, for a reason that nobody has said again within a year."""

    @property
    def ref(self) -> Ref:
        """``logskept/console``."""
        return "logskept/console"


@dataclass(frozen=True, slots=True)
class AlertHandled:
    """An alert of the last months, and how it was handled."""

    SCOPE: ClassVar[Scope] = "practice"

    number: int
    code: str
    """The behaviour, or the Sigma rule, that raised it."""
    subject: Ref
    due: datetime
    closed_at: datetime | None = None
    """``None``: it is open."""
    outcome: AlertOutcome | None = None
    reasons: tuple[str, ...] | None = None
    """What the detector said of it: ``admin_online``."""

    @property
    def ref(self) -> Ref:
        """``alert/<number>``."""
        return f"alert/{self.number}"


@dataclass(frozen=True, slots=True)
class TipHandled:
    """A report of the staff of the last months, and how it was handled."""

    SCOPE: ClassVar[Scope] = "practice"

    number: int
    received_at: datetime
    due: datetime
    handled_at: datetime | None = None
    """``None``: it waits."""
    outcome: TipOutcome | None = None

    @property
    def ref(self) -> Ref:
        """``tip/<number>``."""
        return f"tip/{self.number}"


@dataclass(frozen=True, slots=True)
class IncidentHandled:
    """An incident of the last year, and what closing it asks for and nobody has stated."""

    SCOPE: ClassVar[Scope] = "practice"

    number: int
    opened_at: datetime
    closed: bool
    lacks: tuple[str, ...] = ()
    """As ``respond.closing`` and ``respond.discipline`` say it: ``entry``, ``spread``, ``not_rebuilt``, ``twins`` …"""
    hosts: int | None = None
    """How many are said to be compromised."""
    declared: tuple[str, ...] | None = None
    """Duties with a last instant, and what became of them: ``CNIL/met``, ``late``, ``waits``, ``perhaps``."""

    @property
    def ref(self) -> Ref:
        """``incident/<number>``."""
        return f"incident/{self.number}"
