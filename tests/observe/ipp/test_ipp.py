"""The ipp collector on a real CUPS, and on servers that mean ill."""

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negatoscope.model.evidence import Gap, Sweep
from negatoscope.model.hosts import Host
from negatoscope.model.printing import PrintQueue
from negatoscope.observe.collector import Bounds, Item, Known, Look, Unreachable, Unreadable
from negatoscope.observe.ipp.collector import Settings, bound, capture
from negatoscope.observe.ipp.read import FORMAT, End, Header, Reply, read, write
from negatoscope.observe.ipp.wire import NotIpp, answered, body_of, question
from tests.needs import needs_program, needs_root
from tests.observe.hostile import HERE, HOSTILE, listener
from tests.observe.nodes import free_port

CONF = """Listen {here}:{port}
LogLevel warn
DefaultAuthType Basic
Browsing Off
<Location />
Order allow,deny
Allow all
</Location>
"""
FILES = """ServerRoot {root}
CacheDir {root}/cache
StateDir {root}/state
RequestRoot {root}/spool
TempDir {root}/temp
AccessLog {root}/access
ErrorLog {root}/error
PageLog {root}/page
SystemGroup root
FileDevice Yes
"""
QUEUE = """<Printer {name}>
Info {name}
DeviceURI {device}
State Idle
Accepting Yes
Shared Yes
JobSheets none none
Option job-hold-until {hold}
OpPolicy default
ErrorPolicy retry-job
</Printer>
"""


@pytest.fixture(scope="module")
def cups(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A print server with a queue that waits, and one that does not."""
    needs_root()
    programme, root, port = needs_program("cupsd"), tmp_path_factory.mktemp("cups"), free_port()
    for name in ("cache", "state", "spool", "temp", "ppd"):
        (root / name).mkdir()
    (root / "cupsd.conf").write_text(CONF.format(here=HERE, port=port))
    (root / "cups-files.conf").write_text(FILES.format(root=root))
    queues = (
        ("accueil", "socket://nom:motdepasse@10.10.0.31:9100", "no-hold"),
        ("couloir", "ipp://copieur/", "indefinite"),
    )
    (root / "printers.conf").write_text("".join(QUEUE.format(name=n, device=d, hold=h) for n, d, h in queues))
    words = [programme, "-f", "-c", str(root / "cupsd.conf"), "-s", str(root / "cups-files.conf")]
    with subprocess.Popen(words, env={**os.environ, "LC_ALL": "C"}, stderr=subprocess.DEVNULL) as server:
        try:
            _wait(port)
            yield port
        finally:
            server.terminate()


def _wait(port: int) -> None:
    for _ in range(200):
        with suppress(OSError), socket.create_connection((HERE, port), 0.2):
            return
        time.sleep(0.05)
    raise TimeoutError


def kept(port: int, target: str = HERE, **changes: object) -> bytes:
    sink = BytesIO()
    said = {"declared": ("127.0.0.0/8",), "classed": (HERE,), "port": port, "seconds": 2, **changes}
    capture(Settings(**said), target, Look(sink))  # type: ignore[arg-type]
    return sink.getvalue()


def told(port: int, target: str = HERE, **changes: object) -> list[Item]:
    return list(read(BytesIO(kept(port, target, **changes))))


def test_a_print_server_tells_which_queues_wait(cups: int) -> None:
    items = told(cups)
    queues = {item.name: item for item in items if isinstance(item, PrintQueue)}
    assert (queues["accueil"].held, queues["couloir"].held) == (False, True)
    assert (queues["accueil"].can_hold, queues["couloir"].device) == (True, "copieur")
    assert queues["accueil"].device == "10.10.0.31"
    assert (queues["accueil"].authenticated, queues["accueil"].encrypted) == (False, False)
    assert Sweep("PrintQueue", f"host/{HERE}") in items


def test_no_password_of_a_device_is_kept(cups: int) -> None:
    assert b"motdepasse" not in kept(cups)


def test_a_network_is_asked_where_its_port_is_known(cups: int) -> None:
    bounds = Bounds(
        ("127.0.0.0/8",), (), (HERE,), services=(Known(HERE, 631), Known(HERE, 80), Known("127.0.0.9", 631))
    )
    settings = bound(Settings(), bounds)
    assert settings.services == (Known(HERE, 631), Known("127.0.0.9", 631))
    items = told(cups, services=settings.services, target="127.0.0.0/24")
    assert [item.addresses for item in items if isinstance(item, Host)] == [(HERE,)]


@pytest.mark.parametrize(
    ("target", "why", "settings"),
    [
        ("10.0.0.1", "outside_declared_networks", {}),
        ("chez-nous", "not_an_address", {}),
        ("127.0.0.2", "maybe_modality", {}),
        (HERE, "modality_without_consent", {"spared": (HERE,)}),
    ],
)
def test_bounds_hold(target: str, why: str, settings: dict[str, object]) -> None:
    with pytest.raises(Unreachable, match=why):
        kept(1, target, **settings)


def test_nobody_there_is_told_of_nobody() -> None:
    assert told(free_port()) == []


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_server_is_a_gap_in_time(name: str) -> None:
    began = time.monotonic()
    with listener(HOSTILE[name]) as port:
        items = told(port, seconds=1)
    assert time.monotonic() - began < 8
    assert [item for item in items if isinstance(item, Gap)]


def test_a_refusal_is_a_gap() -> None:
    said = b"HTTP/1.1 403 Forbidden\r\n\r\n"

    def refuse(client: socket.socket) -> None:
        client.recv(4096)
        client.sendall(said)

    with listener(refuse) as port:
        (gap,) = [item for item in told(port) if isinstance(item, Gap)]
    assert gap.why == "ipp_refused"


def test_pieces_are_joined_and_what_goes_on_is_waited_for() -> None:
    said = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    said += b"3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    assert body_of(said) == (200, b"abcde")
    with pytest.raises(NotIpp):
        body_of(said.replace(b"3\r\nabc", b"x\r\nabc"))


@given(st.binary(max_size=200))
def test_noise_is_no_answer(data: bytes) -> None:
    for reader in (answered, body_of):
        with suppress(NotIpp):
            reader(b"\1\1" + data)
    assert question(0x000B, "ipp://x/ipp/print").endswith(b"\3")


def test_a_capture_cut_short_or_altered_is_unreadable() -> None:
    head, end = write(Header(FORMAT, HERE)), write(End(True))  # noqa: FBT003 -- as the line says
    for data in (
        b"",
        head,
        end,
        head + head + end,
        write(Header("x", "")) + end,
        head + b"[1]\n" + end,
        b"x" * 3_000_000,
    ):
        with pytest.raises(Unreadable):
            list(read(BytesIO(data)))


def test_a_printer_that_says_little_leaves_fields_dark() -> None:
    queue: dict[str, list[str | int | bool]] = {"job-password-supported": [4]}
    data = write(Header(FORMAT, HERE)) + write(Reply(HERE, "/ipp/print", "answered", True, [queue])) + write(End(True))  # noqa: FBT003
    (found,) = [item for item in read(BytesIO(data)) if isinstance(item, PrintQueue)]
    assert found == PrintQueue(f"host/{HERE}", "print", None, can_hold=True, code=True)
