"""How those who think ask for facts, wherever these are kept."""

from typing import Protocol, TypeVar

from negatoscope.model.evidence import Fact, Seen

F = TypeVar("F", bound=Fact)


class Register(Protocol):
    """All facts of one practice, by kind."""

    def seen(self, kind: type[F]) -> Seen[F]:
        """Everything known of one kind; the same object at each call."""
