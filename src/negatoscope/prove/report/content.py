"""What a report says, as plain sentences in one language: made by a flow, laid out here and in the spreadsheet."""

from msgspec import Struct


class Film(Struct, frozen=True):
    """One rule, as it hangs on the light box. ``verdict`` and ``proof`` are codes; ``*_said`` are words."""

    rule: str
    number: int
    chapter: str
    short: str
    title: str
    verdict: str
    verdict_said: str
    proof: str
    proof_said: str
    age: str
    settled: int
    total: int
    findings: int
    doubts: int


class Control(Struct, frozen=True):
    """One obligation judged."""

    id: str
    rule: str
    asks: str
    fix: str
    verdict: str
    verdict_said: str
    means: str
    """What proves it, whether or not anything does yet: a measurement or an attestation."""
    checked: int
    evidence: tuple[str, ...]
    findings: tuple[str, ...]
    """One sentence a culprit."""
    subjects: tuple[str, ...]
    """The culprits' names, in the same order."""
    more: int = 0
    """Culprits left out on paper."""


class Blur(Struct, frozen=True):
    """Doubts that say the same: one sentence, and the rules that it keeps dark."""

    sentence: str
    rules: tuple[str, ...]
    controls: tuple[str, ...]
    count: int


class Act(Struct, frozen=True):
    """Something to do, by how many films it would move."""

    sentence: str
    films: int


class Due(Struct, frozen=True):
    """Something that ends."""

    sentence: str
    on: str
    late: bool


class Planned(Struct, frozen=True):
    """A repair that somebody promised."""

    control: str
    subject: str
    owner: str
    state: str
    due: str
    cost: int | str
    """Whole euros; empty: nobody said."""
    late: bool


class Waived(Struct, frozen=True):
    """A deviation accepted for a while; it changes no verdict."""

    control: str
    subject: str
    owner: str
    compensation: str
    until: str
    late: bool


class Proof(Struct, frozen=True):
    """A capture or a document under the verdicts."""

    digest: str
    what: str
    at: str


class Scope(Struct, frozen=True):
    """What the judgement covers, and what it leaves out."""

    networks: tuple[tuple[str, str], ...]
    """Declared network, and when it was last swept, completely or in part."""
    hosts: tuple[tuple[str, int], ...]
    """Class, and how many hosts."""
    looks: tuple[tuple[str, str], ...]
    """Collector and its last look."""
    people: int
    newer: bool
    """Something was observed after this judgement."""


class Elsewhere(Struct, frozen=True):
    """What one rule answers in other texts, a line of identifiers for each."""

    rule: str
    anssi: str
    iso: str
    nis2: str
    recyf: str


class Policy(Struct, frozen=True):
    """R0, the written policy: judged alike, told apart."""

    verdict: str
    verdict_said: str
    points: tuple[tuple[str, str, str], ...]
    """Code of the verdict, the verdict in words, and what is asked."""


class Seal(Struct, frozen=True):
    """What makes the report checkable later."""

    judgement: str
    size: int
    head: str
    key: str


class Report(Struct, frozen=True):
    """Everything a report says."""

    lang: str
    practice: str
    judged: str
    made: str
    headline: str
    counts: dict[str, int]
    coverage: dict[str, int]
    """Controls: measured, of which proven (settled today), attested, awaiting."""
    films: tuple[Film, ...]
    controls: tuple[Control, ...]
    blurs: tuple[Blur, ...]
    acts: tuple[Act, ...]
    dues: tuple[Due, ...]
    scope: Scope
    proofs: tuple[Proof, ...]
    seal: Seal
    verdicts: dict[str, str] = {}
    """Every verdict's name, by its code."""
    waivers: tuple[Waived, ...] = ()
    plan: tuple[Planned, ...] = ()
    plan_cost: str = ""
    """The sum of what standing repairs are said to cost."""
    policy: Policy | None = None
    passwords: str = ""
    """The rules on passwords that the practice chose to be judged by, with their source."""
    elsewhere: tuple[Elsewhere, ...] = ()
    elsewhere_notes: tuple[str, ...] = ()
    """The sources with their editions, then what no rule covers."""
