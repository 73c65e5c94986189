"""Software that package managers know of, and how it stands with its updates."""

import re
from collections.abc import Iterator

from negatoscope.model.software import Software
from negatoscope.observe.collector import Item
from negatoscope.observe.linux.apt import apt
from negatoscope.observe.linux.dnf import dnf
from negatoscope.observe.linux.outcome import HOST, NOT_DECIDABLE, closed
from negatoscope.observe.linux.probes import (
    DPKG,
    FLATPAK,
    RPM,
    SNAP,
    Command,
)
from negatoscope.observe.linux.sections import Section, Sections

_INSTALLED = re.compile(r"^[a-z]i")
"""dpkg's short status: wanted anything, installed."""
FEWEST = 40
"""The barest system that boots has more packages: a shorter list was cut."""
_MAIL = re.compile(r"\s*<[^>]*>")


def software(sections: Sections) -> Iterator[Item]:
    """Packages of dpkg, rpm, snap and flatpak, one fact a name. What was copied by hand into /opt is not here."""
    managers = {probe: sections[probe.section] for probe in (DPKG, RPM, SNAP, FLATPAK)}
    named: dict[str, Software] = {}
    for probe, section in managers.items():
        for one in _listed(probe, section) if section.ok else ():
            named.setdefault(one.name, one)
    yield from named.values()
    held = sum(line.count("\t") > 0 for probe in (DPKG, RPM) for line in managers[probe].lines)
    missing = {probe.argv[0]: sections.why(section) for probe, section in managers.items() if not section.looked}
    if not managers[DPKG].ok and not managers[RPM].ok:
        missing["packages"] = sections.why(managers[DPKG], managers[RPM])
    elif held < FEWEST:
        missing["packages"] = NOT_DECIDABLE
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
    if sections[DPKG.section].ok:
        fact, missing = apt(sections)
    elif sections[RPM.section].ok:
        fact, missing = dnf(sections)
    else:
        yield from closed("Updates", {"updates": sections.why(sections[DPKG.section], sections[RPM.section])})
        return
    yield fact
    yield from closed("Updates", missing)
