"""How a host of the dpkg family stands with its updates."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from negatoscope.model.software import Updates
from negatoscope.observe.linux.outcome import HOST
from negatoscope.observe.linux.probes import APT_CONFIG, APT_LISTS, APT_STAMPS, APT_UPGRADE, DPKG, UNIT_FILES
from negatoscope.observe.linux.sections import Section, Sections
from negatoscope.observe.linux.syntax import instant, integer, lines
from negatoscope.observe.linux.upkeep import dark, enabled, listed

_PENDING = re.compile(r"^Inst (\S+) (?:\[[^\]]*\] )?\(\S+ ([^)]*)\)", re.MULTILINE)
_SUMMARY = re.compile(r"^(\d{1,6}) upgraded, .*?(\d{1,6}) not upgraded", re.MULTILINE)
_OF_THE_VENDOR = re.compile(r"^(Debian|Ubuntu):[^,]*$")
"""An origin that publishes its security updates apart; of any other nobody knows what an update is for."""
_SETTING = re.compile(r'^(\S+) "([^"]*)";$', re.MULTILINE)
_STAMP = "/var/lib/apt/periodic/update-success-stamp"
_WEEK = 7 * 86_400
_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "": 86_400}
_TRUE = frozenset({"yes", "true", "with", "on", "enable"})


@dataclass(frozen=True, slots=True)
class _Sources:
    """Where packages come from."""

    entries: tuple[str, ...]
    """Suites and addresses of each source in use."""
    lax: tuple[str, ...]
    read: bool
    """Every file was."""

    @property
    def secured(self) -> bool:
        """Some source brings security updates, so that none waiting means none published."""
        return any(re.search(r"security|\s\S+/updates\b", entry) for entry in self.entries)


def apt(sections: Sections) -> tuple[Updates, dict[str, str]]:
    """Read its updates; and why what is not known is not."""
    upgrade, config, stamps = (sections[probe.section] for probe in (APT_UPGRADE, APT_CONFIG, APT_STAMPS))
    files = listed(
        sections, "/etc/apt/sources.list", "/etc/apt/sources.list.d/*.list", "/etc/apt/sources.list.d/*.sources"
    )
    sources = _sources(files)
    pending, security = _waiting(upgrade, sources)
    fact = Updates(
        HOST,
        pending=pending,
        pending_security=security,
        refreshed_at=_fetched(stamps, sections[APT_LISTS.section]) if sources.entries else None,
        automatic=_automatic(sections, config),
        unverified_sources=_unverified(sources, config),
    )
    behind = {"pending": upgrade, "refreshed_at": stamps, "automatic": config, "unverified_sources": config}
    missing = dark(fact, sections, behind)
    return fact, missing | {path: sections.why(section) for path, section in files if not section.looked}


def _waiting(upgrade: Section, sources: _Sources) -> tuple[int | None, int | None]:
    """All that wait, those kept back included; and those for security, where that can be told of each of them."""
    summary = _SUMMARY.search(upgrade.text) if upgrade.ok else None
    if summary is None:
        return None, None
    origins = [re.sub(r"\s*\[[^\]]*\]$", "", said) for _, said in _PENDING.findall(upgrade.text)]
    kept = int(summary[2])
    security = sum("security" in origin.lower() for origin in origins)
    understood = len(origins) >= int(summary[1]) and sources.read and sources.secured and not kept
    told = understood and all(_of_the_vendor(origin) for origin in origins)
    return len(origins) + kept, security if security or told else None


def _of_the_vendor(origins: str) -> bool:
    return all(_OF_THE_VENDOR.match(one.strip()) for one in origins.split(","))


def _fetched(stamps: Section, lists: Section) -> datetime | None:
    """When the lists were last fetched: the stamp of a success, else the date of the youngest list.

    The folder of the lists proves nothing: a failing fetch touches it as well. The lists that change every week are
    those of security; where there are any, the others do not count.
    """
    if not stamps.looked:
        return None
    found = [line.partition(":")[::2] for line in stamps.lines]
    success = [when for when, path in found if path == _STAMP]
    if success:
        return instant(integer(success[0]))
    of_lists = [line.partition(":")[::2] for line in lists.lines] if lists.ok else []
    chosen = [when for when, path in of_lists if "security" in path] or [when for when, _ in of_lists]
    seconds = [integer(when.partition(".")[0]) for when in chosen]
    return instant(max((one for one in seconds if one is not None), default=None))


def _settings(config: Section) -> list[tuple[str, str]]:
    return [(key.lower(), value) for key, value in _SETTING.findall(config.text)]


def _automatic(sections: Sections, config: Section) -> bool | None:
    """Lists fetched and updates installed by themselves: settings, package, timers, and the origin of security."""
    units = sections[UNIT_FILES.section]
    if not config.ok:
        return None
    said = {key: value for key, value in _settings(config) if value}
    every = [
        _weekly(said.get(f"apt::periodic::{name}", "0")) for name in ("update-package-lists", "unattended-upgrade")
    ]
    installed = re.search(r"^unattended-upgrades\t", sections[DPKG.section].text, re.MULTILINE)
    origins = [value for key, value in _settings(config) if key.startswith(_ORIGINS) and value]
    if _boolean(said.get("apt::periodic::enable", "1")) is False or False in every or not installed or not origins:
        return False
    left_out = any(key.startswith("unattended-upgrade::package-blacklist") for key in said)
    secured = any("security" in value.lower() for value in origins)
    if not units.ok or None in every or left_out or not secured:
        return None
    return all(enabled(units, timer) for timer in ("apt-daily.timer", "apt-daily-upgrade.timer"))


_ORIGINS = ("unattended-upgrade::origins", "unattended-upgrade::allowed")


def _weekly(word: str) -> bool | None:
    """At least once a week: a number of days or, with its letter, of another unit; 0 is never."""
    if word == "always":
        return True
    said = re.fullmatch(r"(\d{1,9})([smhd]?)", word)
    return 0 < int(said[1]) * _UNITS[said[2]] <= _WEEK if said else None


def _boolean(word: str) -> bool | None:
    """Yes or no in apt's words, where any number but 0 is a yes; ``None`` where apt keeps its default."""
    number, lowered = integer(word), word.strip().lower()
    if number is not None:
        return number != 0
    return True if lowered in _TRUE else False if lowered in {"no", "false", "without", "off", "disable"} else None


def _unverified(sources: _Sources, config: Section) -> tuple[str, ...] | None:
    """What is not checked; a host without a source, or with one that was not read, proves nothing."""
    lax = [f"apt.conf: {key}" for key, value in _settings(config) if key in _LAX and _boolean(value)]
    found = tuple(sorted([*sources.lax, *lax]))
    return found or (() if config.ok and sources.read and sources.entries else None)


_LAX = frozenset({
    "apt::get::allowunauthenticated",
    "acquire::allowinsecurerepositories",
    "acquire::allowweakrepositories",
    "acquire::allowdowngradetoinsecurerepositories",
})  # fmt: skip


def _sources(files: list[tuple[str, Section]]) -> _Sources:
    entries, lax = [], []
    for path, section in files:
        found = _paragraphs(section.text) if path.endswith(".sources") else _one_line(section.text)
        for entry, trusted in found:
            entries.append(entry)
            lax += [f"{path}: {entry[:200]}"] if trusted else []
    return _Sources(tuple(entries), tuple(lax), all(section.looked for _, section in files))


def _one_line(text: str) -> Iterator[tuple[str, bool]]:
    for line in lines(text):
        said = re.match(r"deb(?:-src)?\s+(?:\[([^\]]*)\]\s*)?(.*)", line)
        options = (
            dict(word.partition("=")[::2] for word in re.sub(r"\s*=\s*", "=", said[1] or "").split()) if said else {}
        )
        if said and (line.startswith("deb-src") is False or _trusts(options)):
            yield said[2], _trusts(options)


def _paragraphs(text: str) -> Iterator[tuple[str, bool]]:
    for paragraph in re.split(r"\n\s*\n", text):
        fields = {key.strip().lower(): value.strip() for key, _, value in (x.partition(":") for x in lines(paragraph))}
        if "deb" in fields.get("types", "").split() and _boolean(fields.get("enabled", "yes")) is not False:
            yield f"{fields.get('uris', '')} {fields.get('suites', '')}", _trusts(fields)


def _trusts(options: dict[str, str]) -> bool:
    return any(_boolean(options.get(name, "no")) for name in ("trusted", "allow-insecure", "allow-weak"))
