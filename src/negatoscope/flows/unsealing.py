"""Parcels of probes: gathered piece by piece, checked when whole, opened into the vault and registered exactly once."""

import errno
import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any, BinaryIO

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec

from negatoscope.flows import observing, vouching
from negatoscope.flows.catalogue import COLLECTORS
from negatoscope.flows.console import Console
from negatoscope.flows.disk import room_on
from negatoscope.flows.observing import Outcome
from negatoscope.flows.places import Places
from negatoscope.flows.recording import alone, record
from negatoscope.kit.durable import sync_folder
from negatoscope.model.evidence import Gap
from negatoscope.model.journal import Observed
from negatoscope.probe import messages, parcel
from negatoscope.probe.parcel import Header, Manifest
from negatoscope.probe.signed import Refused, Signed
from negatoscope.register.bounds import bounded
from negatoscope.store import jobs, observations, probes
from negatoscope.store.jobs import JobRow, JobState
from negatoscope.store.observations import ARROW
from negatoscope.store.probes import ProbeRow

MOST_PIECES = 8
"""Parcels that one probe may have half delivered."""
MOST_PARCELS = 5
"""Of one order: what broke off is looked at thrice at most, and a last time may come by medium."""
SPARE_BYTES = 1024 * 1024 * 1024
"""Free bytes that probes leave to the console: no piece is taken beyond, whatever they send."""
MOST_GAPS = 10_000
"""Of one parcel; a probe counts those beyond five thousand instead of telling them."""
LONGEST_TARGET, LONGEST_WHAT, LONGEST_WHY = 300, 100, 60
"""Signs that the columns of a register hold."""
NUL = rb"\u0000"


class WrongPlace(Exception):  # noqa: N818 -- what it is
    """The piece does not begin where the last one ended; ``args[0]`` is where."""


@dataclass(frozen=True)
class Arriving:
    """A parcel on its way: whose, which, and what its header hashes to."""

    console: Console
    probe: ProbeRow
    number: int
    head: str

    @property
    def file(self) -> Path:
        """Where its pieces are gathered."""
        return folder(self.console, self.probe) / f"{self.number}-{self.head}"

    @property
    def name(self) -> str:
        """As observations name it."""
        return f"{self.probe.ident}/{self.number}"

    def size(self) -> int:
        """How many bytes of it are here."""
        return self.file.stat().st_size if self.file.exists() else 0


def folder(console: Console, probe: ProbeRow) -> Path:
    """Where the pieces of this probe's parcels are."""
    return console.config.data / "spool" / "probes" / probe.ident


def registered(one: Arriving) -> bool:
    """Whether this very parcel is registered. Raises Refused: another one has its number."""
    row = probes.parcel_at(one.probe, one.number)
    if row is not None and row.head != one.head:
        raise Refused(messages.DIFFERS)
    return row is not None


def append(one: Arriving, offset: int, chunks: Iterable[bytes]) -> int:
    """Add a piece, durably; returns the new end. Raises WrongPlace, Refused, DiskFull."""
    place = folder(one.console, one.probe)
    with room_on(one.console.config.data):
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        if shutil.disk_usage(place).free < SPARE_BYTES:
            raise OSError(errno.ENOSPC, "kept for the console")
        if not one.file.exists() and len(list(place.iterdir())) >= MOST_PIECES and not _swept(one):
            raise Refused("too_many_pieces")
        with _alone(one.file) as file:
            end = file.seek(0, os.SEEK_END)
            if end != offset:
                raise WrongPlace(end)
            try:
                _write(file, end, chunks)
            except BaseException:
                os.truncate(file.fileno(), end)
                raise
            sync_folder(place)
            return file.tell()


def _swept(one: Arriving) -> bool:
    """Drop pieces of parcels that came another way meanwhile (by medium); returns whether there were any."""
    had = {path for path in one.file.parent.iterdir() if probes.parcel_at(one.probe, int(path.name.partition("-")[0]))}
    for path in had:
        path.unlink(missing_ok=True)
    return bool(had)


def drop(console: Console, probe: ProbeRow) -> None:
    """Drop what a probe had half delivered: nobody listens to it any more."""
    shutil.rmtree(folder(console, probe), ignore_errors=True)


def _write(file: IO[bytes], end: int, chunks: Iterable[bytes]) -> None:
    for chunk in chunks:
        end += len(chunk)
        if end > parcel.MAX_PARCEL:
            raise Refused("too_large")
        file.write(chunk)
    file.flush()
    os.fsync(file.fileno())


@contextmanager
def _alone(file: Path) -> Iterator[IO[bytes]]:
    with file.open("ab") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield opened


def finish(one: Arriving) -> Outcome | None:
    """Register a parcel that is whole; ``None``: something is still missing of it. Raises Refused, DiskFull."""
    if not one.file.exists():
        return None
    try:
        with one.file.open("rb") as stream:
            found = _begun(one, stream)
            if found is None:
                return None
            outcome = take(one, found, stream)
    except Refused as error:
        turn_away(one.probe, error.why)
        one.file.unlink(missing_ok=True)
        raise
    except FileNotFoundError:  # another delivery of the same parcel was quicker
        return None
    one.file.unlink(missing_ok=True)
    return outcome


def turn_away(probe: ProbeRow, why: str) -> None:
    """Count a parcel that was not taken."""
    probes.refuse(probe, why)


def _begun(one: Arriving, stream: BinaryIO) -> Signed[Header] | None:
    """The lines at its beginning, once all of it is here. Raises Refused."""
    size = one.size()
    try:
        found = parcel.read_head(stream)
    except Refused as error:
        if error.why == "truncated" and size < parcel.MAX_HEADER:
            return None
        raise
    whole = found.size + found.content.size
    if found.fingerprint != one.head or found.content.size > parcel.MAX_CIPHERTEXT or size > whole:
        raise Refused("head" if found.fingerprint != one.head else "too_large")
    return found if size == whole else None


def take(one: Arriving, found: Signed[Header], stream: BinaryIO) -> Outcome:
    """Check a parcel, open it into the vault and register it, once. Raises Refused, DiskFull.

    ``stream`` stands at the first byte of the ciphertext.
    """
    console, probe = one.console, one.probe
    _theirs(one, found)
    body = stream.tell()
    parcel.check(found, stream)
    stream.seek(body)
    with room_on(console.config.data):
        with console.vault.writer() as writer:
            manifest = parcel.open_body(stream, vouching.identity(console), writer)
            job = _asked(probe, manifest)
            digest = console.vault.keep(writer)
        with alone(console):
            known = observations.of_parcel(console.practice, one.name)
            if known is not None:  # committed before, or in the journal when a crash came
                outcome = Outcome(known, digest, 0, observations.gaps_of(known))
                _settle(one, found, job, outcome)
                return outcome
            _still_welcome(one, found)
            entry = _entry(one, manifest, job, digest)

            def apply(entry: Observed) -> Outcome:
                outcome = observing.applied(console, entry)
                _settle(one, found, job, outcome)
                return outcome

            return record(console, lambda sequence: msgspec.structs.replace(entry, sequence=sequence), apply)


def _theirs(one: Arriving, found: Signed[Header]) -> None:
    """Signed by this probe, of this probe, of this number. Raises Refused."""
    key = x509.load_pem_x509_certificate(one.probe.certificate.encode()).public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey):
        raise Refused("signature")
    found.verify(key)
    if (found.content.probe, found.content.number) != (one.probe.ident, one.number):
        raise Refused("probe")


def _asked(probe: ProbeRow, manifest: Manifest) -> JobRow:
    """The look that this was asked for: a probe says nothing that nobody asked it. Raises Refused."""
    job = jobs.one_of_probe(probe.pk, manifest.order) if manifest.order < 2**63 else None
    if job is None or (job.collector, job.target) != (manifest.collector, manifest.target) or job.started_at is None:
        raise Refused("order")
    if job.values.get(jobs.PARCELS, 0) >= MOST_PARCELS:
        raise Refused("order_spent")
    said = msgspec.json.encode(manifest)
    if manifest.started.tzinfo is None or manifest.ended.tzinfo is None or NUL in said:
        raise Refused("manifest")
    if len(manifest.gaps) > MOST_GAPS or any(
        len(gap.what) > LONGEST_WHAT or len(gap.why) > LONGEST_WHY for gap in manifest.gaps
    ):
        raise Refused("manifest")
    try:
        msgspec.convert(manifest.settings, COLLECTORS[job.collector].settings)
    except msgspec.ValidationError as error:
        raise Refused("manifest") from error
    return job


def _still_welcome(one: Arriving, found: Signed[Header]) -> None:
    """Not revoked meanwhile, and in its place in the chain. Raises Refused."""
    probe = probes.bearing(one.probe.pk)
    if probe.revoked_at is not None:
        raise Refused(messages.REVOKED)
    if registered(one):
        raise Refused(messages.DIFFERS)
    before, after = (probes.parcel_at(probe, one.number + step) for step in (-1, 1))
    broken = (one.number == 1 and found.content.previous) or (before and before.head != found.content.previous)
    if broken or (after and after.previous != found.fingerprint):
        raise Refused("chain")


def _entry(one: Arriving, manifest: Manifest, job: JobRow, digest: str) -> Observed:
    console, probe = one.console, one.probe
    now = console.clock()
    latest = min(now, job.ended_at or now)  # one order is one look: what comes of it again is no fresher than its end
    started, ended = dated(manifest, _behind(probe, job), job.started_at or now, latest)
    gaps, complete = tuple(bounded(gap) for gap in manifest.gaps), manifest.complete
    if job.state == JobState.CANCELLED:  # stopped here while it was on its way: kept, and not read
        gaps, complete = (*gaps, Gap(job.collector, "look_stopped", None, {"whole": True})), False
    places = Places.named(job.target)
    other = observing.held_elsewhere(console, places, probe.site_id) if COLLECTORS[job.collector].bound else None
    if other is not None:  # looked at from there while this probe was at work: kept, and not read
        gaps, complete = (*gaps, Gap(job.collector, "network_elsewhere", None, {"site": other, "whole": True})), False
    site: Any = probe.site.name if probe.site_id != console.site else msgspec.UNSET
    return Observed(
        sequence=0,
        collector=job.collector,
        target=(f"{probe.name}{ARROW}{job.target}" if job.target else probe.name)[:LONGEST_TARGET],
        started=started,
        ended=ended,
        recorded=now,
        digest=digest,
        operator=f"probe:{probe.name}",
        act="observation",
        settings=manifest.settings,
        complete=complete,
        gaps=gaps,
        parcel=one.name,
        site=site,
    )


def _behind(probe: ProbeRow, job: JobRow) -> float | None:
    """The least that its clock was ever behind ours during this look: whatever it did meanwhile, nothing is fresher.

    ``None``: nobody ever compared them.
    """
    told = [one for one in (job.values.get("behind"), probe.offset) if isinstance(one, int | float)]
    return min(told, default=None)


def dated(manifest: Manifest, behind: float | None, asked: datetime, now: datetime) -> tuple[datetime, datetime]:
    """When a look was made, by our clock, never fresher than it is.

    It ended after we asked and before it came: a clock that says otherwise is believed nothing, nor is one that was
    never compared with ours (a probe without network), and the look counts from the instant of the order.
    """
    if behind is None:
        return asked, asked
    shift = timedelta(seconds=behind)
    try:
        started, ended = manifest.started.astimezone(UTC) + shift, manifest.ended.astimezone(UTC) + shift
    except OverflowError:
        return asked, asked
    if not asked <= ended <= now:
        return asked, asked
    return max(asked, min(started, ended)), ended


def _settle(one: Arriving, found: Signed[Header], job: JobRow, outcome: Outcome) -> None:
    """Write the parcel's place in the chain, end the job, and have the rules judged."""
    console, at = one.console, one.console.clock()
    told = {"number": one.number, "head": one.head, "previous": found.content.previous}
    probes.take(one.probe, {**told, "received_at": at, "observation": outcome.sequence})
    blocking = outcome.blocking
    state = JobState.FAILED if blocking else JobState.DONE
    values = dict(blocking.values) if blocking else {"facts": outcome.facts, "gaps": len(outcome.gaps)}
    code = blocking.why if blocking else ""
    jobs.delivered(job.pk, state, at, outcome=code, values=values, observation=outcome.sequence)
    jobs.keep_count(job.pk, job.values.get(jobs.PARCELS, 0) + 1)
    jobs.ask_judgement(console.practice, at, job.operator)


__all__ = [
    "Arriving", "WrongPlace", "append", "dated", "drop", "finish", "folder", "registered", "take", "turn_away",
]  # fmt: skip
