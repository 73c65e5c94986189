"""A real SMTP server and what it received, for the tests of mails."""

import email
import email.policy
import socket
import ssl
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
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

from negatoscope.flows import acting, admitting
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.model.people import Attestation
from negatoscope.store import notices
from negatoscope.store.models import NoticeRow
from negatoscope.store.roles import Role
from negatoscope.store.users import User

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


def ends_in(console: Console, clock: TickingClock, days: int, owner: str = "Jean Petit") -> None:
    due = (clock.at + timedelta(days=days)).date()
    acting.plan(console, "user:m", "R10.1", [f"host/h{days}"], acting.Promise(owner, due))


def user(console: Console, name: str, role: Role, **fields: Any) -> User:  # noqa: ANN401 -- any column
    number = admitting.add_user(
        console, "console", admitting.Newcomer(name, name.split(maxsplit=1)[0].lower(), "un-long-secret-2026", role)
    )
    User.objects.filter(pk=number).update(**fields)
    return User.objects.get(pk=number)


def plain(letter: str) -> str:
    """What a letter says, decoded."""
    return str(email.message_from_string(letter, policy=email.policy.default).get_content())


def told(box: Box, to: str) -> list[str]:
    return [plain(letter) for (address,), letter in box.letters if address == to]
