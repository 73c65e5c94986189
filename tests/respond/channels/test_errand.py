"""Messages carried by Apprise to a real server: what arrives, what is refused, and that nothing is followed."""

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from negatoscope.respond.channels import courier, errand, ways
from negatoscope.respond.channels.message import Errand, Outcome
from tests.respond.channels.hearer import Hearer, hearing

pytestmark = pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")
"""Apprise looks for it, and does without."""


@pytest.fixture
def hearer() -> Iterator[Hearer]:
    with hearing() as one:
        yield one


def carry(service: str, told: dict[str, str]) -> Outcome:
    return errand.carry(Errand(ways.address(service, told), "Titre", "Alerte *12*", "failure", "k-1"))


def test_a_webhook_gets_the_text_its_key_and_its_token(hearer: Hearer) -> None:
    assert carry("webhook", {"address": f"{hearer.url}/x?a=1", "token": "jeton"}) == Outcome()
    ((path, headers, body),) = hearer.heard
    assert (path, headers["Authorization"]) == ("/x/?a=1", "Bearer jeton")
    assert (body["title"], body["message"], body["type"], body["key"]) == ("Titre", "Alerte *12*", "failure", "k-1")


def test_a_gateway_of_short_messages_gets_a_number_and_a_text(hearer: Hearer) -> None:
    assert carry("sms", {"address": f"{hearer.url}/sms", "to": "+33600000000"}) == Outcome()
    assert hearer.said == [{"to": "+33600000000", "message": "Alerte *12*", "key": "k-1"}]


@pytest.mark.parametrize(
    ("service", "told"),
    [
        ("ntfy", {"topic": "garde", "token": "tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2"}),
        ("gotify", {"token": "AbCdEfGh1234567"}),
    ],
)
def test_servers_of_a_practice_are_spoken_to(hearer: Hearer, service: str, told: dict[str, str]) -> None:
    assert carry(service, {"server": hearer.url, **told}) == Outcome()
    assert "12" in hearer.said[0]["message"]


def test_what_the_server_says_is_told_apart(hearer: Hearer) -> None:
    hearer.answers = [500, 401, 404, 429]
    said = [carry("webhook", {"address": hearer.url}) for _time in range(4)]
    assert [one.why for one in said] == ["refused", "login_refused", "not_found", "busy"]
    assert all(one.again for one in said)
    assert carry("webhook", {"address": "http://127.0.0.1:9"}).why == "unreachable"


def test_nothing_is_followed_elsewhere(hearer: Hearer) -> None:
    with hearing() as other:
        hearer.answers, hearer.leads = [302, 307], other.url
        assert carry("webhook", {"address": hearer.url}) == Outcome("redirected")
        assert carry("webhook", {"address": hearer.url}) == Outcome("redirected")
        assert other.heard == []


@pytest.mark.parametrize(
    ("address", "clear", "reached"),
    [
        ("127.0.0.1", True, True), ("10.1.2.3", True, True), ("fd00::1", True, True), ("8.8.8.8", False, True),
        ("8.8.8.8", True, False), ("169.254.169.254", False, False), ("::ffff:169.254.169.254", False, False),
        ("fe80::1%eth0", False, False), ("0.0.0.0", False, False), ("ff02::1", False, False),
        ("100.100.100.200", False, False),
    ],
)  # fmt: skip
def test_where_something_may_be_sent(address: str, clear: bool, reached: bool) -> None:  # noqa: FBT001 -- a case
    assert errand.reachable(address, clear=clear) is reached


@pytest.mark.parametrize("url", ["json://169.254.169.254/", "json://8.8.8.8/"])
def test_a_refused_place_is_never_spoken_to(url: str) -> None:
    assert errand.carry(Errand(url, "t", "b")) == Outcome("address_refused")


@pytest.mark.parametrize("url", ["file:///tmp/x", "dbus://", "syslog://localhost", "mailto://u:p@127.0.0.1", "rien"])
def test_a_way_that_is_not_spoken_is_not_understood(url: str) -> None:
    assert errand.carry(Errand(url, "t", "b")) == Outcome("not_understood")


def test_an_address_is_understood_before_it_is_kept() -> None:
    assert courier.wait(Errand("slack://rien", go=False)) == Outcome("not_understood")
    assert errand.carry(Errand("json://h.example/", go=False)) == Outcome()


def test_a_clear_server_behind_tls_words_is_no_certificate(hearer: Hearer) -> None:
    address = hearer.url.replace("http:", "https:")
    assert carry("webhook", {"address": address}).why == "certificate_refused"


def test_the_answer_of_a_process_is_a_file(hearer: Hearer, tmp_path: Path) -> None:
    answer = tmp_path / "spool" / "a.json"
    assert courier.read(answer) is None
    child = courier.start(Errand(ways.address("webhook", {"address": hearer.url}), "t", "b", key="k"), answer)
    assert child.wait(60) == 0
    assert courier.read(answer) == Outcome()
    assert hearer.said[0]["key"] == "k"


def test_a_server_that_never_answers_is_left(hearer: Hearer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    hearer.slow.clear()
    monkeypatch.setattr(courier, "LONGEST", 1.5)
    url, began = ways.address("webhook", {"address": hearer.url}), time.monotonic()
    assert courier.wait(Errand(url, "t", "b")) == courier.NO_ANSWER
    assert time.monotonic() - began < 30
    child = courier.start(Errand(url, "t", "b"), tmp_path / "x.json")
    child.kill()
    assert child.wait(60) == -signal.SIGKILL
    assert courier.read(tmp_path / "x.json") is None
