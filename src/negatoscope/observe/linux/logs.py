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
_LEGACY_FORWARD = re.compile(r"^[^#\s$]\S*\s+(?:@@?|:omrelp:)(?:\([^)]*\))?[\w\[:]", re.MULTILINE)
_FORWARD = re.compile(r"type\s*=\s*\"(omfwd|omrelp|omelasticsearch|omkafka|omhttp)\"", re.IGNORECASE)
_NG_FORWARD = re.compile(r"^[ \t]*(?!#).*\b(network|tcp|udp|syslog|tls)\s*\(\s*[\"']?[\w.:-]", re.MULTILINE)
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
    """Forwarding is set, and the daemon that forwards runs."""
    rsyslog, syslog_ng = _texts(sections, _RSYSLOG), _texts(sections, _SYSLOG_NG)
    units = sections[UNIT_FILES.section]
    ways = (
        ("rsyslogd", bool(_LEGACY_FORWARD.search(rsyslog) or _FORWARD.search(rsyslog))),
        ("syslog-ng", bool(_NG_FORWARD.search(syslog_ng))),
        ("systemd-journal-upload", bool(re.search(r"^[ \t]*URL\s*=\s*\S", sections.file(_UPLOAD).text, re.MULTILINE))),
    )
    told = [name for name, forwards in ways if forwards]
    if not told:
        return False
    if running is None:
        return None
    uploads = "systemd-journal-upload" in told and units.ok and enabled(units, "systemd-journal-upload.service")
    return bool(uploads or running & set(told))


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
