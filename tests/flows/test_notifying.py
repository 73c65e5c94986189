"""Mail through a real SMTP server: encrypted, once each, tried again, given up in plain sight."""

import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from tests.conftest import TickingClock

from negatoscope.flows import acting, notifying, posting
from negatoscope.flows.console import Console
from negatoscope.flows.credentials import add
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.notifying import Postman
from negatoscope.model.people import Attestation
from negatoscope.observe.collector import Login
from negatoscope.store import notices
from negatoscope.store.models import JobRow, JudgementRow, LedgerRow, NoticeRow, RuleResultRow

TO = "chef@cabinet.example"


class Box:
    """What a server received; ``answer``: what it says to each message."""

    def __init__(self) -> None:
        self.letters: list[tuple[list[str], str]] = []
        self.answer = "250 OK"
        self.recipient = "250 OK"

    async def handle_RCPT(self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any) -> str:  # noqa: ANN401, N802 -- aiosmtpd's
        if self.recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: ANN401, N802 -- aiosmtpd's
        if self.answer.startswith("250"):
            self.letters.append((envelope.rcpt_tos, envelope.content.decode()))
        return self.answer


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of localhost and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    start = datetime(2020, 1, 1, tzinfo=UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    folder = tmp_path_factory.mktemp("smtp")
    (folder / "c.pem").write_bytes(made.public_bytes(Encoding.PEM))
    (folder / "k.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return folder / "c.pem", folder / "k.pem"


def accept_password(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> Any:  # noqa: ANN401 -- aiosmtpd's
    from aiosmtpd.smtp import AuthResult  # noqa: PLC0415 -- only here

    return AuthResult(success=(data.login, data.password) == (b"console", b"un secret"))


class Post(Controller):
    """A server with STARTTLS on a free port."""

    def __init__(self, box: Box, context: ssl.SSLContext | None, **told: Any) -> None:  # noqa: ANN401 -- aiosmtpd's
        self.context, self.told = context, told
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        super().__init__(box, hostname="127.0.0.1", port=port, ready_timeout=20)

    def factory(self) -> SMTP:
        return SMTP(self.handler, hostname="localhost", tls_context=self.context, **self.told)


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def server(
    box: Box, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Controller]]:
    """Start servers, which end with the test."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    running = []

    def start(*, encrypts: bool = True, **told: Any) -> Controller:  # noqa: ANN401 -- aiosmtpd's
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH) if encrypts else None
        if context:
            context.load_cert_chain(*certificate)
        one = Post(box, context, **told)
        one.start()
        running.append(one)
        return one

    yield start
    for one in running:
        one.stop()


def way(console: Console, port: int, **fields: Any) -> None:  # noqa: ANN401 -- any field
    told = {"host": "localhost", "port": port, "sender": "console@cabinet.example", "to": f"{TO}\n", **fields}
    notices.set_mail(console.practice, told)


def attest(console: Console, clock: TickingClock, days: int) -> None:
    at = clock.at
    fact = Attestation(
        "R39.1", holds=True, statement="fait", signed_by="Marie", signed_at=at, expires_at=at + timedelta(days=days)
    )
    declare(console, Said("user:m", "attestation"), (fact,))


def codes() -> list[str]:
    return list(NoticeRow.objects.order_by("pk").values_list("code", flat=True))


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
    assert len(box.letters) == 3


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
    assert (row.state, row.tries) == ("given_up", notifying.TRIES)
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
    written = [notifying.written(row, "en") for row in NoticeRow.objects.all()]
    assert any("R9" in subject for subject, _body in written)
    assert all("{" not in subject + body for subject, body in written)
    assert notifying.gather(console, told) == 0
    assert notifying.trial(console, "user:m") == 1


def test_what_a_host_calls_itself_adds_no_header_and_stops_no_mail(
    console: Console, server: Callable[..., Controller], box: Box
) -> None:
    way(console, server(require_starttls=True).port)
    told = notices.mail(console.practice)
    assert told
    promise = acting.Promise("Jean", date(2026, 10, 1))
    acting.plan(console, "user:m", "R10.1", ["account/a/x\r\nBcc: voleur@exemple.fr\r\n\r\ny"], promise)
    notifying.gather(console, told)
    notifying.send(console, told)
    letters = [letter.replace("\r", "").partition("\n\n")[0] for _to, letter in box.letters]
    assert letters
    assert not any(line.startswith("Bcc") for letter in letters for line in letter.splitlines())
