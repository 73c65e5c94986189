"""Probes that no network joins to us: what came on a medium is registered, and a signed receipt goes back."""

from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from negatoscope.flows import enrolling, unsealing, vouching
from negatoscope.flows.console import Console
from negatoscope.flows.enrolling import NotEnrolled
from negatoscope.flows.recording import enter
from negatoscope.flows.unsealing import Arriving
from negatoscope.kit.durable import write_durably
from negatoscope.probe import messages, parcel, signed
from negatoscope.probe.messages import Receipt, Received, Request
from negatoscope.probe.signed import Refused
from negatoscope.store import probes
from negatoscope.store.probes import ProbeRow

MOST_FILES = 20_000
MOST_TOLD = 50_000
"""Numbers on one receipt, the last ones."""
MAX_REQUEST = 64 * 1024
IDENT_LENGTH = 16


@dataclass
class Brought:
    """What one medium held."""

    registered: int = 0
    known: int = 0
    """Parcels that were registered before."""
    refused: list[tuple[str, str]] = field(default_factory=list)
    """Names of files, and why."""
    enrolled: list[str] = field(default_factory=list)
    """Names of probes that this medium let in."""
    probes: list[ProbeRow] = field(default_factory=list)


def bring(console: Console, operator: str, folder: Path) -> Brought:
    """Register what probes laid in a folder, and write their receipts there. Raises OSError, DiskFull."""
    brought = Brought()
    files = sorted(one for one in folder.iterdir() if one.is_file() and not one.is_symlink())[:MOST_FILES]
    for file in files:
        if file.suffix == ".request":
            _let_in(console, file, brought)
    for file in files:
        if file.suffix == ".parcel":
            _take(console, file, brought)
    for probe in brought.probes:
        name = messages.RECEIPT_NAME.format(probe=probe.ident)
        write_durably(folder / name, receipt(console, probe), mode=0o644)
    said = {"registered": brought.registered, "refused": len(brought.refused), "enrolled": brought.enrolled}
    enter(console, console.clock(), "probe_medium", operator, said)
    return brought


def receipt(console: Console, probe: ProbeRow) -> bytes:
    """What is registered of a probe, signed."""
    told = tuple(Received(one.number, one.head) for one in probes.parcels(probe)[-MOST_TOLD:])
    said = Receipt(probe.ident, console.clock(), told, probe.certificate)
    return signed.sign(messages.RECEIPT, said, vouching.authority(console).key)


def _let_in(console: Console, file: Path, brought: Brought) -> None:
    try:
        asked = msgspec.json.decode(_small(file), type=Request)
        known = _named(console, asked.probe)
        if known is not None and known.enrolled_at is not None and known.revoked_at is None:
            _meet(brought, known)  # the receipt that said so was not read yet
            return
        if known is None:
            raise NotEnrolled("unknown")  # noqa: TRY301 -- told as the others
        probe = enrolling.sign_in(console, asked)
    except (msgspec.MsgspecError, RecursionError, UnicodeError):
        brought.refused.append((file.name, "format"))
    except NotEnrolled as error:
        brought.refused.append((file.name, error.code))
    else:
        brought.enrolled.append(probe.name)
        _meet(brought, probe)


def _named(console: Console, ident: str) -> ProbeRow | None:
    """The probe that a file says it is of; what no probe is called is asked of no database."""
    plain = len(ident) == IDENT_LENGTH and set(ident) <= set("0123456789abcdef")
    return probes.with_ident(console.practice, ident) if plain else None


def _small(file: Path) -> bytes:
    with file.open("rb") as stream:
        return stream.read(MAX_REQUEST)


def _meet(brought: Brought, probe: ProbeRow) -> None:
    if probe.pk not in {one.pk for one in brought.probes}:
        brought.probes.append(probe)


def _take(console: Console, file: Path, brought: Brought) -> None:
    try:
        with file.open("rb") as stream:
            found = parcel.read_head(stream)
            probe = _named(console, found.content.probe)
            if probe is None or not probe.certificate:
                raise Refused("probe")  # noqa: TRY301 -- told as the others
            if probe.revoked_at is not None:
                unsealing.turn_away(probe, messages.REVOKED)
                raise Refused(messages.REVOKED)  # noqa: TRY301 -- told as the others
            one = Arriving(console, probe, found.content.number, found.fingerprint)
            _meet(brought, probe)
            if unsealing.registered(one):
                brought.known += 1
            else:
                unsealing.take(one, found, stream)
                brought.registered += 1
    except Refused as error:
        brought.refused.append((file.name, error.why))
