"""Incidents: every line with its ledger entry or not at all; nobody's words are lost; what is owed is stored."""

import io
from datetime import timedelta

import pytest
from tests.conftest import START, TickingClock

from negatoscope.flows import alerting, responding
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.responding import MOST_BYTES, Beginning, Document, Line, Taken
from negatoscope.model.incident import (
    Answered,
    Clue,
    Dated,
    Hit,
    Marked,
    Moment,
    Moved,
    Named,
    Noted,
    Opened,
    Origin,
    Reckoned,
    Role,
    Sent,
    State,
    Struck,
    Touched,
    What,
    Word,
)
from negatoscope.respond.incident import Refused
from negatoscope.store.models import IncidentEntryRow, IncidentRow, LedgerRow
from negatoscope.store.queries import alerts
from negatoscope.store.queries import incidents as held
from negatoscope.watch.detection import Detection, Kind, Level

ANNA = Handler("user:anna", "Anna Petit (anna)")
LUC = Handler("user:luc", "Luc Moreau (luc)")


def begun(console: Console) -> int:
    return responding.open_incident(console, Beginning("rançon sur le poste 3", "écran rouge"), ANNA)


def say(console: Console, number: int, word: Word, text: str = "", seen: int | None = None) -> int:
    return responding.say(console, number, Line(word, text, seen=seen), ANNA)


def words(console: Console, number: int) -> list[Word]:
    return [entry.word for entry in held.entries(console.practice, number)]


def refusal(console: Console, number: int, word: Word) -> str:
    with pytest.raises(Refused) as refused:
        say(console, number, word)
    return refused.value.code


def test_an_incident_opens_with_its_clocks_running(console: Console) -> None:
    number = begun(console)
    one = responding.incident(console, number)
    assert (one.title, one.state, one.origin) == ("rançon sur le poste 3", State.OPEN, Origin.HAND)
    aware = one.moment(Moment.AWARE)
    assert aware is not None
    due = {debt.duty: debt.due for debt in one.debts}
    assert due["CNIL"] == aware + timedelta(hours=72)
    log = held.entries(console.practice, number)
    assert [entry.place for entry in log] == list(range(1, len(log) + 1))
    assert LedgerRow.objects.filter(kind__startswith="incident_").count() == len(log)
    with pytest.raises(Refused, match="wordless"):
        responding.open_incident(console, Beginning("  "), ANNA)
    with pytest.raises(Refused, match="unknown"):
        say(console, 999, Noted(), "?")
    with pytest.raises(Refused, match="unknown"):
        responding.open_from_alert(console, 9, "x", ANNA)


def test_an_alert_hands_over_its_subject_cases_and_times_once(console: Console, clock: TickingClock) -> None:
    seen = Detection(
        Kind.BEHAVIOUR, "attempts", "host/poste", START - timedelta(hours=2), START, ("s:1",), Level.MEDIUM,
        "attempts/1", "brute_force", 2, {}, {},
    )  # fmt: skip
    alerting.raise_from(console, [seen])
    (alert,) = alerts.standing(console.practice)
    number = responding.open_from_alert(console, alert.number, "tentatives", ANNA, "vu par Anna")
    assert responding.open_from_alert(console, alert.number, "tentatives", LUC) == number
    one = responding.incident(console, number)
    assert one.opened.word == Opened("tentatives", Origin.ALERT, alert.number, (alerts.parts(alert.number)[0].case,))
    assert (one.moment(Moment.OCCURRED), one.moment(Moment.DETECTED)) == (seen.at, alert.began)
    assert one.hosts(Hit.SUSPECTED) == ("host/poste",)
    assert held.of_alert(console.practice, alert.number) == number
    assert one.opened.text == "vu par Anna"


def test_subjects_of_any_sort_are_carried_over(console: Console) -> None:
    subjects = ("address/192.0.2.7", "address/nulle part", "person/anna", "room/accueil")
    number = responding.open_incident(console, Beginning("x", origin=Origin.REPORT, subjects=subjects), ANNA)
    told = words(console, number)
    assert Marked(Clue.ADDRESS, "192.0.2.7") in told
    assert Touched(What.DATA, "address/nulle part", Hit.SUSPECTED) in told
    assert Touched(What.ACCOUNT, "person/anna", Hit.SUSPECTED) in told
    assert Touched(What.DATA, "room/accueil", Hit.SUSPECTED) in told


def test_instants_that_cannot_be_are_left_out_at_the_door(console: Console) -> None:
    later = START + timedelta(days=9)
    number = responding.open_incident(console, Beginning("x", detected=later, occurred=later), ANNA)
    one = responding.incident(console, number)
    assert one.moment(Moment.OCCURRED) is None
    assert one.moment(Moment.DETECTED) == one.moment(Moment.AWARE)


def test_what_is_owed_is_stored_whenever_it_changes_and_only_then(console: Console, clock: TickingClock) -> None:
    number = begun(console)
    count = len(words(console, number))
    say(console, number, Answered("ongoing", "yes"))
    say(console, number, Noted(), "rien à voir")
    assert len(words(console, number)) == count + 2
    say(console, number, Answered("personal_data", "no"))
    assert isinstance(words(console, number)[-1], Reckoned)
    assert "CNIL" not in {debt.duty for debt in responding.incident(console, number).debts if debt.due}
    answered = len(words(console, number)) - 1
    say(console, number, Struck(answered), "nous ne savons pas")
    assert "CNIL" in {debt.duty for debt in responding.incident(console, number).debts if debt.due}
    say(console, number, Dated(Moment.DETECTED, START - timedelta(hours=1)))
    earlier = START - timedelta(minutes=30)
    say(console, number, Dated(Moment.AWARE, earlier), "Luc le savait")
    due = {debt.duty: debt.due for debt in responding.incident(console, number).debts}
    assert due["CNIL"] == earlier + timedelta(hours=72)


def test_a_notification_freezes_awareness_once(console: Console) -> None:
    number = begun(console)
    say(console, number, Sent("CNIL", console.clock(), "2026-1"))
    assert refusal(console, number, Dated(Moment.AWARE, START)) == "frozen"
    count = len(words(console, number))
    responding.freeze_awareness(console, number, LUC)
    say(console, number, Sent("CNIL", console.clock(), "2026-1 bis"))
    assert len(words(console, number)) == count + 1
    other = begun(console)
    responding.freeze_awareness(console, other, LUC)
    assert responding.incident(console, other).frozen
    third = begun(console)
    for place in range(2, len(words(console, third)) + 1):
        if isinstance(words(console, third)[place - 1], Dated):
            say(console, third, Struck(place), "trop tôt")
    with pytest.raises(Refused, match="unaware"):
        responding.freeze_awareness(console, third, LUC)


def test_the_second_of_two_who_settle_the_same_is_told_and_nothing_is_overwritten(console: Console) -> None:
    number = begun(console)
    shown = responding.incident(console, number).last
    first = say(console, number, Named(Role.LEAD, "Anna"), seen=shown)
    with pytest.raises(Taken) as taken:
        responding.say(console, number, Line(Named(Role.LEAD, "Luc"), seen=shown), LUC)
    assert taken.value.entry.place == first
    for who in (ANNA, LUC):
        responding.say(console, number, Line(Noted(), f"par {who.name}", seen=shown), who)
    responding.say(console, number, Line(Named(Role.LEAD, "Luc"), seen=first), LUC)
    assert responding.incident(console, number).roles[Role.LEAD].word == Named(Role.LEAD, "Luc")


def test_a_form_sent_twice_is_one_line(console: Console) -> None:
    number = begun(console)
    twice = [responding.say(console, number, Line(Noted(), "appel", once="a/1"), ANNA) for _time in range(2)]
    assert twice[0] == twice[1]
    assert words(console, number).count(Noted()) == 1


def test_a_line_whose_ledger_entry_cannot_be_written_is_not_written(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = begun(console)
    count = IncidentEntryRow.objects.count()

    def full(*_told: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("negatoscope.store.ledger.add", full)
    with pytest.raises(OSError, match="No space"):
        say(console, number, Noted(), "perdu ?")
    with pytest.raises(OSError, match="No space"):
        begun(console)
    assert IncidentEntryRow.objects.count() == count
    assert IncidentRow.objects.count() == 1


def test_documents_are_kept_as_they_are_and_bounded(console: Console) -> None:
    number = begun(console)
    place = responding.attach(console, number, Document("note\x00.eml", io.BytesIO(b"From: x")), ANNA)
    word = held.entries(console.practice, number)[place - 1].word
    assert word.__class__.__name__ == "Attached"
    digest = getattr(word, "digest", "")
    with console.vault.open(digest) as stream:
        assert stream.read() == b"From: x"
    assert getattr(word, "name", "") == "note.eml"
    kept = sum(path.is_file() for path in console.vault.objects.rglob("*"))
    for data, code in ((b"", "empty"), (b"0" * (MOST_BYTES + 1), "too_large")):
        with pytest.raises(Refused, match=code):
            responding.attach(console, number, Document("x", io.BytesIO(data)), ANNA)
    assert sum(path.is_file() for path in console.vault.objects.rglob("*")) == kept


def test_lists_follow_the_log(console: Console) -> None:
    number = begun(console)
    say(console, number, Moved(State.CONTAINED))
    (one,) = held.standing(console.practice)
    assert (one.number, one.state, one.title) == (number, State.CONTAINED, "rançon sur le poste 3")
    assert held.entries(console.practice + 1, number) == []
