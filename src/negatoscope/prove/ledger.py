"""The ledger: entries chained by hash, checkpoints signed with Ed25519; verified offline, without a database.

An entry holds a digest of what happened and keyed pseudonyms, never the content: so that erasure and purge stay
possible while the chain stands. A checkpoint (size, head, key) detects truncation; without one, nothing can.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Struct

from negatoscope.kit.canonical import canonical, sha256

GENESIS = "0" * 64
KEY_CHANGE = "key_change"


class Entry(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that happened. ``digest``: sha256 of its canonical content, kept elsewhere."""

    sequence: int
    at: datetime
    kind: str
    actor: str
    digest: str
    previous: str
    hash: str


class Checkpoint(Struct, frozen=True, forbid_unknown_fields=True):
    """The ledger had this size and this head at that instant, says the holder of ``key`` (raw, hexadecimal)."""

    size: int
    head: str
    at: datetime
    key: str
    signature: str


class KeyChange(Struct, frozen=True, forbid_unknown_fields=True):
    """The old key hands over to the new one, and both sign."""

    old: str
    new: str
    old_signature: str
    new_signature: str


class Flaw(Struct, frozen=True):
    """What is wrong with an export, and at which entry."""

    code: str
    sequence: int | None = None


def chain(previous: Entry | None, at: datetime, kind: str, actor: str, digest: str) -> Entry:
    """Return the next entry after ``previous`` (``None``: the first)."""
    sequence = previous.sequence + 1 if previous else 1
    before = previous.hash if previous else GENESIS
    return Entry(sequence, at, kind, actor, digest, before, _hash(sequence, at, kind, actor, digest, before))


def _hash(*parts: object) -> str:
    return sha256(canonical(parts))


def key_id(public_key: str) -> str:
    """The first sixteen hexadecimal digits of the public key's sha256: short enough to print on a report."""
    return sha256(bytes.fromhex(public_key))[:16]


def public(key: Ed25519PrivateKey) -> str:
    """The raw public key, hexadecimal."""
    return key.public_key().public_bytes_raw().hex()


def sign(key: Ed25519PrivateKey, size: int, head: str, at: datetime) -> Checkpoint:
    """Sign the present size and head."""
    signer = public(key)
    return Checkpoint(size, head, at, signer, key.sign(canonical((size, head, at, signer))).hex())


def hand_over(old: Ed25519PrivateKey, new: Ed25519PrivateKey) -> KeyChange:
    """Both keys sign the succession."""
    message = canonical((public(old), public(new)))
    return KeyChange(public(old), public(new), old.sign(message).hex(), new.sign(message).hex())


def _signed(public_key: str, signature: str, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def verify(
    entries: Sequence[Entry],
    checkpoints: Iterable[Checkpoint] = (),
    successions: Iterable[KeyChange] = (),
    trusted: str | None = None,
) -> list[Flaw]:
    """List every flaw: edits, deletions, reordering; against checkpoints also truncation.

    ``trusted``: the public key, or its short id, that the reader already knows (printed on reports); only checkpoints
    signed by it or by its proven successors count.
    """
    flaws = list(_chain_flaws(entries))
    keys, broken = _lineage(tuple(successions), trusted)
    flaws += broken
    for checkpoint in checkpoints:
        code = _checkpoint_flaw(checkpoint, entries, keys)
        if code:
            flaws.append(Flaw(code, checkpoint.size))
    return flaws


def _chain_flaws(entries: Sequence[Entry]) -> Iterable[Flaw]:
    before = GENESIS
    for expected, entry in enumerate(entries, start=1):
        if entry.sequence != expected:
            yield Flaw("sequence_broken", expected)
        if entry.previous != before:
            yield Flaw("chain_broken", expected)
        parts = (entry.sequence, entry.at, entry.kind, entry.actor, entry.digest, entry.previous)
        if entry.hash != _hash(*parts):
            yield Flaw("entry_edited", expected)
        before = entry.hash


def _lineage(successions: tuple[KeyChange, ...], trusted: str | None) -> tuple[set[str] | None, list[Flaw]]:
    """The keys that may sign: any, if none is trusted yet; else the trusted one and those that follow it."""
    flaws = []
    follows: dict[str, str] = {}
    for change in successions:
        message = canonical((change.old, change.new))
        if _signed(change.old, change.old_signature, message) and _signed(change.new, change.new_signature, message):
            follows[change.old] = change.new
        else:
            flaws.append(Flaw("key_change_forged"))
    if trusted is None:
        return None, flaws
    known = {key for key in {*follows, *follows.values()} if key == trusted or key_id(key) == trusted}
    keys = known or {trusted}
    while fresh := {follows[key] for key in keys if key in follows} - keys:
        keys = keys | fresh
    return keys, flaws


def _checkpoint_flaw(checkpoint: Checkpoint, entries: Sequence[Entry], keys: set[str] | None) -> str | None:
    message = canonical((checkpoint.size, checkpoint.head, checkpoint.at, checkpoint.key))
    if not _signed(checkpoint.key, checkpoint.signature, message):
        return "checkpoint_forged"
    if keys is not None and checkpoint.key not in keys and key_id(checkpoint.key) not in keys:
        return "key_unknown"
    if checkpoint.size > len(entries):
        return "truncated"
    head = entries[checkpoint.size - 1].hash if checkpoint.size else GENESIS
    return None if head == checkpoint.head else "history_rewritten"
