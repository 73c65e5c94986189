"""What was looked at, what was brought back, and what could not be seen.

Vocabulary (docs/words.md): an *observation* is a capture with its source, time and digest; a *sweep*
says "this capture looked for this kind, completely"; a *gap* says what could not be looked at, and why.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Generic, Literal, Protocol, TypeVar

Ref = str
"""A subject's stable name in the register: ``host/srv-pacs``, ``account/srv-pacs/root``."""

Values = Mapping[str, str | int | float | bool | None]
"""The values that complete a code; sentences are made at display."""

Scope = Literal["host", "directory", "practice"]
"""The field that says where a fact was looked for; ``practice``: one list for the whole practice."""

PLACES: tuple[Scope, ...] = ("host", "directory")
"""Scopes looked at place by place: each host, or directory, of the register needs a sweep of its own."""


class Fact(Protocol):
    """One typed statement read from a capture. ``None`` in a field always means *not observed*."""

    SCOPE: ClassVar[Scope]
    """Looked for host by host, directory by directory, or as one list of the practice."""

    @property
    def ref(self) -> Ref:
        """The subject this fact is about; two facts with one ref speak of one thing."""


F_co = TypeVar("F_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Sweep:
    """This capture looked for this kind, completely: on this host, in this network (CIDR), or in the whole practice.

    ``host``: the place looked at, a host or a directory.
    """

    kind: str
    host: Ref | None = None
    network: str | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """What could not be looked at, and why. ``what``: a fact kind, or a section of the capture."""

    what: str
    why: str
    host: Ref | None = None
    values: Values = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Retraction:
    """A person withdraws what people declared about this subject."""

    kind: str
    subject: Ref


@dataclass(frozen=True, slots=True)
class Source:
    """The observation behind a fact, a sweep or a gap: its digest and the instant the look ended."""

    digest: str
    at: datetime
    collector: str


@dataclass(frozen=True, slots=True)
class Swept:
    """A sweep with the observation that made it."""

    sweep: Sweep
    source: Source


@dataclass(frozen=True, slots=True)
class Blind:
    """A gap with the observation that reported it."""

    gap: Gap
    source: Source


@dataclass(frozen=True)
class Seen(Generic[F_co]):
    """All that is known of one kind: its facts, where each comes from, what was swept and what was not."""

    facts: tuple[F_co, ...] = ()
    sources: Mapping[Ref, tuple[Source, ...]] = field(default_factory=dict)
    sweeps: tuple[Swept, ...] = ()
    gaps: tuple[Blind, ...] = ()
    sober: tuple[F_co, ...] | None = None
    """The facts without what instruments only remember of earlier looks; ``None``: nothing is remembered."""

    def __iter__(self) -> Iterator[F_co]:
        """The facts."""
        return iter(self.facts)
