"""People by their names where a value refers to them: a reference alone says an identifier."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from negatoscope.model.evidence import Ref
from negatoscope.store.queries import subjects

PERSON = "person/"


class Called(NamedTuple):
    """A subject, and what people call it."""

    ref: Ref
    name: str


def people(practice: int, values: Iterable[Any]) -> dict[Ref, str]:
    """The names of those that these values refer to, in one query."""
    found = subjects.several(practice, {one for one in values if isinstance(one, str) and one.startswith(PERSON)})
    return {ref: row.fact.name for ref, row in found.items()}


def called(value: Any, names: dict[Ref, str]) -> Any:  # noqa: ANN401 -- any field of any fact
    """The value, with its name where it refers to somebody."""
    return Called(value, names[value]) if isinstance(value, str) and value in names else value
