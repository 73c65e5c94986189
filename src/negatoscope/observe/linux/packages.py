"""Software that package managers know of, and how it stands with its updates."""

import re
from collections.abc import Iterator
from datetime import datetime

from negatoscope.model.software import Software, Updates
from negatoscope.observe.collector import Item
from negatoscope.observe.linux.outcome import HOST, closed
from negatoscope.observe.linux.probes import (
    APT_CONFIG,
    APT_STAMPS,
    APT_UPGRADE,
    DNF_SECURITY,
    DNF_STAMPS,
    DNF_UPDATES,
    DPKG,
    FLATPAK,
    RPM,
    SNAP,
    UNIT_FILES,
    Command,
)
from negatoscope.observe.linux.sections import Section, Sections
from negatoscope.observe.linux.syntax import ini, instant, integer, last, lines, truth

_INSTALLED = re.compile(r"^[a-z]i")
"""dpkg's short status: wanted anything, installed."""
_MAIL = re.compile(r"\s*<[^>]*>")
_PENDING = re.compile(r"^Inst (\S+) (?:\[[^\]]*\] )?\(\S+ ([^)]*)\)", re.MULTILINE)
_DNF_LINE = re.compile(r"^(\S+\.\S+)\s+\S+\s+\S+\s*$")


def command(sections: Sections, probe: Command) -> Section:
    """What a command brought back."""
    return sections[probe.section]


def software(sections: Sections) -> Iterator[Item]:
    """Packages of dpkg, rpm, snap and flatpak, one fact a name. What was copied by hand into /opt is not here."""
    managers = {probe: command(sections, probe) for probe in (DPKG, RPM, SNAP, FLATPAK)}
    named: dict[str, Software] = {}
    for probe, section in managers.items():
        for one in _listed(probe, section) if section.ok else ():
            named.setdefault(one.name, one)
    yield from named.values()
    missing = {probe.argv[0]: sections.why(section) for probe, section in managers.items() if not section.looked}
    if not managers[DPKG].ok and not managers[RPM].ok:
        missing["packages"] = sections.why(managers[DPKG], managers[RPM])
    yield from closed("Software", missing)


def _listed(probe: Command, section: Section) -> Iterator[Software]:
    if probe is SNAP:
        rows = [line.split() for line in section.lines[1:]]
        yield from (Software(HOST, row[0], row[1], row[4].strip("*")) for row in rows if len(row) > 4)  # noqa: PLR2004
        return
    for line in section.lines:
        name, _, rest = line.partition("\t")
        version, _, rest = rest.partition("\t")
        publisher, _, status = rest.partition("\t")
        if name.strip() and (probe is not DPKG or _INSTALLED.match(status)):
            yield Software(HOST, name.strip(), version or None, _MAIL.sub("", publisher).strip() or None)


def updates(sections: Sections) -> Iterator[Item]:
    """Pending updates, freshness of the lists, automatic installation, sources whose signature is not checked."""
    if command(sections, DPKG).ok:
        fact, missing = _apt(sections)
    elif command(sections, RPM).ok:
        fact, missing = _dnf(sections)
    else:
        yield from closed("Updates", {"updates": sections.why(command(sections, DPKG), command(sections, RPM))})
        return
    yield fact
    yield from closed("Updates", missing)


def _apt(sections: Sections) -> tuple[Updates, dict[str, str]]:
    upgrade, config, stamps = (command(sections, probe) for probe in (APT_UPGRADE, APT_CONFIG, APT_STAMPS))
    pending = _PENDING.findall(upgrade.text) if upgrade.ok else None
    files = sections.files("/etc/apt/sources.list", "/etc/apt/sources.list.d/*")
    fact = Updates(
        HOST,
        pending=None if pending is None else len(pending),
        pending_security=None if pending is None else sum("security" in origin.lower() for _, origin in pending),
        refreshed_at=_latest(stamps),
        automatic=_apt_automatic(sections, config),
        unverified_sources=tuple(sorted(_apt_unverified(files, config))) if config.ok else None,
    )
    missing = _dark(fact, sections, {"pending": upgrade, "refreshed_at": stamps, "automatic": config})
    missing |= {path: sections.why(section) for path, section in files if section.status in {"denied", "failed"}}
    return fact, missing


def _apt_automatic(sections: Sections, config: Section) -> bool | None:
    """Lists fetched and updates installed by themselves: settings, package, timers, and an origin to install from."""
    units = command(sections, UNIT_FILES)
    if not config.ok:
        return None
    said = {key: value for key, value in re.findall(r'^(\S+) "([^"]*)";$', config.text, re.MULTILINE) if value}
    every_days = [
        integer(said.get(f"APT::Periodic::{name}")) for name in ("Update-Package-Lists", "Unattended-Upgrade")
    ]
    installed = re.search(r"^unattended-upgrades\t", command(sections, DPKG).text, re.MULTILINE)
    origins = any(key.startswith(("Unattended-Upgrade::Origins", "Unattended-Upgrade::Allowed")) for key in said)
    if not all(every_days) or not installed or not origins:
        return False
    if not units.ok:
        return None
    return all(enabled(units, timer) for timer in ("apt-daily.timer", "apt-daily-upgrade.timer"))


def enabled(units: Section, name: str) -> bool:
    """Whether a unit starts by itself, as ``systemctl list-unit-files`` says."""
    return (
        re.search(rf"^{re.escape(name)}\s+(enabled|enabled-runtime|static|alias)\b", units.text, re.MULTILINE)
        is not None
    )


def _apt_unverified(files: list[tuple[str, Section]], config: Section) -> Iterator[str]:
    for key, value in re.findall(r'^(\S+) "([^"]*)";$', config.text, re.MULTILINE):
        if key in _APT_LAX and truth(value):
            yield f"apt.conf: {key}"
    for path, section in files:
        if path.endswith(".sources"):
            yield from _lax_paragraphs(path, section.text)
        for line in lines(section.text) if path.endswith(".list") else ():
            options = re.match(r"deb(?:-src)?\s+\[([^\]]*)\]", line)
            if options and re.search(r"\b(trusted|allow-insecure|allow-weak)\s*=\s*(yes|true|1)\b", options[1]):
                yield f"{path}: {line[:200]}"


_APT_LAX = frozenset(
    {
        "APT::Get::AllowUnauthenticated",
        "Acquire::AllowInsecureRepositories",
        "Acquire::AllowWeakRepositories",
        "Acquire::AllowDowngradeToInsecureRepositories",
    }
)


def _lax_paragraphs(path: str, text: str) -> Iterator[str]:
    for paragraph in re.split(r"\n\s*\n", text):
        fields = {key.strip().lower(): value.strip() for key, _, value in (x.partition(":") for x in lines(paragraph))}
        if truth(fields.get("enabled")) is False:
            continue
        if any(truth(fields.get(name)) for name in ("trusted", "allow-insecure", "allow-weak")):
            yield f"{path}: {fields.get('uris', '')[:200]}"


def _dnf(sections: Sections) -> tuple[Updates, dict[str, str]]:
    all_of_them, security = command(sections, DNF_UPDATES), command(sections, DNF_SECURITY)
    stamps, units = command(sections, DNF_STAMPS), command(sections, UNIT_FILES)
    repositories = sections.files("/etc/yum.repos.d/*.repo", "/etc/dnf/dnf.conf", "/etc/yum.conf")
    readable = all(section.looked for _, section in repositories)
    fact = Updates(
        HOST,
        pending=_dnf_count(all_of_them),
        pending_security=_dnf_count(security),
        refreshed_at=_latest(stamps),
        automatic=_dnf_automatic(sections, units),
        unverified_sources=tuple(sorted(_dnf_unverified(repositories))) if readable else None,
    )
    looked = {"pending": all_of_them, "pending_security": security, "refreshed_at": stamps, "automatic": units}
    return fact, _dark(fact, sections, looked)


def _dnf_count(section: Section) -> int | None:
    """Lines ``name.arch version repository`` up to the obsoleted ones."""
    if not section.ok:
        return None
    return sum(_DNF_LINE.match(line) is not None for line in section.text.partition("Obsoleting")[0].splitlines())


def _dnf_automatic(sections: Sections, units: Section) -> bool | None:
    if not units.ok:
        return None
    if enabled(units, "dnf-automatic-install.timer"):
        return True
    timer = any(enabled(units, name) for name in ("dnf-automatic.timer", "dnf5-automatic.timer"))
    applies = truth(last(ini(sections.file("/etc/dnf/automatic.conf").text), "commands", "apply_updates"))
    return timer and applies is True


def _dnf_unverified(files: list[tuple[str, Section]]) -> Iterator[str]:
    """Repositories in use without ``gpgcheck``; a repository that says nothing follows ``[main]``, off by default."""
    found = {path: list(ini(section.text)) for path, section in files}
    main = any(truth(last(said, "main", "gpgcheck")) for said in found.values())
    for path, said in found.items():
        for repository in sorted({section for section, _, _ in said} - {"main", ""}):
            checked = truth(last(said, repository, "gpgcheck"))
            used = truth(last(said, repository, "enabled")) is not False
            if used and not (main if checked is None else checked):
                yield f"{path}: {repository}"


def _latest(stamps: Section) -> datetime | None:
    """When the lists were last fetched: the youngest of the stamps that a successful fetch leaves."""
    if not stamps.ok:
        return None
    seconds = [integer(line.partition(":")[0]) for line in stamps.lines]
    return instant(max((one for one in seconds if one is not None), default=None))


def _dark(fact: Updates, sections: Sections, behind: dict[str, Section]) -> dict[str, str]:
    """Fields that stayed ``None``, with the reason."""
    missing = {}
    for field in ("pending", "pending_security", "refreshed_at", "automatic", "unverified_sources"):
        if getattr(fact, field) is None:
            section = behind.get(field) or behind["pending"]
            missing[field] = "not_decidable" if section.ok else sections.why(section)
    return missing
