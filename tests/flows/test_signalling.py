"""A mail is reported to Signal Spam octet for octet, once, by a named person; or it stays, and why is said."""

import io
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.conftest import TickingClock
from tests.flows.spamming import ACCOUNT, ANNA, BAIT, Service, serving, told

from negatoscope.flows import exercising, responding, signal_link, signalling, tipping
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.responding import Beginning, Document, Line
from negatoscope.flows.signal_link import NotReached
from negatoscope.flows.signalling import AGAIN, Mail, NotSignalled
from negatoscope.model.incident import Attached, Frozen, Moment, Noted, Sent
from negatoscope.model.providers import Provider
from negatoscope.model.spam import Outcome
from negatoscope.observe.collector import Login
from negatoscope.store.models import LedgerRow, SpamSendingRow
from negatoscope.store.queries import incidents
from negatoscope.store.queries import spam as held


@pytest.fixture
def service() -> Iterator[Service]:
    with serving() as one:
        yield one


@pytest.fixture
def ready(console: Console, service: Service) -> Console:
    signalling.set_account(console, service.url, ACCOUNT, ANNA, active=True)
    return console


def refusal(console: Console, mail: Mail, *looked: str) -> str:
    with pytest.raises(NotSignalled) as refused:
        signalling.send(console, mail, frozenset(looked), ANNA)
    return refused.value.code


def later(console: Console, minutes: int) -> None:
    assert isinstance(console.clock, TickingClock)
    console.clock.advance(timedelta(minutes=minutes))


def in_incident(console: Console, mail: Mail) -> Mail:
    assert mail.tip is not None
    number = tipping.open_incident(console, mail.tip, "hameçonnage", ANNA)
    place = next(one.place for one in incidents.entries(console.practice, number) if isinstance(one.word, Attached))
    found = signalling.of_incident(console, number, place)
    assert found is not None
    return found


def test_the_octets_arrive_as_they_came_and_only_once(ready: Console, service: Service) -> None:
    mail = told(ready)
    one = signalling.send(ready, mail, frozenset(), ANNA)
    assert service.taken == [BAIT]
    assert (one.outcome, one.status, one.by, one.digest) == (Outcome.TAKEN, 202, ANNA.name, mail.digest)
    later(ready, 60)
    assert refusal(ready, mail) == "taken_before"
    assert refusal(ready, told(ready, once="b")) == "taken_before"
    assert service.asked == ["POST"]
    kinds = list(LedgerRow.objects.filter(kind__startswith="spam_").order_by("sequence").values_list("kind", flat=True))
    assert kinds == ["spam_service", "spam_leaving", "spam_taken"]


def test_looking_first_sends_nothing(ready: Console, service: Service) -> None:
    seen = signalling.dry(ready, told(ready))
    assert (seen.data, seen.signs, seen.refused, seen.asked) == (BAIT, (), "", frozenset())
    assert (service.asked, SpamSendingRow.objects.count()) == ([], 0)


def test_off_until_an_administrator_gives_an_account(console: Console, service: Service) -> None:
    mail = told(console)
    assert refusal(console, mail) == "off"
    with pytest.raises(NotSignalled, match="no_account"):
        signalling.set_account(console, service.url, None, ANNA, active=True)
    with pytest.raises(NotSignalled, match="no_account"):
        signalling.try_out(console, ANNA)
    with pytest.raises(NotSignalled, match="address"):
        signalling.set_account(console, "http://signal-spam.fr/", ACCOUNT, ANNA, active=True)
    signalling.set_account(console, service.url, ACCOUNT, ANNA, active=False)
    assert refusal(console, mail) == "off"
    signalling.set_account(console, service.url, None, ANNA, active=True)
    assert signalling.send(console, mail, frozenset(), ANNA).outcome is Outcome.TAKEN


def test_an_account_is_tried_without_any_mail(ready: Console, service: Service) -> None:
    assert signalling.try_out(ready, ANNA) == ""
    service.answers = [404]
    assert signalling.try_out(ready, ANNA) == "not_taken"
    service.answers = [202]
    assert signalling.try_out(ready, ANNA) == "not_known"
    signalling.set_account(ready, service.url, Login("autre", "rien"), ANNA, active=True)
    assert signalling.try_out(ready, ANNA) == "account"
    known = held.service(ready.practice)
    assert known is not None
    assert (known.tried, known.tried_at is not None) == ("account", True)
    assert (set(service.asked), service.taken) == ({"OPTIONS"}, [])
    (ready.keys.folder / "credentials.key").unlink()
    with pytest.raises(NotSignalled, match="key_lost"):
        signalling.try_out(ready, ANNA)


def test_data_of_a_patient_stays_whatever_somebody_says(ready: Console, service: Service) -> None:
    for more in (b"IPP : 00123456", b"nee le 12/03/1961", b"2 69 05 49 588 157 80"):
        mail = told(ready, BAIT + more, once=more.decode())
        assert refusal(ready, mail, "filed", "born", "social", AGAIN) == "patient"
    assert (service.asked, SpamSendingRow.objects.count()) == ([], 0)


def test_what_is_to_be_looked_at_leaves_once_somebody_did(ready: Console, service: Service) -> None:
    declare(ready, Said("user:anna", "configuration"), (Provider("Éditeur RIS", email="Support@Arnaque.example"),))
    mail = told(ready, BAIT + b"\r\n> bonjour")
    assert signalling.dry(ready, mail).asked == {"known", "answer"}
    assert refusal(ready, mail, "answer") == "unlooked"
    assert service.asked == []
    assert signalling.send(ready, mail, frozenset({"answer", "known"}), ANNA).outcome is Outcome.TAKEN


def test_what_is_no_mail_stays(ready: Console) -> None:
    number = responding.open_incident(ready, Beginning("x"), ANNA)
    kept = responding.keep(ready, Document("note.eml", io.BytesIO(b"bonjour"), ""))
    place = responding.say(ready, number, Line(kept), ANNA)
    mail = signalling.of_incident(ready, number, place)
    assert mail is not None
    assert refusal(ready, mail) == "not_mail"
    assert signalling.of_incident(ready, number, 1) is None
    assert signalling.of_tip(ready, 99, 1) is None


def test_what_is_not_taken_is_said_and_tried_again_only_after_a_rest(ready: Console, service: Service) -> None:
    mail = in_incident(ready, told(ready))
    assert mail.incident is not None
    why = {401: "account", 302: "not_taken", 429: "too_many", 413: "too_large_there", 503: "broken_there"}
    for tried, (status, code) in enumerate(why.items(), start=1):
        service.answers = [status]
        assert refusal(ready, mail) == code
        assert refusal(ready, mail) == "rest"
        assert service.asked == ["POST"] * tried
        last = incidents.entries(ready.practice, mail.incident)[-1]
        assert isinstance(last.word, Noted)
        assert str(status) in last.text
        later(ready, 2)
    assert signalling.send(ready, mail, frozenset(), ANNA).outcome is Outcome.TAKEN
    told_of = [one.outcome for one in held.sendings(ready.practice)]
    assert told_of == [Outcome.TAKEN, *[Outcome.REFUSED] * len(why)]


def test_one_that_was_taken_meets_the_duty_of_its_incident(ready: Console) -> None:
    mail = in_incident(ready, told(ready))
    assert mail.incident is not None
    signalling.send(ready, mail, frozenset(), ANNA)
    (sent,) = [one for one in incidents.entries(ready.practice, mail.incident) if isinstance(one.word, Sent)]
    assert isinstance(sent.word, Sent)
    assert (sent.word.duty, sent.word.receipt, sent.name) == ("SPAM", "HTTP 202", ANNA.name)
    assert mail.digest in sent.text
    assert any(isinstance(one.word, Frozen) for one in incidents.entries(ready.practice, mail.incident))
    assert Moment.AWARE in responding.incident(ready, mail.incident).moments


def test_an_answer_that_never_came_is_unsure_and_asks_before_another_try(ready: Console, service: Service) -> None:
    mail = told(ready)
    service.hangs_up = True
    with pytest.raises(NotSignalled) as refused:
        signalling.send(ready, mail, frozenset(), ANNA)
    assert (refused.value.code, refused.value.left) == ("no_answer", True)
    later(ready, 2)
    service.hangs_up = False
    assert refusal(ready, mail) == "unlooked"
    assert signalling.dry(ready, mail).asked == {AGAIN}
    assert signalling.send(ready, mail, frozenset({AGAIN}), ANNA).outcome is Outcome.TAKEN


def test_a_service_that_is_not_there_takes_nothing(console: Console) -> None:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{bound.getsockname()[1]}/"
        signalling.set_account(console, url, ACCOUNT, ANNA, active=True)
        assert refusal(console, told(console)) == "unreachable"
        assert signalling.try_out(console, ANNA) == "unreachable"
    assert held.sendings(console.practice)[0].outcome is Outcome.REFUSED


def test_a_try_that_was_cut_with_the_console_is_unsure(ready: Console, service: Service) -> None:
    mail = told(ready)
    SpamSendingRow.objects.create(
        practice_id=ready.practice, digest=mail.digest, name="x", size=1, address="x", began_at=ready.clock(), by="x"
    )
    assert refusal(ready, mail) == "going"
    later(ready, 10)
    assert refusal(ready, mail) == "unlooked"
    assert held.sendings(ready.practice)[0].why == "cut"
    assert service.asked == []


def test_an_exercise_and_a_closed_incident_send_nothing(ready: Console, service: Service) -> None:
    mail = told(ready)
    number = exercising.begin(ready, "mailbox", 1, ANNA)
    kept = responding.keep(ready, Document("colis.eml", io.BytesIO(BAIT), ""))
    place = responding.say(ready, number, Line(kept), ANNA)
    played = signalling.of_incident(ready, number, place)
    assert played is not None
    assert refusal(ready, played) == "exercise"
    assert service.asked == []
    assert signalling.send(ready, mail, frozenset(), ANNA).outcome is Outcome.TAKEN


def test_a_stranger_s_certificate_gets_neither_account_nor_mail(certificate: tuple[Path, Path]) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            raw, _from = server.accept()
            with raw, pytest.raises(OSError), context.wrap_socket(raw, server_side=True) as tls:  # noqa: PT011, PT012 -- any
                heard.append(tls.recv(100))
                raise OSError

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(NotReached, match="certificate"):
            signal_link.post(f"https://localhost:{server.getsockname()[1]}/", ACCOUNT, BAIT)
        thread.join(60)
    assert [one for one in heard if one] == []


def test_a_service_that_drips_is_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signal_link, "ANSWER_SECONDS", 0.3)
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            link, _from = server.accept()
            with link:
                while not over.wait(0.05):
                    try:
                        link.sendall(b"H")
                    except OSError:
                        return

        thread = threading.Thread(target=drip)
        thread.start()
        with pytest.raises(NotReached) as cut:
            signal_link.post(f"http://127.0.0.1:{server.getsockname()[1]}/", ACCOUNT, BAIT)
        over.set()
        thread.join(60)
    assert (cut.value.code, cut.value.left) == ("no_answer", True)
