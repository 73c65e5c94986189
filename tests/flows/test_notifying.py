"""Mail through a real SMTP server: encrypted, once each, tried again, given up in plain sight."""

import socket
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from aiosmtpd.controller import Controller
from tests.conftest import TickingClock
from tests.flows.letters import TO, Box, accept_password, attest, codes, way

from negatoscope.flows import acting, delivering, lettering, notifying, posting
from negatoscope.flows.console import Console
from negatoscope.flows.credentials import add
from negatoscope.flows.delivering import Postman
from negatoscope.observe.collector import Login
from negatoscope.store import notices
from negatoscope.store.models import JobRow, JudgementRow, LedgerRow, NoticeRow, RuleResultRow


def test_a_proof_that_ends_is_told_by_encrypted_mail_once(
    console: Console, clock: TickingClock, server: Callable[..., Controller], box: Box
) -> None:
    way(console, server(require_starttls=True).port)
    attest(console, clock, 20)
    postman = Postman()
    postman.round(console)
    ((to, letter),) = box.letters
    assert to == [TO]
    assert "Auto-Submitted: auto-generated" in letter
    assert "Journal" in letter
    assert LedgerRow.objects.latest("sequence").kind == "notice_sent"
    clock.advance(timedelta(hours=1))
    postman.round(console)
    assert len(box.letters) == 1
    clock.advance(timedelta(days=14))
    postman.round(console)
    assert sorted(codes()) == ["digest", "ending", "ending"]
    assert len(box.letters) == 2


def test_without_a_server_or_when_stopped_nothing_is_written(console: Console, clock: TickingClock) -> None:
    attest(console, clock, 1)
    Postman().round(console)
    way(console, 1, active=False)
    Postman().round(console)
    assert codes() == []


def test_a_silent_server_is_left_in_peace_then_tried_again_and_given_up_in_plain_sight(
    console: Console, clock: TickingClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(posting, "PATIENCE", 0.2)
    with socket.socket() as stalls:
        stalls.bind(("127.0.0.1", 0))
        stalls.listen(8)
        way(console, stalls.getsockname()[1], host="127.0.0.1")
        attest(console, clock, 20)
        postman = Postman()
        postman.round(console)
        row = NoticeRow.objects.get()
        assert (row.state, row.tries, row.error) == ("waiting", 1, "unreachable")
        postman.round(console)
        assert NoticeRow.objects.get().tries == 1
        for _try in range(8):
            clock.advance(timedelta(hours=13))
            postman.round(console)
    row = NoticeRow.objects.get(code="ending", key__endswith="/30")
    assert (row.state, row.tries) == ("given_up", delivering.TRIES)
    assert LedgerRow.objects.filter(kind="notice_given_up").count() >= 1


def test_a_server_that_refuses_is_tried_again(
    console: Console, clock: TickingClock, server: Callable[..., Controller], box: Box
) -> None:
    way(console, server().port)
    box.answer = "451 plus tard"
    attest(console, clock, 20)
    postman = Postman()
    postman.round(console)
    assert NoticeRow.objects.get().error == "refused"
    box.answer = "250 OK"
    clock.advance(timedelta(minutes=10))
    postman.round(console)
    assert NoticeRow.objects.get().state == "sent"


def test_an_address_that_nobody_has_is_given_up_at_once(
    console: Console, clock: TickingClock, server: Callable[..., Controller], box: Box
) -> None:
    way(console, server().port)
    box.recipient = "550 inconnu"
    attest(console, clock, 20)
    Postman().round(console)
    row = NoticeRow.objects.get()
    assert (row.state, row.error) == ("given_up", "recipient_refused")


def test_nothing_is_said_in_clear_to_a_server_that_cannot_encrypt_or_is_not_who_it_says(
    console: Console,
    clock: TickingClock,
    server: Callable[..., Controller],
    box: Box,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    attest(console, clock, 20)
    way(console, server(encrypts=False).port)
    Postman().round(console)
    assert NoticeRow.objects.get().error == "no_encryption"
    monkeypatch.delenv("SSL_CERT_FILE")
    way(console, server().port)
    clock.advance(timedelta(hours=1))
    Postman().round(console)
    assert NoticeRow.objects.get().error == "certificate_refused"
    assert box.letters == []


def test_the_password_comes_from_a_sealed_log_in_and_never_goes_in_clear(
    console: Console, clock: TickingClock, server: Callable[..., Controller], box: Box
) -> None:
    add(console, "user:m", "courriel", Login("console", "un secret", None))
    attest(console, clock, 20)
    port = server(authenticator=accept_password, auth_required=True, auth_require_tls=True).port
    way(console, port, login="courriel", security="clear")
    Postman().round(console)
    row = NoticeRow.objects.get()
    assert (row.state, row.error) == ("given_up", "password_in_clear")
    NoticeRow.objects.all().delete()
    way(console, port, login="inconnu", security="starttls")
    Postman().round(console)
    assert NoticeRow.objects.get().error == "credential_unknown"
    clock.advance(timedelta(hours=1))
    way(console, port, login="courriel")
    Postman().round(console)
    assert len(box.letters) == 1


def test_late_actions_rules_turned_red_and_failing_looks_are_told(console: Console, clock: TickingClock) -> None:
    way(console, 1)
    told = notices.mail(console.practice)
    assert told
    acting.plan(console, "user:m", "R10.1", ["host/a"], acting.Promise("Jean", date(2026, 10, 1)))
    for number, verdict in enumerate(("passed", "failed")):
        at = clock.at - timedelta(hours=2 - number)
        row = JudgementRow.objects.create(practice_id=1, sequence=90 + number, at=at, digest="")
        RuleResultRow.objects.create(
            judgement=row, rule="R9", number=9, verdict=verdict, settled=0, total=1, findings=0, doubts=0, controls=b""
        )
    for _try in range(3):
        JobRow.objects.create(
            practice_id=1, collector="ssh", target="srv", settings={}, operator="x", state="failed", asked_at=clock.at,
            ended_at=clock.at,
        )  # fmt: skip
    notifying.gather(console, told)
    assert sorted(codes()) == ["digest", "failing", "late", "red"]
    written = [lettering.letter([row], "en", "http://console/") for row in NoticeRow.objects.all()]
    assert any("R9" in subject for subject, _body in written)
    assert all("{" not in subject + body for subject, body in written)
    assert notifying.gather(console, told) == 0
    assert notifying.trial(console, "user:m") == 1
