"""An exercise led from the terminal."""

import json

from tests.journeys.conftest import Run


def test_an_exercise_is_begun_led_on_and_ended_from_the_terminal(negatoscope: Run) -> None:
    begun = json.loads(negatoscope("exercise", "start", "ransomware", "--rate", "1", "--json").stdout)
    assert (begun["came"], begun["over"]) == (["note"], False)
    number = str(begun["exercise"])
    assert json.loads(negatoscope("exercise", "next", number, "--json").stdout)["came"] == ["note", "spread"]
    assert "le manipulateur" in negatoscope("exercise", "pace", number, "0").stdout
    over = negatoscope("exercise", "end", number)
    assert "attendus tenus sur" in over.stdout
    refused = negatoscope("exercise", "next", number)
    assert (refused.returncode, "terminé" in refused.stderr) == (2, True)
    shown = json.loads(negatoscope("exercise", "show", number, "--json").stdout)
    marks = {each["id"]: each["mark"] for each in shown["expected"]}
    assert (marks["patient"], marks["rebuilt"], marks["press"]) == ("missed", "met", "unasked")
    assert shown["vital_missed"] >= 1
    listed = [json.loads(line) for line in negatoscope("exercise", "list", "--json").stdout.splitlines()]
    assert [one.get("scenario", one.get("exercise")) for one in listed] == ["mailbox", "ransomware", begun["exercise"]]
    assert "Rançongiciel à l’accueil" in negatoscope("exercise", "list").stdout
    assert "EXERCICE – " in negatoscope("incident", "show", number).stdout
    assert "EXERCICE – " in negatoscope("dossier", "show", number, "CNIL").stdout
    assert negatoscope("incident", "list", "--json").stdout == ""
