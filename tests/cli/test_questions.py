"""``negatoscope questions``: rule 38's answers for people and for scripts."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from negatoscope.flows.console import Console
from negatoscope.flows.questioning import NAMES
from tests.flows.intrusion import ATTACKER, SIGN, SINCE, UNTIL, Truth, plant
from tests.web.conftest import empty, folder

__all__ = ["empty", "folder"]
TIME = (f"--from={SINCE.isoformat()}", f"--to={UNTIL.isoformat()}", f"--sign={SIGN.isoformat()}")


@pytest.fixture
def truth(empty: Console) -> Truth:
    return plant(empty)


def test_scripts_get_one_object_and_people_sentences(truth: Truth, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    told = StringIO()
    call_command("questions", "srv-fichiers", *TIME, "--json", stdout=told)
    answers = json.loads(told.getvalue())
    assert (answers["host"], set(NAMES) < answers.keys()) == (truth.host, True)
    first = answers["entry"]["rows"][0]["happening"]
    assert (first["host"], first["origin"]) == (truth.patient_zero, ATTACKER)
    assert "mail_unread" in {one["code"] for one in answers["entry"]["blind"]}


def test_people_get_sentences(truth: Truth, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("questions", truth.host, *TIME)
    shown = capsys.readouterr().out
    assert "12" in shown
    assert ATTACKER in shown
    assert "pc-0-7 → pc-2-1 (tcp/445" in shown


@pytest.mark.parametrize("words", [("inconnu",), ("srv-fichiers", "--from=hier"), ("srv-fichiers", "--to=2999-01-01")])
def test_no_host_and_no_time_are_refused_in_a_sentence(
    truth: Truth, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert truth.host
    with pytest.raises(SystemExit) as ended:
        call_command("questions", *words)
    assert ended.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1
