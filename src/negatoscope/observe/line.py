"""One TCP connection that nobody can hold up: bounded in time and in bytes, whatever the other end does."""

import socket
import ssl
import time
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from typing import Self

POLL_SECONDS = 0.5
CHUNK = 16 * 1024


class Closed(Exception):  # noqa: N818 -- what it is
    """Nobody answers, or the other end broke off. ``why``: ``closed``, ``hung_up``, ``timed_out``, ``too_much``."""

    def __init__(self, why: str, said: bytes = b"") -> None:
        """Keep the code, and what had come until then."""
        super().__init__(why)
        self.why = why
        self.said = said


class Line:
    """Open at once. ``seconds`` and ``max_bytes`` bound all of it; ``tick`` is called while waiting, and may raise."""

    def __init__(
        self, address: str, port: int, seconds: float, tick: Callable[[], None], max_bytes: int = 64 * 1024
    ) -> None:
        """Raises Closed."""
        self._end = time.monotonic() + seconds
        self._tick = tick
        self._left = max_bytes
        self.socket: socket.socket | ssl.SSLSocket = socket.socket(
            socket.AF_INET6 if ":" in address else socket.AF_INET
        )
        try:
            self.socket.settimeout(seconds)
            self.socket.connect((address, port))
        except OSError as error:
            self.socket.close()
            raise Closed("timed_out" if isinstance(error, TimeoutError) else "closed") from error

    def __enter__(self) -> Self:
        """Use it as a context: it is closed whatever happens."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Break off."""
        with suppress(OSError):
            self.socket.close()

    def secure(self, context: ssl.SSLContext) -> ssl.SSLSocket:
        """Speak TLS from here on. Raises Closed (``timed_out``), ssl.SSLError, OSError."""
        self.socket.settimeout(self._remaining())
        wrapped = context.wrap_socket(self.socket)  # which takes the socket over, and closes it where it fails
        self.socket = wrapped
        return wrapped

    def send(self, data: bytes) -> None:
        """Say it all. Raises Closed."""
        self._tick()
        try:
            self.socket.settimeout(self._remaining())
            self.socket.sendall(data)
        except TimeoutError as error:
            raise Closed("timed_out") from error
        except OSError as error:
            raise Closed("hung_up") from error

    def hear(self, enough: Callable[[bytes], bool]) -> bytes:
        """Listen until ``enough``, or until the other end has said all. Raises Closed for what came to no end."""
        said = bytearray()
        try:
            while not enough(bytes(said)):
                chunk = self._chunk()
                if chunk is None:
                    continue
                if not chunk:
                    break
                said += chunk
                self._spend(len(chunk))
        except Closed as error:
            error.said = bytes(said)
            raise
        return bytes(said)

    def greeting(self, seconds: float) -> bytes:
        """What it says by itself within ``seconds``: one burst, cut at a few kilobytes; empty if nothing."""
        end = min(self._end, time.monotonic() + seconds)
        with suppress(OSError):
            while time.monotonic() < end:
                self._tick()
                self.socket.settimeout(max(0.01, min(POLL_SECONDS, end - time.monotonic())))
                with suppress(TimeoutError):
                    return self.socket.recv(CHUNK)
        return b""

    def _chunk(self) -> bytes | None:
        """What came in; ``None``: nothing yet; empty: the other end has said all."""
        self._tick()
        try:
            self.socket.settimeout(min(self._remaining(), POLL_SECONDS))
            return self.socket.recv(CHUNK)
        except TimeoutError:
            return None
        except OSError as error:
            raise Closed("hung_up") from error

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise Closed("too_much")

    def _remaining(self) -> float:
        left = self._end - time.monotonic()
        if left <= 0:
            raise Closed("timed_out")
        return left
