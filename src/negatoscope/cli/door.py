"""The process that holds the door of probes: gunicorn, told what is ours, and patient with nobody for ever."""

import os
import signal
import socket
import ssl
import threading
import time
from contextlib import suppress
from typing import Any

from django.db import connections
from gunicorn.app.base import BaseApplication
from gunicorn.util import close_graceful
from gunicorn.workers.gthread import TConn, ThreadWorker

from negatoscope.cli.porter import Door
from negatoscope.flows import vouching
from negatoscope.flows.console import Console
from negatoscope.kit.neighbour import neighbour

THREADS = 32
CONNECTIONS = 256
FROM_ONE = 16
"""Connections that one address may hold."""
HEAD_SECONDS = 15.0
"""Time for TLS and the lines of a request."""
BODY_SECONDS = 180.0
"""Time for all of a request: a piece of 4 MiB passes at 24 KiB a second."""


class Patience:
    """Ends connections that take longer than their time to say what they want."""

    def __init__(self) -> None:
        """Nobody waits yet."""
        self._ends: dict[int, float] = {}
        self._lock = threading.Lock()

    def begin(self, number: int) -> None:
        """Somebody begins to speak on this file descriptor."""
        with self._lock:
            self._ends[number] = time.monotonic() + HEAD_SECONDS

    def asked(self, number: int) -> None:
        """The lines of a request are here; its body may follow."""
        with self._lock:
            if number in self._ends:
                self._ends[number] = time.monotonic() + BODY_SECONDS

    def heard(self, told: Any) -> None:  # noqa: ANN401 -- a socket, plain or TLS
        """The request is whole: what follows is our own work."""
        if told is not None:
            self.over(told.fileno())

    def over(self, number: int) -> None:
        """Nobody waits here any more."""
        with self._lock:
            self._ends.pop(number, None)

    def watch(self) -> None:
        """End what is late, for ever."""
        while True:
            time.sleep(1)
            with self._lock:
                for number in [one for one, end in self._ends.items() if end < time.monotonic()]:
                    del self._ends[number]
                    _end(number)


def _end(number: int) -> None:
    """Shut a connection down under whoever reads from it; its thread then closes it."""
    with suppress(OSError), socket.socket(fileno=os.dup(number)) as twin:
        twin.shutdown(socket.SHUT_RDWR)


PATIENCE = Patience()


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn's worker with threads, that lets no address hold all of them."""

    def init_process(self) -> None:
        """Watch over those who are slow."""
        self.held: dict[str, int] = {}
        self.count = threading.Lock()
        threading.Thread(target=PATIENCE.watch, daemon=True).start()
        super().init_process()

    def handle(self, conn: TConn) -> Any:  # noqa: ANN401 -- gunicorn's own
        """Handle one request, in time, from somebody who does not hold too many others."""
        number, address = conn.sock.fileno(), neighbour(str(conn.client[0]))
        with self.count:
            self.held[address] = self.held.get(address, 0) + 1
            crowd = self.held[address] > FROM_ONE
        PATIENCE.begin(number)
        goes_on = False
        try:
            goes_on = False if crowd else super().handle(conn)
            return goes_on
        finally:
            PATIENCE.over(number)
            if not goes_on:
                _close(conn)
            with self.count:
                self.held[address] -= 1
                if not self.held[address]:
                    del self.held[address]


def _close(conn: TConn) -> None:
    """Close here: in gunicorn's own thread a guest who lingers would make all others wait."""
    close_graceful(conn.sock)
    conn.close = lambda graceful=False: None  # noqa: ARG005 -- it is closed


class _Door(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn, told what our configuration says."""

    def __init__(self, console: Console) -> None:
        self.console = console
        super().__init__()

    def load_config(self) -> None:
        for name, value in _options(self.console).items():
            self.cfg.set(name, value)

    def load(self) -> Any:  # noqa: ANN401 -- gunicorn's signature
        door = Door(self.console, PATIENCE.heard)

        def patient(environ: dict[str, Any], start: Any) -> Any:  # noqa: ANN401 -- WSGI
            PATIENCE.asked(environ["gunicorn.socket"].fileno())
            return door(environ, start)

        return patient


def _options(console: Console) -> dict[str, Any]:
    address, port = console.config.probe_door or ("127.0.0.1", 0)
    authority, own = str(vouching.authority_file(console)), str(vouching.door_file(console))
    return {
        "bind": f"[{address}]:{port}" if ":" in address else f"{address}:{port}",
        "workers": 1,
        "worker_class": Worker,
        "threads": THREADS,
        "worker_connections": CONNECTIONS,
        "keepalive": 15,
        "timeout": 120,
        "graceful_timeout": 5,
        "loglevel": "critical",
        "proc_name": "negatoscope-door",
        "control_socket_disable": True,
        "certfile": own,
        "keyfile": own,
        "ca_certs": authority,
        "cert_reqs": ssl.CERT_OPTIONAL,
        "ssl_context": _strict,
        "limit_request_line": 1024,
        "limit_request_fields": 40,
        "limit_request_field_size": 2048,
    }


def _strict(_config: Any, make: Any) -> ssl.SSLContext:  # noqa: ANN401 -- gunicorn's own
    """TLS 1.2 at least, and one authority only: ours."""
    context: ssl.SSLContext = make()
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def hold(console: Console, parent: int | None) -> None:
    """Hold the door until told to stop, or until the console is gone."""
    threading.Thread(target=_leave_with, args=(parent or os.getppid(),), daemon=True).start()
    connections.close_all()  # no worker shares the connection of the process that made it
    _Door(console).run()


def _leave_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)
