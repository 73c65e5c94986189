"""A real HTTP server on loopback that keeps what it is told, and answers as a test wants."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Hearer(ThreadingHTTPServer):
    """``answers``: the next statuses, then 200; ``slow``: seconds until it answers; ``leads``: where redirects go."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.heard: list[tuple[str, dict[str, str], dict[str, Any]]] = []
        self.answers: list[int] = []
        self.leads = ""
        self.slow = threading.Event()
        self.slow.set()

    def handle_error(self, *_told: object) -> None:
        """Whoever asked may be gone."""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def said(self) -> list[dict[str, Any]]:
        return [body for _path, _headers, body in self.heard]


class _Handler(BaseHTTPRequestHandler):
    server: Hearer

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.slow.wait(60)
        status = self.server.answers.pop(0) if self.server.answers else 200
        if status < 300:
            self.server.heard.append((self.path, dict(self.headers), json.loads(body)))
        self.send_response(status)
        if self.server.leads:
            self.send_header("Location", self.server.leads)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    do_PUT = do_POST  # noqa: N815 -- the library's

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


@contextmanager
def hearing() -> Iterator[Hearer]:
    server = Hearer()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.slow.set()
        server.shutdown()
        server.server_close()
        thread.join(60)
