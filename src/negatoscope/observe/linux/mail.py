"""What a Linux mail server sends on: tables of Postfix, ``.forward`` files, Sieve scripts of Dovecot.

Files in people's own folders (root's apart) are read with the rights that the look has, never through sudo: whoever
owns the folder could make the name lead to any file.
"""

import re
from collections.abc import Iterator

from negatoscope.model.evidence import Sweep
from negatoscope.model.mail import MailForward, MailSystem, Means
from negatoscope.observe.collector import Item
from negatoscope.observe.linux.outcome import closed
from negatoscope.observe.linux.probes import MAIL_PEOPLE, MAIL_SERVERS, MAIL_TABLES, POSTCONF
from negatoscope.observe.linux.sections import Section, Sections
from negatoscope.observe.mail import sieve, tables

_PLAIN_MAP = re.compile(r"^(?:hash|lmdb|btree|texthash|cdb|dbm|proxy:hash):(/\S+)$")
_OF_DOMAIN = re.compile(r"/([a-z0-9-]+(?:\.[a-z0-9-]+)+)/([^/]+)/")
DESTINATIONS = ("mydestination", "virtual_alias_domains", "virtual_mailbox_domains", "mydomain")
MAPS = ("alias_maps", "virtual_alias_maps")


def mail(sections: Sections) -> Iterator[Item]:
    """The mail system, if there is one, and what it sends on."""
    looked = {path: sections.names(path) for path in MAIL_SERVERS}
    found = [path.rpartition("/")[2] for path, section in looked.items() if section.ok]
    unknown = {path: sections.why(section) for path, section in looked.items() if not section.looked}
    if not found:
        yield from closed("MailSystem", unknown)
        yield from closed("MailForward", unknown)
        return
    name = sections.header.hostname or "localhost"
    said = _settings(sections) if "postfix" in found else {}
    people, tables_missing = _missing(sections, MAIL_PEOPLE), _missing(sections, MAIL_TABLES)
    forwards = {one.ref: one for one in (*_from_people(sections, name), *_from_tables(sections, name))}
    yield from forwards.values()
    yield MailSystem(
        name,
        ", ".join(found),
        _domains(said),
        rules_read=True if not people else None,
        settings_read=True if not tables_missing and _known_maps(said) else None,
    )
    yield Sweep("MailSystem")
    missing = people | tables_missing
    yield from closed("MailForward", missing) if missing else (Sweep("MailForward"),)


def _missing(sections: Sections, patterns: tuple[str, ...]) -> dict[str, str]:
    """What could not be read, and why."""
    missing: dict[str, str] = {}
    for pattern in patterns:
        listed = sections.names(pattern) if "*" in pattern else sections.file(pattern)
        if not listed.looked:
            missing[pattern] = sections.why(listed)
        for path, section in sections.files(pattern) if "*" in pattern else ():
            if not section.looked:
                missing[path] = sections.why(section)
    return missing


def _from_people(sections: Sections, name: str) -> Iterator[MailForward]:
    for path, section in sections.files(*MAIL_PEOPLE):
        owner = _owner(path)
        if path.endswith(".forward"):
            told = iter([(domain, copy) for _, domain, copy in tables.forwards(section.text)])
            means = Means.FORWARD_FILE
        else:
            told = sieve.redirections(section.text)
            means = Means.SIEVE
        yield from (MailForward(name, owner, means, domain, copy, enabled=True) for domain, copy in told)


def _from_tables(sections: Sections, name: str) -> Iterator[MailForward]:
    for path in MAIL_TABLES:
        means = Means.VIRTUAL if path.endswith("virtual") else Means.ALIASES
        for owner, domain, copy in tables.forwards(sections.file(path).text):
            yield MailForward(name, owner or "?", means, domain, copy, enabled=True)


def _owner(path: str) -> str:
    """Whose folder it is: ``/home/claire/…``, ``/var/vmail/cabinet.fr/claire/…``."""
    if found := _OF_DOMAIN.search(path):
        return f"{found[2]}@{found[1]}".lower()
    parts = path.split("/")
    return "root" if parts[1] == "root" else parts[2].lower()


def _settings(sections: Sections) -> dict[str, str]:
    """What ``postconf`` prints, by name."""
    section: Section = sections[POSTCONF.section]
    pairs = (line.partition(" = ") for line in section.lines if section.ok)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _domains(said: dict[str, str]) -> tuple[str, ...] | None:
    own = {f"${name}": value for name, value in said.items() if name in {"myhostname", "mydomain"}}
    words = [word for name in DESTINATIONS for word in re.split(r"[,\s]+", said.get(name, ""))]
    names = {own.get(word, word).lower() for word in words}
    return (
        tuple(sorted(one for one in names if "." in one and not set(one) & set("$/:") and one != "localhost")) or None
    )


def _known_maps(said: dict[str, str]) -> bool:
    """Every table that Postfix asks is one of those that were read."""
    words = [word for name in MAPS for word in re.split(r"[,\s]+", said.get(name, "unread:")) if word]
    plain = [_PLAIN_MAP.match(word) for word in words if word != "$alias_maps"]
    return all(found is not None and found[1] in MAIL_TABLES for found in plain)
