"""The real probe and the real door: enrolled, ordered, looked, delivered, judged; and those who should not pass."""

from __future__ import annotations

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPResponse, HTTPSConnection
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from negatoscope.probe import messages, parcel, signed
from negatoscope.probe.messages import Enrolled, Order, Receipt
from tests.databases import rows
from tests.journeys.conftest import Run
from tests.probes import Parcel, Stand, made

CAPTURE = (Path(__file__).parents[1] / "captures" / "local" / "server-as-root.jsonl").read_bytes()
FREE_SECONDS = 60


@dataclass
class Door:
    """A door at work."""

    process: subprocess.Popen[bytes]
    data: Path
    port: int

    def ask(
        self, method: str, path: str, body: bytes = b"", pem: Path | None = None, named: dict[str, str] | None = None
    ) -> HTTPResponse:
        """One request; the answer's body is in ``.said``."""
        context = ssl.create_default_context(cafile=str(self.data / "keys" / "probes" / "authority.pem"))
        context.check_hostname = False
        if pem:
            context.load_cert_chain(pem)
        link = HTTPSConnection("127.0.0.1", self.port, timeout=60, context=context)
        clock = {messages.PROBE_CLOCK: datetime.now(UTC).isoformat()}  # noqa: TID251 -- a probe's own clock
        try:
            link.request(method, path, body, {**clock, **(named or {})})
            answer = link.getresponse()
            answer.said = answer.read()  # type: ignore[attr-defined]
        finally:
            link.close()
        return answer


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.fixture
def door(data: Path, environment: dict[str, str], negatoscope: Run) -> Iterator[Door]:
    port = free_port()
    settings = data / "negatoscope.toml"
    before = settings.read_text() if settings.exists() else ""
    settings.write_text(f'probes = "127.0.0.1:{port}"\n{before}')
    assert negatoscope("console", "probes").returncode == 0
    found = Door(opened(environment), data, port)
    wait(found)
    yield found
    found.process.send_signal(signal.SIGTERM)
    found.process.wait(60)


def opened(environment: dict[str, str]) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "negatoscope", "door", "--console", str(os.getpid())]
    return subprocess.Popen(command, env=environment, start_new_session=True)


def wait(door: Door) -> None:
    until = time.monotonic() + FREE_SECONDS
    while time.monotonic() < until:
        try:
            assert door.ask("GET", messages.AUTHORITY_PATH).status == 200
        except OSError:
            assert door.process.poll() is None
            time.sleep(0.1)
        else:
            return
    raise AssertionError("no door")


def enrolled(door: Door, negatoscope: Run, name: str = "Nord", site: str = "") -> tuple[Stand, Path]:
    told = negatoscope("console", "enrol", name, "--site", site)
    assert told.returncode == 0, told.stderr
    stand = Stand()
    answer = door.ask("POST", messages.ENROL_PATH, msgspec.json.encode(stand.shows(told.stdout.strip())))
    assert answer.status == 201, answer.said  # type: ignore[attr-defined]
    stand.enrolled = msgspec.json.decode(answer.said, type=Enrolled)  # type: ignore[attr-defined]
    pem = door.data.parent / f"{stand.known.id}.pem"
    pem.write_bytes(stand.pem)
    return stand, pem


def ordered(door: Door, negatoscope: Run, pem: Path) -> Order:
    assert negatoscope("console", "order", "Nord", "local").returncode == 0
    answer = door.ask("GET", messages.ORDER_PATH, pem=pem)
    assert answer.status == 200
    return msgspec.json.decode(answer.said, type=Order)  # type: ignore[attr-defined]


def put(door: Door, pem: Path, one: Parcel, offset: int = 0, data: bytes | None = None) -> HTTPResponse:
    headers = {messages.PARCEL_HEAD: one.head, messages.OFFSET: str(offset)}
    body = one.data if data is None else data
    return door.ask("PATCH", f"{messages.PARCEL_PATH}/{one.number}", body, pem, headers)


def registered(door: Door) -> list[str]:
    return [str(one["parcel"]) for one in rows(door.data, "select parcel from store_observationrow where parcel <> ''")]


def test_parallel_deliveries_kills_and_those_who_should_not_pass(
    door: Door, negatoscope: Run, environment: dict[str, str]
) -> None:
    stand, pem = enrolled(door, negatoscope)
    order = ordered(door, negatoscope, pem)
    at = datetime.now(UTC)  # noqa: TID251 -- a probe's own clock
    first = stand.seal(made(order, at), CAPTURE)
    _alone(door, pem, first)
    half = len(first.data) // 2
    assert put(door, pem, first, 0, first.data[:half]).status == 204
    wrong = put(door, pem, first, 3, b"x")
    assert (wrong.status, wrong.headers[messages.OFFSET]) == (409, str(half))
    with ThreadPoolExecutor(4) as several:
        answers = list(several.map(lambda _: put(door, pem, first, half, first.data[half:]).status, range(4)))
    assert set(answers) <= {201, 409}
    again = door.ask("HEAD", f"{messages.PARCEL_PATH}/1", pem=pem, named={messages.PARCEL_HEAD: first.head})
    assert again.headers[messages.COMPLETE] == messages.WHOLE
    assert registered(door) == [f"{stand.known.id}/1"]
    _killed(door, stand, pem, environment, order)
    assert negatoscope("console", "revoke", "Nord", "--lost").returncode == 0
    late = put(door, pem, stand.seal(made(order, at), CAPTURE))
    assert (late.status, late.headers[messages.PROBLEM]) == (403, messages.REVOKED)
    told = json.loads(negatoscope("console", "probes", "--json").stdout)
    assert (told[0]["state"], told[0]["refused"], told[0]["registered"]) == ("lost", 1, 4)


def _alone(door: Door, pem: Path, one: Parcel) -> None:
    """Nobody else passes, nothing else is understood."""
    stranger = door.data.parent / "stranger.pem"
    from negatoscope.kit import issuing  # noqa: PLC0415 -- here only

    at = datetime.now(UTC)  # noqa: TID251 -- a stranger's own clock
    other = Stand()
    own = issuing.found(at).client(other.request.encode(), "0" * 16, at)
    other.enrolled = Enrolled("0" * 16, own.public_bytes(Encoding.PEM).decode(), "", ())
    stranger.write_bytes(other.pem)
    assert door.ask("GET", messages.ORDER_PATH).status == 401
    with pytest.raises(OSError, match=r"(?i)alert|reset|eof|closed|pipe"):
        door.ask("GET", messages.ORDER_PATH, pem=stranger)
    assert door.ask("GET", "/elsewhere", pem=pem).status == 404
    assert door.ask("POST", f"{messages.ORDER_PATH}/1", b"x" * 70_000, pem).status == 413
    assert door.ask("POST", f"{messages.ORDER_PATH}/1", b"{", pem).status == 400
    with suppress(OSError):  # the door may close while we still speak
        assert put(door, pem, one, 0, b"x" * (messages.MAX_PATCH + 1)).status == 413
    assert door.ask("HEAD", f"{messages.PARCEL_PATH}/1", pem=pem).status == 400
    assert put(door, pem, Parcel(0, one.head, b"")).status == 404


def _killed(door: Door, stand: Stand, pem: Path, environment: dict[str, str], order: Order) -> None:
    """Killed while it registers, at another moment each time: nothing lost, nothing twice."""
    for turn in range(3):
        at = datetime.now(UTC)  # noqa: TID251 -- a probe's own clock
        one = stand.seal(made(order, at), CAPTURE)
        with ThreadPoolExecutor(1) as aside:
            sending = aside.submit(put, door, pem, one)
            time.sleep(0.03 + 0.05 * turn)
            os.killpg(door.process.pid, signal.SIGKILL)
            door.process.wait(60)
            sending.exception()
        door.process = opened(environment)
        wait(door)
        named = {messages.PARCEL_HEAD: one.head}
        answer = door.ask("HEAD", f"{messages.PARCEL_PATH}/{one.number}", pem=pem, named=named)
        if answer.headers[messages.COMPLETE] != messages.WHOLE:
            offset = int(answer.headers[messages.OFFSET])
            assert put(door, pem, one, offset, one.data[offset:]).status == 201
    assert sorted(registered(door)) == [f"{stand.known.id}/{number}" for number in range(1, stand.number + 1)]


@pytest.mark.torture
def test_guesses_and_the_slow_hold_up_nobody(door: Door, negatoscope: Run) -> None:
    stand, pem = enrolled(door, negatoscope)
    code = negatoscope("console", "enrol", "Sud").stdout.strip()
    wrong = msgspec.json.encode(msgspec.structs.replace(stand.shows(code), secret="00" * 10))
    elsewhere = ("127.0.0.2", 0)
    slow = [socket.create_connection(("127.0.0.1", door.port), source_address=elsewhere) for _ in range(60)]
    for one in slow:
        one.send(b"\x16\x03")
    with ThreadPoolExecutor(8) as several:
        answers = list(several.map(lambda _: door.ask("POST", messages.ENROL_PATH, wrong).status, range(300)))
    assert set(answers) <= {403, 429}
    assert answers.count(403) <= 10
    began = time.monotonic()
    assert door.ask("GET", messages.ORDER_PATH, pem=pem).status == 204
    assert time.monotonic() - began < 20
    for one in slow:
        one.close()
    told = json.loads(negatoscope("console", "probes", "--json").stdout)
    assert {one["name"]: one["state"] for one in told} == {"Nord": "heard", "Sud": "lapsed"}


def test_a_probe_without_network_is_enrolled_ordered_and_heard_by_medium(
    data: Path, negatoscope: Run, tmp_path: Path
) -> None:
    home, medium = tmp_path / "probe", tmp_path / "medium"
    medium.mkdir()
    file = medium / "nord.enrolement"
    assert negatoscope("console", "enrol", "Nord", "--file", str(file)).returncode == 0
    probe = ("probe", "--data", str(home))
    assert negatoscope(*probe, "enrol", "--file", str(file)).returncode == 0
    told = negatoscope(*probe, "export", str(medium))
    assert told.returncode == 0, told.stderr
    told = negatoscope("console", "import", str(medium))
    assert told.returncode == 0, told.stderr
    assert "Nord" in told.stdout
    assert negatoscope("console", "order", "Nord", "local").returncode == 0
    assert negatoscope("console", "task", "Nord", str(medium / "nord.task")).returncode == 0
    told = negatoscope(*probe, "export", str(medium))
    assert told.returncode == 0, told.stderr
    told = negatoscope(*probe, "run", "--task", str(medium / "nord.task"), "--once")
    assert told.returncode == 0, told.stderr + told.stdout
    told = negatoscope(*probe, "export", str(medium))
    assert told.returncode == 0, told.stderr
    for _ in range(2):  # the same medium twice: nothing twice
        told = negatoscope("console", "import", str(medium))
        assert told.returncode == 0, told.stderr
    assert len(rows(data, "select parcel from store_observationrow where parcel <> ''")) == 1
    receipt = next(medium.glob("*.receipt")).read_bytes()
    said = signed.read(messages.RECEIPT, Receipt, BytesIO(receipt)).content
    assert [one.number for one in said.received] == [1]
    assert negatoscope(*probe, "export", str(medium)).returncode == 0
    assert parcel.MAGIC not in b"".join(one.read_bytes() for one in home.rglob("*") if one.is_file())


def test_the_real_probe_enrols_looks_and_is_judged(door: Door, negatoscope: Run, tmp_path: Path) -> None:
    home = tmp_path / "probe"
    code = negatoscope("console", "enrol", "Nord").stdout.strip()
    probe = ("probe", "--data", str(home))
    told = negatoscope(*probe, "enrol", f"https://127.0.0.1:{door.port}", code)
    assert told.returncode == 0, told.stderr
    assert negatoscope("console", "order", "Nord", "local").returncode == 0
    told = negatoscope(*probe, "run", "--once", timeout=180)
    assert told.returncode == 0, told.stderr + told.stdout
    assert len(registered(door)) == 1
    found = rows(door.data, "select state, collector from store_jobrow order by id")
    assert [(one["collector"], one["state"]) for one in found] == [("local", "done"), ("judgement", "waiting")]
    told = negatoscope("judge", "--json", timeout=180)
    assert told.returncode == 0, told.stderr
