"""Alarm codes, sealed apart from what the register lists of them; each showing is an entry of the ledger."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec
from django.views.decorators.debug import sensitive_variables

from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.listing import declared
from negatoscope.flows.recording import alone, enter
from negatoscope.flows.sealing import Seals
from negatoscope.kit.clock import PARIS
from negatoscope.kit.sealing import Unsealable
from negatoscope.model.evidence import Ref
from negatoscope.model.keys import AlarmCode
from negatoscope.store import codes

LONGEST = 80


class CodeRefused(Exception):  # noqa: N818 -- what it is
    """Not done. ``code``: ``unknown`` (no such alarm, or no code of it is kept), ``empty``, ``too_long``, ``same``."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Kept:
    """That a code is kept, without it."""

    at: datetime
    by: str


def seals(console: Console) -> Seals:
    """The key file of alarm codes."""
    return Seals(console.keys, "codes", codes.exist)


def kept(console: Console, ref: Ref) -> Kept | None:
    """Since when the code of an alarm is kept, and by whom it was entered."""
    row = codes.named(console.practice, ref)
    return Kept(row.kept_at, row.kept_by) if row else None


@sensitive_variables()
def keep(console: Console, operator: str, ref: Ref, code: str) -> None:
    """Seal the code of a listed alarm, in place of the one kept before. Raises CodeRefused, KeyLost."""
    with alone(console):
        _put(console, operator, _listed(console, ref), code)


@sensitive_variables()
def change(console: Console, operator: str, ref: Ref, code: str) -> None:
    """Seal a new code, and state that it changed today. Raises CodeRefused (``same``: not so), KeyLost, DiskFull."""
    with alone(console):
        alarm = _listed(console, ref)
        if _opened(console, ref) == code.strip():
            raise CodeRefused("same")
        _put(console, operator, alarm, code)
        today = console.clock().astimezone(PARIS).date()
        declare(console, Said(operator), (replace(alarm, changed_on=today),))


@sensitive_variables()
def shown(console: Console, operator: str, ref: Ref) -> str:
    """A code in clear, once the ledger says who asked for it. Raises CodeRefused (``unknown``), KeyLost, Unsealable."""
    row = codes.named(console.practice, _listed(console, ref).ref)
    if row is None:
        raise CodeRefused("unknown")
    enter(console, console.clock(), "alarm_code_shown", operator, {"alarm": ref})
    return seals(console).unseal(bytes(row.sealed), _bound(row)).decode()


def forget(console: Console, operator: str, ref: Ref) -> None:
    """Keep the code no more; the alarm stays listed. Works without the key. Raises CodeRefused (``unknown``)."""
    with alone(console):
        if not codes.remove(console.practice, ref):
            raise CodeRefused("unknown")
        enter(console, console.clock(), "alarm_code_forgotten", operator, {"alarm": ref})


def rotate(console: Console, operator: str) -> int:
    """Seal every code anew with a new key; returns how many. Raises KeyLost, Unsealable; then nothing changed."""
    if not codes.exist():
        return 0
    ring = seals(console)
    with ring.anew(), alone(console):
        rows = codes.every()
        for row in rows:
            codes.seal_anew(row, ring.seal(ring.unseal(bytes(row.sealed), _bound(row)), _bound(row)))
        enter(console, console.clock(), "alarm_codes_sealed_anew", operator, {"codes": len(rows)})
    return len(rows)


def _listed(console: Console, ref: Ref) -> AlarmCode:
    alarm: AlarmCode | None = declared(console, AlarmCode).get(ref)
    if alarm is None:
        raise CodeRefused("unknown")
    return alarm


@sensitive_variables()
def _put(console: Console, operator: str, alarm: AlarmCode, code: str) -> None:
    clear = code.strip()
    if not clear or not clear.isprintable():
        raise CodeRefused("empty")
    if len(clear) > LONGEST:
        raise CodeRefused("too_long")
    row = codes.SealedCodeRow(practice_id=console.practice, ref=alarm.ref)
    sealed = seals(console).seal(clear.encode(), _bound(row))
    codes.put(console.practice, alarm.ref, sealed, console.clock(), operator)
    enter(console, console.clock(), "alarm_code_kept", operator, {"alarm": alarm.ref})


@sensitive_variables()
def _opened(console: Console, ref: Ref) -> str | None:
    row = codes.named(console.practice, ref)
    try:
        return seals(console).unseal(bytes(row.sealed), _bound(row)).decode() if row else None
    except Unsealable:
        return None


def _bound(row: Any) -> bytes:  # noqa: ANN401 -- a row of the store
    """Where a sealed code belongs: moved to another alarm or practice, it does not open."""
    return msgspec.json.encode(("alarm-code", row.practice_id, row.ref))
