"""The alert chain launched on real channels: nobody twice, nobody forgotten, mail last, answers by link or by hand."""

import os
import random
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.conftest import TickingClock
from tests.flows.letters import Box, Post, plain, way
from tests.flows.ringing import PEOPLE
from tests.flows.test_calling import WISH, cry, states
from tests.respond.channels.hearer import Hearer, hearing

from negatoscope.config import DATA_VARIABLE
from negatoscope.flows import channels, launching, responding, ringing
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.delivering import Postman
from negatoscope.flows.launching import NotLaunched, Wish
from negatoscope.flows.responding import Beginning, Line
from negatoscope.flows.ringing import Ringer
from negatoscope.kit.clock import PARIS
from negatoscope.model.channel import For
from negatoscope.model.continuity import Call, CallDrill, Outcome
from negatoscope.model.incident import Chained, Moved, State
from negatoscope.model.launch import Launch, LaunchState, Purpose, Reach, System, Told
from negatoscope.model.people import Person
from negatoscope.model.presence import Absence
from negatoscope.respond import chain
from negatoscope.respond.chain import Use
from negatoscope.store import channels as rows
from negatoscope.store.models import DeliveryRow, JobRow, NoticeRow, RingRow
from negatoscope.store.queries import incidents, register
from negatoscope.store.queries import launches as held

WHO = Handler("user:jpetit", "Jean Petit (jpetit)")
ANNA = Person("anna", "Anna Petit", email="anna@cabinet.example")
MARC = Person("marc", "Marc Durand", email="marc@cabinet.example")
ZOE = Person("zoe", "Zoé Blanc")
MINUTE = timedelta(minutes=1)
REAL, DRILL = Wish(Purpose.REAL), Wish(Purpose.DRILL)


@pytest.fixture
def hearer() -> Iterator[Hearer]:
    with hearing() as one:
        yield one


def called(console: Console, *more: Absence) -> None:
    calls = Call(ANNA.ref, 1, "06 11 22 33 44", MARC.ref, wait=5), Call(ZOE.ref, 2, "06 55 66 77 88")
    declare(console, Said("user:m"), (ANNA, MARC, ZOE, *calls, *more))


def own(console: Console, hearer: Hearer, who: Person, *depends: System) -> int:
    wish = replace(WISH, name=who.name, for_whom=For.PERSON, whom=who.ref, depends=frozenset(depends))
    return channels.add(console, "user:m", "sms", {"address": f"{hearer.url}/{who.ident}", "to": "+33611"}, wish)


def see(console: Console, number: int) -> Launch:
    one = held.launch(console.practice, number)
    assert one is not None
    return one


def people(console: Console, number: int) -> list[tuple[str, bool, bool]]:
    return [(ring.name, bool(ring.called_at), bool(ring.answered_at)) for ring in see(console, number).rings]


def token(name: str) -> str:
    return RingRow.objects.get(name=name).token


def test_a_dry_run_says_who_how_and_when_and_sends_nothing(console: Console, hearer: Hearer) -> None:
    today = console.clock().astimezone(PARIS).date()
    called(console, Absence(ANNA.ref, today, today + timedelta(days=2)))
    own(console, hearer, MARC, System.PHONE)
    told = launching.plan(console, replace(REAL, suspect=frozenset({System.PHONE})))
    marc, zoe = told.callees
    assert (marc.name, marc.instead, zoe.name) == ("Marc Durand", "Anna Petit", "Zoé Blanc")
    assert [(one.name, one.use, one.needs) for one in marc.ways] == [("Marc Durand", Use.LEFT, (System.PHONE,))]
    assert marc.by_hand
    assert zoe.by_hand
    assert zoe.phones == ("06 55 66 77 88",)
    assert (marc.planned.after, zoe.planned.after) == (timedelta(), 5 * MINUTE)
    assert not held.every(console.practice)
    assert not DeliveryRow.objects.exists()


def test_one_after_the_other_until_somebody_answers_each_told_once(
    console: Console, clock: TickingClock, hearer: Hearer
) -> None:
    called(console)
    for who in (ANNA, MARC, ZOE):
        own(console, hearer, who)
    number = launching.launch(console, REAL, WHO)
    ringer = Ringer()
    ringer.round(console)
    ringer.round(console)
    cry(console, lambda: states()["sent"] == 1)
    assert [called for _name, called, _answered in people(console, number)] == [True, False, False]
    ((path, _headers, said),) = hearer.heard
    assert path.startswith("/anna")
    assert said["message"].startswith("ALERTE – ")
    assert f"/repondre/{token('Anna Petit')}/" in said["message"]
    assert "Anna" not in said["message"]
    clock.advance(5 * MINUTE)
    ringer.round(console)
    cry(console, lambda: states()["sent"] == 2)
    launching.answer(console, token("Marc Durand"))
    clock.advance(60 * MINUTE)
    ringer.round(console)
    one = see(console, number)
    assert one.state is LaunchState.ANSWERED
    assert people(console, number)[1:] == [("Marc Durand", True, True), ("Zoé Blanc", False, False)]
    assert (one.rings[1].how, one.rings[1].noted_by) == (Told.LINK, "")
    assert [path for path, _headers, _body in hearer.heard] == ["/anna/", "/marc/"]


def test_mail_leaves_last_and_not_at_all_once_somebody_answered(
    console: Console, clock: TickingClock, hearer: Hearer, server: Callable[..., Post], box: Box
) -> None:
    way(console, server().port)
    called(console)
    own(console, hearer, ANNA)
    number = launching.launch(console, REAL, WHO)
    postman, ringer = Postman(), Ringer()
    ringer.round(console)
    assert not NoticeRow.objects.filter(code="chain_real").exists()
    clock.advance(2 * MINUTE)
    ringer.round(console)
    ringer.round(console)
    postman.round(console)
    ((to, letter),) = [(to, text) for to, text in box.letters if "repondre" in plain(text)]
    assert to == ["anna@cabinet.example"]
    assert f"/repondre/{token('Anna Petit')}/" in plain(letter)
    clock.advance(4 * MINUTE)
    ringer.round(console)
    assert NoticeRow.objects.filter(to="marc@cabinet.example", code="chain_real").count() == 1
    launching.tick(console, number, see(console, number).rings[1].number, WHO)
    assert see(console, number).rings[1].noted_by == "Jean Petit (jpetit)"
    assert all(ring.mail_due is None for ring in see(console, number).rings)


def test_where_mail_is_suspect_none_leaves_and_the_telephone_is_left(
    console: Console, server: Callable[..., Post]
) -> None:
    way(console, server().port)
    called(console)
    told = launching.plan(console, replace(REAL, suspect=frozenset({System.MAIL})))
    assert [(one.mail, one.mail_left, one.by_hand) for one in told.callees] == [
        ("", True, True), ("", True, True), ("", False, True)
    ]  # fmt: skip
    assert [one.mail for one in launching.plan(console, REAL).callees] == [
        "anna@cabinet.example", "marc@cabinet.example", ""
    ]  # fmt: skip


def test_an_exercise_says_so_first_calls_every_line_and_its_result_is_a_proof(
    console: Console, clock: TickingClock, hearer: Hearer, server: Callable[..., Post], box: Box
) -> None:
    way(console, server().port)
    called(console)
    own(console, hearer, ANNA)
    number = launching.launch(console, DRILL, WHO)
    assert [called for _name, called, _answered in people(console, number)] == [True, True, False]
    cry(console, lambda: states()["sent"] == 1)
    clock.advance(3 * MINUTE)
    Ringer().round(console)
    Postman().round(console)
    assert hearer.said[0]["message"].startswith("EXERCICE – ")
    (letter,) = [text for _to, text in box.letters if "repondre" in plain(text)]
    assert plain(letter).startswith("EXERCICE – ")
    launching.answer(console, token("Anna Petit"))
    launching.tick(console, number, next(r.number for r in see(console, number).rings if r.name == "Zoé Blanc"), WHO)
    Ringer().round(console)
    Ringer().round(console)
    one = see(console, number)
    assert one.state is LaunchState.OVER
    (drill,) = register.declared(console.practice, CallDrill)
    assert (drill.outcome, drill.minutes, drill.lines, drill.reached) == (Outcome.SUCCESS, 4, 2, 2)
    assert drill.document_digest == one.sheet
    with console.vault.open(one.sheet) as stream:
        said = " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(stream.read())).pages).split())
    assert "EXERCICE" in said
    assert "Zoé Blanc" in said
    assert "2 / 2" in said
    assert "noté par Jean Petit" in said
    assert JobRow.objects.count() == 1


def test_an_exercise_that_nobody_answers_is_a_failure_and_one_that_is_stopped_is_no_proof(
    console: Console, clock: TickingClock
) -> None:
    called(console)
    stopped = launching.launch(console, DRILL, WHO)
    launching.stop(console, stopped, LaunchState.STOPPED, "panne", WHO)
    Ringer().round(console)
    assert not register.declared(console.practice, CallDrill)
    number = launching.launch(console, DRILL, WHO)
    clock.advance(30 * MINUTE)
    ringer = Ringer()
    for _round in range(4):
        ringer.round(console)
        clock.advance(11 * MINUTE)
    assert see(console, number).state is LaunchState.OVER
    (drill,) = register.declared(console.practice, CallDrill)
    assert (drill.outcome, drill.minutes, drill.lines, drill.reached) == (Outcome.FAILURE, None, 2, 0)
    assert chain.result(see(console, number)).first is None


def test_the_incident_s_log_says_each_step(console: Console, clock: TickingClock) -> None:
    called(console)
    incident = responding.open_incident(console, Beginning("rançon"), WHO)
    number = launching.launch(console, replace(REAL, incident=incident), WHO)
    launching.missed(console, number, see(console, number).rings[0].number, WHO)
    launching.answer(console, token("Marc Durand"))
    words = [entry.word for entry in incidents.entries(console.practice, incident)]
    assert [(word.step, word.name) for word in words if isinstance(word, Chained)] == [
        ("launched", ""), ("called", "Anna Petit"), ("missed", "Anna Petit"), ("called", "Marc Durand"),
        ("answered_link", "Marc Durand"), ("answered", ""),
    ]  # fmt: skip
    assert [one.number for one in held.of_incident(console.practice, incident)] == [number]


def test_who_does_not_pick_up_gives_way_at_once_and_twice_is_once(console: Console) -> None:
    called(console)
    number = launching.launch(console, REAL, WHO)
    first = see(console, number).rings[0].number
    launching.missed(console, number, first, WHO)
    launching.missed(console, number, first, WHO)
    assert [called for _name, called, _answered in people(console, number)] == [True, True, False]
    gap = see(console, number).rings[2].due - see(console, number).begun_at
    assert timedelta() < gap <= 11 * MINUTE


def test_after_a_long_stop_one_is_called_at_a_time(console: Console, clock: TickingClock) -> None:
    called(console)
    number = launching.launch(console, REAL, WHO)
    clock.advance(timedelta(hours=3))
    Ringer().round(console)
    assert [called for _name, called, _answered in people(console, number)] == [True, True, False]
    assert see(console, number).running


def test_a_form_sent_twice_is_one_launch_and_a_serious_one_ends_an_exercise(console: Console) -> None:
    called(console)
    drill = launching.launch(console, replace(DRILL, once="a"), WHO)
    assert launching.launch(console, replace(DRILL, once="a"), WHO) == drill
    with pytest.raises(NotLaunched, match="running"):
        launching.launch(console, replace(DRILL, once="b"), WHO)
    real = launching.launch(console, replace(REAL, once="c"), WHO)
    assert see(console, drill).state is LaunchState.STOPPED
    with pytest.raises(NotLaunched, match="running"):
        launching.launch(console, replace(REAL, once="d"), WHO)
    launching.stop(console, real, LaunchState.FALSE_ALARM, "", WHO)
    with pytest.raises(NotLaunched, match="ended"):
        launching.stop(console, real, LaunchState.STOPPED, "", WHO)


def test_what_cannot_be_done_is_refused_with_the_reason(console: Console, clock: TickingClock) -> None:
    with pytest.raises(NotLaunched, match="nobody"):
        launching.launch(console, REAL, WHO)
    called(console)
    with pytest.raises(NotLaunched, match="incident"):
        launching.launch(console, replace(REAL, incident=99), WHO)
    incident = responding.open_incident(console, Beginning("x"), WHO)
    with pytest.raises(NotLaunched, match="incident"):
        launching.launch(console, replace(DRILL, incident=incident), WHO)
    responding.say(console, incident, Line(Moved(State.RECOVERED)), WHO)
    number = launching.launch(console, replace(REAL, incident=incident), WHO)
    for act in (launching.tick, launching.missed):
        with pytest.raises(NotLaunched, match="unknown"):
            act(console, number, 999, WHO)
        with pytest.raises(NotLaunched, match="unknown"):
            act(console, 999, 1, WHO)
    with pytest.raises(NotLaunched, match="unknown"):
        launching.answer(console, "rien")
    last = token("Zoé Blanc")
    launching.stop(console, number, LaunchState.FALSE_ALARM, "un test", WHO)
    with pytest.raises(NotLaunched, match="ended"):
        launching.answer(console, last)
    with pytest.raises(NotLaunched, match="ended"):
        launching.missed(console, number, see(console, number).rings[0].number, WHO)
    clock.advance(timedelta(hours=25))
    with pytest.raises(NotLaunched, match="expired"):
        launching.answer(console, last)


def test_a_late_answer_is_noted_and_the_first_stands(console: Console, clock: TickingClock) -> None:
    called(console)
    number = launching.launch(console, REAL, WHO)
    launching.answer(console, token("Anna Petit"))
    before = see(console, number).rings[0].answered_at
    clock.advance(MINUTE)
    launching.answer(console, token("Anna Petit"))
    assert see(console, number).rings[0].answered_at == before
    launching.answer(console, token("Zoé Blanc"))
    assert people(console, number)[2] == ("Zoé Blanc", False, True)
    assert see(console, number).state is LaunchState.ANSWERED


def test_everybody_at_once_for_good_goes_on_after_the_first_answer(console: Console, clock: TickingClock) -> None:
    called(console)
    number = launching.launch(console, Wish(Purpose.REAL, Reach.ALL), WHO)
    launching.answer(console, token("Zoé Blanc"))
    clock.advance(6 * MINUTE)
    Ringer().round(console)
    assert [called for _name, called, _answered in people(console, number)] == [True, True, True]
    assert see(console, number).running
    launching.answer(console, token("Marc Durand"))
    assert see(console, number).state is LaunchState.OVER
    assert ringing.lasted(None) == ""


def test_a_channel_that_rests_is_woken_and_what_does_not_arrive_is_said(
    console: Console, hearer: Hearer, server: Callable[..., Post], box: Box
) -> None:
    way(console, server().port)
    box.answer = "554 non"
    called(console)
    channel = own(console, hearer, ANNA)
    hearer.answers = [503]
    rows.change(channel, rests_until=console.clock() + timedelta(hours=1))
    number = launching.launch(console, REAL, WHO)
    first = see(console, number).rings[0].number
    cry(console, lambda: bool(held.undelivered(console.practice, number)))
    assert held.undelivered(console.practice, number) == {first: [("Anna Petit", "busy")]}
    launching.missed(console, number, first, WHO)
    Ringer().round(console)
    Postman().round(console)
    second = see(console, number).rings[1].number
    assert [name for name, _why in held.undelivered(console.practice, number)[second]] == [""]


def test_what_waits_to_be_told_is_spared_once_somebody_answered(console: Console, hearer: Hearer) -> None:
    called(console)
    own(console, hearer, ANNA)
    number = launching.launch(console, REAL, WHO)
    launching.tick(console, number, see(console, number).rings[0].number, WHO)
    cry(console, lambda: states()["spared"] == 1)
    assert hearer.heard == []


def test_kill_9_calls_each_person_once(tmp_path: Path, hearer: Hearer) -> None:
    command = [sys.executable, "-m", "tests.flows.ringing", str(tmp_path), hearer.url]
    settings = {DATA_VARIABLE: str(tmp_path), "DJANGO_SETTINGS_MODULE": "negatoscope.settings"}
    for lives in (random.Random(7).uniform(0, 1.2), None):
        with subprocess.Popen(command, env=os.environ | settings, stdout=subprocess.PIPE) as child:
            assert child.stdout is not None
            assert child.stdout.readline() == b"ready\n"
            if lives is None:
                assert child.stdout.read() == b"done\n"
            else:
                time.sleep(lives)
                child.send_signal(signal.SIGKILL)
    assert sorted(path for path, _headers, _body in hearer.heard) == [f"/p{n}/" for n in range(PEOPLE)]
    addresses = {re.findall(r"/repondre/([^/]+)/", said["message"])[0] for said in hearer.said}
    assert len(addresses) == PEOPLE
