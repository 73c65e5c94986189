"""Servers that mean ill, on real sockets of this machine: none of them may hold a look up."""

import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress

HERE = "127.0.0.1"
Talk = Callable[[socket.socket], None]


@contextmanager
def listener(talk: Talk) -> Iterator[int]:
    """A port that does as it likes with each visitor, several at a time."""
    with ExitStack() as stack:
        server = stack.enter_context(closing(socket.create_server((HERE, 0), backlog=64)))

        def one(client: socket.socket) -> None:
            with client, suppress(OSError):
                client.settimeout(20)
                talk(client)

        def serve() -> None:
            with suppress(OSError):
                while True:
                    client, _ = server.accept()
                    threading.Thread(target=one, args=(client,), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield int(server.getsockname()[1])


def tarpit(client: socket.socket) -> None:
    """Takes everything, answers nothing."""
    while client.recv(4096):
        pass


def endless_banner(client: socket.socket) -> None:
    """Talks without end, as fast as it can."""
    while True:
        client.sendall(b"220-welcome " * 4096)


def slow_banner(client: socket.socket) -> None:
    """A letter now and then, never a whole line."""
    while True:
        client.sendall(b"2")
        time.sleep(0.1)


def slow_page(client: socket.socket) -> None:
    """A page of which a header comes now and then."""
    client.recv(4096)
    client.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        client.sendall(b"X-Wait: 1\r\n")
        time.sleep(0.1)


def huge_page(client: socket.socket) -> None:
    """Ten gigabytes, says its header."""
    client.recv(4096)
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 10737418240\r\n\r\n")
    while True:
        client.sendall(b"<p>" + b"x" * 65536)


def tls_without_end(client: socket.socket) -> None:
    """Begins a TLS record and lets it trickle."""
    client.recv(4096)
    client.sendall(b"\x16\x03\x03\x40\x00")
    while True:
        client.sendall(b"\x02")
        time.sleep(0.1)


def resets(client: socket.socket) -> None:
    """Hears the first words and breaks off with a reset."""
    client.recv(16)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def redirects(client: socket.socket) -> None:
    """Sends its visitor round and round."""
    client.recv(4096)
    client.sendall(b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


HOSTILE: dict[str, Talk] = {
    "tarpit": tarpit, "endless_banner": endless_banner, "slow_banner": slow_banner, "slow_page": slow_page,
    "huge_page": huge_page, "tls_without_end": tls_without_end, "resets": resets, "redirects": redirects,
}  # fmt: skip
