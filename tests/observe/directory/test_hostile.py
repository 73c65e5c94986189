"""Servers that stall or talk nonsense, captures cut short or forged: a gap or a refusal, never an empty answer."""

import threading
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from socket import create_server, socket

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negatoscope.observe.collector import Login, Unreadable
from negatoscope.observe.directory.descriptor import descriptor, sid
from negatoscope.observe.directory.read import read
from tests.observe.directory.look import looked

CAPTURE = (Path(__file__).parents[2] / "captures" / "directory" / "flawed.jsonl").read_bytes()
LOGIN = Login("lecteur", "secret")


def answering(server: socket, word: bytes) -> None:
    with suppress(OSError):
        while True:
            client, _ = server.accept()
            if word:
                client.sendall(word)
                client.close()


@pytest.mark.parametrize(
    ("word", "whys"), [(b"", {"timed_out", "tls_refused"}), (b"HTTP/1.0 200 OK\r\n\r\n", {"tls_refused"})]
)
def test_a_server_that_stalls_or_talks_nonsense_is_a_gap(word: bytes, whys: set[str]) -> None:
    with create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=answering, args=(server, word), daemon=True).start()
        said = {
            "servers": ["127.0.0.1"], "credential": "x", "port": server.getsockname()[1], "patience": 1,
            "declared": ["127.0.0.0/8"],
        }  # fmt: skip
        brought = looked(said, LOGIN)
    assert brought.data == b""
    assert brought.why in whys


def test_a_capture_cut_anywhere_is_refused() -> None:
    lines = CAPTURE.splitlines(keepends=True)
    for kept in (0, 1, 5, len(lines) // 2, len(lines) - 1):
        with pytest.raises(Unreadable):
            list(read(BytesIO(b"".join(lines[:kept]))))


def test_an_entry_taken_out_is_noticed() -> None:
    lines = CAPTURE.splitlines(keepends=True)
    users = [number for number, line in enumerate(lines) if line.startswith(b'{"of":"users","dn"')]
    with pytest.raises(Unreadable):
        list(read(BytesIO(b"".join(lines[: users[0]] + lines[users[0] + 1 :]))))


@given(st.binary(max_size=300))
def test_no_descriptor_breaks_the_reader(data: bytes) -> None:
    with suppress(Unreadable):
        descriptor(data)
    with suppress(Unreadable):
        sid(data)
