"""The keys of the ledger: what a trusted key proves, who may sign after a hand-over, a key that is lost."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from negatoscope.flows import ledgering
from negatoscope.flows.console import Console, KeyLost
from negatoscope.flows.declaring import Said, declare
from negatoscope.kit.canonical import canonical, sha256
from negatoscope.model.networks import Network
from negatoscope.prove import verification
from negatoscope.prove.ledger import KEY_CHANGE, Entry, KeyChange, chain, hand_over, key_id, public, sign, verify
from negatoscope.prove.verification import Export


@pytest.fixture
def old(console: Console) -> Ed25519PrivateKey:
    declare(console, Said("amelie"), [Network("10.0.0.0/24")])
    return console.keys.signing()


@pytest.fixture
def change(console: Console, old: Ed25519PrivateKey) -> KeyChange:
    change = ledgering.rotate(console, "amelie")
    declare(console, Said("amelie"), [Network("10.1.0.0/24")])
    return change


@pytest.fixture
def said(console: Console, change: KeyChange, tmp_path: Path) -> Export:
    assert change.old != change.new
    return export(console, tmp_path)


def export(console: Console, folder: Path) -> Export:
    file = folder / "export.jsonl"
    file.write_bytes(ledgering.export(console, "amelie"))
    return verification.load(file)


def codes(said: Export, trusted: str | None) -> set[str]:
    return {flaw.code for flaw in verify(said.entries, said.checkpoints, said.key_changes, trusted)}


def rewritten(entries: list[Entry]) -> list[Entry]:
    """Another history with the same hand-overs: the forger's tool."""
    told: list[Entry] = []
    for entry in entries:
        kind = entry.kind if entry.kind == KEY_CHANGE else "nothing"
        told.append(chain(told[-1] if told else None, entry.at, kind, entry.actor, entry.digest))
    return told


@pytest.mark.parametrize("rotations", [0, 1, 3])
def test_an_honest_export_verifies_with_every_key_that_ever_signed_it(
    console: Console, old: Ed25519PrivateKey, tmp_path: Path, rotations: int
) -> None:
    keys = [public(old)]
    for number in range(rotations):
        keys.append(ledgering.rotate(console, "amelie").new)
        declare(console, Said("amelie"), [Network(f"10.{number}.0.0/24")])
    said = export(console, tmp_path)
    for key in keys:
        assert codes(said, key) == codes(said, key_id(key)) == set()


@pytest.mark.parametrize("signed", ["nobody", "a stranger"])
def test_a_rewritten_ledger_that_the_trusted_key_did_not_sign_is_refused(
    console: Console, old: Ed25519PrivateKey, tmp_path: Path, signed: str
) -> None:
    said = export(console, tmp_path)
    said.entries = rewritten(said.entries)
    last = said.entries[-1]
    said.checkpoints = [sign(Ed25519PrivateKey.generate(), last.sequence, last.hash, last.at)]
    if signed == "nobody":
        said.checkpoints = []
    assert "no_trusted_checkpoint" in codes(said, public(old))
    lines = [canonical({"entry": entry}) for entry in said.entries]
    (tmp_path / "forged").write_bytes(b"\n".join(lines))
    assert verification.main([str(tmp_path / "forged"), "--key", key_id(public(old))]) == 1


def test_entries_after_the_last_trusted_checkpoint_are_not_vouched_for(
    console: Console, old: Ed25519PrivateKey, tmp_path: Path
) -> None:
    said = export(console, tmp_path)
    last = said.entries[-1]
    said.entries.append(chain(last, last.at, "edit", last.actor, last.digest))
    assert codes(said, public(old)) == {"unsigned_tail"}


Forgery = Callable[[list[Entry]], list[Entry]]


def _hand_over_last(entries: list[Entry]) -> list[Entry]:
    """Move the hand-over to the end, where the old key still seems to be in office."""
    return rewritten(sorted(entries, key=lambda entry: entry.kind == KEY_CHANGE))


@pytest.mark.parametrize("forge", [rewritten, _hand_over_last])
def test_a_history_signed_by_a_key_that_handed_over_is_refused(
    old: Ed25519PrivateKey, change: KeyChange, said: Export, forge: Forgery
) -> None:
    said.entries = forge(said.entries)
    for last in said.entries[-2:]:
        said.checkpoints = [sign(old, last.sequence, last.hash, last.at)]
        for key in (change.old, change.new):
            assert codes(said, key) & {"key_retired", "unsigned_tail"}


def test_a_stolen_key_cannot_hand_over_a_second_time(old: Ed25519PrivateKey, change: KeyChange, said: Export) -> None:
    thief = Ed25519PrivateKey.generate()
    stolen = hand_over(old, thief)
    said.key_changes.insert(0, stolen)
    assert "key_change_unrecorded" in codes(said, change.new)
    at: datetime = said.entries[0].at
    said.entries = [chain(None, at, KEY_CHANGE, "x", sha256(canonical(stolen))), *said.entries]
    said.entries = rewritten(said.entries)
    said.checkpoints = [sign(thief, len(said.entries), said.entries[-1].hash, at)]
    assert {"key_change_disputed", "key_unknown", "no_trusted_checkpoint"} <= codes(said, change.new)


@pytest.mark.parametrize("name", ["ledger.pem", "pseudonym.key"])
def test_a_lost_key_is_never_replaced_unseen(console: Console, old: Ed25519PrivateKey, name: str) -> None:
    file = console.keys.folder / name
    file.unlink()
    with pytest.raises(KeyLost, match=name):
        ledgering.export(console, "amelie")
    with pytest.raises(KeyLost, match=name):
        ledgering.rotate(console, "amelie")
    assert not file.exists()
    assert public(old)


def test_a_lost_signing_key_does_not_stop_what_runs_every_day(
    console: Console, old: Ed25519PrivateKey, caplog: pytest.LogCaptureFixture
) -> None:
    (console.keys.folder / "ledger.pem").unlink()
    ledgering.checkpoint_due(console)
    ledgering.checkpoint_due(console)
    assert [("ledger.pem" in record.message) for record in caplog.records] == [True]
    assert public(old)


def test_a_checkpoint_right_after_a_hand_over_is_the_new_key_s(console: Console, old: Ed25519PrivateKey) -> None:
    new = Ed25519PrivateKey.generate()
    console.keys.prepare_signing(new)
    change = hand_over(old, new)
    from negatoscope.store import ledger  # noqa: PLC0415 -- after Django's set-up

    ledger.add_key_change(msgspec.structs.asdict(change))
    assert ledgering.checkpoint(console).key == public(new)
