"""The alert chain launched from the terminal."""

import json
from pathlib import Path

from tests.journeys.conftest import Run

LISTS = Path(__file__).parents[1] / "captures" / "lists"


def test_the_chain_is_shown_launched_answered_and_stopped_from_the_terminal(negatoscope: Run) -> None:
    nobody = negatoscope("chain", "launch")
    assert nobody.returncode == 2
    assert "Personne ne peut être appelé" in nobody.stderr
    for family, file in (("persons", "staff"), ("calls", "calls")):
        taken = negatoscope("import", family, str(LISTS / f"{file}.csv"))
        assert taken.returncode == 0, taken.stderr
    shown = negatoscope("chain", "launch", "--drill", "--dry-run", "--json", "--suspect", "mail")
    told = [json.loads(line) for line in shown.stdout.splitlines()]
    assert [(one["person"], one["after"], one["by_hand"]) for one in told] == [
        ("person/mdurand", 0, True), ("person/jpetit", 0, True)
    ]  # fmt: skip
    launched = json.loads(negatoscope("chain", "launch", "--drill", "--json").stdout)
    assert (launched["purpose"], launched["state"], launched["lines"]) == ("drill", "running", 2)
    noted = negatoscope("chain", "answered", str(launched["launch"]), "1")
    assert "Exercice 1 – " in noted.stdout
    stopped = negatoscope("chain", "stop", str(launched["launch"]), "--false-alarm", "--json")
    assert json.loads(stopped.stdout)["state"] == "false_alarm"
    again = negatoscope("chain", "stop", str(launched["launch"]))
    assert (again.returncode, "terminé" in again.stderr) == (2, True)
    assert "exercice" in negatoscope("chain", "list").stdout
