"""Duties: owed by the answers, due by the clock of the law, whatever the night."""

import json
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negatoscope.cli import owing as verb
from negatoscope.kit.calendar import in_paris, is_working
from negatoscope.kit.clock import PARIS
from negatoscope.respond.duty import QUESTIONS, Answer, Debt, Owed, Question, duties, owing, triage

AWARE = datetime.fromisoformat("2026-10-23T10:20+02:00")
MATRIX: dict[Question, set[str]] = {
    "patient_risk": {"ANS", "EIGS"},
    "ongoing": set(),
    "malicious": {"ANS", "PLAINTE", "ASSUR"},
    "service_or_health_data": {"ANS"},
    "personal_data": {"CNIL"},
    "high_risk": {"ART34"},
    "processor": {"RT"},
    "ose": {"OSE"},
    "nis2": set(),
    "device_or_dose": {"MATVIG", "ASNR"},
    "mail_or_sms": {"SPAM"},
    "public": {"PHAROS"},
}
INSTANTS = st.datetimes(
    datetime.fromisoformat("2024-01-01"),
    datetime.fromisoformat("2032-01-01"),
    timezones=st.sampled_from([UTC, PARIS]),
    allow_imaginary=False,
)


def debts(answers: dict[Question, Answer], aware: datetime = AWARE) -> dict[str, Debt]:
    return {debt.duty.id: debt for debt in owing(answers, aware)}


@pytest.mark.parametrize("question", QUESTIONS)
def test_one_yes_makes_owed_what_its_question_leads_to_and_nothing_else(question: Question) -> None:
    answers = dict.fromkeys(QUESTIONS, Answer.NO) | {question: Answer.YES}
    assert {name for name, debt in debts(answers).items() if debt.owed is Owed.YES} == MATRIX[question]
    assert {name for name, debt in debts(answers).items() if debt.owed is Owed.DOUBTFUL} == set()


@pytest.mark.parametrize("question", QUESTIONS)
def test_one_unknown_keeps_its_duties_doubtful_with_their_time_running(question: Question) -> None:
    answers = dict.fromkeys(QUESTIONS, Answer.NO) | {question: Answer.UNKNOWN}
    doubtful = {name: debt for name, debt in debts(answers).items() if debt.owed is Owed.DOUBTFUL}
    assert set(doubtful) == MATRIX[question]
    for debt in doubtful.values():
        assert debt.since == AWARE
        assert debt.unanswered == (question,)
        assert debt.due == debt.duty.due(AWARE)


def test_no_answer_at_all_leaves_nothing_out_but_what_no_law_asks() -> None:
    told = debts({})
    assert {name for name, debt in told.items() if debt.owed is Owed.NO} == {"NIS2"}
    assert {debt.owed for debt in told.values()} == {Owed.NO, Owed.DOUBTFUL}


@pytest.mark.parametrize(
    ("aware", "due"),
    [
        ("2026-10-23T10:20+02:00", "2026-10-26T09:20+01:00"),
        ("2026-10-24T22:30+02:00", "2026-10-27T21:30+01:00"),
        ("2026-12-24T17:45+01:00", "2026-12-27T17:45+01:00"),
        ("2027-03-27T09:00+01:00", "2027-03-30T10:00+02:00"),
    ],
)
@pytest.mark.parametrize("duty", ["CNIL", "PLAINTE"])
def test_seventy_two_hours_are_absolute(duty: str, aware: str, due: str) -> None:
    told = debts({"personal_data": Answer.YES, "malicious": Answer.YES}, datetime.fromisoformat(aware))[duty]
    assert told.due is not None
    assert told.due.isoformat(timespec="minutes") == due


@given(INSTANTS)
def test_hours_pass_as_they_pass_in_utc_whatever_the_clock_on_the_wall_does(aware: datetime) -> None:
    due = debts({}, aware)["CNIL"].due
    assert due is not None
    assert due.astimezone(UTC) - aware.astimezone(UTC) == timedelta(hours=72)
    assert due.tzinfo is PARIS


@given(INSTANTS)
def test_two_working_days_end_on_one_at_the_same_time_of_day(aware: datetime) -> None:
    due = debts({}, aware)["ASNR"].due
    assert due is not None
    local = aware.astimezone(PARIS)
    assert (due.hour, due.minute) == (local.hour, local.minute)
    between = [local.date() + timedelta(days=day) for day in range(1, (due.date() - local.date()).days + 1)]
    assert [is_working(day) for day in between].count(True) == 2
    assert is_working(due.date())


def test_a_holiday_is_no_working_day() -> None:
    due = debts({}, datetime.fromisoformat("2026-12-24T17:45+01:00"))["ASNR"].due
    assert due is not None
    assert due.date() == date(2026, 12, 29)


def test_where_the_law_gives_no_figure_there_is_none() -> None:
    timed = {duty.id for duty in duties() if duty.due(AWARE)}
    assert timed == {"CNIL", "PLAINTE", "NIS2", "ASNR"}


def test_every_duty_says_where_it_comes_from_and_when_it_was_true() -> None:
    assert len({duty.id for duty in duties()}) == len(duties()) == 13
    assert set(triage()) == set(QUESTIONS)
    for duty in duties():
        assert duty.as_of <= date(2026, 11, 21)
        assert {duty.name["fr"], duty.name["en"], duty.to["fr"], duty.why["en"]}


@pytest.mark.parametrize("text", ["2026-10-25T02:30", "2027-03-28T02:30", "yesterday", ""])
def test_an_hour_that_is_shown_twice_or_never_needs_its_offset(text: str) -> None:
    with pytest.raises(ValueError, match=f"'{text}'|{text}$"):
        in_paris(text)


def test_an_instant_without_offset_is_of_paris() -> None:
    assert in_paris("2026-10-23T10:20") == AWARE


def test_the_verb_prints_a_line_a_duty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "answers.json"
    file.write_text(json.dumps({"malicious": "yes", "personal_data": "unknown", "ose": "no"}))
    assert verb.main(["--answers", str(file), "--aware", "2026-10-23T10:20", "--json"]) == 0
    rows = {row["duty"]: row for row in map(json.loads, capsys.readouterr().out.splitlines())}
    assert all(set(row) == {"duty", "owed", "from", "due", "why", "source"} for row in rows.values())
    assert rows["PLAINTE"]["owed"] == "yes"
    assert rows["CNIL"] | {"why": "", "source": ""} == {
        "duty": "CNIL",
        "owed": "doubtful",
        "from": "2026-10-23T10:20:00+02:00",
        "due": "2026-10-26T09:20:00+01:00",
        "why": "",
        "source": "",
    }
    assert "personal_data" in rows["CNIL"]["why"]
    assert (rows["OSE"]["owed"], rows["OSE"]["from"], rows["OSE"]["due"]) == ("no", None, None)


def test_people_read_what_is_to_do_first(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "answers.json"
    file.write_text('{"public": "yes", "spam": "no"}'.replace("spam", "mail_or_sms"))
    for lang, first in (("fr_FR.UTF-8", "À faire"), ("en_GB.UTF-8", "To do")):
        monkeypatch.setenv("LC_ALL", lang)
        assert verb.main(["--answers", str(file), "--aware", "2026-10-23T10:20"]) == 0
        said = capsys.readouterr().out
        assert said.startswith(first)
        assert said.index("PHAROS") < said.index("CNIL") < said.index("SPAM")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b'{"malicius": "yes"}', "malicius"),
        (b'{"malicious": "oui"}', "oui"),
        (b'{"malicious": ', "answers.json"),
        (b'{"malicious": 1}', "answers.json"),
        (b"\xff\xfe", "answers.json"),
        (b"[" * 60_000, "answers.json"),
    ],
)
def test_answers_that_cannot_be_read_are_refused_by_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes, said: str
) -> None:
    file = tmp_path / "answers.json"
    file.write_bytes(data)
    assert verb.main(["--answers", str(file), "--aware", "2026-10-23T10:20"]) == 2
    assert said in capsys.readouterr().err
    assert verb.main(["--answers", str(tmp_path / "none"), "--aware", "2026-10-23T10:20"]) == 2


def test_it_answers_without_console_or_django_from_standard_input(tmp_path: Path) -> None:
    said = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "negatoscope", "duties", "--answers", "-", "--aware", "soon"],
        input=b"{}",
        capture_output=True,
        cwd=tmp_path,
        check=False,
    )
    assert said.returncode == 2
    assert b"django" not in said.stderr
    assert b"soon" in said.stderr
