"""Run every probe on a Linux host, whoever's eyes look: this very machine's, or those of an SSH session."""

from collections.abc import Callable, Iterator
from functools import partial

from negatoscope.observe.collector import Look
from negatoscope.observe.linux.probes import PROBES, Probe, followed
from negatoscope.observe.linux.sections import END, Header, Section, write

MAX_FOLLOWED = 100

Tick = Callable[[], None]
Eyes = Callable[[Probe, Tick], Iterator[Section]]
"""What one probe brings back; ``Tick`` is called while it waits, and what it raises ends the look."""


def walk(look: Look, header: Header, eyes: Eyes) -> None:
    """Write the whole capture: header, each section once, the files that they include, and the end."""
    look.write(write(header))
    seen: set[str] = set()
    waiting: list[Probe] = [*PROBES]
    total = len(PROBES)
    for number in range(total + MAX_FOLLOWED):
        if number >= len(waiting):
            break
        tick = partial(look.step, min(number, total), total)
        tick()
        for section in eyes(waiting[number], tick):
            if section.section not in seen:
                seen.add(section.section)
                look.write(write(section))
                waiting += followed(section.section, section.text)
    look.write(write(Section(END, "ok")))
    look.step(total, total)
