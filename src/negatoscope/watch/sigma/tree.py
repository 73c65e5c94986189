"""What a Sigma rule asks for, as a small tree of our own: read once, kept in a cache, compiled when first needed.

An absent field and a null one are the same. Names of fields are kept in lower case, for they are the same in any case.
A field that holds several values is as the clause asks if one of them is. ``field`` is ``None`` for a keyword, which
is sought in every value of the record.
"""

from enum import StrEnum

from msgspec import Struct


class Where(StrEnum):
    """Where in a value its text must stand."""

    IS = "is"
    HAS = "has"
    STARTS = "starts"
    ENDS = "ends"


class All(Struct, frozen=True, tag="all", array_like=True):
    """Every part holds."""

    parts: tuple["Node", ...]


class AnyOf(Struct, frozen=True, tag="any", array_like=True):
    """One part holds."""

    parts: tuple["Node", ...]


class Not(Struct, frozen=True, tag="not", array_like=True):
    """The part does not hold; so it is true where the field is absent."""

    part: "Node"


class Text(Struct, frozen=True, tag="text", array_like=True):
    """A value is, holds, begins or ends with a text; folded by ``str.casefold`` unless ``cased``."""

    field: str | None
    where: Where
    text: str
    cased: bool = False


class Like(Struct, frozen=True, tag="like", array_like=True):
    """A value is made of these pieces in order with anything between; ``ONE`` in a piece is any one character."""

    field: str | None
    pieces: tuple[str, ...]
    cased: bool = False


class Pattern(Struct, frozen=True, tag="re", array_like=True):
    """A regular expression is found in the value as it stands; flags are letters of ``i``, ``m``, ``s``."""

    field: str | None
    expression: str
    flags: str = ""


class Inside(Struct, frozen=True, tag="cidr", array_like=True):
    """The value is an address of a network."""

    field: str
    network: str


class Compare(Struct, frozen=True, tag="number", array_like=True):
    """The value is a number below or above another: ``lt``, ``lte``, ``gt``, ``gte``."""

    field: str
    operator: str
    number: float


class Exists(Struct, frozen=True, tag="exists", array_like=True):
    """The field has a value that is not empty: what Windows leaves out and what it leaves empty are one to it."""

    field: str


class Same(Struct, frozen=True, tag="same", array_like=True):
    """The value is, holds, begins or ends with the value of another field."""

    field: str
    where: Where
    other: str
    cased: bool = False


class Moment(Struct, frozen=True, tag="time", array_like=True):
    """A part of an instant: ``minute``, ``hour``, ``day``, ``week``, ``month``, ``year``, as written in ISO 8601."""

    field: str
    part: str
    number: int


Leaf = Text | Like | Pattern | Inside | Compare | Exists | Same | Moment
Node = All | AnyOf | Not | Leaf

ONE = "\uf8ff"
"""Any one character, in a piece of ``Like``; of the private area, so that no log writes it with a meaning."""


class Source(Struct, frozen=True, array_like=True):
    """A log source as Sigma names it; ``None``: any, or not said."""

    product: str | None = None
    service: str | None = None
    category: str | None = None


class Key(Struct, frozen=True, array_like=True):
    """A necessary clause: a rule can match only where one of its keys is found. ``how``: ``is``, ``has``, ``tail``.

    ``tail`` is what stands after the last backslash. ``field`` is empty for keywords: every value of the record.
    """

    how: str
    field: str
    text: str


class Rule(Struct, frozen=True, array_like=True):
    """One rule, read. ``node`` is left encoded until it is needed: most rules never are."""

    id: str
    """As the rule says it; where it says none, the digest of its text."""
    name: str | None
    title: str
    level: str
    """``informational``, ``low``, ``medium``, ``high``, ``critical``; ``medium`` where the rule does not say."""
    tags: tuple[str, ...]
    """``attack.t1059.001`` and their like."""
    source: Source
    node: bytes
    keys: tuple[Key, ...] | None = None
    """``None``: no necessary clause, it must be tried on every record of its source."""
    events: tuple[str, ...] | None = None
    """Values of ``EventID`` without which it cannot match; ``None``: any."""
    quiet: bool = False
    """Told by a correlation alone, which counts its matches."""
    path: str = ""
    """Where it was read: a file, or an archive, ``!`` and the member."""


class Counted(Struct, frozen=True, array_like=True):
    """A correlation: matches of other rules counted together within a time."""

    id: str
    name: str | None
    title: str
    level: str
    tags: tuple[str, ...]
    kind: str
    """``event_count``, ``value_count``, ``temporal``, ``temporal_ordered``."""
    rules: tuple[str, ...]
    """Ids of the rules it counts, or of other correlations."""
    by: tuple[str, ...]
    """Fields whose values must agree."""
    aliases: dict[str, dict[str, str]]
    """For a name of ``by``, the field that bears it in each rule."""
    seconds: float
    operator: str
    count: float
    fields: tuple[str, ...] = ()
    """Whose distinct values are counted."""
    generate: bool = False
    """The matches of its rules are told too."""
    quiet: bool = False
    path: str = ""
    """As of a rule."""


class Refused(Struct, frozen=True, array_like=True):
    """A rule that cannot run, and why: a code and its values. Never dropped in silence."""

    rule: str
    """Its id where it could be read, else empty."""
    title: str
    path: str
    code: str
    """``unmapped``, ``unreadable``, ``placeholder``, ``modifier``, ``twice``, ``too_large``, ``filter``,
    ``correlation``, ``missing_rule``, ``costly`` …"""
    values: dict[str, str]


class Ruleset(Struct, frozen=True, array_like=True):
    """All that was read from files of rules."""

    rules: tuple[Rule, ...] = ()
    counted: tuple[Counted, ...] = ()
    refused: tuple[Refused, ...] = ()
    files: int = 0
    """How many files held rules."""

    @property
    def every(self) -> tuple[Rule | Counted, ...]:
        """All that can run, correlations last."""
        return (*self.rules, *self.counted)
