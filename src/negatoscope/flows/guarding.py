"""Looks under way that would reach a device that must not be touched any more: they stop, and say why."""

from dataclasses import dataclass, field

from negatoscope.flows.catalogue import COLLECTORS
from negatoscope.flows.console import Console
from negatoscope.flows.observing import spared
from negatoscope.flows.places import Places
from negatoscope.flows.recording import alone, enter
from negatoscope.flows.registering import StoredRegister
from negatoscope.store import jobs, observations
from negatoscope.store.jobs import JobRow

OPERATOR = "negatoscope"


@dataclass
class Guard:
    """What each look under way was told to leave alone, as far as this loop saw it begin.

    A look learns what to spare when it begins. A modality declared later, or a consent withdrawn, stops it: asked for
    again, it leaves that device alone. A look that travels on a medium cannot be told.
    """

    _told: dict[int, frozenset[str]] = field(default_factory=dict)
    _sequence: int = -1

    def round(self, console: Console) -> list[int]:
        """Stop what must stop; returns the jobs' numbers."""
        running = {one.pk: one for one in jobs.running(console.practice) if COLLECTORS[one.collector].bound}
        sequence = observations.last_sequence() if running else self._sequence
        if sequence == self._sequence and running.keys() <= self._told.keys():
            return []
        now = _addresses(console)
        self._told = {number: self._told.get(number, now) for number in running}
        self._sequence = sequence
        stopped = [one for one in running.values() if _reaches(one, now - self._told[one.pk])]
        for one in stopped:
            _stop(console, one)
        return [one.pk for one in stopped]


def _addresses(console: Console) -> frozenset[str]:
    hosts = spared(StoredRegister(console.practice), console.clock())
    return frozenset(address for host in hosts for address in host.addresses or ())


def _reaches(job: JobRow, addresses: frozenset[str]) -> bool:
    """Whether one of these is at its target; a target that names no address may lead anywhere."""
    places = Places.named(job.target)
    return bool(addresses) and (not places.networks or places.meets(Places.named(",".join(addresses))))


def _stop(console: Console, job: JobRow) -> None:
    with alone(console):
        jobs.ask_cancel(console.practice, job.pk, console.clock(), "modality_since")
        enter(console, console.clock(), "job_cancelled", OPERATOR, {"job": job.pk})


__all__ = ["Guard"]
