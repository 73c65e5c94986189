"""What a stranger may call itself: no sign that a database cannot hold, no name longer than its column. Pure.

A name cut short keeps its digest, so that two long names stay two.
"""

from dataclasses import fields, replace
from typing import Any, TypeVar

from negatoscope.kit.canonical import sha256
from negatoscope.model.evidence import PLACES
from negatoscope.model.software import Software

T = TypeVar("T")
LONGEST_REF = 220
"""Signs of a subject's name before its host's own takes the place of ``host/@``."""
LONGEST_NAME = 80
"""Signs that each part of a name keeps where the whole is too long."""
LONGEST_SOFTWARE = 200
NUL, MARK = "\0", "\N{REPLACEMENT CHARACTER}"


def bounded(item: T) -> T:
    """Give an item back as a register can hold it; nearly always the very same."""
    changed: dict[str, Any] = {}
    for field in fields(item):  # type: ignore[arg-type]  # items are dataclasses
        value = getattr(item, field.name)
        held = _held(value)
        if held is not value:
            changed[field.name] = held
    kept: T = replace(item, **changed) if changed else item  # type: ignore[type-var]  # items are dataclasses
    return _shortened(kept)


def _held(value: Any) -> Any:  # noqa: ANN401 -- whatever a field holds
    """Without the one sign that no column takes; the same object where there is none."""
    if isinstance(value, str):
        return value.replace(NUL, MARK) if NUL in value else value
    if isinstance(value, tuple):
        held = tuple(_held(one) for one in value)
        return held if any(one is not before for one, before in zip(held, value, strict=True)) else value
    if isinstance(value, dict):
        return {_held(name): _held(one) for name, one in value.items()}
    return value


def _shortened(item: T) -> T:
    if isinstance(item, Software):
        texts = (item.name, item.version, item.publisher)
        return _cut(item, LONGEST_SOFTWARE) if any(len(one or "") > LONGEST_SOFTWARE for one in texts) else item
    name = getattr(item, "ref", "")
    return _cut(item, LONGEST_NAME) if len(name) > LONGEST_REF else item


def _cut(item: T, most: int) -> T:
    """Cut every text but the names of places: those are given here, and short."""
    texts = {field.name: getattr(item, field.name) for field in fields(item)}  # type: ignore[arg-type]  # as above
    cut = {name: shorter(one, most) for name, one in texts.items() if isinstance(one, str) and name not in PLACES}
    return replace(item, **cut)  # type: ignore[type-var]  # items are dataclasses


def shorter(name: str, most: int = LONGEST_NAME) -> str:
    """The beginning of a name and its digest, where it is longer than ``most`` signs."""
    return name if len(name) <= most else f"{name[: most - 9]}~{sha256(name.encode())[:8]}"


__all__ = ["bounded", "shorter"]
