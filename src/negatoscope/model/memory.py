"""A look that sees less does not forget: what an earlier look measured stands until it is seen to have changed."""

from dataclasses import MISSING, fields
from typing import Any, TypeVar

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
