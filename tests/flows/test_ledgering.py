import json
import re
import tomllib
from pathlib import Path
from typing import Any

import msgspec
import pytest

from negatoscope.flows import ledgering
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.model.networks import Network
from negatoscope.prove import ledger as arithmetic
from negatoscope.prove import verification
from negatoscope.prove.ledger import key_id, public, verify


@pytest.fixture
def lines(console: Console) -> list[dict[str, Any]]:
    for number in range(6):
        declare(console, Said("amelie", "configuration"), [Network(f"10.{number}.0.0/24")])
    return [json.loads(line) for line in ledgering.export(console, "amelie").splitlines()]


def exported(console: Console) -> list[dict[str, Any]]:
    return [json.loads(line) for line in ledgering.export(console, "amelie").splitlines()]


def verdict(lines: list[dict[str, Any]], folder: Path, *options: str) -> tuple[int, list[str]]:
    file = folder / "export.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines))
    status = verification.main([str(file), *options])
    export = verification.load(file)
    flaws = verify(export.entries, export.checkpoints, export.key_changes)
    return status, [flaw.code for flaw in flaws]


def without_checkpoints(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [line for line in lines if "checkpoint" not in line]


def test_an_untouched_export_verifies(lines: list[dict[str, Any]], tmp_path: Path) -> None:
    assert verdict(lines, tmp_path) == (0, [])


@pytest.mark.parametrize("field", ["kind", "actor", "digest", "at"])
def test_an_edited_entry_is_detected(lines: list[dict[str, Any]], tmp_path: Path, field: str) -> None:
    lines[2]["entry"][field] = "2026-01-01T00:00:00Z" if field == "at" else "0" * 64
    status, codes = verdict(lines, tmp_path)
    assert status == 1
    assert "entry_edited" in codes


def test_a_deleted_entry_is_detected(lines: list[dict[str, Any]], tmp_path: Path) -> None:
    del lines[3]
    status, codes = verdict(without_checkpoints(lines), tmp_path)
    assert status == 1
    assert "chain_broken" in codes


def test_reordered_entries_are_detected(lines: list[dict[str, Any]], tmp_path: Path) -> None:
    lines[2], lines[3] = lines[3], lines[2]
    status, codes = verdict(without_checkpoints(lines), tmp_path)
    assert status == 1
    assert "chain_broken" in codes


def test_truncation_is_detected_against_a_checkpoint(
    console: Console, lines: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = tmp_path / "checkpoint.json"
    kept.write_bytes(msgspec.json.encode(ledgering.checkpoint(console)))
    shorter = without_checkpoints(lines)[:-2]
    assert verdict(shorter, tmp_path, "--checkpoint", str(kept))[0] == 1
    assert "truncated" in capsys.readouterr().out


def test_truncation_without_a_checkpoint_is_said_to_be_undetectable(
    lines: list[dict[str, Any]], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verdict(without_checkpoints(lines)[:-2], tmp_path)[0] == 0
    assert "exclue" in capsys.readouterr().out


def test_a_history_rewritten_from_the_start_is_detected_by_the_checkpoint(
    console: Console, lines: list[dict[str, Any]], tmp_path: Path
) -> None:
    from negatoscope.prove.ledger import chain  # noqa: PLC0415 -- the forger's tool

    kept = tmp_path / "checkpoint.json"
    kept.write_bytes(msgspec.json.encode(ledgering.checkpoint(console)))
    export = without_checkpoints(lines)
    forged, previous = [], None
    for line in export:
        entry = line["entry"]
        previous = chain(
            previous, msgspec.convert(entry["at"], type=type(console.clock())), "edit", "x", entry["digest"]
        )
        forged.append({"entry": msgspec.to_builtins(previous)})
    status, _ = verdict(forged, tmp_path, "--checkpoint", str(kept))
    assert status == 1


def test_a_rotated_key_is_trusted_through_both_signatures(console: Console, tmp_path: Path) -> None:
    declare(console, Said("amelie"), [Network("10.0.0.0/24")])
    first = key_id(public(console.keys.signing()))
    ledgering.rotate(console, "amelie")
    declare(console, Said("amelie"), [Network("10.1.0.0/24")])
    lines = [json.loads(line) for line in ledgering.export(console, "amelie").splitlines()]
    assert verdict(lines, tmp_path, "--key", first)[0] == 0
    assert public(console.keys.signing()) != lines[-1].get("checkpoint", {}).get("old")


def test_a_checkpoint_of_a_stranger_s_key_is_refused(lines: list[dict[str, Any]], tmp_path: Path) -> None:
    assert verdict(lines, tmp_path, "--key", "f" * 64)[0] == 1


def test_a_forged_succession_is_refused(console: Console, tmp_path: Path) -> None:
    ledgering.rotate(console, "amelie")
    lines = [json.loads(line) for line in ledgering.export(console, "amelie").splitlines()]
    change = next(line for line in lines if "key_change" in line)
    change["key_change"]["old_signature"] = change["key_change"]["new_signature"]
    assert "key_change_forged" in verdict(lines, tmp_path)[1]


def test_a_key_prepared_but_not_recorded_is_not_promoted(console: Console) -> None:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: PLC0415

    before = public(console.keys.signing())
    console.keys.prepare_signing(Ed25519PrivateKey.generate())
    ledgering.settle_key(console)
    assert public(console.keys.signing()) == before


@pytest.mark.parametrize("content", [b"", b"{}\n", b"nonsense\n", b'{"entry": {"sequence": 1}}\n', b"\xff\xfe\n"])
def test_what_is_no_export_is_named_as_such(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "x.jsonl"
    file.write_bytes(content)
    assert verification.main([str(file)]) == 2


@pytest.mark.parametrize(
    ("where", "field", "value"),
    [
        ("checkpoint", "key", "not hexadecimal"),
        ("checkpoint", "key", "00"),
        ("checkpoint", "size", -3),
        ("checkpoint", "at", "2026-01-01T00:00:00"),
        ("key_change", "old", "\u00e9" * 64),
        ("entry", "at", "2026-01-01T00:00:00"),
    ],
)
def test_an_export_with_nonsense_in_a_field_is_named_as_such(
    console: Console, tmp_path: Path, where: str, field: str, value: object
) -> None:
    ledgering.rotate(console, "amelie")
    lines = exported(console)
    next(line for line in lines if where in line)[where][field] = value
    file = tmp_path / "export.jsonl"
    file.write_text("\n".join(json.dumps(line) for line in lines))
    assert verification.main([str(file), "--key", "0" * 64]) == 2


def test_the_ledger_holds_no_name(console: Console) -> None:
    declare(console, Said("amelie.durand"), [Network("10.0.0.0/24", "Salle Röntgen")])
    export = ledgering.export(console, "amelie.durand")
    assert b"amelie" not in export
    assert b"10.0.0.0" not in export


def test_every_flaw_has_a_sentence_in_both_languages() -> None:
    source = Path(arithmetic.__file__).read_text()
    codes = set(re.findall(r'Flaw\("(\w+)"', source)) | set(re.findall(r'return "(\w+)"', source))
    codes |= set(re.findall(r'else "(\w+)"', source))
    told = tomllib.loads(Path(verification.__file__).with_suffix(".toml").read_text())["flaws"]
    assert codes <= set(told)
    assert all(set(said) == {"fr", "en"} for said in told.values())
