"""The capture of a Linux host: JSON lines, a header, one section a probe, an end line that proves it whole."""

import base64
import binascii
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import BinaryIO, Literal

import msgspec
from msgspec import Struct

from negatoscope.observe.collector import Unreadable
from negatoscope.observe.linux.probes import kept, scrub

FORMAT = "negatoscope-linux/1"
END = "end"
MAX_LINE = 16 * 1024 * 1024
MAX_SECTIONS = 20_000

Status = Literal["ok", "absent", "denied", "timeout", "failed"]


class Header(Struct, frozen=True):
    """First line of a capture. ``at``: the host's own clock, seconds since 1970, where ``date`` could be run."""

    format: str
    root: bool
    hostname: str
    at: int | None = None


class Section(Struct, frozen=True, omit_defaults=True):
    """What one probe brought back. ``base64`` instead of ``text`` when the bytes are not UTF-8."""

    section: str
    status: Status
    code: int | None = None
    text: str = ""
    base64: str | None = None
    error: str | None = None

    @property
    def ok(self) -> bool:
        """The probe ran and brought everything back."""
        return self.status == "ok"

    @property
    def looked(self) -> bool:
        """The answer is known, be it that there is no such thing."""
        return self.status in {"ok", "absent"}

    @property
    def lines(self) -> list[str]:
        """Its lines, without line ends."""
        return self.text.splitlines()


class Sections:
    """All sections of a capture, by name. A section that was never run reads as *failed*: silence proves nothing."""

    def __init__(self, header: Header, sections: dict[str, Section]) -> None:
        """Hold a capture read to its end."""
        self.header = header
        self._sections = sections

    def __getitem__(self, name: str) -> Section:
        """A section by its name in the capture."""
        return self._sections.get(name) or Section(name, "failed", error="not_probed")

    def file(self, path: str) -> Section:
        """The content of a file."""
        return self[f"file:{path}"]

    def names(self, pattern: str) -> Section:
        """The paths that match a pattern, one a line; *absent* when there is none."""
        return self[f"glob:{pattern}"]

    def link(self, path: str) -> Section:
        """Where a symbolic link points."""
        return self[f"link:{path}"]

    def command(self, line: str) -> Section:
        """The output of a command."""
        return self[f"cmd:{line}"]

    def files(self, *patterns: str) -> list[tuple[str, Section]]:
        """Every file whose path matches one of the patterns, sorted by path; one listed but not read is *failed*."""
        listed = {
            path
            for name, section in self._sections.items()
            if name.startswith("glob:") and any(_overlap(name[5:], pattern) for pattern in patterns)
            for path in section.lines
        }
        captured = {name[5:] for name in self._sections if name.startswith("file:")}
        wanted = (path for path in listed | captured if any(_matches(path, pattern) for pattern in patterns))
        return [(path, self.file(path)) for path in sorted(wanted)]

    def why(self, *wanted: Section) -> str:
        """The code of the gap that these sections leave."""
        statuses = {section.status for section in wanted if section.status != "ok"}
        if "denied" in statuses:
            return "unreadable" if self.header.root else "needs_root"
        if "timeout" in statuses:
            return "timed_out"
        if "absent" in statuses and any(section.section.startswith("cmd:") for section in wanted):
            return "command_missing"
        return "unreadable"


def _overlap(glob: str, pattern: str) -> bool:
    """Whether a listing may name what a pattern asks for: same depth, same beginning."""
    before, after = glob.partition("*")[0], pattern.partition("*")[0]
    return glob.count("/") == pattern.count("/") and (before.startswith(after) or after.startswith(before))


def _matches(path: str, pattern: str) -> bool:
    """Like a shell: ``*`` does not cross a slash."""
    return path.count("/") == pattern.count("/") and fnmatchcase(path, pattern)


def write(line: Header | Section) -> bytes:
    """One line of a capture."""
    return msgspec.json.encode(line) + b"\n"


def section_of(name: str, data: bytes, status: Status = "ok", keep: str | None = None) -> Section:
    """What a probe brought back, without the lines that nobody wants and what is secret."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        clean = scrub(name, kept(data.decode("latin-1"), keep)).encode("latin-1", "replace")
        return Section(name, status, base64=base64.b64encode(clean).decode())
    return Section(name, status, text=scrub(name, kept(text, keep)))


def parse(stream: BinaryIO) -> Sections:
    """Read a capture to its end. Raises Unreadable with the line."""
    lines = _lines(stream)
    header = _header(next(lines, b""))
    sections: dict[str, Section] = {}
    ended = False
    for number, line in enumerate(lines, start=2):
        if ended or number > MAX_SECTIONS:
            raise Unreadable("too_long", f"line {number}")
        section = _section(line, number)
        ended = section.section == END
        sections.setdefault(section.section, section)
    if not ended:
        raise Unreadable("truncated", f"line {len(sections) + 2}")
    return Sections(header, sections)


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    number = 0
    while line := stream.readline(MAX_LINE + 1):
        number += 1
        if len(line) > MAX_LINE:
            raise Unreadable("line_too_long", f"line {number}")
        yield line


def _header(line: bytes) -> Header:
    try:
        header = msgspec.json.decode(line, type=Header)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Unreadable("not_a_linux_capture", "line 1") from error
    if header.format != FORMAT:
        raise Unreadable("unknown_format", "line 1")
    return header


def _section(line: bytes, number: int) -> Section:
    try:
        section = msgspec.json.decode(line, type=Section)
        if section.base64 is not None:
            text = base64.b64decode(section.base64, validate=True).decode("utf-8", "replace")
            section = msgspec.structs.replace(section, text=text, base64=None)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, binascii.Error, ValueError) as error:
        raise Unreadable("malformed", f"line {number}") from error
    return _bounded(section)


_JSON = ("cmd:ip -j", "cmd:lsblk -J", "cmd:nft -j")
_LISTS = ("cmd:", "glob:", "file:/proc/", "file:/var/lib/", "file:/etc/passwd", "file:/etc/group")
MAX_SETTINGS = 64 * 1024
MAX_SETTING_LINE = 4096


def _bounded(section: Section) -> Section:
    """A settings file of a size that none has is not read at all: patterns would take for ever on it."""
    if section.section.startswith(_JSON):
        return section
    too_large = len(section.text) > MAX_SETTINGS and not section.section.startswith(_LISTS)
    if too_large or max(map(len, section.lines), default=0) > MAX_SETTING_LINE:
        return Section(section.section, "failed", section.code, error="too_large")
    return section
