"""What a Linux host that is still on knows, then its disks, taken over SSH into the evidence of an incident.

Nothing is written there: commands read, and what they say comes over the line. A disk of a host that goes on working is
of no single instant; when it was copied, and where it was cut, is told with the piece.
"""

import io
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from negatoscope.flows import evidencing, responding
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.evidencing import Found
from negatoscope.flows.imaging import Image, Short, Source, pauses
from negatoscope.flows.observing import spared
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.responding import Line
from negatoscope.kit.durable import durably
from negatoscope.model.custody import Collected, Piece
from negatoscope.model.evidence import Ref
from negatoscope.observe.collector import Unreachable
from negatoscope.observe.ssh.session import Door, Session, opened
from negatoscope.respond.incident import Refused
from negatoscope.respond.live import looks

LOOK_SECONDS = 60.0
LOOK_BYTES = 64 << 20
"""Of one answer; what is longer is left out, and said."""
BLOCK = 1 << 20
LINES = 5
"""How often a line that is cut is taken up again before a person is asked."""
PAUSE = 300.0
"""Seconds without a new part that are told with the piece."""
type_progress = Callable[[str, int, int], None]
"""Told what is copied, how far, and of how much."""


@dataclass(frozen=True)
class Aim:
    """Of which host, through which door, into which folder. ``approver``: who said that it may be done."""

    number: int
    host: Ref
    door: Door
    folder: Path
    approver: str
    devices: tuple[str, ...] = ()
    why: str = ""
    """Why disks are taken without memory, which needs somebody at the host."""


class NotThere(Exception):  # noqa: N818 -- what it is
    """A device that cannot be read there: ``device``, and what the host says of it."""

    def __init__(self, device: str, said: str) -> None:
        """Keep both."""
        super().__init__(f"{device}: {said}")
        self.device, self.said = device, said


def weigh(console: Console, aim: Aim, who: Handler) -> None:
    """Refuse now what the log would refuse after hours. Raises Refused.

    ``modality_without_consent``, ``unapproved``, ``exercise``, ``host_unknown``, ``not_a_device``, and the log's own.
    """
    one = responding.incident(console, aim.number)
    if one.exercise:
        raise Refused("exercise")
    if not aim.approver.strip():
        raise Refused("unapproved")
    if not evidencing.known(console, aim.number, aim.host):
        raise Refused("host_unknown")
    alone = spared(StoredRegister(console.practice), console.clock())
    if any(aim.host == host.ref or aim.door.address in (host.addresses or ()) for host in alone):
        raise Refused("modality_without_consent")
    if not all(device.startswith("/") and "\0" not in device for device in aim.devices):
        raise Refused("not_a_device")
    pieces = [Piece.LOGS, *(Piece.DISK for _device in aim.devices)]
    for piece in pieces:
        word = Collected(piece, aim.host, _name(aim.host), str(aim.folder), "", evidencing.UNREAD, read=True)
        responding.weigh(console, aim.number, Line(word, aim.why), who)


def take(console: Console, aim: Aim, who: Handler, progress: type_progress) -> list[int]:
    """Take what is lost first, then the disks; returns the places of the pieces in the log.

    Asked again after it was cut, it goes on with the disks that were under way. Raises Refused, Unreachable, NotThere,
    Short, OtherSource, Damaged, Unsettled, OSError.
    """
    weigh(console, aim, who)
    aim.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    places = []
    with opened((aim.door,), _quiet) as session:
        images = [_image(aim, device, _size(session, device)) for device in aim.devices]
        if not any(image.begun for image in images):
            file, left = _live(console, aim, session, progress)
            text = " ".join((_approved(aim), *left))
            places.append(evidencing.collect(console, aim.number, _found(aim, file, Piece.LOGS, text), who))
    for image in images:
        if not image.done:
            _copy(console, aim, image, progress)
            found = _found(aim, image.file, Piece.DISK, _of_image(aim, image))
            places.append(evidencing.collect(console, aim.number, found, who))
            image.forget()
    return places


def _quiet() -> None:
    """Nobody stops it but with the process."""


def _name(host: Ref) -> str:
    return "".join(sign if sign.isalnum() or sign in "-_." else "_" for sign in host.partition("/")[2])


def _image(aim: Aim, device: str, size: int) -> Image:
    return Image(aim.folder, _name(f"{aim.host}-{device.strip('/').replace('/', '-')}"), Source(aim.host, device, size))


def _found(aim: Aim, file: Path, piece: Piece, text: str) -> Found:
    return Found(file, piece, aim.host, f"{aim.approver} · {file.parent}", why=text)


def _approved(aim: Aim) -> str:
    return " · ".join(filter(None, (f"ssh://{aim.door.login.username}@{aim.door.address}", aim.approver, aim.why)))


def _size(session: Session, device: str) -> int:
    """Octets of a block device, or of a file. Raises NotThere, Unreachable."""
    said = session.run(("blockdev", "--getsize64", device), LOOK_SECONDS, 64)
    kind, size = "regular", said.out.decode("utf-8", "replace").strip()
    if said.code:
        said = session.run(("stat", "-L", "-c", "%F %s", device), LOOK_SECONDS, 64)
        kind, _space, size = said.out.decode("utf-8", "replace").strip().rpartition(" ")
    if not kind.startswith("regular") or not size.isascii() or not size.isdigit():
        raise NotThere(device, (said.error.strip() or kind)[:300])
    return int(size)


def _live(console: Console, aim: Aim, session: Session, progress: type_progress) -> tuple[Path, list[str]]:
    """What the host says of itself, as one file; and which answers are missing or cut."""
    file = aim.folder / f"{_name(aim.host)}-{console.clock():%Y%m%dT%H%M%SZ}-live.tar"
    left, every = [], looks()
    with durably(file) as sink, tarfile.open(fileobj=sink, mode="w") as archive:
        for number, look in enumerate(every, 1):
            progress(look.id, number, len(every))
            said = session.run(look.argv, LOOK_SECONDS, LOOK_BYTES)
            if said.code or not said.whole:
                left.append(f"{look.id}={said.code if said.whole else 'too_large'}")
            how = {"argv": look.argv, "at": console.clock(), "code": said.code, "error": said.error}
            told = msgspec.json.encode(how)
            for name, data in ((f"{number:02}-{look.id}.txt", said.out), (f"{number:02}-{look.id}.json", told)):
                entry = tarfile.TarInfo(name)
                entry.size, entry.mtime = len(data), int(console.clock().timestamp())
                archive.addfile(entry, io.BytesIO(data))
    return file, left


def _copy(console: Console, aim: Aim, image: Image, progress: type_progress) -> None:
    """All of a disk; a line that is cut is taken up again, a few times. Raises Unreachable, Short, OSError."""
    image.open()
    for attempt in range(LINES):
        try:
            with opened((aim.door,), _quiet) as session:
                while image.take(_fetched(session, image.source.device), console.clock):
                    progress(image.name, image.copied, image.source.size)
            break
        except Unreachable:
            if attempt == LINES - 1:
                raise
    image.close()


def _fetched(session: Session, device: str) -> Callable[[int, int, Callable[[bytes], None]], None]:
    def fetch(start: int, count: int, keep: Callable[[bytes], None]) -> None:
        """Blocks of a device, as they are read there. ``dd`` opens it to read, and writes nowhere but to the line."""
        first, last = start // BLOCK, -(-(start + count) // BLOCK)
        line = ("dd", f"if={device}", f"bs={BLOCK}", f"skip={first}", f"count={last - first}", "status=none")
        said = session.pour(line, keep)
        if said.code:
            raise Short(said.error.strip()[:300])

    return fetch


def _of_image(aim: Aim, image: Image) -> str:
    """What the log says of an image: of what, of which digest, between which instants, where it was cut."""
    times = [part.at.isoformat(timespec="seconds") for part in (image.parts[0], image.parts[-1])] if image.parts else []
    cuts = [f"{since:%Y-%m-%dT%H:%M:%SZ}…{until:%H:%M:%SZ}" for since, until in pauses(image.parts, PAUSE)]
    told = (_approved(aim), image.source.device, f"{image.source.size} o", f"sha256 {image.whole.hexdigest()}")
    return " · ".join((*told, *times, *cuts))
