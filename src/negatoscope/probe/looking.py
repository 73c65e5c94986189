"""One look, in a process of its own: the order comes by standard input, what it brings goes sealed to the spool.

A look that hangs, crashes or is called off takes nobody with it, and the log-ins it borrowed die with its memory.
"""

import ctypes
import errno
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

import msgspec
from msgspec import Struct

from negatoscope.kit.clock import Clock
from negatoscope.model.evidence import Gap
from negatoscope.observe import catalogue
from negatoscope.observe.collector import Collector, Login, Look, Unreachable
from negatoscope.probe.messages import Order
from negatoscope.probe.parcel import Manifest, Sealed, Sealer

COLLECTORS: dict[str, Collector[Any]] = {one.name: one for one in catalogue.COLLECTORS if one.capture}
MOST_GAPS = 5000
STEP_SECONDS = 0.5
FULL = 4
"""Exit status: no room for what the look brought."""
PR_SET_PDEATHSIG, PR_SET_DUMPABLE = 1, 4


class Told(Struct, frozen=True):
    """What a look is started with. ``body``: where the ciphertext goes; ``refusal``: why nothing is looked at."""

    order: Order
    recipients: tuple[str, ...]
    body: str
    gaps: tuple[Gap, ...] = ()
    """What the probe itself has to say."""
    refusal: str = ""
    values: dict[str, str] = {}
    """What completes the refusal."""


class Said(Struct, frozen=True):
    """A line of what a look answers: how far it is, or that the ciphertext is whole and on the disk."""

    done: int = 0
    total: int = 0
    sealed: Sealed | None = None
    crash: str = ""
    """Where a look broke."""


def secretive() -> None:
    """No core dump, and no other process of this user may look into our memory."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if os.geteuid() == 0:  # to another user, its own /proc would be closed as well
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def tied(parent: int) -> None:
    """Die with the process that started us."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os.kill(os.getpid(), signal.SIGKILL)


def main(parent: int, now: Clock) -> int:
    """The process of one look. Returns the exit status: 0 whenever a parcel can be made of it, 4 for a full disk."""
    tied(parent)
    secretive()
    sys.excepthook = _crashed
    told = msgspec.json.decode(sys.stdin.buffer.read(), type=Told)
    try:
        sealed = look(told, now, _teller(sys.stdout.buffer))
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return FULL
        raise
    _say(sys.stdout.buffer, Said(sealed=sealed))
    return 0


def _crashed(kind: type[BaseException], _error: BaseException, trace: TracebackType | None) -> None:
    """Tell where a look broke, without its message, which may quote what was looked at."""
    while trace and trace.tb_next:
        trace = trace.tb_next
    where = f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    _say(sys.stdout.buffer, Said(crash=f"{kind.__name__} {where}"))


def _say(stream: BinaryIO, said: Said) -> None:
    stream.write(msgspec.json.encode(said) + b"\n")
    stream.flush()


def _teller(stream: BinaryIO) -> Callable[[int, int], None]:
    """Tell progress, not more than twice a second."""
    last = [0.0]

    def tell(done: int, total: int) -> None:
        if time.monotonic() - last[0] > STEP_SECONDS:
            last[0] = time.monotonic()
            _say(stream, Said(done, total))

    return tell


def look(told: Told, now: Clock, progress: Callable[[int, int], None]) -> Sealed:
    """Carry out an order, sealed while it is captured. Raises OSError where there is no room."""
    started, limit = now(), time.monotonic() + told.order.minutes * 60
    with Path(told.body).open("xb") as file, Sealer(file, told.recipients) as sealer:
        os.fchmod(file.fileno(), 0o600)
        held = Look(
            sealer, remaining=lambda: limit - time.monotonic(), progress=progress, login=lender(told.order.logins)
        )
        held.gaps.extend(told.gaps)
        complete = _captured(told, held)
        sealed = sealer.close(manifest(told.order, held.gaps, (started, now()), complete=complete))
        file.flush()
        os.fsync(file.fileno())
    return sealed


def _captured(told: Told, held: Look) -> bool:
    """Whether the capture is whole; if not, why not is a gap."""
    try:
        _capture(told, held)
    except Unreachable as error:
        held.gaps.append(Gap(told.order.collector, error.why, None, {**error.values, "whole": True}))
        return False
    return True


def _capture(told: Told, held: Look) -> None:
    """Raises Unreachable."""
    if told.refusal:
        raise Unreachable(told.refusal, **told.values)
    collector = COLLECTORS.get(told.order.collector)
    if collector is None or collector.capture is None:
        raise Unreachable("collector_unknown")
    try:
        settings = msgspec.convert(told.order.settings, collector.settings)
    except (msgspec.ValidationError, ValueError) as error:
        raise Unreachable("settings_refused") from error
    collector.capture(settings, told.order.target, held)


def manifest(order: Order, gaps: list[Gap], when: tuple[datetime, datetime], *, complete: bool) -> Manifest:
    """What the console must know of the look; too many gaps are counted, not carried."""
    kept = tuple(gaps[:MOST_GAPS])
    if len(gaps) > MOST_GAPS:
        kept += (Gap(order.collector, "gaps_not_carried", None, {"count": len(gaps) - MOST_GAPS}),)
    return Manifest(order.number, order.collector, order.target, *when, order.settings, complete, gaps=kept)


def lender(logins: dict[str, Login]) -> Callable[[str], Login]:
    """What a look asks for a log-in."""

    def lend(name: str) -> Login:
        if name not in logins:
            raise Unreachable("credential_unknown", credential=name)
        return logins[name]

    return lend
