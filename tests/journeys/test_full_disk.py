"""A full disk: a clear error, nothing half-written, and everything there before is there after."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import databases
from tests.journeys.conftest import Run
from tests.needs import needs_root


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A data folder on a file system of 24 MiB."""
    needs_root()
    place = tmp_path / "small"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "none", str(place)], check=True)
    databases.configure(place)
    yield place
    databases.forget(place)
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.root
def test_a_full_disk_is_said_clearly_and_loses_nothing(negatoscope: Run, data: Path, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("identifiant;nom\np1;Anne Martin\n")
    assert negatoscope("import", "persons", str(people)).returncode == 0
    room = os.statvfs(data).f_bavail * os.statvfs(data).f_frsize
    (data / "ballast").write_bytes(os.urandom(room - 4096 * 4))
    people.write_text("identifiant;nom\n" + "".join(f"q{n};{os.urandom(20).hex()}\n" for n in range(20_000)))
    full = negatoscope("import", "persons", str(people))
    assert full.returncode == 4, (full.stdout, full.stderr)
    assert "Traceback" not in full.stderr
    (data / "ballast").unlink()
    export = tmp_path / "export.jsonl"
    assert negatoscope("ledger", "export", str(export)).returncode == 0
    assert negatoscope("ledger", "verify", str(export)).returncode == 0
    assert len(list((data / "vault" / "journal").glob("*.json"))) == 1
