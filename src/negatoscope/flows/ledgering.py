"""The ledger's checkpoints, export, and succession of keys."""

import logging
from datetime import timedelta
from functools import cache

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from negatoscope.flows.console import Console, KeyLost
from negatoscope.flows.recording import alone, enter
from negatoscope.kit.canonical import canonical
from negatoscope.prove import ledger as arithmetic
from negatoscope.prove.ledger import GENESIS, Checkpoint, KeyChange
from negatoscope.store import ledger

EVERY = timedelta(days=1)
_LOG = logging.getLogger(__name__)


def checkpoint(console: Console) -> Checkpoint:
    """Sign the ledger's present size and head; an unchanged ledger keeps its last checkpoint. Raises KeyLost."""
    with alone(console):
        settle_key(console)
        key = console.keys.signing()
        last, known = ledger.last(), ledger.last_checkpoint()
        size, head = (last["sequence"], last["hash"]) if last else (0, GENESIS)
        if known and (known["size"], known["key"]) == (size, arithmetic.public(key)):
            return Checkpoint(**known)
        signed = arithmetic.sign(key, size, head, console.clock())
        ledger.add_checkpoint(msgspec.structs.asdict(signed))
        return signed


def checkpoint_due(console: Console) -> None:
    """Sign once a day, if anything happened since. A lost key is said once, and stops nothing else."""
    signed, last = ledger.last_checkpoint(), ledger.last()
    if signed and (console.clock() - signed["at"] < EVERY or signed["size"] == (last["sequence"] if last else 0)):
        return
    try:
        checkpoint(console)
    except KeyLost as error:
        _say_once(str(error))


@cache
def _say_once(what: str) -> None:
    _LOG.error(what)


def export(console: Console, operator: str) -> bytes:
    """The whole ledger as JSON lines: entries, successions of keys, checkpoints, the last one just signed."""
    with alone(console):
        enter(console, console.clock(), "export", operator, {"what": "ledger"})
        checkpoint(console)
        lines = [canonical({"entry": row}) for row in ledger.entries()]
        lines += [canonical({"key_change": row}) for row in ledger.key_changes()]
        lines += [canonical({"checkpoint": row}) for row in ledger.checkpoints()]
    return b"\n".join(lines) + b"\n"


def rotate(console: Console, operator: str) -> KeyChange:
    """Put a new signing key in place; the old one signs the present state and the succession, the new one also."""
    with console.keys.alone("rotation"):
        checkpoint(console)
        new = Ed25519PrivateKey.generate()
        console.keys.prepare_signing(new)
        with alone(console):
            checkpoint(console)
            change = arithmetic.hand_over(console.keys.signing(), new)
            ledger.add_key_change(msgspec.structs.asdict(change))
            enter(console, console.clock(), arithmetic.KEY_CHANGE, operator, change)
        checkpoint(console)
    return change


def settle_key(console: Console) -> None:
    """Put a prepared key in place if its succession was recorded: also after a crash between the two."""
    if console.keys.prepared() is None:
        return
    with alone(console):
        prepared = console.keys.prepared()
        if prepared and any(change["new"] == arithmetic.public(prepared) for change in ledger.key_changes()):
            console.keys.promote()
