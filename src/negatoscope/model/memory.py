"""What stands of many statements: several become one, and a look that sees less does not forget."""

from collections.abc import Iterable, Sequence
from dataclasses import MISSING, fields
from typing import Any, TypeVar

from negatoscope.kit.accents import without_accents
from negatoscope.model.hosts import Host, HostClass

T = TypeVar("T")


def unsaid(newer: T, *older: T) -> T | None:
    """What earlier statements of the same voice knew and the newer one could not read; ``None``: nothing.

    ``older``: newest first. Fields that the newer statement fills are left blank: it alone speaks of them.
    """
    kept: dict[str, Any] = {}
    for field in fields(newer):  # type: ignore[arg-type]  # facts are dataclasses
        value = getattr(newer, field.name)
        if value is None:
            known = (getattr(statement, field.name) for statement in older)
            kept[field.name] = next((one for one in known if one is not None), None)
        elif field.default is not None or field.default is MISSING:
            kept[field.name] = value
    asked = [field.name for field in fields(newer) if getattr(newer, field.name) is None]  # type: ignore[arg-type]
    return type(newer)(**kept) if any(kept[name] is not None for name in asked) else None


def combine(statements: Sequence[T], measured: int | None = None) -> T:
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


def drift(declared: T, measured: T) -> tuple[str, ...]:
    """Fields on which an instrument contradicts what a person declared; lists contradict when nothing is in common."""
    found = []
    for field in fields(declared):  # type: ignore[arg-type]  # facts are dataclasses
        said, seen = getattr(declared, field.name), getattr(measured, field.name)
        if said is not None and seen is not None and not _alike(said, seen):
            found.append(field.name)
    return tuple(found)


def _alike(said: Any, seen: Any) -> bool:  # noqa: ANN401 -- whatever a field holds
    if isinstance(said, tuple):
        return not said or not seen or not {*said}.isdisjoint(seen)
    if isinstance(said, str) and isinstance(seen, str):
        mine, theirs = (" ".join(without_accents(text).casefold().split()) for text in (said, seen))
        return mine == theirs or theirs.startswith(f"{mine}.") or mine.startswith(f"{theirs}.")
    return bool(said == seen)
