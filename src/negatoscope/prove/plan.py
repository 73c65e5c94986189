"""What to do first, and what ends when: one order and one set of instants for page, report, badge and mail. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from negatoscope.kit.clock import PARIS
from negatoscope.model.actions import STANDING, Action
from negatoscope.model.cases import Case
from negatoscope.model.networks import Consent
from negatoscope.model.people import Attestation, Waiver
from negatoscope.model.verdict import Verdict

STALE = timedelta(days=7)
"""After which it is advised to look again."""
SOON = timedelta(days=60)
"""How far ahead deadlines are told on the first page and on paper."""

Films = frozenset[int]
Lasts = Mapping[str, timedelta | None]
"""How long the attestation of each control stands at most."""


@dataclass(frozen=True)
class Looked:
    """What was looked at so far, and when; ``None``: never."""

    local: datetime | None
    networks: tuple[str, ...]
    swept: Mapping[str, datetime]
    people: datetime | None
    """When the list of people was last declared complete."""
    listed: int = 0
    """How many people are declared, be the list complete or not."""


@dataclass(frozen=True)
class Reach:
    """Films of which a control that is built reads what a step brings; ``unattested``: one number a missing word."""

    local: Films
    hosts: Films
    people: Films
    unattested: tuple[int, ...]


@dataclass(frozen=True)
class Step:
    """Something useful to do."""

    code: str
    """``local``, ``networks``, ``sweep``, ``people``, ``undated``, ``attest`` or ``repair``."""
    films: tuple[int, ...]
    """Those that it would move."""
    n: int = 0
    """How many attestations or findings it is about."""
    quick: bool = False
    """A look that was never made: minutes of nobody's time."""


def stale(looked: datetime | None, at: datetime) -> bool:
    """Whether to look again."""
    return looked is None or at - looked > STALE


def steps(verdicts: Mapping[int, Verdict], findings: int, looked: Looked, reach: Reach, at: datetime) -> list[Step]:
    """The most useful first: quick looks, then what concerns most films. ``verdicts``: by the film's number."""
    dark = frozenset(film for film, verdict in verdicts.items() if verdict is Verdict.UNPROVEN)
    red = frozenset(film for film, verdict in verdicts.items() if verdict is Verdict.FAILED)
    found = [
        *_looks(looked, reach, dark, at),
        Step("attest", _films(frozenset(reach.unattested) & dark), len(reach.unattested)),
        Step("repair", _films(red), findings),
    ]
    return sorted((step for step in found if step.films), key=lambda step: (not step.quick, -len(step.films)))


def _looks(looked: Looked, reach: Reach, dark: Films, at: datetime) -> Iterator[Step]:
    """What to observe or declare, in the order that a newcomer needs it."""
    if stale(looked.local, at):
        yield Step("local", _films(reach.local & dark), quick=True)
    if not looked.networks:
        yield Step("networks", _films(reach.hosts & dark), quick=True)
    elif any(stale(looked.swept.get(cidr), at) for cidr in looked.networks):
        yield Step("sweep", _films(reach.hosts & dark), quick=not looked.swept.keys() >= set(looked.networks))
    if looked.people is None:
        yield Step("undated" if looked.listed else "people", _films(reach.people & dark))


def _films(numbers: Films) -> tuple[int, ...]:
    return tuple(sorted(numbers))


@dataclass(frozen=True)
class Ending:
    """Something that ends. ``code``: attestation, consent, waiver, action, arrival or departure."""

    code: str
    control: str
    subject: str
    """A reference; it may hold spaces. Either may be empty."""
    at: datetime
    owner: str = ""
    """Who answers for it, as the register names them; empty: nobody is named."""

    @property
    def what(self) -> str:
        """Its own name, for keys and order."""
        return f"{self.control} {self.subject}".strip()


@dataclass(frozen=True)
class Deadline:
    """What ends on one day and is of one sort: ``n`` of them, ``first`` before the others."""

    first: Ending
    n: int


Held = Attestation | Consent | Waiver | Action | Case


def endings(held: Iterable[Held], lasts: Lasts, before: datetime) -> list[Ending]:
    """What ends until then, the soonest first; what has ended counts for as long as it stands in the register."""
    found = (one for fact in held for one in _ending(fact, lasts))
    return sorted((one for one in found if one.at <= before), key=lambda one: (one.at, one.code, one.what))


def _ending(fact: Held, lasts: Lasts) -> Iterator[Ending]:
    match fact:
        case Attestation() if fact.holds:
            yield Ending("attestation", fact.control, "", fact.ends(lasts.get(fact.control)), fact.signed_by)
        case Consent():
            yield Ending("consent", "", fact.host, fact.until, fact.given_by)
        case Waiver():
            yield Ending("waiver", fact.control, fact.subject, fact.until, fact.owner)
        case Action() if fact.state in STANDING:
            yield Ending("action", fact.control, fact.subject, day_ends(fact.due_on), fact.owner)
        case Case() if fact.closed_at is None:
            yield Ending(fact.kind.value, "", fact.person, day_ends(fact.on), fact.owner or "")


def day_ends(day: date) -> datetime:
    """The instant at which a day is over, Paris time."""
    return datetime.combine(day + timedelta(days=1), time(), PARIS).astimezone(UTC)


def deadlines(ends: Iterable[Ending]) -> list[Deadline]:
    """One line a sort and day, whatever their number: two thousand repairs for one Friday are one thing to know."""
    gathered: dict[tuple[str, date], list[Ending]] = {}
    for one in ends:
        gathered.setdefault((one.code, one.at.astimezone(PARIS).date()), []).append(one)
    return sorted((Deadline(many[0], len(many)) for many in gathered.values()), key=lambda one: one.first.at)
