"""People by their names where a value refers to them: a reference alone says an identifier."""

from typing import Any, NamedTuple

from negatoscope.model.evidence import Ref


class Called(NamedTuple):
    """A subject, and what people call it."""

    ref: Ref
    name: str


def called(value: Any, names: dict[Ref, str]) -> Any:  # noqa: ANN401 -- any field of any fact
    """The value, with its name where it refers to somebody."""
    return Called(value, names[value]) if isinstance(value, str) and value in names else value
