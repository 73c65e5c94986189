"""Incidents: a log that only grows. An entry is one thing that somebody said or time did; all else follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from msgspec import Struct

from negatoscope.model.containing import Contained
from negatoscope.model.custody import Collected, Compared, Inquired, Passed
from negatoscope.model.evidence import Ref
from negatoscope.model.exercise import Chosen, Finished, Injected, Kept, Paced


class State(StrEnum):
    """How far an incident is, in order."""

    OPEN = "open"
    QUALIFIED = "qualified"
    CONTAINED = "contained"
    ERADICATED = "eradicated"
    RECOVERED = "recovered"
    CLOSED = "closed"

    @property
    def rank(self) -> int:
        """0 for the first."""
        return tuple(State).index(self)


class Origin(StrEnum):
    """What an incident was opened from."""

    HAND = "hand"
    ALERT = "alert"
    REPORT = "report"
    TERMINAL = "terminal"
    EXERCISE = "exercise"
    """Nothing of it is real: it is on no list, wall or calendar of incidents, and never will be."""


class Moment(StrEnum):
    """The three instants of an incident, in the order in which they happen."""

    OCCURRED = "occurred"
    DETECTED = "detected"
    AWARE = "aware"
    """The practice was reasonably sure: legal clocks run from here."""


class Role(StrEnum):
    """What somebody does in an incident."""

    LEAD = "lead"
    TECHNICAL = "technical"
    CARE = "care"
    DECLARATIONS = "declarations"
    VOICE = "voice"
    """Speaks to patients, staff and the press."""
    WRITER = "writer"
    """Keeps the log."""


class What(StrEnum):
    """What an incident touches."""

    HOST = "host"
    ACCOUNT = "account"
    DATA = "data"


class Hit(StrEnum):
    """How surely it is touched."""

    COMPROMISED = "compromised"
    SUSPECTED = "suspected"
    CLEARED = "cleared"
    """Looked at, and found untouched."""


class Clue(StrEnum):
    """Kinds of indicator."""

    ADDRESS = "address"
    DOMAIN = "domain"
    HASH = "hash"
    FILE = "file"
    ACCOUNT = "account"


class Part(StrEnum):
    """What must be stated before an incident closes (rule 38)."""

    ENTRY = "entry"
    SPREAD = "spread"
    DATA = "data"
    IMAGES = "images"
    REINSTALL = "reinstall"
    SECRETS = "secrets"
    LESSONS = "lessons"


class How(StrEnum):
    """What is stated of a part; which of them each part takes is in ``respond.closing``."""

    SAID = "said"
    UNKNOWN = "unknown"
    TAKEN = "taken"
    NOT_TAKEN = "not_taken"
    REINSTALLED = "reinstalled"
    RETIRED = "retired"
    """Out of service for good."""
    RESTORED = "restored"
    CLEANED = "cleaned"
    NONE = "none"
    """No host was compromised."""


class Gesture(StrEnum):
    """What became of a step of a reflex sheet; which of them each takes is in ``respond.reflex``."""

    DONE = "done"
    LEFT = "left"
    """Not done, and why."""
    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Stage(StrEnum):
    """Which notification of a duty it was."""

    UNSAID = ""
    COMPLETE = "complete"
    INITIAL = "initial"
    """The first of several: what is missing follows."""
    COMPLEMENT = "complement"


class Opened(Struct, frozen=True, tag="opened"):
    """The first entry. ``cases``: of the alert's detector, by which its events are found again."""

    title: str
    origin: Origin
    alert: int | None = None
    cases: tuple[str, ...] = ()
    scenario: str = ""
    """What an exercise plays. It bears this from birth, and can be struck no more than what opened it."""


class Noted(Struct, frozen=True, tag="noted"):
    """A line of the log: what happened, what was done."""


class Struck(Struct, frozen=True, tag="struck"):
    """An earlier entry was wrong. It stays, and counts no more."""

    place: int


class Dated(Struct, frozen=True, tag="dated"):
    """When it happened, was seen, was known."""

    which: Moment
    at: datetime


class Moved(Struct, frozen=True, tag="moved"):
    """The incident is at another state."""

    to: State


class Named(Struct, frozen=True, tag="named"):
    """Who holds a role, and who stands in."""

    role: Role
    person: str
    deputy: str = ""


class Asked(Struct, frozen=True, tag="asked"):
    """A task. ``lesson``: it is what this incident taught, to be done so that it does not happen again."""

    owner: str
    due: date | None = None
    lesson: bool = False


class Done(Struct, frozen=True, tag="done"):
    """A task was done; ``place``: of the entry that asked it."""

    place: int


class Touched(Struct, frozen=True, tag="touched"):
    """A host, an account or data is concerned. ``name``: a reference of the register, or words."""

    what: What
    name: Ref
    hit: Hit


class Marked(Struct, frozen=True, tag="marked"):
    """An indicator: by what others may find the same."""

    clue: Clue
    value: str


class Decided(Struct, frozen=True, tag="decided"):
    """Somebody decided something; the reason is the entry's text."""

    what: str


class Attached(Struct, frozen=True, tag="attached"):
    """A document, in the vault under its digest."""

    name: str
    digest: str
    size: int


class Answered(Struct, frozen=True, tag="answered"):
    """An answer to a question of the triage."""

    question: str
    answer: str


class Followed(Struct, frozen=True, tag="followed"):
    """A step of a reflex sheet (``ransomware.contain.isolate``) was done or left, or its question answered."""

    step: str
    gesture: Gesture


class Stated(Struct, frozen=True, tag="stated"):
    """One of the statements without which an incident does not close. ``host``: which, where it is asked of each."""

    part: Part
    how: How
    host: Ref = ""


class Sent(Struct, frozen=True, tag="sent"):
    """A notification left: which duty, when, the number that was given back."""

    duty: str
    at: datetime
    receipt: str = ""
    stage: Stage = Stage.UNSAID
    by: str = ""
    """Who sent it, where that is not who writes."""
    reasons: str = ""
    """Why it left after the last instant."""
    told: dict[str, tuple[str, ...]] = {}
    """The dossier as it left, by field."""
    copy: int | None = None
    """Place of the entry that holds the copy or the receipt."""


class Filled(Struct, frozen=True, tag="filled"):
    """Fields of a dossier, by their names, and what they hold from here on; what is empty was emptied."""

    dossier: str
    values: dict[str, tuple[str, ...]]


class Frozen(Struct, frozen=True, tag="frozen"):
    """From here on ``aware_at`` is what was told outside: it moves no more."""

    aware: datetime


class Owes(Struct, frozen=True):
    """What one duty asks, as it was reckoned then; both instants ``None``: nothing is owed."""

    duty: str
    owed: str
    since: datetime | None
    due: datetime | None


class Reckoned(Struct, frozen=True, tag="reckoned"):
    """What is owed to whom until when, whenever an answer or ``aware_at`` changes it: stored, never reckoned anew."""

    debts: tuple[Owes, ...]


class Reminded(Struct, frozen=True, tag="reminded"):
    """Time went by on the clock of a duty. ``reached``: addresses that were told."""

    duty: str
    mark: str
    due: datetime | None = None
    reached: int = 0


class Chained(Struct, frozen=True, tag="chained"):
    """The alert chain was launched, somebody was called or answered, it ended. ``step``: ``flows.launching``'s word."""

    launch: int
    step: str
    name: str = ""


Word = (
    Opened | Noted | Struck | Dated | Moved | Named | Asked | Done | Touched | Marked | Decided | Attached | Collected
    | Passed | Compared | Answered | Followed | Stated | Sent | Filled | Frozen | Reckoned | Reminded
    | Contained | Chained | Inquired | Paced | Injected | Chosen | Finished | Kept
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log. ``place``: its number in this incident; ``who``: as the ledger names them."""

    place: int
    at: datetime
    who: str
    name: str
    word: Word
    text: str = ""
    element: str = ""
    """What it is about: a host, a person, a place, in words."""
    real: datetime | None = None
    """When it was written, where ``at`` is by the clock of an exercise."""


@dataclass(frozen=True, slots=True)
class Incident:
    """What the entries say, taken together; struck ones left out. Of what is said twice, the last word stands."""

    number: int
    opened: Entry
    title: str
    origin: Origin
    alert: int | None
    state: State
    last: int
    """Place of the newest entry."""
    moments: Mapping[Moment, Entry] = field(default_factory=dict)
    roles: Mapping[Role, Entry] = field(default_factory=dict)
    answers: Mapping[str, Entry] = field(default_factory=dict)
    statements: Mapping[tuple[Part, Ref], Entry] = field(default_factory=dict)
    touched: Mapping[tuple[What, Ref], Entry] = field(default_factory=dict)
    tasks: tuple[Entry, ...] = ()
    done: Mapping[int, Entry] = field(default_factory=dict)
    """The entry that says so, by the place of the task."""
    clues: tuple[Entry, ...] = ()
    sent: tuple[Entry, ...] = ()
    debts: tuple[Owes, ...] = ()
    reminded: frozenset[tuple[str, str]] = frozenset()
    """Duties and their marks that were told."""
    frozen: bool = False
    struck: Mapping[int, Entry] = field(default_factory=dict)
    """The entry that strikes, by the place of the struck one."""
    followed: Mapping[str, Entry] = field(default_factory=dict)
    """By the step."""
    filled: tuple[Entry, ...] = ()
    pieces: tuple[Entry, ...] = ()
    handled: tuple[Entry, ...] = ()
    """What became of pieces since: passed on, read again."""
    paces: tuple[Entry, ...] = ()
    """How the clock of an exercise was set, in order."""
    came: Mapping[str, Entry] = field(default_factory=dict)
    """What of its scenario came."""
    chosen: Mapping[str, Entry] = field(default_factory=dict)
    finished: Entry | None = None
    kept: Entry | None = None
    contained: tuple[Entry, ...] = ()
    """What was said of measures that contain it."""
    inquired: tuple[Entry, ...] = ()
    """Answers to rule 38's questions that were kept."""

    @property
    def exercise(self) -> str:
        """The scenario that is played; empty: it is no exercise."""
        return self.opened.word.scenario if isinstance(self.opened.word, Opened) else ""

    def moment(self, which: Moment) -> datetime | None:
        """One of the three instants; ``None``: nobody said it."""
        entry = self.moments.get(which)
        return entry.word.at if entry is not None and isinstance(entry.word, Dated) else None

    def hosts(self, hit: Hit) -> tuple[Ref, ...]:
        """Hosts that are said to be so, in order of their names."""
        words = (entry.word for entry in self.touched.values())
        found = (one.name for one in words if isinstance(one, Touched) and one.what is What.HOST and one.hit is hit)
        return tuple(sorted(found))
