"""The ledger: entries chained by hash, checkpoints signed with Ed25519; verified offline, without a database.

An entry holds a digest of what happened and keyed pseudonyms, never the content: so that erasure and purge stay
possible while the chain stands. A checkpoint (size, head, key) detects truncation; without one, nothing can. A key
that handed over signs nothing any more: whoever stole it may rewrite history, and nobody believes it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from msgspec import Meta, Struct

from negatoscope.kit.canonical import canonical, sha256

GENESIS = "0" * 64
KEY_CHANGE = "key_change"
PublicKey = Annotated[str, Meta(pattern=r"\A[0-9a-f]{64}\Z")]
Instant = Annotated[datetime, Meta(tz=True)]


class Entry(Struct, frozen=True, forbid_unknown_fields=True):
    """One thing that happened. ``digest``: sha256 of its canonical content, kept elsewhere."""

    sequence: int
    at: Instant
    kind: str
    actor: str
    digest: str
    previous: str
    hash: str


class Checkpoint(Struct, frozen=True, forbid_unknown_fields=True):
    """The ledger had this size and this head at that instant, says the holder of ``key`` (raw, hexadecimal)."""

    size: Annotated[int, Meta(ge=0)]
    head: str
    at: Instant
    key: PublicKey
    signature: str


class KeyChange(Struct, frozen=True, forbid_unknown_fields=True):
    """The old key hands over to the new one, and both sign."""

    old: PublicKey
    new: PublicKey
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

    ``trusted``: the public key, or its short id, that the reader already knows (printed on reports). Then only
    checkpoints of its proven lineage count, and the last entry must stand under one of them.
    """
    checkpoints = tuple(checkpoints)
    keys = _Keys.of(entries, successions)
    flaws = [*_chain_flaws(entries), *keys.flaws]
    lineage = None if trusted is None else keys.lineage(trusted, {checkpoint.key for checkpoint in checkpoints})
    sound = [0]
    for checkpoint in checkpoints:
        code = _checkpoint_flaw(checkpoint, entries, keys, lineage)
        if code:
            flaws.append(Flaw(code, checkpoint.size))
        else:
            sound.append(checkpoint.size)
    if lineage is not None and sound == [0]:
        flaws.append(Flaw("no_trusted_checkpoint"))
    elif lineage is not None and max(sound) < len(entries):
        flaws.append(Flaw("unsigned_tail", max(sound) + 1))
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


@dataclass
class _Keys:
    """Who handed over to whom, and at which entry."""

    follows: dict[str, str] = field(default_factory=dict)
    retired: dict[str, int] = field(default_factory=dict)
    """The entry of a key's hand-over: that entry and all later ones stand under its successor's signature."""
    flaws: list[Flaw] = field(default_factory=list)

    @classmethod
    def of(cls, entries: Sequence[Entry], successions: Iterable[KeyChange]) -> Self:
        """Believe a succession that both keys signed, that the ledger holds, and that has no rival."""
        keys = cls()
        numbered = reversed(list(enumerate(entries, start=1)))
        places = {entry.digest: place for place, entry in numbered if entry.kind == KEY_CHANGE}
        for change in successions:
            place = places.get(sha256(canonical(change)))
            message = canonical((change.old, change.new))
            if not (
                _signed(change.old, change.old_signature, message)
                and _signed(change.new, change.new_signature, message)
            ):
                keys.flaws.append(Flaw("key_change_forged"))
            elif place is None:
                keys.flaws.append(Flaw("key_change_unrecorded"))
            elif change.old in keys.follows or change.new in keys.follows.values():
                keys.flaws.append(Flaw("key_change_disputed", place))
            else:
                keys.follows[change.old], keys.retired[change.old] = change.new, place
        return keys

    def lineage(self, trusted: str, signers: set[str]) -> set[str]:
        """The key that the reader knows, those it follows and those that follow it."""
        before = {new: old for old, new in self.follows.items()}
        known = {key for key in {*self.follows, *before, *signers} if trusted in (key, key_id(key))}
        for way in (before, self.follows):
            reached = set(known)
            while reached := {way[key] for key in reached if key in way} - known:
                known |= reached
        return known


def _checkpoint_flaw(
    checkpoint: Checkpoint, entries: Sequence[Entry], keys: _Keys, lineage: set[str] | None
) -> str | None:
    message = canonical((checkpoint.size, checkpoint.head, checkpoint.at, checkpoint.key))
    if not _signed(checkpoint.key, checkpoint.signature, message):
        return "checkpoint_forged"
    if lineage is not None and checkpoint.key not in lineage:
        return "key_unknown"
    if checkpoint.size > len(entries):
        return "truncated"
    if checkpoint.size >= keys.retired.get(checkpoint.key, checkpoint.size + 1):
        return "key_retired"
    head = entries[checkpoint.size - 1].hash if checkpoint.size else GENESIS
    return None if head == checkpoint.head else "history_rewritten"
