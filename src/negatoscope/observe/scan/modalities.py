"""Which hosts are not spoken to, though they were found: modalities, known or likely."""

from dataclasses import dataclass
from typing import Self

from negatoscope.observe.scan.arguments import IMAGING_PORTS
from negatoscope.observe.scan.frames import Header
from negatoscope.observe.scan.xml import Answer


@dataclass(frozen=True, slots=True)
class Shyness:
    """``classed``: addresses that may be spoken to whatever they open; ``None``: nobody said, as in an old capture."""

    spared: frozenset[str] = frozenset()
    spared_macs: frozenset[str] = frozenset()
    classed: frozenset[str] | None = None

    @classmethod
    def of(cls, header: Header) -> Self:
        """As one look was bound."""
        classed = None if header.classed is None else frozenset(header.classed)
        return cls(frozenset(header.spared), frozenset(mac.lower() for mac in header.spared_macs), classed)

    def why(self, answer: Answer) -> str | None:
        """Why this host is left alone, as a gap says it; ``None``: it may be spoken to."""
        if answer.mac in self.spared_macs or not self.spared.isdisjoint(answer.addresses):
            return "modality_without_consent"
        known = self.classed is None or not self.classed.isdisjoint(answer.addresses)
        return None if known or IMAGING_PORTS.isdisjoint(answer.ports) else "maybe_modality"
