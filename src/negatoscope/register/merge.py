"""New items of a capture and what is known become changes; several statements on one subject become one. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

from negatoscope.model.evidence import Fact, Gap, Ref, Retraction, Sweep
from negatoscope.model.hosts import Host, HostClass
from negatoscope.register.identity import identify

F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class Changes:
    """What one capture states, in the register's own names."""

    facts: tuple[Fact, ...]
    sweeps: tuple[Sweep, ...]
    gaps: tuple[Gap, ...]
    retractions: tuple[Retraction, ...]


def changes(items: Iterable[Any], known: Iterable[Host]) -> Changes:
    """Give each host of a capture its lasting name, in every item that speaks of it."""
    items = tuple(items)
    identified = identify((item for item in items if isinstance(item, Host)), known)
    renamed = tuple(_rename(item, identified.names) for item in items)
    conflicts = tuple(Gap("Host", "identity_conflict", host) for host in identified.conflicts)
    return Changes(
        tuple(item for item in renamed if not isinstance(item, Sweep | Gap | Retraction)),
        tuple(item for item in renamed if isinstance(item, Sweep)),
        tuple(item for item in renamed if isinstance(item, Gap)) + conflicts,
        tuple(item for item in renamed if isinstance(item, Retraction)),
    )


def _rename(item: Any, names: Mapping[Ref, Ref]) -> Any:  # noqa: ANN401 -- any item that names a host
    if isinstance(item, Host):
        return replace(item, ref=names[item.ref])
    host = getattr(item, "host", None)
    return replace(item, host=names[host]) if isinstance(host, str) and host in names else item


def combine(statements: Sequence[F], measured: int | None = None) -> F:
    """Make one fact of several on the same subject: the first to state a field wins.

    The first ``measured`` (all, if not said) come from instruments. Where these disagree on a field that the fact's
    ``WORST`` names, the worst value wins: what one instrument saw stands until that one sees it fixed.
    """
    first, *others = statements
    if not others:
        return first
    names = [field.name for field in fields(first)]  # type: ignore[arg-type]  # facts are dataclasses
    filled: dict[str, Any] = {name: _first_said(statements, name) for name in names}
    filled |= {
        name: worst
        for name, worst in getattr(first, "WORST", {}).items()
        if any(getattr(statement, name) == worst for statement in statements[:measured])
    }
    if isinstance(first, Host):
        filled |= _joined(statements)
    return type(first)(**filled)


def _first_said(statements: Iterable[object], name: str) -> Any:  # noqa: ANN401 -- whatever the field holds
    return next((value for one in statements if (value := getattr(one, name)) is not None), None)


def _joined(statements: Sequence[Any]) -> dict[str, Any]:
    """A host answers to all its addresses; and whoever calls it a modality is believed: patients come first."""
    together: dict[str, Any] = {}
    for name in ("macs", "addresses"):
        values = [getattr(host, name) for host in statements if getattr(host, name) is not None]
        together[name] = tuple(dict.fromkeys(value for group in values for value in group)) if values else None
    if any(host.host_class is HostClass.MODALITY for host in statements):
        together["host_class"] = HostClass.MODALITY
    return together
