"""The drawing of the network, each thing in its lasting place, with what is wrong on it today."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from negatoscope.flows.console import Console
from negatoscope.flows.recording import alone
from negatoscope.flows.registering import StoredRegister
from negatoscope.judge.graph.draw import draw
from negatoscope.model.drawing import Drawing, Sort
from negatoscope.model.evidence import Ref
from negatoscope.prove.drawing.places import Box, Settled, once, places, settle
from negatoscope.store import layouts
from negatoscope.store.observations import last_sequence
from negatoscope.store.queries import judgements


@dataclass(frozen=True)
class Laid:
    """A drawing and where everything stands on it. ``findings``: how many controls each host fails today."""

    drawing: Drawing
    boxes: Mapping[Ref, Box]
    findings: Mapping[Ref, int]
    settled: Settled

    def once(self, gone: Collection[Ref]) -> Mapping[Ref, Box]:
        """Where things that are no longer drawn stood, as far as anybody knows."""
        return once(gone, self.settled, self.boxes)


_HELD: dict[tuple[Path, int], tuple[int, Laid]] = {}
"""The last drawing of each practice, and the place of the journal that it was drawn at: pages ask for it twice."""


def lay(console: Console) -> Laid:
    """Draw what the register holds now; what is new finds its place, and keeps it."""
    key, reached = (console.config.data, console.practice), last_sequence()
    held = _HELD.get(key)
    if held is None or held[0] != reached:
        held = _HELD[key] = (reached, _laid(console))
    return held[1]


def _laid(console: Console) -> Laid:
    register = StoredRegister(console.practice)
    drawing = draw(register, register.addressed())
    kept = _kept(console.practice)
    settled = settle(drawing, kept)
    if settled != kept:
        with alone(console):
            settled = settle(drawing, _kept(console.practice))
            layouts.keep(console.practice, msgspec.json.encode(settled).decode())
    return Laid(drawing, places(drawing, settled), _findings(console.practice, drawing), settled)


def _kept(practice: int) -> Settled:
    body = layouts.body(practice)
    return Settled() if body is None else msgspec.json.decode(body, type=Settled)


def _findings(practice: int, drawing: Drawing) -> Mapping[Ref, int]:
    """Controls that fail on each host, by the last judgement."""
    hosts = {node.ref for node in drawing.nodes if node.sort is Sort.HOST}
    told: Counter[Ref] = Counter()
    for _film, controls in judgements.films(practice):
        for control in controls:
            told.update(_about((finding.subject for finding in control.findings), hosts))
    return told


def _about(subjects: Iterable[Ref], hosts: set[Ref]) -> set[Ref]:
    """The hosts that subjects are, or stand on: ``service/srv-pacs/tcp/104`` is of ``host/srv-pacs``."""
    found = set()
    for subject in subjects:
        owner = subject if subject in hosts else f"host/{subject.partition('/')[2].partition('/')[0]}"
        found |= {owner} & hosts
    return found
