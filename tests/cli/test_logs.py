"""``negatoscope logs``: files given and folders followed at the terminal."""

import json
from pathlib import Path

import pytest

from negatoscope.cli.server import _wanted
from negatoscope.config import Config
from tests.journeys.conftest import Run


def test_files_are_given_and_folders_followed_and_left(
    negatoscope: Run, data: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    logs = tmp_path_factory.mktemp("logs").resolve()
    (logs / "a.log").write_bytes(b"one\n")
    given = negatoscope("logs", "give", str(logs / "a.log"), "--alarms")
    assert "remis" in given.stdout
    assert "déjà remis" in negatoscope("logs", "give", str(logs / "a.log")).stdout
    (logs / "empty.log").touch()
    empty = negatoscope("logs", "give", str(logs / "empty.log"))
    assert (empty.returncode, empty.stderr.strip()) == (2, "Ce fichier est vide.")
    assert negatoscope("logs", "follow", "pare-feu", str(logs), "--names", "*.log").returncode == 0
    again = negatoscope("logs", "follow", "pare-feu", str(logs))
    assert (again.returncode, "déjà ce nom" in again.stderr) == (2, True)
    told = json.loads(negatoscope("logs", "list", "--json").stdout)
    assert [(one["name"], one["pattern"]) for one in told["folders"]] == [("pare-feu", "*.log")]
    assert [(one["name"], one["rings_within"], one["state"]) for one in told["files"]] == [
        ("a.log", 7 * 86400.0, "waiting")
    ]
    shown = negatoscope("logs", "list").stdout
    assert "pare-feu" in shown
    assert "a.log" in shown
    number = str(told["folders"][0]["number"])
    assert negatoscope("logs", "leave", number).returncode == 0
    gone = negatoscope("logs", "leave", number)
    assert (gone.returncode, "Aucun dossier suivi" in gone.stderr) == (2, True)


def test_the_processes_for_logs_begin_with_the_first_file(tmp_path: Path) -> None:
    config = Config(data=tmp_path)
    assert _wanted(config) == ["loop"]
    (tmp_path / "spool" / "events" / "files").mkdir(parents=True)
    assert _wanted(config) == ["loop", "events", "watch"]
