"""What the updates of both families of package managers have in common."""

import re

from negatoscope.model.software import Updates
from negatoscope.observe.linux.outcome import NOT_DECIDABLE
from negatoscope.observe.linux.sections import Section, Sections


def enabled(units: Section, name: str) -> bool:
    """Whether a unit starts by itself, as ``systemctl list-unit-files`` says."""
    said = rf"^{re.escape(name)}\s+(enabled|enabled-runtime|static|alias)\b"
    return re.search(said, units.text, re.MULTILINE) is not None


def listed(sections: Sections, *patterns: str) -> list[tuple[str, Section]]:
    """The files of each pattern: a list that was not read, and a listed file that was not brought back, included."""
    found = dict(sections.files(*patterns))
    for pattern in patterns:
        names = sections.names(pattern) if "*" in pattern else sections.file(pattern)
        if not names.looked:
            found[pattern] = names
        elif "*" in pattern:
            found |= {path: sections.file(path) for path in names.lines}
    return sorted(found.items())


def dark(fact: Updates, sections: Sections, behind: dict[str, Section]) -> dict[str, str]:
    """Fields that stayed ``None``, with the reason."""
    missing = {}
    for field in ("pending", "pending_security", "refreshed_at", "automatic", "unverified_sources"):
        if getattr(fact, field) is None:
            section = behind.get(field) or behind["pending"]
            missing[field] = NOT_DECIDABLE if section.ok else sections.why(section)
    return missing
