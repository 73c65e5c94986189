"""``negatoscope rules``: which Sigma rules hold here is chosen at the terminal, with why."""

import json
from hashlib import sha256
from pathlib import Path

from tests.flows.test_watching import RULE, RULE_ID
from tests.journeys.conftest import Run


def test_rules_are_taken_listed_turned_off_with_why_and_dropped(negatoscope: Run, tmp_path: Path) -> None:
    assert "Aucune règle" in negatoscope("rules", "list").stdout
    file = tmp_path / "root.yml"
    file.write_text(RULE)
    assert "1 règles en service" in negatoscope("rules", "import", str(file)).stdout
    refused = negatoscope("rules", "off", "no-such-rule", "--reason", "x")
    assert (refused.returncode, "Inconnue" in refused.stderr) == (1, True)
    assert negatoscope("rules", "off", RULE_ID, "--reason", "notre propre sonde").returncode == 0
    listed = negatoscope("rules", "list").stdout
    assert "root.yml" in listed
    assert "notre propre sonde" in listed
    told = json.loads(negatoscope("rules", "list", "--json").stdout)
    assert [one["rule"] for one in told["off"]] == [RULE_ID]
    assert negatoscope("rules", "on", RULE_ID).returncode == 0
    assert negatoscope("rules", "list", "--refused").returncode == 0
    file.write_text(RULE.replace("root'", "toor'"))
    assert "aurait donné 0 alerte. Comparée à 0 événement." in negatoscope("rules", "check", str(file)).stdout
    assert "changées\xa0: 1" in negatoscope("rules", "import", str(file)).stdout
    digest = sha256(RULE.encode()).hexdigest()
    assert "changées\xa0: 1" in negatoscope("rules", "back", "root.yml", digest[:12]).stdout
    assert negatoscope("rules", "drop", "root.yml").returncode == 0
    absent = negatoscope("rules", "import", str(tmp_path / "none.zip"))
    assert (absent.returncode, "ne peut pas être lu" in absent.stderr) == (1, True)
