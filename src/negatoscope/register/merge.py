"""New items of a capture and what is known become changes. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from negatoscope.model.evidence import Fact, Gap, Ref, Retraction, Sweep
from negatoscope.model.hosts import Host
from negatoscope.model.memory import combine
from negatoscope.register.identity import NONE_YET, Conflict, Decisions, Known, identify

__all__ = ["Changes", "changes", "combine"]


@dataclass(frozen=True, slots=True)
class Changes:
    """What one capture states, each host under its own name in the register."""

    facts: tuple[Fact, ...]
    sweeps: tuple[Sweep, ...]
    gaps: tuple[Gap, ...]
    retractions: tuple[Retraction, ...]


def changes(items: Iterable[Any], known: Known, decisions: Decisions = NONE_YET) -> Changes:
    """Give each host of a capture its lasting name, in every item that speaks of it."""
    items = tuple(items)
    identified = identify((item for item in items if isinstance(item, Host)), known, decisions)
    renamed = tuple(_rename(item, identified.names) for item in items)
    return Changes(
        tuple(item for item in renamed if not isinstance(item, Sweep | Gap | Retraction)),
        tuple(item for item in renamed if isinstance(item, Sweep)),
        tuple(item for item in renamed if isinstance(item, Gap)) + tuple(map(_gap, identified.conflicts)),
        tuple(item for item in renamed if isinstance(item, Retraction)),
    )


def _gap(one: Conflict) -> Gap:
    """What a person must settle: the page of differences leads there."""
    values = {"other": one.other, "agreed": " ".join(one.likeness.agreed), "differs": " ".join(one.likeness.differs)}
    return Gap("Host", "identity_conflict", one.host, values)


def _rename(item: Any, names: Mapping[Ref, Ref]) -> Any:  # noqa: ANN401 -- any item that names a host
    if isinstance(item, Host):
        return replace(item, ref=names[item.ref])
    host = getattr(item, "host", None)
    return replace(item, host=names[host]) if isinstance(host, str) and host in names else item
