"""The clocks of an incident ring: noted in its log with what tells it, once each, by mail and by channels."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from tests.conftest import TickingClock
from tests.flows.letters import Box, Post, plain, way
from tests.flows.test_calling import WISH, add, cry, states
from tests.respond.channels.hearer import Hearer, hearing

from negatoscope.flows import reminding, responding
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.delivering import Postman
from negatoscope.flows.reminding import Reminders
from negatoscope.flows.responding import Beginning, Line
from negatoscope.model.channel import For
from negatoscope.model.incident import Answered, Named, Reminded, Role, Sent, Stage
from negatoscope.model.people import Person
from negatoscope.respond.duty import QUESTIONS
from negatoscope.store.models import IncidentEntryRow, NoticeRow
from negatoscope.store.queries import channels as known
from negatoscope.store.queries import incidents as held

ANNA = Handler("user:anna", "Anna Petit (anna)")
HOUR = timedelta(hours=1)


@pytest.fixture
def hearer() -> Iterator[Hearer]:
    with hearing() as one:
        yield one


def breach(console: Console, answer: str = "yes", question: str = "personal_data") -> int:
    number = responding.open_incident(console, Beginning("rançon"), ANNA)
    for name in QUESTIONS:
        word = Answered(name, answer if name == question else "no")
        responding.say(console, number, Line(word), ANNA)
    return number


def rung(console: Console, number: int) -> list[tuple[str, str, int]]:
    words = (entry.word for entry in held.entries(console.practice, number))
    return [(word.duty, word.mark, word.reached) for word in words if isinstance(word, Reminded)]


def test_each_mark_is_told_once_to_who_leads_and_by_mail(
    console: Console, clock: TickingClock, server: Callable[..., Post], box: Box
) -> None:
    way(console, server().port)
    declare(console, Said("user:m"), (Person("luc", "Luc Moreau", email="luc@cabinet.example"),))
    number = breach(console)
    responding.say(console, number, Line(Named(Role.LEAD, "Luc Moreau")), ANNA)
    assert reminding.remind(console) == 0
    for hours, mark in ((24, "24"), (24, "48"), (12, "60"), (10, "70"), (3, "late")):
        clock.advance(hours * HOUR)
        assert reminding.remind(console) == 1
        assert reminding.remind(console) == 0
        assert rung(console, number)[-1][:2] == ("CNIL", mark)
    assert all(reached >= 1 for _duty, _mark, reached in rung(console, number))
    told = NoticeRow.objects.filter(to="luc@cabinet.example").order_by("pk").values_list("code", flat=True)
    assert list(told) == ["incident_due"] * 4 + ["incident_late"]
    Postman().round(console)
    letter = plain(next(text for to, text in box.letters if to == ["luc@cabinet.example"]))
    assert f"/incidents/{number}/obligations/" in letter
    assert "CNIL" in letter


def test_after_a_long_stop_all_are_noted_and_the_last_is_told(console: Console, clock: TickingClock) -> None:
    number = breach(console, "unknown")
    clock.advance(65 * HOUR)
    reminders = Reminders()
    reminders.round(console)
    reminders.round(console)
    assert rung(console, number) == [("CNIL", "24", 0), ("CNIL", "48", 0), ("CNIL", "60", 0)]
    assert not NoticeRow.objects.exists()


def test_what_was_told_rings_no_more(console: Console, clock: TickingClock) -> None:
    number = breach(console)
    responding.say(console, number, Line(Sent("CNIL", console.clock(), "2026-1")), ANNA)
    clock.advance(90 * HOUR)
    assert reminding.remind(console) == 0
    assert rung(console, number) == []


def test_after_an_initial_notification_the_rest_is_reminded_of_a_day_before_and_once(
    console: Console, clock: TickingClock, server: Callable[..., Post], box: Box, hearer: Hearer
) -> None:
    way(console, server().port)
    add(console, hearer)
    declare(console, Said("user:m"), (Person("luc", "Luc Moreau", email="luc@cabinet.example"),))
    number = breach(console)
    responding.say(console, number, Line(Named(Role.LEAD, "Luc Moreau")), ANNA)
    responding.say(console, number, Line(Sent("CNIL", console.clock(), stage=Stage.INITIAL)), ANNA)
    clock.advance(47 * HOUR)
    assert reminding.remind(console) == 0
    clock.advance(2 * HOUR)
    assert reminding.remind(console) == 1
    assert reminding.remind(console) == 0
    assert [(duty, mark) for duty, mark, _reached in rung(console, number)] == [("CNIL", "rest")]
    cry(console, lambda: states()["sent"] == 1)
    assert "la suite de la déclaration est attendue avant le" in hearer.said[0]["message"]
    Postman().round(console)
    letter = plain(next(text for to, text in box.letters if to == ["luc@cabinet.example"]))
    assert "la déclaration initiale est partie, sa suite est attendue" in letter
    clock.advance(60 * HOUR)
    assert reminding.remind(console) == 0


def test_once_the_rest_has_left_nobody_is_reminded_of_it(console: Console, clock: TickingClock, hearer: Hearer) -> None:
    add(console, hearer)
    number = breach(console)
    responding.say(console, number, Line(Sent("CNIL", console.clock(), stage=Stage.INITIAL)), ANNA)
    clock.advance(49 * HOUR)
    assert reminding.remind(console) == 1
    responding.say(console, number, Line(Sent("CNIL", console.clock(), stage=Stage.COMPLEMENT)), ANNA)
    cry(console, lambda: states()["spared"] == 1)
    assert not hearer.said


def test_channels_tell_it_without_a_name_and_spare_what_was_settled(
    console: Console, clock: TickingClock, hearer: Hearer
) -> None:
    add(console, hearer)
    add(console, hearer, replace(WISH, name="Zoé", for_whom=For.PERSON, whom="zoé blanc"))
    number = breach(console)
    responding.say(console, number, Line(Named(Role.DECLARATIONS, "Anna Petit")), ANNA)
    clock.advance(25 * HOUR)
    assert reminding.remind(console) == 1
    assert rung(console, number) == [("CNIL", "24", 1)]
    cry(console, lambda: states()["sent"] == 1)
    (said,) = hearer.said
    assert f"/incidents/{number}/obligations/" in said["message"]
    assert "CNIL" in said["message"]
    assert "rançon" not in said["message"]
    assert "Anna" not in said["message"]
    assert said["type"] == "failure"
    delivery = known.newest(known.channels(console.practice)[-1].number, 5)
    assert [(one.incident, one.step) for one in delivery if one.incident] in ([], [(number, "24")])
    clock.advance(40 * HOUR)
    reminding.remind(console)
    responding.say(console, number, Line(Sent("CNIL", console.clock())), ANNA)
    cry(console, lambda: states()["spared"] == 1)
    assert len(hearer.said) == 1


def test_without_a_figure_in_the_law_a_day_passes_and_it_is_said_so(
    console: Console, clock: TickingClock, hearer: Hearer
) -> None:
    add(console, hearer)
    number = breach(console, question="public")
    clock.advance(24 * HOUR)
    assert reminding.remind(console) == 1
    cry(console, lambda: states()["sent"] == 1)
    assert "un jour après" in hearer.said[0]["message"]
    assert rung(console, number) == [("PHAROS", "24", 1)]


def test_neither_a_mark_without_its_mail_nor_a_mail_without_its_mark(
    console: Console, clock: TickingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    way(console, 25)
    number = breach(console)
    clock.advance(25 * HOUR)
    lines, mails = IncidentEntryRow.objects.count(), NoticeRow.objects.count()

    def full(*_told: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("negatoscope.store.ledger.add", full)
        with pytest.raises(OSError, match="No space"):
            reminding.remind(console)
    assert (IncidentEntryRow.objects.count(), NoticeRow.objects.count()) == (lines, mails)
    assert reminding.remind(console) == 1
    assert rung(console, number)[0][2] == NoticeRow.objects.count() - mails > 0
