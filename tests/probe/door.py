"""A small console: the door of the contract over real mutual TLS, parcels in memory. Its behaviour can be bent."""

from __future__ import annotations

import asyncio
import io
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import msgspec
import pyrage
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from negatoscope.probe import code, messages, parcel
from negatoscope.probe.messages import Authority, Enrolled, Enrolment, Heard, Order
from negatoscope.probe.parcel import Header, Manifest
from negatoscope.probe.signed import Refused, Signed

MINUTE = timedelta(minutes=1)


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 -- certificates are checked against the real clock


class Signer:
    """An authority."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "authority of tests")])
        self.certificate = (
            self._begun(name, name, self.key.public_key())
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(self.key.public_key()), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        self.pem = self.certificate.public_bytes(Encoding.PEM).decode()

    @staticmethod
    def _begun(subject: x509.Name, issuer: x509.Name, key: CertificatePublicKeyTypes) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now() - 60 * MINUTE)
            .not_valid_after(now() + 60 * 24 * MINUTE)
        )

    def signs(self, key: CertificatePublicKeyTypes, name: str, address: str = "") -> str:
        """For a server at an address, else for a client."""
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        usage = ExtendedKeyUsageOID.SERVER_AUTH if address else ExtendedKeyUsageOID.CLIENT_AUTH
        begun = (
            self._begun(subject, self.certificate.subject, key)
            .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key()), critical=False)
        )
        if address:
            begun = begun.add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False
            )
        return begun.sign(self.key, hashes.SHA256()).public_bytes(Encoding.PEM).decode()


@dataclass
class Registered:
    """A parcel that was checked and opened."""

    number: int
    head: Signed[Header]
    manifest: Manifest
    capture: bytes


@dataclass
class Console:
    """What the door keeps."""

    signer: Signer = field(default_factory=Signer)
    identity: Any = field(default_factory=pyrage.x25519.Identity.generate)
    id: str = "00ff00ff00ff00ff"
    code: code.Code | None = None
    key: ec.EllipticCurvePublicKey | None = None
    orders: list[Order] = field(default_factory=list)
    cancelled: set[int] = field(default_factory=set)
    spool: dict[int, bytearray] = field(default_factory=dict)
    registered: list[Registered] = field(default_factory=list)
    seen: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    revoked: bool = False
    refuses: str = ""
    bend: Callable[[Door], bool] = lambda _door: False
    """Answers instead of the door, where it returns True."""
    patched: int = 0
    """Bytes that came, those that came twice counted."""
    port: int = 0
    max_patch: int = 1 << 30

    @property
    def address(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def new_code(self) -> str:
        self.code = code.draw(self.signer.certificate)
        return self.code.text

    def order(self, collector: str, target: str = "", **settings: object) -> Order:
        order = Order(len(self.orders) + 1, collector, target, settings, now() + 60 * MINUTE, minutes=2)
        self.orders.append(order)
        return order

    def next_order(self, holds: set[int]) -> Order | None:
        had = {one.manifest.order for one in self.registered} | holds | self.cancelled
        return next((one for one in self.orders if one.number not in had), None)

    def register(self, number: int) -> None:
        data = bytes(self.spool[number])
        stream, capture = io.BytesIO(data), io.BytesIO()
        head = parcel.read_head(stream)
        assert self.key is not None
        head.verify(self.key)
        assert (head.content.probe, head.content.number) == (self.id, number)
        parcel.check(head, stream)
        stream.seek(head.size)
        manifest = parcel.open_body(stream, str(self.identity), capture)
        before = self.registered[-1] if self.registered else None
        assert head.content.previous == (before.head.fingerprint if before else "")
        assert number == (before.number if before else 0) + 1
        self.registered.append(Registered(number, head, manifest, capture.getvalue()))

    def size_of(self, number: int) -> int | None:
        """How long the parcel is, once its header is there."""
        stream = io.BytesIO(bytes(self.spool[number][: parcel.MAX_HEADER + 512]))
        try:
            head = parcel.read_head(stream)
        except Refused:
            return None
        return head.size + head.content.size


class Door(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    console: Console

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- its name in the base
        """Stay quiet."""

    def say(self, status: int, body: object = None, **headers: str) -> None:
        data = b"" if body is None else msgspec.json.encode(body)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header(messages.CONSOLE_CLOCK, now().isoformat())
        if status != 204:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def refuse(self, status: int, problem: str, **headers: str) -> None:
        self.say(status, None, **{messages.PROBLEM: problem, **headers})

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", "0")))

    def known(self) -> bool:
        peer = self.connection.getpeercert()
        if not peer:
            self.refuse(401, "certificate_missing")
        elif self.console.revoked:
            self.refuse(403, messages.REVOKED)
        return bool(peer) and not self.console.revoked

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def answer(self) -> None:
        self.console.seen.append((self.command, self.path, dict(self.headers.items())))
        if self.console.bend(self):
            return
        if self.path == messages.AUTHORITY_PATH:
            self.say(200, Authority(self.console.signer.pem))
        elif self.path == messages.ENROL_PATH:
            self.enrol()
        elif self.known():
            self.inside()

    def enrol(self) -> None:
        said = msgspec.json.decode(self.body(), type=Enrolment)
        console = self.console
        if console.code is None or bytes.fromhex(said.secret) != console.code.secret:
            self.refuse(403, messages.CODE_UNKNOWN)
            return
        console.code = None
        key = x509.load_pem_x509_csr(said.csr.encode()).public_key()
        assert isinstance(key, ec.EllipticCurvePublicKey)
        console.key = key
        signed = console.signer.signs(key, console.id)
        recipients = (str(console.identity.to_public()),)
        self.say(201, Enrolled(console.id, signed, console.signer.pem, recipients))

    def inside(self) -> None:
        number = int(self.path.rpartition("/")[2]) if self.path.count("/") > 3 else 0
        match self.command:
            case "GET":
                holds = {int(one) for one in self.headers.get(messages.HOLDS, "").split(",") if one}
                order = None if self.headers.get(messages.FULL) else self.console.next_order(holds)
                self.say(200 if order else 204, order)
            case "POST":
                self.body()
                self.say(200, Heard(number in self.console.cancelled))
            case _:
                with self.console.lock:
                    self.parcel(number)

    def parcel(self, number: int) -> None:
        console = self.console
        done = {one.number: one.head.fingerprint for one in console.registered}
        named = self.headers[messages.PARCEL_HEAD]
        if self.command == "PATCH":
            data = self.body()
            console.patched += len(data)
            assert len(data) <= messages.MAX_PATCH
        if done.get(number, named) != named:
            self.refuse(409, messages.DIFFERS)
        elif console.refuses:
            self.refuse(422, console.refuses)
        elif number in done:
            self.say(200, None, Upload_Complete="?1", Upload_Offset="0")
        elif self.command == "HEAD":
            self.say(200, None, Upload_Complete="?0", Upload_Offset=str(len(console.spool.get(number, b""))))
        else:
            self.append(number, data)

    def parcel_silently(self, number: int) -> None:
        """Take what comes, and hang up without a word."""
        data = self.body()
        self.console.spool.setdefault(number, bytearray()).extend(data)
        self.console.register(number)
        del self.console.spool[number]
        self.close_connection = True
        self.connection.close()

    def append(self, number: int, data: bytes) -> None:
        kept = self.console.spool.setdefault(number, bytearray())
        if int(self.headers[messages.OFFSET]) != len(kept):
            self.refuse(409, "offset", Upload_Offset=str(len(kept)))
            return
        kept += data
        if self.console.size_of(number) == len(kept):
            self.console.register(number)
            del self.console.spool[number]
            self.say(201, None, Upload_Complete="?1")
        else:
            self.say(204, None, Upload_Offset=str(len(kept)))


class Server(ThreadingHTTPServer):
    """HTTPS, a thread a connection."""

    daemon_threads = True
    context: ssl.SSLContext

    def finish_request(self, request: Any, client_address: object) -> None:  # noqa: ANN401 -- the base's
        with suppress(OSError), self.context.wrap_socket(request, server_side=True) as inside:  # links are cut here
            super().finish_request(inside, client_address)

    def handle_error(self, request: object, client_address: object) -> None:
        """A broken connection is no news."""


@contextmanager
def door(folder: Path, console: Console | None = None, signer: Signer | None = None) -> Iterator[Console]:
    """A console that listens on a free port. ``signer``: who signed the server's own certificate, if not its own."""
    console = console or Console()
    key = ec.generate_private_key(ec.SECP256R1())
    signed = (signer or console.signer).signs(key.public_key(), "console", "127.0.0.1")
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    chain, authority = folder / "server.pem", folder / "authority.pem"
    chain.write_bytes(signed.encode() + private)
    authority.write_text(console.signer.pem)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain)
    context.load_verify_locations(authority)
    context.verify_mode = ssl.CERT_OPTIONAL
    handler = type("Bound", (Door,), {"console": console})
    server = Server(("127.0.0.1", console.port), handler)
    server.context = context
    console.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield console
    finally:
        server.shutdown()
        server.server_close()


class Proxy:
    """Between probe and console, at the level of TCP: cuts a connection after so many bytes from the probe."""

    def __init__(self, port: int) -> None:
        self._to = port
        self.cuts: Callable[[], int | None] = lambda: None
        """For each new connection: bytes after which it is cut; ``None``: never."""
        self.many = 0
        self.port = 0
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,))
        self._thread.start()
        ready.wait()

    def _run(self, ready: threading.Event) -> None:
        async def serve() -> None:
            self._stop = asyncio.Event()
            server = await asyncio.start_server(self._pass, "127.0.0.1", 0)
            self.port = server.sockets[0].getsockname()[1]
            ready.set()
            await self._stop.wait()
            server.close()

        self._loop.run_until_complete(serve())
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
        self._loop.run_until_complete(asyncio.sleep(0))
        self._loop.close()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, away = await asyncio.open_connection("127.0.0.1", self._to)
        except OSError:  # nobody is there just now
            writer.transport.abort()
            return
        back = asyncio.ensure_future(self._back(there, writer))
        left = self.cuts()
        with suppress(OSError):
            while data := await reader.read(65536):
                away.write(data if left is None else data[:left])
                await away.drain()
                if left is not None and (left := left - len(data)) <= 0:
                    self.many += 1
                    break
        back.cancel()
        for one in (writer, away):
            one.transport.abort()

    @staticmethod
    async def _back(there: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await there.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()


def told(console: Console) -> str:
    """What was registered, in a line, for messages of failure."""
    return json.dumps([(one.number, one.manifest.collector, one.manifest.complete) for one in console.registered])
