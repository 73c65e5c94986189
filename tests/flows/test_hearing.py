"""The doors of a console for logs: its settings, its tokens, its networks; what came is counted in its table."""

import http.client
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import timedelta

import msgspec
import pytest
from django.db import DatabaseError
from tests.intake.events.certified import client, papers
from tests.intake.events.standing import HOST, until

from negatoscope.config import Tls
from negatoscope.flows import hearing
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.hearing import RECEIVER, folder, health, hold
from negatoscope.flows.tokens import make, revoke
from negatoscope.intake.events.counting import Counters
from negatoscope.intake.events.raw import Raw
from negatoscope.intake.events.reading import Reader
from negatoscope.intake.events.spool import Busy, Spool
from negatoscope.model.networks import Network
from negatoscope.store import sources
from negatoscope.store.queries.receivers import tokens
from negatoscope.store.queries.sources import hours


def free_port() -> int:
    with socket.socket() as one, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        one.bind((HOST, 0))
        with suppress(OSError):
            other.bind(one.getsockname())
        return int(one.getsockname()[1])


@contextmanager
def opened(console: Console, **settings: object) -> Iterator[Console]:
    """The doors of this console, open."""
    heard = replace(console, config=msgspec.structs.replace(console.config, **settings))
    ended, failures = threading.Event(), list[BaseException]()

    def run() -> None:
        try:
            hold(heard, ended.is_set)
        except BaseException as error:  # noqa: BLE001 -- told to the test
            failures.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    try:
        yield heard
    finally:
        ended.set()
        thread.join()
    assert failures == []


def records(console: Console) -> list[Raw]:
    return list(Reader(folder(console)).read(10_000).records)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def sent(call: http.client.HTTPConnection, token: str) -> int:
    """The answer to one more bulk of a connection that stays open."""
    call.request("POST", "/_bulk", BODY, bearer(token))
    answer = call.getresponse()
    answer.read()
    return answer.status


def post(port: int, token: str, data: bytes) -> int:
    call = http.client.HTTPConnection(HOST, port, timeout=20)
    try:
        call.request("POST", "/_bulk", data, bearer(token))
        return call.getresponse().status
    finally:
        call.close()


def reached(port: int) -> bool:
    with suppress(OSError), socket.create_connection((HOST, port)):
        return True
    return False


BODY = b'{"create":{}}\n{"a":1}\n'


def test_a_token_opens_until_it_is_revoked_and_not_a_request_longer(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hearing, "BELIEVED_FOR", 3600.0)
    declare(console, Said("user:mdurand"), (Network("10.77.0.0/24"),))
    token, other = make(console, "user:a", RECEIVER, "serveur"), make(console, "user:a", "agent", "postes")
    port = free_port()
    with opened(console, bulk=f"{HOST}:{port}"):
        until(lambda: reached(port))
        assert post(port, other, BODY) == 401
        kept, slow = (http.client.HTTPConnection(HOST, port, timeout=20) for _ in range(2))
        assert sent(kept, token) == 200
        slow.putrequest("POST", "/_bulk")
        for name, value in bearer(token).items():
            slow.putheader(name, value)
        slow.putheader("Content-Length", str(len(BODY)))
        slow.putheader("Expect", "100-continue")
        slow.endheaders(BODY[:9])
        assert slow.sock.recv(64).startswith(b"HTTP/1.1 100")
        (known,) = tokens(console.practice, RECEIVER)
        assert known.used_at is not None
        revoke(console, "user:a", known.number)
        assert sent(kept, token) == 401
        assert kept.sock is None
        slow.send(BODY[9:])
        assert slow.sock.recv(64).startswith(b"HTTP/1.1 401")
        slow.close()
    assert [raw.sender for raw in records(console)] == ["token:serveur"]
    told = hours(console.practice, console.clock() - timedelta(days=1))
    assert sum(one.received for one in told["token:serveur"]) == 1
    assert told[HOST][0].lost == {"token_unknown": 3}


def test_syslog_is_heard_in_clear_and_in_tls_and_each_source_has_its_state(console: Console) -> None:
    made, authority = papers(console.config.data)
    paper = client(authority, "mur", console.config.data)
    clear, secured = free_port(), free_port()
    tls = Tls(made.server, made.server)
    with opened(
        console, syslog=f"{HOST}:{clear}", syslog_tls=f"{HOST}:{secured}", syslog_clients=made.authority, tls=tls
    ) as heard:
        until(lambda: reached(clear))
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.sendto(b"<13>datagram", (HOST, clear))
        with (
            socket.create_connection((HOST, secured)) as plain,
            made.calling(paper).wrap_socket(plain, server_hostname=HOST) as call,
        ):
            call.sendall(b"<13>secured\n")
            until(lambda: len(records(heard)) == 2)
    assert {(raw.sender, raw.data) for raw in records(console)} == {
        (HOST, b"<13>datagram"), ("cert:mur", b"<13>secured"),
    }  # fmt: skip
    told = health(console)
    assert {name: one.received for name, one in told.items()} == {HOST: 1, "cert:mur": 1}
    assert told["cert:mur"].silent_since is None


def test_a_door_whose_address_is_taken_is_counted_and_the_others_open(console: Console) -> None:
    port = free_port()
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        with opened(console, bulk=f"{HOST}:{taken.getsockname()[1]}", syslog=f"{HOST}:{port}"):
            until(lambda: reached(port))
    (told,) = hours(console.practice, console.clock() - timedelta(days=1))["*"]
    assert told.lost == {"address_taken": 1}


def test_two_processes_never_write_one_spool(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hearing, "PATIENCE", 0.1)
    first = Spool(folder(console))
    with pytest.raises(Busy):
        hold(console, bool)
    first.close()


def test_a_database_that_cannot_be_asked_loses_nothing(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_told: object) -> None:
        raise DatabaseError

    monkeypatch.setattr("negatoscope.store.tokens.opens", busy)
    monkeypatch.setattr("negatoscope.store.sources.add", busy)
    monkeypatch.setattr(hearing, "SAVED_EVERY", 0.0)
    port = free_port()
    with opened(console, bulk=f"{HOST}:{port}") as heard:
        until(lambda: reached(port))
        assert post(port, "any", BODY) == 503
        until((folder(heard) / "listening").exists)
        monkeypatch.undo()
    assert hours(console.practice, console.clock() - timedelta(days=1))[HOST][0].lost == {"database_busy": 1}


def test_hours_add_up_and_go_after_a_year(console: Console) -> None:
    at = console.clock().replace(minute=0)
    for minutes in (1, 3, 50):
        counters = Counters()
        counters.kept("10.0.0.5", at + timedelta(minutes=minutes), [10, 20])
        counters.kept("10.0.0.5", at + timedelta(minutes=minutes, seconds=5), [10])
        counters.lost("10.0.0.5", at, "cut", 2)
        sources.add(console.practice, counters.take())
    hour = at.replace(second=0, microsecond=0)
    sources.skewed(console.practice, "10.0.0.5", hour, 61.5)
    (told,) = hours(console.practice, at - timedelta(days=1))["10.0.0.5"]
    assert (told.received, told.longest, told.lost) == (9, timedelta(seconds=5), {"cut": 6})
    assert (told.last, told.skew) == (at + timedelta(minutes=50, seconds=5), timedelta(seconds=61.5))
    sources.forget(console.practice, at + timedelta(days=401))
    assert hours(console.practice, at - timedelta(days=1)) == {}
