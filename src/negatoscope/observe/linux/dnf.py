"""How a host of the rpm family stands with its updates."""

import re
from collections.abc import Iterator
from datetime import datetime

from negatoscope.model.software import Updates
from negatoscope.observe.linux.outcome import HOST
from negatoscope.observe.linux.probes import DNF_SECURITY, DNF_STAMPS, DNF_UPDATES, UNIT_FILES
from negatoscope.observe.linux.sections import Section, Sections
from negatoscope.observe.linux.syntax import ini, instant, integer, last, truth
from negatoscope.observe.linux.upkeep import dark, enabled, listed

_LINE = re.compile(r"^(\S+\.\S+)\s+\S+\s+\S+\s*$")
_STAMP = "/var/cache/dnf/last_makecache"
"""Touched when the lists were fetched; the folder of the cache is touched by anything."""


def dnf(sections: Sections) -> tuple[Updates, dict[str, str]]:
    """Read its updates; and why what is not known is not."""
    all_of_them, security = sections[DNF_UPDATES.section], sections[DNF_SECURITY.section]
    stamps, units = sections[DNF_STAMPS.section], sections[UNIT_FILES.section]
    repositories = listed(sections, "/etc/yum.repos.d/*.repo", "/etc/dnf/dnf.conf", "/etc/yum.conf")
    pending = _count(all_of_them)
    fact = Updates(
        HOST,
        pending=pending,
        pending_security=_security(pending, _count(security)),
        refreshed_at=_fetched(stamps),
        automatic=_automatic(sections, units),
        unverified_sources=_unverified(repositories),
    )
    looked = {"pending": all_of_them, "pending_security": security, "refreshed_at": stamps, "automatic": units}
    return fact, dark(fact, sections, looked)


def _count(section: Section) -> int | None:
    """Lines ``name.arch version repository`` up to the obsoleted ones; a long name leaves the rest for the next line.

    ``dnf`` ends with 100 when something waits and with 0 when nothing does: what contradicts it was not understood.
    """
    if not section.ok:
        return None
    said = re.sub(r"(?<=\S)\n[ \t]+(?=\S)", " ", section.text.partition("Obsoleting")[0])
    found = [line for line in said.splitlines() if line.strip()]
    understood = all(_LINE.match(line) for line in found) and bool(found) == (section.code == 100)  # noqa: PLR2004 -- dnf(8)
    return len(found) if understood else None


def _security(pending: int | None, security: int | None) -> int | None:
    """None of those that wait is for security: so say repositories that mark none at all (CentOS), too."""
    if pending == 0:
        return 0
    return security or None


def _automatic(sections: Sections, units: Section) -> bool | None:
    if not units.ok:
        return None
    if enabled(units, "dnf-automatic-install.timer"):
        return True
    timer = any(enabled(units, name) for name in ("dnf-automatic.timer", "dnf5-automatic.timer"))
    applies = truth(last(ini(sections.file("/etc/dnf/automatic.conf").text), "commands", "apply_updates"))
    return timer and applies is True


def _unverified(files: list[tuple[str, Section]]) -> tuple[str, ...] | None:
    """The repositories in use that are not checked; nothing in use, or something unread, proves nothing."""
    found = {path: list(ini(section.text)) for path, section in files}
    lax = tuple(sorted(_unchecked(found)))
    in_use = any(section not in {"main", ""} for said in found.values() for section, _, _ in said)
    return lax or (() if in_use and all(section.looked for _, section in files) else None)


def _unchecked(found: dict[str, list[tuple[str, str, str]]]) -> Iterator[str]:
    """Repositories in use without ``gpgcheck``; one that says nothing follows ``[main]``, off by default."""
    main = any(truth(last(said, "main", "gpgcheck")) for said in found.values())
    for path, said in found.items():
        for repository in sorted({section for section, _, _ in said} - {"main", ""}):
            checked = truth(last(said, repository, "gpgcheck"))
            used = truth(last(said, repository, "enabled")) is not False
            if used and not (main if checked is None else checked):
                yield f"{path}: {repository}"


def _fetched(stamps: Section) -> datetime | None:
    found = dict(line.partition(":")[::2] for line in reversed(stamps.lines)) if stamps.ok else {}
    seconds = [integer(when) for when, path in found.items() if path == _STAMP]
    return instant(seconds[0]) if seconds else None
