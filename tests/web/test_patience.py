"""Whoever announces a body and does not send it loses the line; whoever sends it does not."""

import time
from collections.abc import Iterable
from socket import socketpair
from typing import Any

import pytest

from negatoscope.web import patience
from negatoscope.web.patience import patient


def reading(environ: dict[str, Any], _start: object) -> Iterable[bytes]:
    """An application that reads whatever comes, for as long as it takes."""
    got = b""
    while len(got) < int(environ["CONTENT_LENGTH"]) and (more := environ["gunicorn.socket"].recv(100)):
        got += more
    return [got]


@pytest.mark.parametrize(("sent", "told"), [(b"abc", "3"), (b"a", "3")])
def test_a_body_that_does_not_come_ends_in_time(monkeypatch: pytest.MonkeyPatch, sent: bytes, told: str) -> None:
    monkeypatch.setattr(patience, "SECONDS", 0.2)
    ours, theirs = socketpair()
    with ours, theirs:
        theirs.sendall(sent)
        began = time.monotonic()
        assert list(patient(reading)({"gunicorn.socket": ours, "CONTENT_LENGTH": told}, None)) == [sent]
        assert time.monotonic() - began < 5


def test_without_a_body_nothing_is_watched() -> None:
    for environ in ({}, {"CONTENT_LENGTH": "0", "gunicorn.socket": object()}, {"gunicorn.socket": object()}):
        assert list(patient(lambda _environ, _start: [b"x"])(dict(environ), None)) == [b"x"]
