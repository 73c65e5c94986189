"""Syslog over datagrams, streams and TLS: real senders are heard, hostile ones cost nobody else anything."""

import resource
import socket
import ssl
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from negatoscope.intake.events import committing, crowd, syslog
from negatoscope.intake.events import door as doors
from negatoscope.intake.events import spool as spooling
from negatoscope.intake.events.door import networks_admit
from negatoscope.watch.syslog import read
from tests.intake.events.certified import Papers, client, papers
from tests.intake.events.standing import HOST, Standing, standing, until
from tests.needs import needs_program
from tests.peak import growth


def said(port: int, data: bytes) -> None:
    with socket.create_connection((HOST, port)) as one:
        one.sendall(data)


def test_datagrams_and_both_framings_are_kept_as_they_came(tmp_path: Path) -> None:
    with standing(tmp_path) as here:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.sendto(b"<13>datagram\n", (HOST, here.datagrams))
            one.sendto(b"\n", (HOST, here.datagrams))
        said(here.stream, b"<13>line\n12 <13>counted!<13>last without end")
        records = here.arrived(4)
    assert {raw.data for raw in records} == {b"<13>datagram", b"<13>line", b"<13>counted!", b"<13>last without end"}
    assert {raw.sender for raw in records} == {HOST}
    assert len({raw.key for raw in records}) == 4


@pytest.mark.parametrize("how", ["udp", "tcp", "counted"])
def test_logger_is_understood(tmp_path: Path, how: str) -> None:
    program = needs_program("logger")
    with standing(tmp_path) as here:
        port = here.datagrams if how == "udp" else here.stream
        options = {"udp": ["-d"], "tcp": ["-T"], "counted": ["-T", "--octet-count"]}[how]
        command = [
            program,
            "-n",
            HOST,
            "-P",
            str(port),
            *options,
            "--rfc5424",
            "-t",
            "essai",
            "-p",
            "auth.err",
            "Accès refusé",
        ]
        subprocess.run(command, check=True, timeout=20)
        (raw,) = here.arrived(1)
    told = read(raw.data, raw.came)
    assert (told.app, told.message, told.facility, told.severity) == ("essai", "Accès refusé", 4, 3)


RSYSLOG = """
global(workDirectory="{folder}" defaultNetstreamDriverCAFile="{folder}/authority.pem"
  defaultNetstreamDriverCertFile="{folder}/{client}" defaultNetstreamDriverKeyFile="{folder}/{client}")
module(load="imfile")
input(type="imfile" file="{folder}/said.log" tag="essai:" readMode="0")
action(type="omfwd" target="127.0.0.1" port="{port}" protocol="tcp" streamDriver="gtls" streamDriverMode="1"
  streamDriverAuthMode="x509/certvalid" TCP_Framing="octet-counted" template="RSYSLOG_SyslogProtocol23Format")
"""


@contextmanager
def rsyslog(folder: Path, settings: str) -> Iterator[None]:
    """The real rsyslogd with these settings."""
    program = needs_program("rsyslogd")
    (folder / "rsyslog.conf").write_text(settings)
    command = [program, "-n", "-f", str(folder / "rsyslog.conf"), "-i", str(folder / "rsyslog.pid")]
    with (folder / "rsyslog.out").open("wb") as out:
        child = subprocess.Popen(command, stdout=out, stderr=out)
    try:
        yield
    finally:
        child.terminate()
        child.wait(20)


@pytest.mark.server
def test_rsyslog_with_a_certificate_is_heard_by_its_name(tmp_path: Path) -> None:
    made, authority = papers(tmp_path)
    own = client(authority, "pare-feu", tmp_path)
    (tmp_path / "said.log").write_text("".join(f"ligne {number}\n" for number in range(500)))
    with (
        standing(tmp_path / "spool", made.accepting(clients=True)) as here,
        rsyslog(tmp_path, RSYSLOG.format(folder=tmp_path, client=own.name, port=here.secured)),
    ):
        records = here.arrived(500)
    assert [read(raw.data, raw.came).message.strip() for raw in records] == [f"ligne {n}" for n in range(500)]
    assert {raw.sender for raw in records} == {"cert:pare-feu"}


@contextmanager
def calling(made: Papers, paper: Path | None, port: int) -> Iterator[ssl.SSLSocket]:
    """A connection in TLS, with this certificate or none."""
    with (
        socket.create_connection((HOST, port)) as one,
        made.calling(paper).wrap_socket(one, server_hostname=HOST) as call,
    ):
        yield call


def test_who_shows_no_certificate_or_another_authoritys_is_not_heard(tmp_path: Path) -> None:
    made, authority = papers(tmp_path)
    (tmp_path / "other").mkdir()
    stranger = client(papers(tmp_path / "other")[1], "pare-feu", tmp_path)
    with standing(tmp_path / "spool", made.accepting(clients=True)) as here:
        for paper in (None, stranger):
            with suppress(OSError), calling(made, paper, here.secured) as call:
                call.sendall(b"<13>forged\n")
                call.recv(1)
        said(here.secured, b"<13>in clear\n")
        until(lambda: here.lost()["tls_failed"] >= 3)
        good = client(authority, "vrai", tmp_path)
        with calling(made, good, here.secured) as call:
            call.sendall(b"<13>true\n")
            (raw,) = here.arrived(1)
    assert (raw.sender, raw.data) == ("cert:vrai", b"<13>true")


def test_who_says_much_in_tls_and_leaves_without_a_word_is_heard_to_the_end(tmp_path: Path) -> None:
    """Session tickets that nobody reads would make the system reset the connection, and drop what was not read yet."""
    made, _authority = papers(tmp_path)
    with standing(tmp_path / "spool", made.accepting(clients=False)) as here:
        for _ in range(3):
            with calling(made, None, here.secured) as call:
                call.sendall(b"".join(b"<13>%d %s\n" % (number, b"x" * 90) for number in range(20_000)))
        assert len(here.arrived(60_000)) == 60_000


def test_tls_at_the_clear_door_is_refused_by_name(tmp_path: Path) -> None:
    context = ssl.create_default_context()
    with standing(tmp_path) as here:
        with pytest.raises(OSError), socket.create_connection((HOST, here.stream)) as one:  # noqa: PT011
            context.wrap_socket(one, server_hostname=HOST)
        until(lambda: here.lost()["tls_on_clear_port"] == 1)


def test_one_address_never_takes_every_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crowd, "FROM_ONE", 3)
    with standing(tmp_path) as here:
        held = [socket.create_connection((HOST, here.stream)) for _ in range(6)]
        until(lambda: here.lost()["too_many_connections"] == 3)
        with socket.socket() as other:
            other.bind(("127.0.0.2", 0))
            other.connect((HOST, here.stream))
            other.sendall(b"<13>other\n")
            (raw,) = here.arrived(1)
        for one in held:
            one.close()
        assert raw.sender == "127.0.0.2"
        until(lambda: _heard(here))


def _heard(here: Standing) -> bool:
    """Whether there is a place again."""
    with suppress(OSError):
        said(here.stream, b"<13>again\n")
    return any(raw.data == b"<13>again" for raw in here.records())


def test_who_drips_is_shown_out_and_others_are_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(syslog, "AMID_SECONDS", 0.3)
    monkeypatch.setattr(syslog, "SWEEP_SECONDS", 0.1)
    with standing(tmp_path) as here, socket.create_connection((HOST, here.stream)) as slow:
        with suppress(OSError):
            for _ in range(100):
                slow.sendall(b"x")
                said(here.stream, b"<13>brisk\n")
                time.sleep(0.05)
        assert here.lost()["too_slow"] == 1
        assert sum(raw.data == b"<13>brisk" for raw in here.arrived(3)) >= 3


def test_a_line_of_megabytes_costs_its_length_once_and_memory_never(tmp_path: Path) -> None:
    with standing(tmp_path) as here:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        with socket.create_connection((HOST, here.stream)) as one:
            for _ in range(64):
                one.sendall(b"<13>" + b"x" * (1024 * 1024))
            one.sendall(b"\n<13>next\n")
        records = here.arrived(2)
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert [raw.data[:8] for raw in records] == [b"<13>xxxx", b"<13>next"]
    assert records[0].size == 64 * (4 + 1024 * 1024)
    assert grown < 32 * 1024
    assert here.lost()["cut"] == 1


def test_while_the_spool_is_full_a_stream_waits_and_then_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(syslog, "AGAIN_SECONDS", 0.1)
    monkeypatch.setattr(spooling, "MOST_BYTES", -1)
    with standing(tmp_path) as here:
        said(here.stream, b"".join(b"<13>%d\n" % number for number in range(12_000)) + b"<13>unended")
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.sendto(b"<13>datagram\n", (HOST, here.datagrams))
        until(lambda: here.lost()["spool_full"] == 1)
        assert here.records() == []
        monkeypatch.setattr(spooling, "MOST_BYTES", 10**9)
        wanted = [*(b"<13>%d" % number for number in range(12_000)), b"<13>unended"]
        records = here.arrived(len(wanted))
    assert sorted(raw.data for raw in records) == sorted(wanted)
    ordinals = {raw.data: int(raw.key.rpartition(":")[2]) for raw in records}
    assert [ordinals[data] for data in wanted] == list(range(len(wanted)))


def test_lines_of_one_octet_wait_as_they_came_and_not_as_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As records they weigh two hundred times as much: a quarter of a megabyte of each connection, fifty megabytes."""
    monkeypatch.setattr(spooling, "MOST_BYTES", -1)
    with standing(tmp_path) as here, growth() as grown:
        for _ in range(16):
            with suppress(OSError), socket.create_connection((HOST, here.stream), 1) as one:
                one.settimeout(0.3)
                one.sendall(b"a\n" * (512 * 1024))
        time.sleep(1)
    assert grown.mib < 100


def _hello() -> bytes:
    """What a client says first in TLS."""
    said = ssl.MemoryBIO()
    with suppress(ssl.SSLWantReadError):
        ssl.create_default_context().wrap_bio(ssl.MemoryBIO(), said, server_hostname="localhost").do_handshake()
    return said.read()


TROUBLES = {
    "silence": b"", "half": _hello()[:100], "unanswered": _hello(), "noise": bytes(range(256)) * 64,
    "clear": b"<13>in clear\n", "lengths": b"\x16\x03\x01\xff\xff" * 99,
}  # fmt: skip


@pytest.mark.parametrize("trouble", TROUBLES)
def test_bad_tls_costs_nobody_else_anything_and_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: str
) -> None:
    monkeypatch.setattr(doors, "HANDSHAKE_SECONDS", 0.5)
    made, _authority = papers(tmp_path)
    with standing(tmp_path / "spool", made.accepting(clients=False)) as here, growth() as grown:
        bad = [socket.create_connection((HOST, here.secured)) for _ in range(5)]
        for one in bad:
            one.sendall(TROUBLES[trouble])
        with calling(made, None, here.secured) as call:
            call.sendall(b"<13>true\n")
            (raw,) = here.arrived(1)
        until(lambda: here.lost()["tls_failed"] == 5)
        for one in bad:
            one.close()
    assert raw.data == b"<13>true"
    assert grown.mib < 30


def test_nobody_has_keys_made_again_and_again(tmp_path: Path) -> None:
    """Renegotiation costs the server ten times what it costs the client."""
    program = needs_program("openssl")
    made, _authority = papers(tmp_path)
    with standing(tmp_path / "spool", made.accepting(clients=False)) as here:
        command = [program, "s_client", "-tls1_2", "-connect", f"{HOST}:{here.secured}"]
        said = subprocess.run(command, input=b"R\n", capture_output=True, timeout=20, check=False)
    assert b"no renegotiation" in said.stderr


def test_strangers_are_not_heard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with standing(tmp_path, admits=lambda _address: False) as here:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
            one.sendto(b"<13>datagram\n", (HOST, here.datagrams))
        with suppress(OSError):
            said(here.stream, b"<13>line\n")
        until(lambda: here.lost()["sender_outside"] == 2)
        assert here.records() == []


def test_this_host_and_declared_networks_are_heard() -> None:
    admits = networks_admit(["10.0.0.0/8", "fd00::/8"])
    assert [admits(one) for one in ("127.0.0.1", "10.1.2.3", "fd00::1", "8.8.8.8", "::1")] == [
        True, True, True, False, True,
    ]  # fmt: skip


def test_datagrams_that_the_system_dropped_are_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as bound,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one,
    ):
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        bound.bind((HOST, 0))
        for _ in range(50):
            one.sendto(b"x" * 1000, bound.getsockname())
        assert syslog.dropped_by_the_system(bound) > 10


def test_many_records_wait_in_memory_within_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(committing, "MOST_WAITING", 1)
    with standing(tmp_path) as here:
        for turn in range(5):
            said(here.stream, b"".join(b"<13>%d-%d\n" % (turn, number) for number in range(2000)))
        assert len(here.arrived(10_000)) == 10_000
