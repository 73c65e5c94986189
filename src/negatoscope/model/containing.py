"""Containment of an incident, as its log tells it: a measure was approved, done, undone or given up."""

from enum import StrEnum

from msgspec import Struct

from negatoscope.model.evidence import Ref


class Turn(StrEnum):
    """What becomes of a measure, in order; a measure that was undone or given up may be approved again."""

    APPROVED = "approved"
    DONE = "done"
    UNDONE = "undone"
    DROPPED = "dropped"


class Contained(Struct, frozen=True, tag="contained"):
    """A step of one measure on one target. ``measure``: its id in ``respond/containment.toml``."""

    measure: str
    target: Ref
    """The host or account; empty where the whole practice is meant."""
    turn: Turn
    by: str = ""
    """Who approved it."""
    care: str = ""
    """Who, on the side of care, said that no examination suffers from it; asked where a modality is concerned."""
    way: str = ""
    """How the console did it itself: ``ssh://root@192.0.2.1``; empty: somebody did it by hand."""
    addresses: tuple[str, ...] = ()
    """What the console blocked or let through."""
