"""The console as one process group: gunicorn for the web, one child for the background loop."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import IO, Any

import msgspec
from django.conf import settings
from django.core.servers.basehttp import get_internal_wsgi_application
from django.urls import get_resolver
from django.utils.translation import gettext as _
from gunicorn.app.base import BaseApplication

from negatoscope.cli.verb import Fails
from negatoscope.config import Config
from negatoscope.flows.demonstrating import beside, forget_asking, tell_failed, wanted
from negatoscope.flows.giving import asked
from negatoscope.kit.durable import write_durably

DEMONSTRATION_PORT = 8010
BREATH = 5.0
"""Seconds that a child has lived at least when it is begun again: one that cannot live does not eat the machine."""


class AlreadyRunning(Exception):  # noqa: N818 -- what it is
    """Another console holds this data directory; the message is its address."""


def check(config: Config) -> None:
    """Raise Fails unless the address is free, and loopback or protected by TLS."""
    file = config.data / "negatoscope.toml"
    if not config.loopback and config.tls is None:
        raise Fails(
            _(
                "%(host)s est visible du réseau et aucun chiffrement TLS n’est réglé : ajoutez [tls] certificate et "
                "key à %(file)s, ou écoutez sur 127.0.0.1."
            )
            % {"host": config.host, "file": file}
        )
    family = socket.AF_INET6 if ":" in config.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError as error:
            raise Fails(
                _("%(host)s:%(port)s ne peut pas servir (%(why)s) : mettez un autre port dans %(file)s (port = 8001).")
                % {
                    "host": config.host,
                    "port": config.port,
                    "why": error.strerror,
                    "file": config.data / "negatoscope.toml",
                }
            ) from error


def settle(config: Config) -> None:
    """Give a demonstration the first free port from its own on, and write it down. Raises Fails if none is free."""
    file = config.data / "negatoscope.toml"
    kept = [line for line in file.read_text().splitlines() if not line.startswith("port")]
    for port in range(DEMONSTRATION_PORT, DEMONSTRATION_PORT + 20):
        try:
            check(msgspec.structs.replace(config, port=port))
        except Fails:
            continue
        write_durably(file, "\n".join([f"port = {port}", *kept, ""]).encode())
        return
    check(msgspec.structs.replace(config, port=DEMONSTRATION_PORT))


@contextmanager
def only_one(config: Config) -> Iterator[None]:
    """Hold the data directory for this console alone. Raises AlreadyRunning."""
    with (config.data / "console.lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            lock.seek(0)
            raise AlreadyRunning(lock.read().strip()) from error
        _write(lock, config.address)
        yield
        _write(lock, "")


def _write(lock: IO[str], text: str) -> None:
    lock.truncate(0)
    lock.write(text)
    lock.flush()


class _Web(BaseApplication):  # type: ignore[misc]
    """gunicorn, told what our configuration says."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self.options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:  # noqa: ANN401 -- gunicorn's signature
        return get_internal_wsgi_application()


def _keep_secret(config: Config) -> None:
    """Keep the key that this very first start drew before there was a folder for it: a restart logs nobody out."""
    file = config.key_folder / "session.key"
    if not file.exists():
        write_durably(file, settings.SECRET_KEY.encode())


def serve(config: Config, announce: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM; the loop and the doors live and die with the web.

    ``announce`` is called once the address listens: whoever follows what it prints finds a door.
    """
    _keep_secret(config)
    get_resolver().url_patterns  # noqa: B018 -- every page imported once, before workers share it: the first one opens at once
    forget_asking(config)  # before anybody can ask: the loop may start long after the first page is shown
    children = Children(lambda: _wanted(config))
    options: dict[str, Any] = {
        "bind": f"[{config.host}]:{config.port}" if ":" in config.host else f"{config.host}:{config.port}",
        "workers": 2,
        "worker_class": "gthread",
        "threads": 4,
        "timeout": 120,
        "graceful_timeout": 5,
        "loglevel": "warning",
        "proc_name": "negatoscope",
        "control_socket_disable": True,
        "when_ready": lambda _server: announce(),
    }
    if config.tls:
        options |= {"certfile": str(config.tls.certificate), "keyfile": str(config.tls.key)}
    try:
        _Web(options).run()
    finally:
        children.end()


def _wanted(config: Config) -> list[str]:
    """The processes that the console needs now: those for logs begin when the first file of logs is given, too."""
    hears = config.hears or asked(config.data)
    named = {"door": config.probes is not None, "events": hears, "watch": hears or config.flow_door is not None}
    return ["loop", *(verb for verb, wanted in named.items() if wanted)]


class Children:
    """Processes of the console that live and die with it; one that is killed is begun again."""

    def __init__(self, wanted: Callable[[], list[str]]) -> None:
        """Begin them; ``wanted`` is asked again and again, and never takes a name back."""
        self._wanted = wanted
        self._running = {verb: (_child(verb), time.monotonic()) for verb in wanted()}
        self._over = threading.Event()
        self._minder = threading.Thread(target=self._mind, daemon=True)
        self._minder.start()

    def _mind(self) -> None:
        while not self._over.wait(1):
            for verb in self._wanted():
                if verb not in self._running:
                    self._running[verb] = (_child(verb), time.monotonic())
            for verb, (child, begun) in self._running.items():
                if child.poll() is not None and time.monotonic() - begun >= BREATH:
                    self._running[verb] = (_child(verb), time.monotonic())

    def end(self) -> None:
        """End them, and wait until they are gone."""
        self._over.set()
        self._minder.join()
        children = [child for child, _begun in self._running.values()]
        for child in children:
            with suppress(ProcessLookupError):
                child.send_signal(signal.SIGTERM)
        for child in children:
            try:
                child.wait(15)
            except subprocess.TimeoutExpired:
                child.kill()  # what it acknowledged is on disk already
                child.wait()


def _child(verb: str) -> "subprocess.Popen[bytes]":
    """A process of the console that lives and dies with it."""
    command = [sys.executable, "-m", "negatoscope", verb, "--console", str(os.getpid())]
    return subprocess.Popen(command, stdin=subprocess.PIPE)  # noqa: S603 -- our own module


def until_told(parent: int | None = None) -> threading.Event:
    """An event set by SIGTERM or SIGINT, or when the parent is gone: a loop never outlives its console.

    A parent may have died before its child could ask who it was: then the child must have been told.
    """
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told.set())
    parent = parent or os.getppid()

    def watch() -> None:
        while not told.wait(1):
            if os.getppid() != parent:
                told.set()

    threading.Thread(target=watch, daemon=True).start()
    return told


@contextmanager
def demonstration_on_demand(config: Config, told: threading.Event) -> Iterator[None]:
    """Open the demonstration when somebody asks for it at the console; it ends with the console."""
    watcher = threading.Thread(target=_open_demonstration, args=(config, told))
    watcher.start()
    try:
        yield
    finally:
        told.set()
        watcher.join(20)


def _open_demonstration(config: Config, told: threading.Event) -> None:
    """Wait in a thread of its own: the kernel ends the child when the thread that started it is gone."""
    child: subprocess.Popen[bytes] | None = None
    while not told.wait(0.5):
        if child is not None and child.poll() is not None:
            tell_failed(config)
            child = None
        if wanted(config) and child is None:
            data = str(beside(config))
            command = [
                "setpriv",
                "--pdeathsig",
                "TERM",
                "--",
                sys.executable,
                "-m",
                "negatoscope",
                "--data",
                data,
                "demo",
            ]
            child = subprocess.Popen(command, stdin=subprocess.DEVNULL)  # noqa: S603 -- our own module
    if child is not None and child.poll() is None:
        child.terminate()
        child.wait(15)
