"""How the host keeps its own logs: on disk, elsewhere, and for how long."""

import re
from collections.abc import Iterator

from negatoscope.model.hardening import LogPolicy
from negatoscope.observe.collector import Item
from negatoscope.observe.linux.outcome import HOST, NOT_DECIDABLE, closed
from negatoscope.observe.linux.probes import PROCESSES, UNIT_FILES
from negatoscope.observe.linux.sections import Section, Sections
from negatoscope.observe.linux.syntax import ini, integer, last, lines
from negatoscope.observe.linux.upkeep import enabled

_JOURNALD = (
    "/etc/systemd/journald.conf",
    "/usr/lib/systemd/journald.conf.d/*.conf",
    "/run/systemd/journald.conf.d/*.conf",
    "/etc/systemd/journald.conf.d/*.conf",
)
_RSYSLOG = ("/etc/rsyslog.conf", "/etc/rsyslog.d/*.conf")
_SYSLOG_NG = ("/etc/syslog-ng/syslog-ng.conf", "/etc/syslog-ng/conf.d/*.conf")
_UPLOAD = "/etc/systemd/journal-upload.conf"
_FORWARDS = re.compile(r"(?:^|\s)@@?[\w\[(]|:omrelp:|\"om(?:fwd|relp|elasticsearch|kafka|http)\"", re.IGNORECASE)
"""Anything that sends somewhere."""
_LEGACY = re.compile(r"^\*\.\*\s+(?:@@?|:omrelp:)(?:\([^)]*\))?(\[[\w:]+\]|[\w.-]+)", re.MULTILINE)
_ACTION = re.compile(r"^(?:\*\.\*\s+)?action\s*\(([^)]*)\)", re.MULTILINE)
_SENDS = re.compile(r"\btype\s*=\s*\"om(?:fwd|relp)\"", re.IGNORECASE)
_TARGET = re.compile(r"\btarget\s*=\s*\"([^\"]+)\"", re.IGNORECASE)
"""Everything, sent to one place."""
_FILTERS = re.compile(r"\bstop\b|\bdiscard\b|\s~\s*$|\bif\b|[{}]|^!|\bruleset\b", re.MULTILINE)
"""What may keep a message from reaching the lines below."""
_NG_FORWARDS = re.compile(r"\bdestination\b[^{;]*{[^}]*\b(?:network|tcp|udp|syslog)\s*\(")
_NG_DESTINATION = re.compile(
    r"\bdestination\s+(\w+)\s*{\s*(?:network|tcp|udp|syslog)\s*\(\s*[\"']([\w.:-]+)[\"'][^{}]*}"
)
_NG_SOURCE = re.compile(r"\bsource\s+(\w+)\s*{\s*system\(\)")
_NG_PATH = re.compile(r"\blog\s*{\s*source\(\s*(\w+)\s*\)\s*;\s*destination\(\s*(\w+)\s*\)\s*;\s*}")
_URL = re.compile(r"^[ \t]*URL\s*=\s*(?:https?://)?(\[[\w:]+\]|[\w.-]+)", re.MULTILINE)
_HERE = re.compile(r"localhost.*|ip6-.*|127\..*|0\.0\.0\.0|\[?::1?\]?", re.IGNORECASE)
_IN_MEMORY = frozenset({"tmpfs", "ramfs"})
_DISK = re.compile(r"^[^#\s$]\S*\s+-?/var/log/|type\s*=\s*\"omfile\"", re.MULTILINE)
_SPAN = re.compile(r"(\d{1,9})\s*([a-zA-Z]*)")
_DAYS = {
    "": 1 / 86400, "s": 1 / 86400, "sec": 1 / 86400, "second": 1 / 86400, "seconds": 1 / 86400,
    "m": 1 / 1440, "min": 1 / 1440, "minute": 1 / 1440, "minutes": 1 / 1440,
    "h": 1 / 24, "hr": 1 / 24, "hour": 1 / 24, "hours": 1 / 24,
    "d": 1, "day": 1, "days": 1, "w": 7, "week": 7, "weeks": 7,
    "M": 30.44, "month": 30.44, "months": 30.44, "y": 365.25, "year": 365.25, "years": 365.25,
}  # fmt: skip
_PERIODS = {"hourly": 1 / 24, "daily": 1, "weekly": 7, "monthly": 30, "yearly": 365}


def log_policy(sections: Sections) -> Iterator[Item]:
    """The journal and the syslog daemons that run."""
    journal = [section for _, section in _journald(sections)]
    syslog = [section for _, section in sections.files(*_RSYSLOG, *_SYSLOG_NG)]
    processes, upload = sections[PROCESSES.section], sections.file(_UPLOAD)
    unread = [section for section in (*journal, *syslog, upload) if not section.looked]
    if unread:
        yield LogPolicy(HOST)
        yield from closed("LogPolicy", dict.fromkeys(("persistent", "remote"), sections.why(*unread)))
        return
    running = _running(processes)
    persistent = _persistent(sections, running)
    remote = _remote(sections, running)
    yield LogPolicy(HOST, persistent, remote, _retention(sections))
    dark = sections.why(processes) if not processes.ok else NOT_DECIDABLE
    found = {"persistent": persistent, "remote": remote}
    yield from closed("LogPolicy", {name: dark for name, value in found.items() if value is None})


def _journald(sections: Sections) -> list[tuple[str, Section]]:
    """In the order of systemd: the main file, then every drop-in by its own name."""
    main, *drop_ins = _JOURNALD
    found = sections.files(*drop_ins)
    return [*sections.files(main), *sorted(found, key=lambda one: one[0].rpartition("/")[2])]


def _journal_setting(sections: Sections, key: str) -> str | None:
    return last((said for _, section in _journald(sections) for said in ini(section.text)), "Journal", key)


def _running(processes: Section) -> set[str] | None:
    """Names of processes; ``None`` where the list is not whole."""
    found = [line.split(None, 1) for line in processes.lines]
    if not processes.ok or not any(words[0] == "1" for words in found if words):
        return None
    return {words[1].strip() for words in found if len(words) > 1}


def _persistent(sections: Sections, running: set[str] | None) -> bool | None:
    """True if rsyslog writes to disk and runs, or the journal is kept there and runs."""
    written = _written(sections, running)
    kept = [_on_disk(sections, path) for path in ("/var/log", "/var/log/journal")]
    if not written:
        return written
    return False if False in kept else None if None in kept else True


def _on_disk(sections: Sections, path: str) -> bool | None:
    """Whether a directory lies on a file system that survives a restart; a layered one does not tell."""
    mounts = sections.file("/proc/mounts")
    systems = {words[1]: words for words in map(str.split, mounts.lines) if len(words) > 2}  # noqa: PLR2004 -- mounts(5)
    above = [place for place in systems if f"{path}/".startswith(f"{place.rstrip('/')}/")]
    if not mounts.ok or not above:
        return None
    device, _, system = systems[max(above, key=len)][:3]
    if system in _IN_MEMORY or device.startswith("/dev/zram"):
        return False
    return None if system in {"overlay", "aufs", "rootfs"} else True


def _written(sections: Sections, running: set[str] | None) -> bool | None:
    if running is None:
        return None
    text = _texts(sections, _RSYSLOG)
    if "rsyslogd" in running and _DISK.search(text):
        return True
    if "syslog-ng" in running and "/var/log/" in _texts(sections, _SYSLOG_NG):
        return True
    storage = (_journal_setting(sections, "Storage") or "auto").lower()
    directory = sections.names("/var/log/journal")
    if "systemd-journal" not in running or storage in {"volatile", "none"}:
        return False
    if storage == "persistent":
        return True
    return directory.ok if directory.looked else None


def _texts(sections: Sections, patterns: tuple[str, ...]) -> str:
    return "\n".join("\n".join(lines(section.text)) for _, section in sections.files(*patterns))


def _remote(sections: Sections, running: set[str] | None) -> bool | None:
    """Everything is sent to another host, and the daemon that sends runs; ``None`` where it may be part of it."""
    upload = sections.file(_UPLOAD).text
    ways = {
        "rsyslogd": _by_rsyslog(sections, _texts(sections, _RSYSLOG)),
        "syslog-ng": _by_syslog_ng(sections, _texts(sections, _SYSLOG_NG)),
        "systemd-journal-upload": _elsewhere(sections, _URL.findall(upload)) if _URL.search(upload) else False,
    }
    told = {name: way for name, way in ways.items() if way is not False}
    if not told:
        return False
    if running is None:
        return None
    units = sections[UNIT_FILES.section]
    if units.ok and enabled(units, "systemd-journal-upload.service"):
        running = running | {"systemd-journal-upload"}
    at_work = [way for name, way in told.items() if name in running]
    return True if True in at_work else None if at_work else False


def _by_rsyslog(sections: Sections, text: str) -> bool | None:
    """Every message, whatever its kind, with no filter that may take some away before."""
    actions = [said for said in _ACTION.findall(text) if _SENDS.search(said)]
    targets = _LEGACY.findall(text) + [one for said in actions for one in _TARGET.findall(said)]
    if not targets:
        return None if _FORWARDS.search(text) else False
    return None if _FILTERS.search(text) else _elsewhere(sections, targets)


def _by_syslog_ng(sections: Sections, text: str) -> bool | None:
    if not _NG_FORWARDS.search(text):
        return False
    system, places = set(_NG_SOURCE.findall(text)), dict(_NG_DESTINATION.findall(text))
    used = [places[place] for source, place in _NG_PATH.findall(text) if source in system and place in places]
    return _elsewhere(sections, used)


def _elsewhere(sections: Sections, targets: list[str]) -> bool | None:
    """One of the targets is another host. What goes to a relay on this one may leave it, or not."""
    here = sections.header.hostname.lower()
    away = [one for one in targets if not _HERE.fullmatch(one) and one.lower() not in {here, here.partition(".")[0]}]
    return True if away else None


def _retention(sections: Sections) -> int | None:
    """The shortest of the limits that are stated in days: the journal's, and logrotate's for the system's own log."""
    limits = [_span(_journal_setting(sections, "MaxRetentionSec") or ""), _rotation(sections)]
    stated = [limit for limit in limits if limit]
    return min(stated) if stated else None


def _span(text: str) -> int | None:
    """Time spans as systemd writes them: ``13month``, ``2week 3day``, a bare number of seconds. 0 means no limit."""
    parts = _SPAN.findall(text)
    if not parts or any(unit not in _DAYS for _, unit in parts):
        return None
    return int(sum(int(number) * _DAYS[unit] for number, unit in parts))


def _rotation(sections: Sections) -> int | None:
    """``rotate`` × period of the block that holds the system's log, else logrotate's own defaults."""
    for path in ("/etc/logrotate.d/rsyslog", "/etc/logrotate.d/syslog"):
        block = re.search(r"/var/log/(?:syslog|messages)\b[^{]*\{([^}]*)\}", sections.file(path).text)
        if block:
            return _kept(block[1], _kept_words(sections.file("/etc/logrotate.conf").text))
    return None


def _kept_words(text: str) -> dict[str, str]:
    outside = re.sub(r"\{[^}]*\}", "", text)
    words = {}
    for line in lines(outside):
        key, _, value = line.partition(" ")
        if key in _PERIODS:
            words["period"] = key
        elif key in {"rotate", "maxage", "size", "maxsize"}:
            words[key] = value.strip()
    return words


def _kept(block: str, defaults: dict[str, str]) -> int | None:
    words = defaults | _kept_words(block.replace("\t", " "))
    rotate, days = integer(words.get("rotate")), _PERIODS.get(words.get("period", ""))
    if "size" in words or "maxsize" in words or rotate is None or days is None:
        return integer(words.get("maxage"))
    return min(filter(None, [int(rotate * days), integer(words.get("maxage"))]), default=None)
