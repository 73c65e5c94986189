"""What a real sshd lets be read becomes evidence, whatever cuts it: the line, our disk, a kill; it writes nothing."""

import hashlib
import os
import signal
import subprocess
import tarfile
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from tests.conftest import TickingClock
from tests.needs import needs_program
from tests.postgresql import free_port

from negatoscope.flows import acquiring, exercising, imaging, responding
from negatoscope.flows.acquiring import Aim, NotThere
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.imaging import Damaged, Image, OtherSource, Short, Source
from negatoscope.flows.responding import Beginning, Line
from negatoscope.model.custody import Piece
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.incident import Hit, Touched, What
from negatoscope.model.networks import Consent
from negatoscope.observe.collector import Login, Unreachable
from negatoscope.observe.ssh import session
from negatoscope.observe.ssh.session import Door, host_key_of
from negatoscope.respond.custody import chains
from negatoscope.respond.incident import Refused
from negatoscope.respond.live import looks

ANNA = Handler("user:anna", "Anna Petit (anna)")
MIB = 1 << 20
SIZE = 5 * MIB + 123
CONFIG = """
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/known
PidFile none
UsePAM no
StrictModes no
PermitRootLogin prohibit-password
"""


@dataclass
class There:
    """A host with a disk, and the server that lets root in."""

    folder: Path
    port: int
    disk: Path
    door: Door | None = None
    server: "subprocess.Popen[bytes] | None" = None

    def begin(self) -> None:
        self.server = subprocess.Popen(
            ["/usr/sbin/sshd", "-D", "-f", str(self.folder / "config")], start_new_session=True
        )
        end = time.monotonic() + 60
        while True:
            with suppress(Unreachable):
                key = host_key_of("127.0.0.1", self.port)
                break
            assert time.monotonic() < end
            time.sleep(0.1)
        self.door = Door("127.0.0.1", self.port, Login("root", None, (self.folder / "mine").read_text()), key)

    def cut(self) -> None:
        """Every line that stands is cut; the server takes new ones."""
        assert self.server is not None
        children = Path(f"/proc/{self.server.pid}/task/{self.server.pid}/children").read_text().split()
        for child in children:
            with suppress(ProcessLookupError):
                os.kill(int(child), signal.SIGKILL)

    def end(self) -> None:
        self.cut()
        if self.server is not None:
            self.server.kill()
            self.server.wait()

    @property
    def content(self) -> bytes:
        return self.disk.read_bytes()


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[There]:
    needs_program("sshd", "openssh-server")
    needs_program("zstd")
    folder = tmp_path_factory.mktemp("sshd")
    Path("/run/sshd").mkdir(exist_ok=True)
    for name in ("host_key", "mine"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    (folder / "known").write_bytes((folder / "mine.pub").read_bytes())
    port = free_port()
    (folder / "config").write_text(CONFIG.format(port=port, folder=folder))
    (folder / "disks").mkdir()
    disk = folder / "disks" / "sda"
    disk.write_bytes(os.urandom(SIZE))
    made = There(folder, port, disk)
    made.begin()
    yield made
    made.end()


@pytest.fixture
def there(made: There) -> There:
    if made.server is None or made.server.poll() is not None:
        made.begin()
    return made


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imaging, "PART", MIB)


@pytest.fixture
def number(console: Console) -> int:
    number = responding.open_incident(console, Beginning("rançon"), ANNA)
    responding.say(console, number, Line(Touched(What.HOST, "host/srv-1", Hit.COMPROMISED)), ANNA)
    return number


def aimed(number: int, there: There, folder: Path, *devices: str) -> Aim:
    assert there.door is not None
    taken = devices or (str(there.disk),)
    return Aim(number, "host/srv-1", there.door, folder / "pieces", "Dr Colin", taken, "personne sur place")


def quiet(_what: str, _done: int, _whole: int) -> None:
    """Tell nobody."""


def unpacked(file: Path) -> bytes:
    return subprocess.run(["zstd", "-dc", file], check=True, capture_output=True).stdout


pytestmark = [pytest.mark.root, pytest.mark.server]


def test_the_state_then_the_disk_are_taken_and_nothing_is_written_there(
    console: Console, number: int, there: There, tmp_path: Path
) -> None:
    before = {one: one.stat() for one in (there.disk, there.disk.parent)}
    told: list[str] = []
    places = acquiring.take(console, aimed(number, there, tmp_path), ANNA, lambda what, *_: told.append(what))
    assert {one: (one.stat().st_mtime_ns, one.stat().st_size) for one in before} == {
        one: (was.st_mtime_ns, was.st_size) for one, was in before.items()
    }
    assert told[: len(looks())] == [look.id for look in looks()]
    state, disk = chains(responding.incident(console, number))
    assert [state.taken.place, disk.taken.place] == places
    assert (state.word.piece, disk.word.piece) == (Piece.LOGS, Piece.DISK)
    file = next((tmp_path / "pieces").glob("*.img.zst"))
    assert unpacked(file) == there.content
    assert hashlib.sha256(there.content).hexdigest() in disk.taken.text
    assert disk.word.digest == hashlib.sha256(file.read_bytes()).hexdigest()
    assert "Dr Colin" in disk.taken.text
    assert not list((tmp_path / "pieces").glob("*.part*"))
    with tarfile.open(next((tmp_path / "pieces").glob("*-live.tar"))) as archive:
        names = archive.getnames()
        processes = archive.extractfile(next(name for name in names if name.endswith("-processes.txt")))
        assert processes is not None
        assert b"sshd" in processes.read()
    assert len(names) == 2 * len(looks())
    assert acquiring.take(console, aimed(number, there, tmp_path), ANNA, quiet)  # again: the state of another instant
    assert len(chains(responding.incident(console, number))) == 3


def test_a_line_that_is_cut_is_taken_up_again(console: Console, number: int, there: There, tmp_path: Path) -> None:
    seen: list[int] = []

    def cut(what: str, done: int, _whole: int) -> None:
        if "srv-1" in what:
            seen.append(done)
            if len(seen) == 2:
                there.cut()

    acquiring.take(console, aimed(number, there, tmp_path), ANNA, cut)
    assert unpacked(next((tmp_path / "pieces").glob("*.img.zst"))) == there.content
    assert seen == sorted(set(seen))


def test_it_goes_on_after_a_server_that_was_gone_a_kill_and_torn_notes(
    console: Console, clock: TickingClock, number: int, there: There, tmp_path: Path
) -> None:
    aim = aimed(number, there, tmp_path)

    def gone(_what: str, done: int, whole: int) -> None:
        if whole == SIZE and done >= 2 * MIB:
            there.end()

    with pytest.raises(Unreachable):
        acquiring.take(console, aim, ANNA, gone)
    assert len(chains(responding.incident(console, number))) == 1
    for name, torn in (("*.part", b"half a frame"), ("*.parts", b'{"size":10485')):
        with next((tmp_path / "pieces").glob(name)).open("ab") as file:
            file.write(torn)
    clock.advance(timedelta(hours=1))
    there.begin()
    assert there.door is not None
    seen: list[int] = []
    acquiring.take(console, replace(aim, door=there.door), ANNA, lambda _what, done, _whole: seen.append(done))
    assert min(seen) > 2 * MIB
    assert unpacked(next((tmp_path / "pieces").glob("*.img.zst"))) == there.content
    text = chains(responding.incident(console, number))[-1].taken.text
    assert hashlib.sha256(there.content).hexdigest() in text
    assert "…" in text  # the hour in which nothing came


def test_a_full_disk_of_ours_is_told_and_the_rest_comes_later(
    console: Console, number: int, there: There, tmp_path: Path
) -> None:
    pieces = tmp_path / "pieces"
    pieces.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", pieces], check=True)
    try:
        filler = pieces / "filler"
        with filler.open("wb") as file, suppress(OSError):
            file.write(b"x" * 9 * MIB)
        aim = aimed(number, there, tmp_path)
        with pytest.raises(OSError, match="No space left"):
            acquiring.take(console, aim, ANNA, quiet)
        filler.unlink()
        acquiring.take(console, aim, ANNA, quiet)
        assert unpacked(next((tmp_path / "pieces").glob("*.img.zst"))) == there.content
    finally:
        subprocess.run(["umount", pieces], check=True)


def test_a_server_that_says_nothing_more_is_a_line_that_is_cut(
    number: int, console: Console, there: There, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "STEP_SECONDS", 1.0)
    assert there.door is not None
    with session.opened((there.door,), lambda: None) as line, pytest.raises(Unreachable):
        line.pour(("sleep", "20"), lambda _chunk: None)
    with pytest.raises(NotThere):
        acquiring.take(console, aimed(number, there, tmp_path, "/dev/none"), ANNA, quiet)
    with pytest.raises(NotThere, match="directory"):
        acquiring.take(console, aimed(number, there, tmp_path, str(there.folder)), ANNA, quiet)


@pytest.mark.parametrize(
    "wrong",
    [
        ({"approver": " "}, "unapproved"),
        ({"why": ""}, "memory_first"),
        ({"host": "host/other"}, "host_unknown"),
        ({"devices": ("sda",)}, "not_a_device"),
        ({"number": 999}, "unknown"),
    ],
)
def test_what_the_log_would_refuse_is_refused_before_anything_is_asked(
    console: Console, number: int, there: There, tmp_path: Path, wrong: tuple[dict[str, object], str]
) -> None:
    changes, code = wrong
    aim = replace(aimed(number, there, tmp_path), **changes)  # type: ignore[arg-type]  # one field or another
    with pytest.raises(Refused) as refused:
        acquiring.take(console, aim, ANNA, quiet)
    assert refused.value.code == code
    assert not aim.folder.exists()


def test_a_modality_needs_consent_and_an_exercise_takes_nothing(
    console: Console, number: int, there: There, tmp_path: Path
) -> None:
    who = Said("console", "register")
    declare(console, who, [Host("host/srv-1", "srv-1", host_class=HostClass.MODALITY, addresses=("10.0.0.9",))])
    aim = aimed(number, there, tmp_path)
    with pytest.raises(Refused, match="modality_without_consent"):
        acquiring.weigh(console, aim, ANNA)
    until = console.clock() + timedelta(hours=1)
    declare(console, who, [Consent("host/srv-1", "Dr Colin", until)])
    acquiring.weigh(console, aim, ANNA)
    played = exercising.begin(console, "ransomware", 10, ANNA)
    with pytest.raises(Refused, match="exercise"):
        acquiring.weigh(console, replace(aim, number=played), ANNA)


def fetched(data: bytes) -> Callable[[int, int, Callable[[bytes], None]], None]:
    def fetch(start: int, count: int, keep: Callable[[bytes], None]) -> None:
        keep(data[start : start + count])

    return fetch


def test_what_was_begun_is_not_mixed_with_another_disk_and_damage_is_seen(console: Console, tmp_path: Path) -> None:
    data = os.urandom(3 * MIB)
    image = Image(tmp_path, "d", Source("host/a", "/dev/sda", len(data)))
    image.open()
    assert image.take(fetched(data), console.clock) == MIB
    with pytest.raises(Short):
        image.take(fetched(data[: MIB + 5]), console.clock)
    with pytest.raises(Short, match="too_much"):
        image.take(lambda _start, _count, keep: keep(data), console.clock)
    for other in (Source("host/a", "/dev/sdb", len(data)), Source("host/a", "/dev/sda", len(data) + 1)):
        with pytest.raises(OtherSource):
            Image(tmp_path, "d", other).open()
    again = Image(tmp_path, "d", image.source)
    again.open()
    while again.take(fetched(data + b"it grew"), console.clock):
        pass
    again.close()
    assert (unpacked(again.file), again.whole.hexdigest()) == (data, hashlib.sha256(data).hexdigest())
    for place in (10, again.parts[-1].end - 1):
        packed = bytearray(again.file.read_bytes())
        packed[place] ^= 1
        (tmp_path / "d.img.zst").write_bytes(packed)
        with pytest.raises(Damaged):
            Image(tmp_path, "d", image.source).open()
        packed[place] ^= 1
        again.file.write_bytes(packed)
    (tmp_path / "d.img.zst.parts").write_bytes(b"{}\n")
    with pytest.raises(Damaged):
        Image(tmp_path, "d", image.source).open()
