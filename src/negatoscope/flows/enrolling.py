"""Who may deliver: probes are let in by a code shown once or a file, and turned away when people say so."""

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta

import msgspec
from cryptography.hazmat.primitives.serialization import Encoding

from negatoscope.flows import unsealing, vouching
from negatoscope.flows.console import Console
from negatoscope.flows.recording import alone, enter
from negatoscope.flows.sealing import Seals
from negatoscope.kit.issuing import NotARequest
from negatoscope.probe import code as codes
from negatoscope.probe import messages
from negatoscope.probe.messages import Enrolled, Enrolment, Handed, Request
from negatoscope.store import jobs, practice, probes
from negatoscope.store.probes import ProbeRow

STANDS = timedelta(hours=24)
"""How long a code lets somebody in."""
FILE_STANDS = timedelta(days=7)
"""The same for a file that travels on a medium."""
MOST_TRIES = 5
"""Wrong secrets after which every code that stands is dead."""
IDENT_BYTES = 8
LONGEST_NAME = 80


class NotEnrolled(Exception):  # noqa: N818 -- what it is
    """Not done. ``code``: ``name_taken``, ``name_missing``, ``unknown``, ``enrolled``, or one of ``probe.messages``."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Newcomer:
    """A probe that somebody wants. ``site``: a place of the practice by its name; empty: the console's own."""

    name: str
    site: str = ""


def seals(console: Console) -> Seals:
    """The key file of secrets that travel by file."""
    return Seals(console.keys, "enrolments", probes.sealed_exist)


def invite(console: Console, operator: str, newcomer: Newcomer) -> tuple[ProbeRow, str]:
    """Expect a probe; returns the code to type on it, which is shown once. Raises NotEnrolled, KeyLost."""
    drawn = codes.draw(vouching.authority(console).certificate)
    vouching.identity(console)
    with alone(console):
        probe = _expected(console, operator, newcomer)
        until = console.clock() + STANDS
        probes.put(probe, code_hash=codes.proof(drawn.secret), code_until=until, code_tries=0)
        enter(console, console.clock(), "probe_invited", operator, {"probe": probe.ident, "name": probe.name})
    return probe, drawn.text


def invite_again(console: Console, operator: str, number: int) -> tuple[ProbeRow, str]:
    """A new code for a probe that did not come in; the one before is dead. Raises NotEnrolled."""
    drawn = codes.draw(vouching.authority(console).certificate)
    with alone(console):
        probe = _waiting(console, number)
        until = console.clock() + STANDS
        probes.put(probe, code_hash=codes.proof(drawn.secret), code_until=until, code_tries=0, sealed=None)
        enter(console, console.clock(), "probe_invited", operator, {"probe": probe.ident, "name": probe.name})
    return probe, drawn.text


def hand(console: Console, operator: str, newcomer: Newcomer) -> tuple[ProbeRow, bytes]:
    """Expect a probe that no network joins to us; returns the file to carry to it. Raises NotEnrolled, KeyLost."""
    authority, recipients = vouching.authority(console), vouching.recipients(console)
    secret = secrets.token_bytes(codes.SECRET_BYTES * 2)
    with alone(console):
        probe = _expected(console, operator, newcomer)
        sealed = seals(console).seal(secret, _bound(probe))
        probes.put(probe, sealed=sealed, code_until=console.clock() + FILE_STANDS)
        enter(console, console.clock(), "probe_invited", operator, {"probe": probe.ident, "name": probe.name})
    return probe, msgspec.json.encode(Handed(probe.ident, authority.pem.decode(), recipients, secret.hex()))


def _bound(probe: ProbeRow) -> bytes:
    return msgspec.json.encode(("enrolment", probe.ident))


def _expected(console: Console, operator: str, newcomer: Newcomer) -> ProbeRow:
    name = " ".join(newcomer.name.split())[:LONGEST_NAME]
    if not name:
        raise NotEnrolled("name_missing")
    if probes.named(console.practice, name):
        raise NotEnrolled("name_taken")
    site = practice.place(console.practice, newcomer.site) if newcomer.site else console.site
    fields = {"ident": secrets.token_hex(IDENT_BYTES), "name": name, "site_id": site}
    return probes.add(console.practice, {**fields, "added_at": console.clock(), "added_by": operator})


def _waiting(console: Console, number: int) -> ProbeRow:
    probe = probes.numbered(console.practice, number)
    if probe is None or probe.revoked_at is not None:
        raise NotEnrolled("unknown")
    if probe.enrolled_at is not None:
        raise NotEnrolled("enrolled")
    return probe


def enrol(console: Console, asked: Enrolment) -> Enrolled:
    """Let a probe in that shows the secret of its code, once. Raises NotEnrolled."""
    if asked.protocol != messages.PROTOCOL:
        raise NotEnrolled(messages.PROTOCOL_UNKNOWN)
    try:
        proof = codes.proof(bytes.fromhex(asked.secret))
    except ValueError as error:
        raise NotEnrolled(messages.CODE_UNKNOWN) from error
    with alone(console):
        standing = probes.open_codes(console.practice, console.clock())
        probe = next((one for one in standing if hmac.compare_digest(one.code_hash, proof)), None)
        enrolled = _let_in(console, probe, asked.csr.encode(), asked.edition) if probe else None
        if probe is None:
            _count_wrong(console, standing)
        else:
            probes.heard(probe, console.clock(), None)
    if enrolled is None:  # once what was counted is committed
        raise NotEnrolled(messages.CODE_UNKNOWN)
    return enrolled


def _count_wrong(console: Console, standing: list[ProbeRow]) -> None:
    """A wrong secret was shown: whose code was tried is not known, so that each of them counts it."""
    for probe in standing:
        tries = probe.code_tries + 1
        probes.put(probe, code_tries=tries, code_hash=probe.code_hash if tries < MOST_TRIES else "")
        if tries == MOST_TRIES:
            enter(console, console.clock(), "probe_code_dead", "console", {"probe": probe.ident})


def _let_in(console: Console, probe: ProbeRow, request: bytes, edition: str) -> Enrolled:
    """Sign a probe in. Raises NotEnrolled (``not_a_request``); then its code still stands."""
    authority = vouching.authority(console)
    try:
        own = authority.client(request, probe.ident, console.clock())
    except NotARequest as error:
        raise NotEnrolled("not_a_request") from error
    pem = own.public_bytes(Encoding.PEM).decode()
    said = {"certificate": pem, "serial": f"{own.serial_number:x}", "edition": edition[:40]}
    at = console.clock()
    probes.put(probe, **said, enrolled_at=at, code_hash="", code_until=None, sealed=None)
    enter(console, at, "probe_enrolled", f"probe:{probe.name}", {"probe": probe.ident, "serial": said["serial"]})
    return Enrolled(probe.ident, pem, authority.pem.decode(), vouching.recipients(console))


def sign_in(console: Console, asked: Request) -> ProbeRow:
    """Let a probe in whose request came on a medium, if it was handed our file. Raises NotEnrolled."""
    with alone(console):
        probe = probes.waiting(console.practice, asked.probe)
        if probe is None or probe.sealed is None or probe.code_until is None:
            raise NotEnrolled("unknown")
        if probe.code_until < console.clock():
            raise NotEnrolled(messages.CODE_UNKNOWN)
        secret = seals(console).unseal(bytes(probe.sealed), _bound(probe))
        if not hmac.compare_digest(codes.vouched(secret, asked.csr.encode()).encode(), asked.mac.encode()):
            raise NotEnrolled(messages.CODE_UNKNOWN)
        _let_in(console, probe, asked.csr.encode(), asked.edition)
    return probe


def revoke(console: Console, operator: str, number: int, *, lost: bool = False) -> ProbeRow:
    """Listen to a probe no more; what it makes or waits for is cancelled. Raises NotEnrolled (``unknown``)."""
    with alone(console):
        probe = probes.numbered(console.practice, number)
        if probe is None or (probe.revoked_at is not None and (probe.lost or not lost)):
            raise NotEnrolled("unknown")
        at = console.clock()
        probes.put(probe, revoked_at=probe.revoked_at or at, lost=probe.lost or lost, code_hash="", sealed=None)
        jobs.end_of_probe(probe.pk, at)
        kind = "probe_lost" if lost else "probe_revoked"
        enter(console, at, kind, operator, {"probe": probe.ident, "name": probe.name})
    unsealing.drop(console, probe)
    return probe
