"""A body that trickles in must not keep a thread of the console: past a limit, the line it comes by is cut."""

import socket
from collections.abc import Callable, Iterable
from contextlib import suppress
from threading import Timer
from typing import Any

SECONDS = 10.0
SLOWEST = 20_000
"""Bytes a second that an upload must reach, beyond the first seconds."""
MOST = 900.0
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


def patient(application: Application) -> Application:
    """Answer as usual, but cut the line of whoever announces a body and does not send it."""

    def answer(environ: dict[str, Any], start: Any) -> Iterable[bytes]:  # noqa: ANN401 -- as WSGI has it
        line, length = environ.get("gunicorn.socket"), environ.get("CONTENT_LENGTH") or ""
        told = line is not None and (length.isdecimal() or environ.get("HTTP_TRANSFER_ENCODING"))
        if not told or length == "0":
            return application(environ, start)
        timer = Timer(min(SECONDS + (int(length) if length.isdecimal() else 0) / SLOWEST, MOST), _cut, (line,))
        timer.daemon = True
        timer.start()
        try:
            return application(environ, start)
        finally:
            timer.cancel()

    return answer


def _cut(line: socket.socket) -> None:
    with suppress(OSError):
        line.shutdown(socket.SHUT_RDWR)
