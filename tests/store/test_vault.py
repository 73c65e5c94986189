from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negatoscope.kit.canonical import sha256
from negatoscope.model.journal import Judged
from negatoscope.store.vault import Tampered, Vault

AT = datetime(2026, 11, 2, tzinfo=UTC)


@given(data=st.binary(max_size=5000))
def test_what_was_put_comes_back_under_its_own_hash(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    vault = Vault(tmp_path_factory.mktemp("vault"))
    digest = vault.put(data)
    assert digest == sha256(data)
    with vault.open(digest) as stream:
        assert stream.read() == data


@pytest.mark.parametrize("place", [0, 5, -1])
def test_one_altered_byte_of_a_capture_is_noticed(tmp_path: Path, place: int) -> None:
    vault = Vault(tmp_path)
    digest = vault.put(b"evidence " * 100)
    path = next(tmp_path.glob("objects/*/*.zst"))
    raw = bytearray(path.read_bytes())
    raw[place] ^= 1
    path.write_bytes(raw)
    with pytest.raises(Tampered), vault.open(digest) as stream:
        stream.read()


def test_a_missing_capture_is_noticed(tmp_path: Path) -> None:
    with pytest.raises(Tampered), Vault(tmp_path).open("ab" * 32):
        pass


def test_a_capture_that_is_given_up_leaves_nothing(tmp_path: Path) -> None:
    vault = Vault(tmp_path)
    with vault.writer() as writer:
        writer.write(b"half")
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


@pytest.fixture
def journal(tmp_path: Path) -> Vault:
    vault = Vault(tmp_path)
    for sequence in (1, 2, 3):
        vault.note(Judged(sequence, AT, "0" * 64, "e"))
    return vault


def test_the_journal_reads_back_in_order(journal: Vault) -> None:
    assert [entry.sequence for entry in journal.entries()] == [1, 2, 3]
    assert [entry.sequence for entry in journal.entries(after=2)] == [3]


def test_an_edited_journal_entry_is_noticed(journal: Vault) -> None:
    path = journal.journal / "000000000002.json"
    path.write_bytes(path.read_bytes().replace(b"000000", b"000001", 1))
    with pytest.raises(Tampered, match="journal 3"):
        list(journal.entries())


def test_a_missing_journal_entry_is_noticed(journal: Vault) -> None:
    (journal.journal / "000000000002.json").unlink()
    with pytest.raises(Tampered, match="journal 2"):
        list(journal.entries())


def test_a_garbled_journal_entry_is_noticed(journal: Vault) -> None:
    (journal.journal / "000000000003.json").write_bytes(b"{")
    with pytest.raises(Tampered, match="journal 3"):
        list(journal.entries())
