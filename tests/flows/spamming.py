"""A real HTTP server on loopback that speaks Signal Spam's contract, and a mail that a report holds."""

import io
import threading
from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

from negatoscope.flows import signalling, tipping
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.signalling import Mail
from negatoscope.flows.tipping import File, Sending
from negatoscope.model.tip import Look
from negatoscope.observe.collector import Login

ANNA = Handler("user:anna", "Anna Petit (anna)")
ACCOUNT = Login("cabinet@signal.example", "mot:de passe é")
BAIT = b"From: colis@arnaque.example\r\nTo: a@cabinet.example\r\nSubject: colis\r\nDate: x\r\n\r\nPayez\xe9 ici\r\n\n\r"


class Service(ThreadingHTTPServer):
    """``taken``: mails; ``answers``: the next statuses; ``hangs_up``: instead of an answer."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.taken: list[bytes] = []
        self.asked: list[str] = []
        self.answers: list[int] = []
        self.hangs_up = False

    def handle_error(self, *_told: object) -> None:
        """Whoever asked may be gone."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/api/signaler"


class _Handler(BaseHTTPRequestHandler):
    server: Service

    def _answer(self, status: int) -> None:
        self.server.asked.append(self.command)
        self.send_response(self.server.answers.pop(0) if self.server.answers else status)
        self.send_header("Location", self.server.url)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _known(self) -> bool:
        told = b64encode(f"{ACCOUNT.username}:{ACCOUNT.password}".encode()).decode()
        return self.path == "/api/signaler" and self.headers["Authorization"] == f"Basic {told}"

    def do_OPTIONS(self) -> None:
        self._answer(200 if self._known() else 401)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.hangs_up:
            self.connection.close()
            return
        told = parse_qs(body.decode("ascii"), strict_parsing=True)
        fits = self.headers["Content-Type"] == "application/x-www-form-urlencoded" and list(told) == ["message"]
        taken = self._known() and fits and not self.server.answers
        if taken:
            self.server.taken.append(b64decode(told["message"][0], validate=True))
        self._answer(202 if taken else 401)

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


@contextmanager
def serving() -> Iterator[Service]:
    server = Service()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(60)


def told(console: Console, data: bytes = BAIT, once: str = "a") -> Mail:
    """Somebody reports a mail."""
    one = tipping.send(
        console, Sending(once, Look.MAIL, address="10.0.0.9", files=[File("colis.eml", io.BytesIO(data))])
    )
    mail = signalling.of_tip(console, one.number, next(word.place for word in one.words if word.file))
    assert mail is not None
    return mail
