"""Probes answered by another host: files by SFTP, commands by the shell, what needs root by ``sudo`` from its list."""

import re
from collections.abc import Iterator
from dataclasses import replace
from fnmatch import fnmatchcase

import msgspec

from negatoscope.observe.collector import Unreachable
from negatoscope.observe.linux.lent import Argv, raised
from negatoscope.observe.linux.probes import MAX_SECTION_BYTES, Command, File, Link, Names, Probe
from negatoscope.observe.linux.sections import Section, Status, section_of
from negatoscope.observe.linux.walk import Tick
from negatoscope.observe.ssh.privilege import matches, torn
from negatoscope.observe.ssh.session import TIMED_OUT, Said, Session, TooLarge

MAX_MATCHES = 500
NOT_FOUND, NOT_RUNNABLE = 127, 126
NOTHING_MATCHED, NO_FOLDER = 1, 2
WITNESSES = ("/etc/passwd", "/proc/sys/kernel/random/boot_id")
"""Read both ways: every Linux host has them, and they tell one from another."""
_DENIED = re.compile(r"permission denied|operation not permitted|must be root|are you root|superuser", re.IGNORECASE)
_NAMELESS = re.compile(r"^sudo: unable to resolve host [^\n]*\n?", re.MULTILINE)
"""sudo's complaint on a host whose own name stands in no table; it obeys all the same."""
_SUDO = re.compile(r"^(sudo: |Sorry, user |We trust you)|not in the sudoers|not allowed to (execute|run)", re.MULTILINE)


class Eyes:
    """Looks at one host. ``root``: whether its sudo rule is in place."""

    def __init__(self, session: Session) -> None:
        """Find out whether the shell is silent and the rule in place. Raises Unreachable (``shell_talks`` …)."""
        self._session = session
        said = session.run(("echo", "negatoscope"), 10, 4096)
        if said.code == NOT_FOUND:
            raise Unreachable("not_linux")
        if said.out != b"negatoscope\n":
            raise Unreachable("shell_talks")
        tried = self._sudo(("/usr/bin/passwd", "-S", "-a"), 20)
        self.root = tried.code == 0

    def same_place(self) -> bool:
        """Whether files are seen where commands run: a server may show those of another place, or of a cell."""
        for path in WITNESSES:
            said = self._session.run(("cat", path), 10, MAX_SECTION_BYTES)
            try:
                seen = self._session.read(path, MAX_SECTION_BYTES)
            except (OSError, TooLarge):
                return False
            if said.code != 0 or said.out != seen:
                return False
        return True

    def first_line(self, argv: Argv) -> str:
        """What a simple command says."""
        return self._session.run(argv, 10, 4096).out.decode("utf-8", "replace").strip()

    def __call__(self, probe: Probe, tick: Tick) -> Iterator[Section]:
        """What one probe brings back."""
        self._session.tick = tick
        match probe:
            case Command():
                yield self._command(probe)
            case Link(path):
                yield self._link(probe.section, path)
            case Names(pattern):
                yield self._names_as_root(probe) if probe.root else self._names(probe.section, pattern)[0]
            case File(pattern) if probe.root and self.root:
                yield from self._files_as_root(probe) if "*" in pattern else (self._file_as_root(probe),)
            case File(pattern) if "*" in pattern:
                listed, paths = self._names(probe.section, pattern)
                yield listed
                yield from (self._file(path, probe.keep) for path in paths)
            case File(pattern):
                yield self._file(pattern, probe.keep)

    def _command(self, probe: Command) -> Section:
        if probe.root and self.root:
            argv = next((one for one in raised(probe) if self._there(one[0])), None)
            if argv is None:
                return Section(probe.section, "absent")
            return self._ended(probe, self._sudo(argv, probe.seconds))
        return self._ended(probe, self._session.run(probe.argv, probe.seconds, MAX_SECTION_BYTES))

    def _ended(self, probe: Command, said: Said) -> Section:
        if not said.whole:
            return Section(probe.section, "failed", error="size_limit")
        if said.code == TIMED_OUT:
            return Section(probe.section, "timeout", error="time_limit")
        if said.code in {NOT_FOUND, NOT_RUNNABLE}:
            return Section(probe.section, "absent")
        status: Status = "ok"
        if said.code not in probe.succeeds:
            refused = probe.root or _DENIED.search(said.error)
            status = "denied" if _SUDO.search(said.error) or (not self.root and refused) else "failed"
        section = section_of(probe.section, said.out, status, probe.keep)
        return msgspec.structs.replace(section, code=said.code)

    def _sudo(self, argv: Argv, seconds: float) -> Said:
        said = self._session.run(("sudo", "-n", "--", *argv), seconds, MAX_SECTION_BYTES)
        return replace(said, error=_NAMELESS.sub("", said.error))

    def _there(self, path: str) -> bool:
        try:
            self._session.exists(path)
        except OSError:
            return False
        return True

    def _link(self, section: str, path: str) -> Section:
        try:
            return section_of(section, self._session.link(path))
        except OSError as error:
            return Section(section, _status(error))

    def _file(self, path: str, keep: str | None) -> Section:
        section = f"file:{path}".encode("utf-8", "surrogateescape").decode("utf-8", "replace")
        try:
            if not self._session.is_file(path):
                return Section(section, "absent", error="not_a_file")
            return section_of(section, self._session.read(path, MAX_SECTION_BYTES), keep=keep)
        except TooLarge:
            return Section(section, "failed", error="too_large")
        except OSError as error:
            return Section(section, _status(error))

    def _file_as_root(self, probe: File) -> Section:
        said = self._sudo(raised(probe)[0], 20)
        if said.code == 0:
            status: Status = "ok" if said.whole else "failed"
            return section_of(probe.section, said.out, status, probe.keep)
        if "No such file" in said.error or "Not a directory" in said.error:
            return Section(probe.section, "absent")
        return Section(probe.section, "denied" if _SUDO.search(said.error) else "failed")

    def _files_as_root(self, probe: File) -> Iterator[Section]:
        """The files of a folder, printed line by line by one fixed ``grep``."""
        said = self._sudo(raised(probe)[0], 20)
        if said.code in {NOTHING_MATCHED, NO_FOLDER} and not (said.out or said.error):
            yield Section(probe.section, "absent")
        elif said.code != 0 or not said.whole:
            yield Section(probe.section, "denied" if _SUDO.search(said.error) else "failed")
        else:
            files = torn(probe.pattern, said.out)
            paths = "\n".join(sorted(files)).encode("utf-8", "surrogateescape")
            yield section_of(probe.section, paths, "ok" if files else "absent")
            yield from (section_of(f"file:{path}", files[path], keep=probe.keep) for path in sorted(files))

    def _names_as_root(self, probe: Names) -> Section:
        if not self.root:
            return Section(probe.section, "denied")
        said = self._sudo(raised(probe)[0], 20)
        if "No such file" in said.error:
            return Section(probe.section, "absent")
        if said.code != 0 or not said.whole:
            return Section(probe.section, "denied" if _SUDO.search(said.error) else "failed")
        paths = [
            path for path in said.out.decode("utf-8", "surrogateescape").splitlines() if matches(path, probe.pattern)
        ]
        return _listed(probe.section, sorted(paths))

    def _names(self, section: str, pattern: str) -> tuple[Section, list[str]]:
        """The paths that match. A folder that cannot be listed, at any depth, is *denied*, never empty."""
        troubles: list[OSError] = []
        paths = sorted(self._matching("/", pattern.strip("/").split("/"), troubles))
        if troubles:
            return Section(section, _status(troubles[0])), paths[:MAX_MATCHES]
        return _listed(section, paths), paths[:MAX_MATCHES]

    def _matching(self, folder: str, parts: list[str], troubles: list[OSError]) -> Iterator[str]:
        part, *below = parts
        names = [part]
        try:
            if "*" in part:
                names = [name for name in self._session.listed(folder) if name[0] != "." and fnmatchcase(name, part)]
            else:
                self._session.exists(f"{folder.rstrip('/')}/{part}")
        except FileNotFoundError:
            return
        except OSError as error:
            troubles.append(error)
            return
        for name in names:
            path = f"{folder.rstrip('/')}/{name}"
            if below:
                yield from self._matching(path, below, troubles)
            else:
                yield path


def _listed(section: str, paths: list[str]) -> Section:
    if len(paths) > MAX_MATCHES:
        return Section(section, "failed", error="too_many")
    data = "\n".join(paths).encode("utf-8", "surrogateescape")
    return section_of(section, data, "ok" if paths else "absent")


def _status(error: OSError) -> Status:
    if isinstance(error, FileNotFoundError):
        return "absent"
    return "denied" if isinstance(error, PermissionError) else "failed"
