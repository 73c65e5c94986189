"""Dossiers of declaration from the terminal."""

import json
from pathlib import Path

from pypdf import PdfReader

from tests.journeys.conftest import Run


def test_a_dossier_is_listed_read_and_written_from_the_terminal(negatoscope: Run, tmp_path: Path) -> None:
    blank, paper = tmp_path / "vide.pdf", tmp_path / "cnil.pdf"
    assert negatoscope("dossier", "blank", "ANS", "--pdf", str(blank)).returncode == 0
    assert PdfReader(blank).pages
    assert negatoscope("incident", "open", "rançon [bold]", "--words", "écran rouge").returncode == 0
    rows = [json.loads(line) for line in negatoscope("dossier", "list", "1", "--json").stdout.splitlines()]
    assert {row["duty"] for row in rows} >= {"CNIL", "ANS"}
    told = json.loads(negatoscope("dossier", "show", "1", "CNIL", "--json").stdout)
    assert "siren" in told["missing"]
    shown = negatoscope("dossier", "show", "1", "CNIL").stdout
    assert "écran rouge" in shown
    assert "obligatoire, manque" in shown
    assert negatoscope("dossier", "show", "1", "CNIL", "--pdf", str(paper)).returncode == 0
    assert "rançon" in PdfReader(paper).pages[0].extract_text()
    assert "323-1" in negatoscope("dossier", "letter", "1", "PLAINTE").stdout
    refused = negatoscope("dossier", "list", "9")
    assert (refused.returncode, "n’existe pas" in refused.stderr) == (2, True)
