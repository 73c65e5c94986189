"""Whom a notice is for: the person concerned, else a role; one mail a day, and nothing told to nobody."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from aiosmtpd.controller import Controller
from django.db import connection
from django.test.utils import CaptureQueriesContext
from tests.conftest import TickingClock
from tests.flows.letters import TO, Box, attest, ends_in, plain, told, user, way

from negatoscope.flows import acting, admitting, delivering, lettering, notifying, posting
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.delivering import Postman
from negatoscope.model.campaigns import Campaign, CampaignLine
from negatoscope.model.cases import Case, CaseKind
from negatoscope.model.papers import Paper, PaperKind, Signature
from negatoscope.model.people import Person
from negatoscope.model.presence import Absence
from negatoscope.prove.telling import Concern, Kind
from negatoscope.store import notices
from negatoscope.store.models import NoticeRow
from negatoscope.store.notices import Notice
from negatoscope.store.roles import Role


def test_whoever_took_work_on_is_told_in_their_language_with_the_page_and_nobody_else(
    console: Console, clock: TickingClock, server: Callable[..., Controller], box: Box
) -> None:
    way(console, server().port)
    user(console, "Jean Petit", Role.OPERATOR, email="jean@cabinet.example", language="en")
    ends_in(console, clock, 20)
    Postman().round(console)
    (letter,) = told(box, "jean@cabinet.example")
    assert "action R10.1 (Password enforcement) h20: ends on 2026-11-23." in letter
    assert "http://localhost:8000/actions/R10.1/host/h20/" in letter
    assert told(box, TO) == []


def test_one_mail_a_day_to_each_address_bears_all_that_is_told_and_red_rules_do_not_wait(
    console: Console, clock: TickingClock, server: Callable[..., Controller], box: Box
) -> None:
    way(console, server().port)
    user(console, "Jean Petit", Role.OPERATOR, email="jean@cabinet.example")
    ends_in(console, clock, 20)
    ends_in(console, clock, 21)
    postman = Postman()
    postman.round(console)
    (letter,) = told(box, "jean@cabinet.example")
    assert (letter.count("/actions/"), letter.count("Journal")) == (2, 1)
    ends_in(console, clock, 22)
    clock.advance(timedelta(hours=2))
    postman.round(console)
    assert len(told(box, "jean@cabinet.example")) == 1
    notifying.trial(console, "user:m")
    postman.round(console)
    assert len(told(box, TO)) == 1
    clock.advance(timedelta(hours=14))  # one in the morning
    postman.round(console)
    assert len(told(box, "jean@cabinet.example")) == 1
    clock.advance(timedelta(hours=8))
    postman.round(console)
    assert ["h22" in one for one in told(box, "jean@cabinet.example")] == [False, True]


def test_rules_that_turned_red_at_several_judgements_leave_at_once_in_one_letter(
    console: Console, clock: TickingClock, server: Callable[..., Controller], box: Box
) -> None:
    way(console, server().port)
    reds = [Notice(f"red/{number}", "red", {"rules": f"R{number}", "at": clock.at.isoformat()}) for number in (8, 9)]
    concern = Concern(Kind.RED, Role.APPROVER)
    assert notifying.tell(console, [notifying.Telling(one, concern) for one in reds]) == 2
    Postman().round(console)
    (letter,) = told(box, TO)
    assert "R8 (" in letter
    assert "R9 (" in letter


def test_a_letter_that_failed_leaves_again_the_same_and_what_came_since_waits_for_the_next(
    console: Console, clock: TickingClock, server: Callable[..., Controller], box: Box
) -> None:
    way(console, server().port)
    user(console, "Jean Petit", Role.OPERATOR, email="jean@cabinet.example")
    box.answer = "451 plus tard"
    ends_in(console, clock, 20)
    postman = Postman()
    postman.round(console)
    first = NoticeRow.objects.get().letter
    ends_in(console, clock, 21)
    clock.advance(timedelta(hours=1))
    box.answer = "250 OK"
    postman.round(console)
    ((_to, letter),) = box.letters
    assert f"<{first}@negatoscope.invalid>" in letter
    assert "h21" not in plain(letter)
    clock.advance(timedelta(days=1))
    postman.round(console)
    assert ["h21" in one for one in told(box, "jean@cabinet.example")] == [False, True]


def test_who_is_away_or_has_no_address_is_stood_in_for_and_the_page_says_so(
    console: Console, clock: TickingClock, server: Callable[..., Controller], box: Box
) -> None:
    way(console, server().port)
    today = clock.at.date()
    people = (
        Person("petit", "Jean Petit", email="jean@cabinet.example", manager="person/roux"),
        Person("roux", "Anne Roux", email="anne@cabinet.example"),
        Person("noir", "Luc Noir"),
        Absence("person/petit", today, today + timedelta(days=9)),
    )
    declare(console, Said("user:m"), people)
    ends_in(console, clock, 20)
    ends_in(console, clock, 21, "Luc Noir")
    found = notifying.foreseen(console, notices.MailRow.objects.get())
    assert {(one.name, one.why) for one in found.missed} == {("Jean Petit", "away"), ("Luc Noir", "no_address")}
    Postman().round(console)
    assert len(told(box, "jean@cabinet.example")) == 1
    assert "Jean Petit est en absence jusqu’au 11/11/2026" in told(box, "anne@cabinet.example")[0]
    assert "Luc Noir n’a pas d’adresse connue" in told(box, TO)[0]


@pytest.mark.parametrize("said", ["jean", "jean@x\r\nBcc: voleur@exemple.fr", "a@x.fr, b@y.fr", "jeän@"])
def test_an_address_that_is_none_is_no_address_and_stops_no_mail(
    console: Console, clock: TickingClock, server: Callable[..., Controller], box: Box, said: str
) -> None:
    way(console, server().port)
    declare(console, Said("user:m"), (Person("petit", "Jean Petit", email=said),))
    ends_in(console, clock, 20)
    Postman().round(console)
    assert [to for to, _letter in box.letters] == [[TO]]


def test_an_address_that_bears_a_header_is_refused_for_good(
    console: Console, server: Callable[..., Controller]
) -> None:
    to = "jean@cabinet.example\r\nBcc: voleur@exemple.fr"
    letter = posting.Letter("1", "console@cabinet.example", to, "sujet", "corps")
    with pytest.raises(posting.NotSent) as refused:
        posting.post(console, posting.Way("localhost", server().port, "starttls"), letter)
    assert (refused.value.why, refused.value.again) == ("recipient_refused", False)


def test_a_kind_turned_off_goes_to_the_others_and_work_cannot_be(
    console: Console, clock: TickingClock, server: Callable[..., Controller], box: Box
) -> None:
    way(console, server().port)
    jean = user(console, "Jean Petit", Role.APPROVER, email="jean@cabinet.example")
    admitting.listen(console, "user:jean", jean, "jean@cabinet.example", {"proof", "work"})
    attest(console, clock, 20)
    ends_in(console, clock, 20)
    Postman().round(console)
    (letter,) = told(box, "jean@cabinet.example")
    assert "R10.1" in letter
    assert "R39.1" not in letter
    assert "R39.1" in told(box, TO)[0]


def test_a_missing_signature_is_told_to_the_person_then_to_their_manager_too(
    console: Console, clock: TickingClock, server: Callable[..., Controller], box: Box
) -> None:
    way(console, server().port)
    people = (
        Person("petit", "Jean Petit", email="jean@cabinet.example", manager="person/roux"),
        Person("roux", "Anne Roux", email="anne@cabinet.example"),
        Paper(PaperKind.CHARTER, 1, "Marie", clock.at, "0" * 64, "charte.pdf"),
        Signature("person/roux", PaperKind.CHARTER, clock.at.date(), 1, "Anne Roux"),
    )
    declare(console, Said("user:m"), people)
    postman = Postman()
    postman.round(console)
    (asked,) = told(box, "jean@cabinet.example")
    assert "la charte" in asked
    assert told(box, "anne@cabinet.example") == []
    clock.advance(timedelta(days=32))
    postman.round(console)
    assert "Jean Petit n’a pas signé la charte" in told(box, "anne@cabinet.example")[0]
    assert len(told(box, "jean@cabinet.example")) == 2
    clock.advance(timedelta(days=1))
    postman.round(console)
    assert len(told(box, "anne@cabinet.example")) == 1


def test_the_manager_of_somebody_who_leaves_is_told(
    console: Console, clock: TickingClock, server: Callable[..., Controller], box: Box
) -> None:
    way(console, server().port)
    leaves = (clock.at - timedelta(days=2)).date()
    people = (
        Person("petit", "Jean Petit", left_on=leaves, manager="person/roux"),
        Person("roux", "Anne Roux", email="anne@cabinet.example"),
        Case("person/petit", CaseKind.DEPARTURE, leaves, clock.at, "Marie"),
    )
    declare(console, Said("user:m"), people)
    Postman().round(console)
    (letter,) = told(box, "anne@cabinet.example")
    assert "départ Jean Petit" in letter
    assert "/mouvements/petit/depart/" in letter


def test_a_review_is_recalled_by_itself_with_a_date_that_reads(
    console: Console, clock: TickingClock, server: Callable[..., Controller], box: Box
) -> None:
    way(console, server().port)
    due = (clock.at + timedelta(days=20)).date()
    campaign = Campaign("R2.4-1", "R2.4", clock.at, "Marie", due, "0" * 64, 1)
    line = CampaignLine(campaign.ref, 1, "account/ris/x", "", "person/roux")
    declare(console, Said("user:m"), (Person("roux", "Anne Roux", email="anne@cabinet.example"), campaign, line))
    postman = Postman()
    postman.round(console)
    (first,) = told(box, "anne@cabinet.example")
    assert "avant le 22/11/2026" in first
    assert "/revues/R2.4-1/" in first
    clock.advance(timedelta(days=14))
    postman.round(console)
    clock.advance(timedelta(hours=2))
    postman.round(console)
    assert len(told(box, "anne@cabinet.example")) == 2


def test_thousands_of_repairs_for_one_day_are_one_letter_that_says_how_many_more(
    console: Console, clock: TickingClock, server: Callable[..., Controller], box: Box
) -> None:
    way(console, server().port)
    promise = acting.Promise("Jean", (clock.at + timedelta(days=20)).date())
    acting.plan(console, "user:m", "R10.1", [f"host/h{number}" for number in range(300)], promise)
    Postman().round(console)
    (letter,) = told(box, TO)
    assert f"et {300 - lettering.MOST} de plus" in letter
    assert NoticeRow.objects.filter(state="sent").count() == 300


def test_what_comes_is_told_beforehand_by_address_and_day(console: Console, clock: TickingClock) -> None:
    way(console, 1)
    told = notices.mail(console.practice)
    assert told
    attest(console, clock, 33)
    notifying.trial(console, "user:m")
    coming = delivering.coming(console, notifying.foreseen(console, told))
    days = [(one.at.date() - clock.at.date()).days for one in coming]
    assert (days, [one.to for one in coming]) == ([0, 3], [TO, TO])
    assert NoticeRow.objects.count() == 1


def test_what_a_host_calls_itself_adds_no_header_and_stops_no_mail(
    console: Console, server: Callable[..., Controller], box: Box
) -> None:
    way(console, server(require_starttls=True).port)
    told = notices.mail(console.practice)
    assert told
    promise = acting.Promise("Jean", date(2026, 10, 1))
    acting.plan(console, "user:m", "R10.1", ["account/a/x\r\nBcc: voleur@exemple.fr\r\n\r\ny"], promise)
    notifying.gather(console, told)
    delivering.send(console, told)
    letters = [letter.replace("\r", "").partition("\n\n")[0] for _to, letter in box.letters]
    assert letters
    assert not any(line.startswith("Bcc") for letter in letters for line in letter.splitlines())


def test_what_waits_for_tomorrow_costs_the_loop_a_few_questions_and_no_lock(
    console: Console, clock: TickingClock, server: Callable[..., Controller], box: Box
) -> None:
    way(console, server().port)
    ends_in(console, clock, 20)
    postman = Postman()
    postman.round(console)
    promise = acting.Promise("Jean", (clock.at + timedelta(days=20)).date())
    acting.plan(console, "user:m", "R10.2", [f"host/h{number}" for number in range(100)], promise)
    clock.advance(timedelta(hours=1))
    postman.round(console)
    with CaptureQueriesContext(connection) as asked:
        postman.round(console)
    said = [one["sql"] for one in asked.captured_queries]
    assert len(said) <= 6
    assert all(one.startswith("SELECT") for one in said)
    assert len(box.letters) == 1
