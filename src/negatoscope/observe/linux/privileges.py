"""Who can act as administrator: user id 0, sudoers, and the groups that amount to root."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import replace
from fnmatch import fnmatchcase

from negatoscope.model.accounts import LOOK, Privilege
from negatoscope.observe.collector import Item
from negatoscope.observe.linux.accounts import Entry, elsewhere, entries
from negatoscope.observe.linux.lent import lent_to
from negatoscope.observe.linux.outcome import HOST, NOT_DECIDABLE, closed
from negatoscope.observe.linux.probes import followed
from negatoscope.observe.linux.sections import Section, Sections
from negatoscope.observe.linux.sudoers import Grant, Policy, parse
from negatoscope.observe.linux.syntax import integer

_ASKING_GROUPS = frozenset({"sudo", "wheel", "admin"})
"""Administrators for polkit and, as shipped, for sudo; both ask for a password unless told otherwise."""
_SILENT_GROUPS = frozenset({"docker", "lxd", "incus-admin", "disk"})
"""Membership alone is root: containers that mount the host, raw access to its disks. Nobody asks for a password."""
_LOCAL_SOURCES = frozenset({"files", "compat", "systemd", "db"})

_PLAIN_INCLUDE = re.compile(r"^[ \t]*[@#]include(?:dir)?[ \t]+\"?[^\s\"\\%]+\"?[ \t]*$", re.MULTILINE)
"""A path without spaces, escapes or the host's name (``%h``) in it."""

Groups = Mapping[str, tuple[frozenset[int], frozenset[str]]]


def privileges(sections: Sections) -> Iterator[Item]:
    """One fact for each way of each account."""
    passwd, group = sections.file("/etc/passwd"), sections.file("/etc/group")
    known = entries(sections)
    groups = _groups(group)
    files, missing = sudoers(sections)
    texts = [section.text for section in files]
    lent = {text: account for text in texts if (account := lent_to(text))}
    policy = parse(text for text in texts if text not in lent)
    grants = [grant for grant in policy.grants if grant.who not in {"root", "#0"}]
    silent = {grant.who.removeprefix("%") for grant in grants if not grant.password_asked}
    yield from _once(
        _exempted(
            policy,
            groups,
            known,
            (
                *(Privilege(HOST, entry.name, "uid0") for entry in known if entry.uid == 0),
                *_by_group(groups, known, None if missing else silent),
                *_by_sudoers(grants, groups, known),
                *(Privilege(HOST, account, LOOK, password_asked=False) for account in lent.values()),
                *_by_doas(sections.file("/etc/doas.conf"), groups, known),
            ),
        )
    )
    if not policy.understood:
        missing["sudoers"] = NOT_DECIDABLE
    yield from closed("Privilege", missing | _unseen(sections, passwd, group))


def _unseen(sections: Sections, passwd: Section, group: Section) -> dict[str, str]:
    """Where else an administrator may be named: what was not read, and directories."""
    names, doas = sections.file("/etc/nsswitch.conf"), sections.file("/etc/doas.conf")
    missing = {name: sections.why(one) for name, one in (("passwd", passwd), ("group", group)) if not one.ok}
    missing |= {
        name: sections.why(one) for name, one in (("directory_groups", names), ("doas", doas)) if not one.looked
    }
    if _directory(sections) or elsewhere(passwd) or elsewhere(group):
        missing["directory_groups"] = NOT_DECIDABLE
    return missing


def _once(found: Iterator[Privilege]) -> Iterator[Privilege]:
    """One fact for each way of each account, the one that asks nothing first."""
    held: dict[str, Privilege] = {}
    for privilege in found:
        before = held.get(privilege.ref)
        if before is None or privilege.password_asked is False:
            held[privilege.ref] = privilege
    yield from held.values()


def _exempted(policy: Policy, groups: Groups, known: list[Entry], found: tuple[Privilege, ...]) -> Iterator[Privilege]:
    """``exempt_group``: sudo asks its members nothing, whatever else it says."""
    exempt = {name for group in policy.exempt for name in _members(groups, known, group)}
    for privilege in found:
        through_sudo = privilege.via not in {"uid0", "doas"}
        unasked = through_sudo and privilege.account in exempt
        yield replace(privilege, password_asked=False) if unasked else privilege


def sudoers(sections: Sections) -> tuple[list[Section], dict[str, str]]:
    """Every sudoers file in use, includes followed; and what could not be read."""
    files: list[Section] = []
    missing: dict[str, str] = {}
    queue, seen = ["/etc/sudoers"], set()
    while queue:
        path = queue.pop(0)
        if path in seen:
            continue
        seen.add(path)
        section = sections.file(path)
        if section.ok:
            files.append(section)
            queue += _included(sections, section, missing)
        elif not section.looked:
            missing["sudoers"] = sections.why(section)
    return files, missing


def _included(sections: Sections, section: Section, missing: dict[str, str]) -> Iterator[str]:
    asked = re.findall(r"^[ \t]*[@#]include(?:dir)?\s", section.text, re.MULTILINE)
    plain = _PLAIN_INCLUDE.findall(section.text)
    found = followed(section.section, section.text)
    if len(asked) > min(len(found), len(plain)):
        missing["sudoers_included"] = NOT_DECIDABLE
    for probe in found:
        listed = sections[probe.section]
        if not listed.looked:
            missing["sudoers_included"] = sections.why(listed)
        for path, _ in sections.files(probe.pattern):
            name = path.rpartition("/")[2]
            if "*" not in probe.pattern or not ("." in name or name.endswith("~")):
                yield path


def _groups(section: Section) -> Groups:
    """By name: its numbers and its members. Lines of one name, and names of one number, are one group to the kernel."""
    numbers: defaultdict[str, set[int]] = defaultdict(set)
    members: defaultdict[int, set[str]] = defaultdict(set)
    for line in section.lines:
        fields = line.split(":")
        gid = integer(fields[2]) if len(fields) >= 4 else None  # noqa: PLR2004 -- group(5)
        if gid is not None:
            numbers[fields[0]].add(gid)
            members[gid].update(name.strip() for name in fields[3].split(",") if name.strip())
    return {
        name: (frozenset(gids), frozenset(member for gid in gids for member in members[gid]))
        for name, gids in numbers.items()
    }


def _members(groups: Groups, known: list[Entry], name: str) -> list[str]:
    """Members named in the group, and accounts whose own group it is."""
    number = integer(name[1:]) if name.startswith("#") else None
    if number is not None:
        name = next((group for group, (gids, _) in groups.items() if number in gids), "")
    gids, named = groups.get(name, (frozenset(() if number is None else (number,)), frozenset()))
    return sorted(named | {entry.name for entry in known if entry.gid in gids and entry.uid != 0})


def _by_group(groups: Groups, known: list[Entry], silent: set[str] | None) -> Iterator[Privilege]:
    for group in sorted(_ASKING_GROUPS & groups.keys()):
        asked = None if silent is None else group not in silent
        for name in _members(groups, known, group):
            yield Privilege(HOST, name, f"group:{group}", asked)
    for group in sorted(_SILENT_GROUPS & groups.keys()):
        for name in _members(groups, known, group):
            yield Privilege(HOST, name, f"group:{group}", password_asked=False)


def _by_sudoers(grants: list[Grant], groups: Groups, known: list[Entry]) -> Iterator[Privilege]:
    for grant in grants:
        for name in _named(grant.who, groups, known):
            yield Privilege(HOST, name, "sudoers", grant.password_asked)


def _named(who: str, groups: Groups, known: list[Entry]) -> list[str]:
    if who == "ALL":
        return [entry.name for entry in known if entry.interactive and entry.uid != 0]
    if who.startswith("%"):
        return _members(groups, known, who[1:])
    if who.startswith("#"):
        return [entry.name for entry in known if str(entry.uid) == who[1:]]
    return [] if who.startswith("+") else [who]


def _by_doas(section: Section, groups: Groups, known: list[Entry]) -> Iterator[Privilege]:
    """``permit [nopass|persist|keepenv|setenv {…}] identity [as target] [cmd …]``."""
    for line in section.lines if section.ok else ():
        said = re.match(r"\s*permit\s+((?:(?:nopass|nolog|persist|keepenv|setenv\s*\{[^}]*\})\s+)*)(\S+)(.*)", line)
        target = re.search(r"\bas\s+(\S+)", said[3]) if said else None
        if said and (target is None or fnmatchcase(target[1], "root")):
            who = f"%{said[2][1:]}" if said[2].startswith(":") else said[2]
            for name in _named(who, groups, known):
                yield Privilege(HOST, name, "doas", "nopass" not in said[1])


def _directory(sections: Sections) -> bool:
    """Groups or sudoers also come from a directory, whose members cannot be seen from here."""
    sources = {
        word
        for line in sections.file("/etc/nsswitch.conf").lines
        for word in re.sub(r"\[[^\]]*\]", " ", line.partition(":")[2]).split()
    }
    return bool(sources - _LOCAL_SOURCES)
