"""The ``local`` collector: the Linux host it runs on; ``linux.probes`` says what to run, ``linux.read`` reads it."""

import os
import re
import socket
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import partial
from io import FileIO
from ipaddress import ip_interface
from pathlib import Path
from typing import BinaryIO

import msgspec
from msgspec import Struct

from negatoscope.model.carrying import ConsoleSeat
from negatoscope.model.evidence import Sweep
from negatoscope.model.hosts import Host, Interface
from negatoscope.observe.child import Bounded, find, in_memory, run
from negatoscope.observe.collector import Collector, Item, Look, Unreachable
from negatoscope.observe.linux.probes import (
    MAX_SECTION_BYTES,
    PROBES,
    Command,
    File,
    Link,
    Names,
    Probe,
)
from negatoscope.observe.linux.read import GIVES
from negatoscope.observe.linux.read import read as read_linux
from negatoscope.observe.linux.sections import FORMAT, Header, Section, Status, section_of
from negatoscope.observe.linux.walk import Tick, walk

MAX_MATCHES = 500
CHUNK = 64 * 1024
_DENIED = re.compile(r"permission denied|operation not permitted|must be root|are you root|superuser", re.IGNORECASE)


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing to choose but the time allowed."""

    minutes: int = 10


def capture(_settings: Settings, target: str, look: Look) -> None:
    """Run every probe on this host. Raises Unreachable for any ``target``: two names would be two voices."""
    if target:
        raise Unreachable("not_this_host", target=target)
    root = os.geteuid() == 0
    header = Header(FORMAT, root, socket.gethostname(), _clock(partial(look.step, 0, len(PROBES))))
    walk(look, header, lambda probe, tick: _sections(probe, tick, root))


def _sections(probe: Probe, tick: Tick, root: bool) -> Iterator[Section]:  # noqa: FBT001 -- who looks
    match probe:
        case Command():
            yield _command(probe, tick, root)
        case Link(path):
            yield _link(probe.section, path)
        case Names(pattern):
            if probe.root and not root:
                yield Section(probe.section, "denied")
            else:
                yield _names(probe.section, pattern)[0]
        case File(pattern) if "*" in pattern:
            listed, paths = _names(probe.section, pattern)
            yield listed
            yield from (_file(path, probe.keep) for path in paths)
        case File(pattern):
            yield _file(pattern, probe.keep)


def _names(section: str, pattern: str) -> tuple[Section, list[str]]:
    """The paths that match. A directory that cannot be listed, at any depth, is *denied*, never empty."""
    troubles: list[OSError] = []
    paths = sorted(_matching("/", pattern.strip("/").split("/"), troubles))
    if troubles:
        return Section(section, _status(troubles[0])), paths[:MAX_MATCHES]
    if len(paths) > MAX_MATCHES:
        return Section(section, "failed", error="too_many"), paths[:MAX_MATCHES]
    return section_of(section, "\n".join(paths).encode("utf-8", "surrogateescape"), "ok" if paths else "absent"), paths


def _matching(directory: str, parts: list[str], troubles: list[OSError]) -> Iterator[str]:
    """Down the path, a part at a time, like a shell: ``*`` leaves out hidden names."""
    part, *below = parts
    try:
        if "*" in part:
            with os.scandir(directory) as entries:
                names = [one.name for one in entries if one.name[0] != "." and fnmatchcase(one.name, part)]
        else:
            os.lstat(os.path.join(directory, part))  # noqa: PTH118 -- raises where one may not look
            names = [part]
    except (FileNotFoundError, NotADirectoryError):
        return
    except OSError as error:
        troubles.append(error)
        return
    for name in names:
        path = os.path.join(directory, name)  # noqa: PTH118 -- names may not be text
        if below:
            yield from _matching(path, below, troubles)
        else:
            yield path


def _link(section: str, path: str) -> Section:
    try:
        return section_of(section, os.fsencode(os.readlink(path)))  # noqa: PTH115 -- bytes are wanted
    except OSError as error:
        return Section(section, _status(error))


def _file(path: str, keep: str | None) -> Section:
    """A regular file, or what the kernel shows as one; a pipe or a device is never opened."""
    section = os.fsencode(f"file:{path}").decode("utf-8", "replace")
    try:
        if not Path(path).is_file():
            os.stat(path)  # noqa: PTH116 -- says whether it is absent or out of reach
            return Section(section, "absent", error="not_a_file")
        with Path(path).open("rb", buffering=0) as file:  # unbuffered: /proc refuses reads of megabytes
            data = b"".join(_chunks(file))
    except OSError as error:
        return Section(section, _status(error))
    if len(data) > MAX_SECTION_BYTES:
        return Section(section, "failed", error="too_large")
    return section_of(section, data, keep=keep)


def _chunks(file: FileIO) -> Iterator[bytes]:
    left = MAX_SECTION_BYTES + 1
    while left > 0 and (chunk := file.read(min(CHUNK, left))):
        left -= len(chunk)
        yield chunk


def _command(probe: Command, tick: Tick, root: bool) -> Section:  # noqa: FBT001 -- who looks
    programme = find(probe.argv[0])
    if programme is None:
        return Section(probe.section, "absent")
    with in_memory() as out:
        try:
            ran = run(
                (programme, *probe.argv[1:]),
                out,
                tick,
                Bounded(probe.seconds, MAX_SECTION_BYTES),
            )
        except OSError as error:
            return Section(probe.section, _status(error))
        out.seek(0)
        data = out.read(MAX_SECTION_BYTES)
    if ran.ended != "itself":
        return Section(probe.section, "timeout" if ran.ended == "time" else "failed", error=f"{ran.ended}_limit")
    # What it complains of is not kept: sshd quotes the lines it cannot read, whatever file they come from.
    status: Status = "ok"
    if ran.code not in probe.succeeds:
        status = "denied" if not root and (probe.root or _DENIED.search(ran.error)) else "failed"
    return msgspec.structs.replace(section_of(probe.section, data, status, probe.keep), code=ran.code)


def _status(error: OSError) -> Status:
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return "absent"
    return "denied" if isinstance(error, PermissionError) else "failed"


def _clock(tick: Tick) -> int | None:
    section = _command(Command(("date", "+%s")), tick, root=True)
    return int(section.text) if section.ok and section.text.strip().isdigit() else None


def read(stream: BinaryIO) -> Iterator[Item]:
    """What any Linux host says, and where the console stands: on the networks of its own cards. Raises Unreadable."""
    cards: tuple[str, ...] | None = None
    host = ""
    for item in read_linux(stream):
        yield item
        if isinstance(item, Host):
            host = item.ref
        elif isinstance(item, Sweep) and item.kind == Interface.__name__:
            cards = cards or ()
        elif isinstance(item, Interface):
            cards = (*(cards or ()), *(one for one in item.addresses or () if _reaches_out(one)))
    yield ConsoleSeat(host, cards)
    yield Sweep(ConsoleSeat.__name__)


def _reaches_out(address: str) -> bool:
    one = ip_interface(address)
    return not (one.is_loopback or one.is_link_local)


LOCAL = Collector("local", Settings, capture, read, gives=(*GIVES, ConsoleSeat.__name__))
