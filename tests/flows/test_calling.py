"""Channels of alerts: somebody hears of each alert, once, when they should; and nobody learns the address."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from tests.conftest import START, TickingClock
from tests.flows.letters import Box, plain, way
from tests.respond.channels.hearer import Hearer, hearing

from negatoscope.config import DATA_VARIABLE
from negatoscope.flows import alerting, channels
from negatoscope.flows.alerting import Handler
from negatoscope.flows.calling import TRIES, Crier, folder
from negatoscope.flows.channels import ChannelRefused, Wish
from negatoscope.flows.console import Console, KeyLost
from negatoscope.flows.declaring import Said, declare
from negatoscope.model.alert import AlertOutcome, AlertStep, Priority
from negatoscope.model.channel import For, Quiet
from negatoscope.model.continuity import Call
from negatoscope.model.people import Person
from negatoscope.respond.channels.message import Outcome
from negatoscope.respond.channels.ways import WayRefused
from negatoscope.store.models import ChannelRow, DeliveryRow, LedgerRow
from negatoscope.store.queries import alerts
from negatoscope.store.queries import channels as known
from negatoscope.watch.detection import Detection, Kind, Level

SECRET = "tres-secret-4711"
WHO = Handler("user:apetit", "Anna Petit (apetit)")
SEEN = Detection(
    Kind.BEHAVIOUR, "attempts", "person/anna", START, START, ("s:1",), Level.MEDIUM, "attempts/1", "brute_force", 2
)
LOW = replace(SEEN, level=Level.LOW, subject="host/calme", case="low/1")
WISH = Wish("garde", For.EVERYBODY, "", frozenset(Priority), None, "fr")


@pytest.fixture
def hearer() -> Iterator[Hearer]:
    with hearing() as one:
        yield one


def add(console: Console, hearer: Hearer, wish: Wish = WISH) -> int:
    return channels.add(console, "user:m", "webhook", {"address": f"{hearer.url}/{SECRET}", "token": SECRET}, wish)


def cry(console: Console, until: Callable[[], bool]) -> Crier:
    """Rounds, until something is so; meanwhile the clock of the tests, which outruns the wall, stands still."""
    crier, began, at = Crier(), time.monotonic(), console.clock()
    still = replace(console, clock=lambda: at)
    while not until():
        assert time.monotonic() - began < 60, "nothing came"
        crier.round(still)
        time.sleep(0.05)
    for child in crier.children.values():
        child.wait(60)
    return crier


def states() -> Counter[str]:
    return Counter(DeliveryRow.objects.values_list("state", flat=True))


def test_an_alert_is_told_once_without_a_name(console: Console, hearer: Hearer) -> None:
    add(console, hearer)
    alerting.raise_from(console, [SEEN])
    alerting.raise_from(console, [SEEN])
    crier = cry(console, lambda: states()["sent"] == 1)
    crier.round(console)
    (said,) = hearer.said
    number = alerts.standing(console.practice)[0].number
    assert f"n°\N{NO-BREAK SPACE}{number}" in said["message"]
    assert f"/alertes/{number}/" in said["message"]
    assert "anna" not in said["message"]
    assert said["type"] == "warning"
    assert [step.reached for step in alerts.history(number)] == [1]
    assert not list(folder(console).glob("*.json"))


def test_the_address_is_sealed_and_said_nowhere(console: Console, hearer: Hearer, tmp_path: Path) -> None:
    number = add(console, hearer)
    channels.trial(console, "user:m", number, ("Essai", "Bonjour"))
    row = ChannelRow.objects.get()
    assert (row.where, hearer.said[0]["message"]) == ("127.0.0.1", "Bonjour")
    assert SECRET.encode() not in bytes(row.sealed)
    others = [file for file in tmp_path.rglob("*") if file.is_file() and "keys" not in file.parts]
    assert [file for file in others if SECRET.encode() in file.read_bytes()] == []
    other = add(console, hearer, replace(WISH, name="autre"))
    ChannelRow.objects.filter(pk=other).update(sealed=row.sealed)
    assert channels.opened(console, ChannelRow.objects.get(pk=other)) is None


def test_what_fails_is_tried_again_then_given_up_in_sight(
    console: Console, hearer: Hearer, clock: TickingClock
) -> None:
    number = add(console, hearer)
    hearer.answers = [500]
    alerting.raise_from(console, [SEEN])
    cry(console, lambda: DeliveryRow.objects.get().error == "refused")
    clock.advance(timedelta(minutes=5))
    cry(console, lambda: states()["sent"] == 1)
    assert DeliveryRow.objects.get().tries == 2
    assert known.failing(console.practice) == []
    DeliveryRow.objects.update(state="waiting", tries=TRIES - 1)
    hearer.answers = [500]
    cry(console, lambda: states()["given_up"] == 1)
    assert known.failing(console.practice) == ["garde"]
    assert [one.error for one in known.newest(number, 5)] == ["refused"]
    kinds = LedgerRow.objects.filter(kind__startswith="channel_").order_by("sequence").values_list("kind", flat=True)
    assert list(kinds) == ["channel_added", "channel_sent", "channel_given_up"]


def test_what_cannot_help_is_not_tried_again(console: Console, hearer: Hearer) -> None:
    add(console, hearer)
    hearer.answers, hearer.leads = [302], "http://127.0.0.1:9/"
    alerting.raise_from(console, [SEEN])
    cry(console, lambda: states()["given_up"] == 1)
    assert DeliveryRow.objects.get().error == "redirected"


def test_a_channel_that_fails_rests_and_many_alerts_are_one_message(
    console: Console, hearer: Hearer, clock: TickingClock
) -> None:
    add(console, hearer)
    hearer.answers = [503]
    alerting.raise_from(console, [SEEN])
    cry(console, lambda: DeliveryRow.objects.get().error == "busy")
    alerting.raise_from(console, [replace(SEEN, subject=f"host/h{n}", case=f"h/{n}") for n in range(12)])
    ChannelRow.objects.update(rests_until=clock.at + timedelta(hours=2))
    crier = Crier()
    crier.round(console)
    assert states() == {"waiting": 13}
    clock.advance(timedelta(hours=3))
    cry(console, lambda: states()["sent"] == 13)
    assert len(hearer.said) == 2
    assert "et 4 de plus" in hearer.said[1]["message"]
    assert hearer.said[1]["title"].endswith("12 alertes attendent")


def test_an_alert_closed_meanwhile_is_not_told(console: Console, hearer: Hearer) -> None:
    add(console, hearer)
    alerting.raise_from(console, [SEEN])
    alerting.close(console, alerts.standing(console.practice)[0].number, AlertOutcome.BENIGN, "vu", WHO)
    Crier().round(console)
    assert (states(), hearer.said) == ({"spared": 1}, [])


def test_each_hears_what_is_theirs(console: Console, hearer: Hearer, clock: TickingClock) -> None:
    anna, luc = Person("anna", "Anna Petit"), Person("luc", "Luc Moreau")
    declare(console, Said("user:m"), (anna, luc, Call(anna.ref, 1)))
    for_luc = add(console, hearer, replace(WISH, name="luc", for_whom=For.PERSON, whom=luc.ref))
    add(console, hearer, replace(WISH, name="anna", for_whom=For.PERSON, whom=anna.ref))
    add(console, hearer, replace(WISH, name="douze", for_whom=For.STEP, whom="after_12"))
    add(console, hearer, replace(WISH, name="hautes", priorities=frozenset({Priority.HIGH})))
    add(console, hearer, replace(WISH, name="arrêté", active=False))

    def told() -> list[str]:
        return sorted(DeliveryRow.objects.values_list("channel__name", flat=True))

    alerting.raise_from(console, [LOW])
    assert told() == ["anna"]
    alerting.hand_on(console, alerts.standing(console.practice)[0].number, "Luc Moreau", WHO)
    assert told() == ["anna", "luc"]
    clock.advance(timedelta(hours=12, minutes=1))
    alerting.escalate(console)
    assert told() == ["anna", "anna", "douze", "luc", "luc"]
    channels.remove(console, "user:m", for_luc)
    assert told() == ["anna", "anna", "douze"]


def test_what_is_low_waits_for_the_morning_unless_it_grows(
    console: Console, hearer: Hearer, clock: TickingClock
) -> None:
    clock.at = datetime(2026, 3, 28, 22, 0, tzinfo=UTC)  # the night in which clocks go forward
    add(console, hearer, replace(WISH, quiet=Quiet(20, 7)))
    alerting.raise_from(console, [replace(LOW, at=clock.at, came=clock.at), replace(SEEN, at=clock.at, came=clock.at)])
    due = dict(DeliveryRow.objects.values_list("alert", "due_at"))
    by_priority = {one.priority: due[one.number] for one in alerts.standing(console.practice)}
    assert by_priority[Priority.LOW] == datetime(2026, 3, 29, 5, 0, tzinfo=UTC)
    assert by_priority[Priority.MEDIUM] <= clock.at
    alerting.raise_from(console, [replace(LOW, at=clock.at, came=clock.at, level=Level.HIGH, count=9)])
    assert DeliveryRow.objects.filter(due_at__gt=clock.at).count() == 0


def test_mail_is_a_channel_too(
    console: Console, box: Box, server: Callable[..., Controller], clock: TickingClock
) -> None:
    number = channels.add(console, "user:m", "mail", {"to": "garde@cabinet.example"}, WISH)
    assert channels.trial(console, "user:m", number, ("Essai", "x")) == Outcome("no_mail_server")
    way(console, server().port, active=False)
    alerting.raise_from(console, [SEEN])
    box.answer = "451 later"
    Crier().round(console)
    box.answer = "250 OK"
    clock.advance(timedelta(minutes=5))
    Crier().round(console)
    assert states() == {"given_up": 1, "sent": 1}
    ((to, letter),) = box.letters
    assert to == ["garde@cabinet.example"]
    assert "priorité moyenne" in plain(letter)


def test_a_channel_is_changed_replaced_and_refused(console: Console, hearer: Hearer) -> None:
    number = add(console, hearer)
    with pytest.raises(ChannelRefused, match="name_taken"):
        add(console, hearer)
    other = add(console, hearer, replace(WISH, name="autre"))
    with pytest.raises(ChannelRefused, match="name_taken"):
        channels.change(console, "user:m", other, WISH)
    with pytest.raises(ChannelRefused, match="not_understood"):
        channels.add(console, "user:m", "other", {"address": "slack://rien"}, replace(WISH, name="x"))
    with pytest.raises(WayRefused, match="service"):
        channels.add(console, "user:m", "pigeon", {}, WISH)
    with pytest.raises(ChannelRefused, match="unknown"):
        channels.remove(console, "user:m", 9999)
    channels.change(console, "user:m", number, replace(WISH, quiet=Quiet(20, 7), active=False))
    assert next(one for one in known.channels(console.practice) if one.number == number).quiet == Quiet(20, 7)
    hearer.answers = [500]
    assert channels.trial(console, "user:m", number, ("t", "b")).why == "refused"
    channels.replace(console, "user:m", number, {"address": f"{hearer.url}/neuf"})
    assert channels.trial(console, "user:m", number, ("t", "b")).why == ""
    assert hearer.heard[-1][0] == "/neuf/"


def test_keys_of_channels_turn_and_a_lost_one_is_said(console: Console, hearer: Hearer) -> None:
    assert channels.rotate(console, "user:m") == 0
    number = add(console, hearer)
    before = (file := channels.seals(console).file).read_text()
    assert channels.rotate(console, "user:m") == 1
    assert file.read_text() != before
    assert channels.trial(console, "user:m", number, ("t", "b")).why == ""
    file.rename(file.with_suffix(".away"))
    assert channels.trial(console, "user:m", number, ("t", "b")).why == "address_lost"
    alerting.raise_from(console, [SEEN])
    Crier().round(console)
    assert states() == {"sent": 1, "given_up": 2}
    with pytest.raises(KeyLost):
        add(console, hearer, replace(WISH, name="neuf"))


def test_what_nobody_answers_for_goes_again_under_the_same_key(
    console: Console, hearer: Hearer, clock: TickingClock
) -> None:
    add(console, hearer)
    alerting.raise_from(console, [SEEN])
    stray = folder(console) / "stray.json"
    stray.parent.mkdir(parents=True)
    stray.write_text("{}")
    DeliveryRow.objects.update(state="going", letter="une-lettre", tries=1, began_at=clock.at)
    Crier().round(console)
    assert (states(), stray.exists()) == ({"going": 1}, False)
    clock.advance(timedelta(minutes=1))
    Crier().round(console)
    assert DeliveryRow.objects.get().error == "no_answer"
    clock.advance(timedelta(minutes=5))
    cry(console, lambda: states()["sent"] == 1)
    assert hearer.said[0]["key"] == "une-lettre"


def one_life(data: Path, url: str, lives: float | None) -> dict[str, str]:
    """Run a console until it is done, or kill it that long after it began to tell; which message bore which alert."""
    command = [sys.executable, "-m", "tests.flows.crying", str(data), url]
    settings = {DATA_VARIABLE: str(data), "DJANGO_SETTINGS_MODULE": "negatoscope.settings"}
    with subprocess.Popen(command, env=os.environ | settings, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == b"ready\n"
        if lives is None:
            return dict(json.loads(child.stdout.read()))
        time.sleep(lives)
        child.send_signal(signal.SIGKILL)
        return {}


def killed(data: Path, hearer: Hearer, chance: random.Random, kills: int) -> None:
    """A message may bear more alerts than it has lines for: what counts is that it was heard, and once."""
    for _kill in range(kills):
        one_life(data, hearer.url, chance.uniform(0, 1.2))
    letters = one_life(data, hearer.url, None)
    heard = Counter(said["key"] for said in hearer.said)
    assert len(letters) == 16
    assert dict(heard) == dict.fromkeys(letters.values(), 1)
    lines = Counter(n for said in hearer.said for n in re.findall(r"/alertes/(\d+)/", said["message"]))
    assert max(lines.values()) == 1


def test_kill_9_tells_each_alert_once(tmp_path: Path, hearer: Hearer) -> None:
    killed(tmp_path, hearer, random.Random(4), 1)


@pytest.mark.torture
def test_kill_9_a_hundred_times_tells_each_alert_once(tmp_path: Path, hearer: Hearer) -> None:
    for run in range(12):
        with hearing() as one:
            killed(tmp_path / str(run), one, random.Random(run), 8)


def test_steps_of_alerts_all_have_words(console: Console, hearer: Hearer, clock: TickingClock) -> None:
    add(console, hearer, replace(WISH, language="en"))
    alerting.raise_from(console, [SEEN])
    clock.advance(timedelta(hours=25))
    alerting.escalate(console)
    cry(console, lambda: states()["sent"] == 2)
    assert "not handled within 24 hours" in hearer.said[0]["message"]
    assert {row.step for row in DeliveryRow.objects.all()} == {AlertStep.RAISED, AlertStep.OVERDUE}
