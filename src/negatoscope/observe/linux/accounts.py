"""Local accounts: who they are for, whether anybody can use them, the state of their password."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from negatoscope.model.accounts import Account, AccountKind, PasswordState, SessionPolicy
from negatoscope.observe.collector import Item
from negatoscope.observe.linux import pam
from negatoscope.observe.linux.outcome import HOST, NOT_DECIDABLE, closed
from negatoscope.observe.linux.probes import LAST_LOGONS, PASSWORD_STATES, TAKEN_OUT
from negatoscope.observe.linux.sections import Section, Sections
from negatoscope.observe.linux.sessions import sessions
from negatoscope.observe.linux.sshd import keys_elsewhere, ssh_servers
from negatoscope.observe.linux.syntax import integer, pairs, parsed

_NO_SESSION = frozenset({"nologin", "false", "true", "sync", "halt", "shutdown"})
_NOBODY = 65_534
_LOGON = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d [+-]\d{4} \d{4})\s*$")
_STATES = {
    "P": PasswordState.SET, "PS": PasswordState.SET,
    "NP": PasswordState.EMPTY,
    "L": PasswordState.LOCKED, "LK": PasswordState.LOCKED,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of ``passwd``."""

    name: str
    uid: int
    gid: int
    home: str
    shell: str
    field: str
    """The password field: ``x`` where the hash lives elsewhere."""

    @property
    def interactive(self) -> bool:
        """Its shell opens a session."""
        return self.shell.rpartition("/")[2] not in _NO_SESSION


@dataclass(frozen=True, slots=True)
class _Password:
    state: PasswordState | None
    set_at: datetime | None
    max_days: int | None


def entries(sections: Sections) -> list[Entry]:
    """The accounts of ``/etc/passwd``, first of each name."""
    found: dict[str, Entry] = {}
    for line in sections.file("/etc/passwd").lines:
        fields = line.split(":")
        if len(fields) == 7 and fields[0] and not line.startswith(("#", "+", "-")):  # noqa: PLR2004 -- passwd(5)
            uid, gid = integer(fields[2]), integer(fields[3])
            if uid is not None and gid is not None:
                found.setdefault(fields[0], Entry(fields[0], uid, gid, fields[5], fields[6], fields[1]))
    return list(found.values())


def elsewhere(section: Section) -> bool:
    """A line ``+…`` takes in names of a directory (``compat``), which cannot be seen from here."""
    return any(line.startswith("+") for line in section.lines)


def accounts(sections: Sections) -> Iterator[Item]:
    """One fact an account. A directory's accounts are not here: they belong to the directory's own look."""
    passwd = sections.file("/etc/passwd")
    if not passwd.ok:
        yield from closed("Account", {"accounts": sections.why(passwd)})
        return
    states, logons, first_person = _states(sections), _last_logons(sections), _first_person(sections)
    undecided, doors = False, _doors(sections)
    for entry in entries(sections):
        password = states.get(entry.name) or _from_passwd(entry)
        enabled = _enabled(entry, password.state, doors, sections)
        undecided = undecided or enabled is None
        yield Account(
            HOST,
            entry.name,
            kind=_kind(entry, first_person),
            enabled=enabled,
            interactive=entry.interactive,
            password=password.state,
            password_set_at=password.set_at,
            password_max_days=password.max_days,
            last_logon_at=logons.get(entry.name),
        )
    shadow = sections[PASSWORD_STATES.section]
    missing = {} if shadow.ok else {"password": sections.why(shadow)}
    if elsewhere(passwd):
        missing["accounts"] = NOT_DECIDABLE
    yield from closed("Account", missing | ({"enabled": NOT_DECIDABLE} if undecided and shadow.ok else {}))


def _from_passwd(entry: Entry) -> _Password:
    """A password kept in ``passwd`` itself: an empty field asks none, a hash (taken out of the capture) is one."""
    if entry.field == "":
        return _Password(PasswordState.EMPTY, None, None)
    return _Password(PasswordState.SET if entry.field == TAKEN_OUT else None, None, None)


def _states(sections: Sections) -> Mapping[str, _Password]:
    """``name state date min max warn inactive``, the date in either of the two ways ``passwd`` writes it."""
    section = sections[PASSWORD_STATES.section]
    found = {}
    for line in section.lines if section.ok else ():
        fields = line.split()
        if len(fields) >= 5 and fields[1] in _STATES:  # noqa: PLR2004 -- passwd(1)
            set_at = parsed(fields[2], "%Y-%m-%d") or parsed(fields[2], "%m/%d/%Y")
            never = set_at is not None and set_at.year == 1970  # noqa: PLR2004 -- day 0 means change at next logon
            found[fields[0]] = _Password(_STATES[fields[1]], None if never else set_at, _days(fields[4]))
    return found


def _days(word: str) -> int | None:
    days = integer(word)
    return 99_999 if days is not None and days < 0 else days


def _last_logons(sections: Sections) -> Mapping[str, datetime]:
    found = {}
    for line in sections[LAST_LOGONS.section].lines:
        said = _LOGON.search(line)
        at = parsed(said[1], "%b %d %H:%M:%S %z %Y") if said else None
        if at is not None:
            found[line.split()[0]] = at
    return found


def _first_person(sections: Sections) -> int:
    said = dict(pairs(sections.file("/etc/login.defs").text)).get("UID_MIN")
    return integer(said) or 1000


def _kind(entry: Entry, first_person: int) -> AccountKind | None:
    if entry.name == "root" or entry.uid == _NOBODY or 0 < entry.uid < first_person:
        return AccountKind.SYSTEM
    if entry.uid == 0:
        return None
    return AccountKind.PERSON if entry.interactive else AccountKind.SERVICE


@dataclass(frozen=True, slots=True)
class _Doors:
    """What opens a session without a local password. ``None``: not known."""

    shut: bool
    """Nothing but SSH keys and ``autologin`` can let somebody in."""
    autologin: str | None
    servers: list[str] | None
    keys_elsewhere: bool


def _doors(sections: Sections) -> _Doors:
    session = next(item for item in sessions(sections) if isinstance(item, SessionPolicy))
    named = session.autologin is False or (session.autologin is True and session.autologin_account is not None)
    shut = named and pam.lets_in(sections, pam.no_local_password) is False
    return _Doors(shut, session.autologin_account, ssh_servers(sections), keys_elsewhere(sections))


def _enabled(entry: Entry, state: PasswordState | None, doors: _Doors, sections: Sections) -> bool | None:
    """Whether anybody can get in with it. A locked password leaves other doors: it is shut only if all of them are."""
    if state in {PasswordState.SET, PasswordState.EMPTY}:
        return True
    if state is None:
        return None
    if not entry.interactive:
        return False
    if entry.name == doors.autologin:
        return True
    key = False if doors.servers == [] else _key(entry, doors, sections)
    return key if key or doors.shut else None


def _key(entry: Entry, doors: _Doors, sections: Sections) -> bool | None:
    """Whether some SSH key opens it."""
    keys = sections.names("/root/.ssh/authorized_keys*" if entry.home == "/root" else _keys_beside(entry.home))
    if any(path.startswith(f"{entry.home}/.ssh/") for path in keys.lines):
        return True
    return False if keys.looked and not doors.keys_elsewhere else None


def _keys_beside(home: str) -> str:
    return f"{home.rpartition('/')[0]}/*/.ssh/authorized_keys*"
