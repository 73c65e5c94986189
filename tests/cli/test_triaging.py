"""Evidence held against the rules from the terminal."""

import json
from pathlib import Path

from tests.flows.test_triaging import AUTH, RULE
from tests.journeys.conftest import Run


def test_what_was_taken_is_searched_and_noted(negatoscope: Run, tmp_path: Path) -> None:
    (tmp_path / "auth.log").write_bytes(AUTH)
    (tmp_path / "rules.yml").write_bytes(RULE)
    negatoscope("incident", "open", "intrus")
    words = ("incident", "triage", "1", str(tmp_path / "auth.log"))
    early = negatoscope(*words)
    assert (early.returncode, "Aucune règle" in early.stderr) == (2, True)
    assert negatoscope("rules", "import", str(tmp_path / "rules.yml")).returncode == 0
    (match,) = (json.loads(line) for line in negatoscope(*words, "--json").stdout.splitlines())
    assert (match["title"], match["file"], match["record"]) == ("Root log-in over SSH", "auth.log", 1)
    shown = negatoscope(*words).stdout
    assert "correspondances 1, règles touchées 1 sur 1" in shown
    assert "Root log-in over SSH" in shown
    absent = negatoscope(*words[:-1], str(tmp_path / "absent"))
    assert (absent.returncode, "ne se lit pas" in absent.stderr) == (1, True)
