"""``negatoscope reflexes``, in the terminal."""

import json
from pathlib import Path

import pytest
from pypdf import PdfReader

from negatoscope.cli.reacting import WIDTH, main
from negatoscope.respond.reflex import REFLEXES


@pytest.fixture(autouse=True)
def _french(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "fr_FR.UTF-8")


def test_without_a_sheet_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    told = capsys.readouterr().out
    assert all(f"  {name} " in told for name in REFLEXES)


@pytest.mark.parametrize("name", REFLEXES)
def test_a_sheet_prints_within_the_width_of_paper(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([name]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert lines.index("AVANT TOUT") < lines.index("QUALIFIER, EN 15 MINUTES") < lines.index("CONTENIR")
    assert any("je ne sais pas" in line for line in lines)


def test_a_sheet_speaks_english(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    assert main(["ransomware"]) == 0
    assert "Contrary advice, for ransomware" in capsys.readouterr().out


def test_scripts_get_a_line_a_sheet_with_names_for_steps(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--json"]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["sheet"] for row in rows] == list(REFLEXES)
    assert all(source["as_of"] == "2026-11-21" for row in rows for source in row["sources"])
    names = [step["id"] for row in rows for step in row["steps"]]
    assert len(set(names)) == len(names)
    assert "ransomware.contain.isolate" in names


def test_a_sheet_that_does_not_exist_is_refused_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["virus"]) == 2
    told = capsys.readouterr().err
    assert "virus" in told
    assert "ransomware, mailbox" in told


def test_a_sheet_is_written_to_be_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "fiche.pdf"
    assert main(["ransomware", "--pdf", str(path)]) == 0
    assert len(PdfReader(path).pages) == 2
    assert main(["--pdf", str(path)]) == 2
    assert "quelle fiche" in capsys.readouterr().err
    assert main(["ransomware", "--pdf", str(tmp_path)]) == 1
    assert str(tmp_path) in capsys.readouterr().err
