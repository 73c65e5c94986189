"""The SSH server's effective configuration: ``sshd -T`` where it ran, else its files and OpenSSH's defaults."""

import re
from collections.abc import Iterator

from negatoscope.model.hardening import SshServer
from negatoscope.observe.collector import Item
from negatoscope.observe.linux.outcome import HOST, NOT_DECIDABLE, closed
from negatoscope.observe.linux.probes import PROCESSES, SOCKETS, SSHD, followed
from negatoscope.observe.linux.sections import Section, Sections
from negatoscope.observe.linux.syntax import lines

MAIN = "/etc/ssh/sshd_config"
_SERVERS = ("/usr/sbin/sshd", "/usr/bin/sshd", "/usr/sbin/dropbear")
_RUNNING = re.compile(r"\b(sshd|dropbear)\b")
_FIELDS = ("root_login", "password_authentication", "empty_passwords")
_DEFAULTS = {
    "permitrootlogin": "prohibit-password",
    "passwordauthentication": "yes",
    "permitemptypasswords": "no",
    "kbdinteractiveauthentication": "yes",
    "usepam": "no",
}
"""OpenSSH 7.0 and later (2015)."""
_ALIASES = {
    "challengeresponseauthentication": "kbdinteractiveauthentication",
    "skeyauthentication": "kbdinteractiveauthentication",
}
_ROOT_LOGIN = {"without-password": "prohibit-password"}
_ROOT_LOGINS = ("no", "forced-commands-only", "prohibit-password", "yes")
"""From the strictest to the most open."""

Said = dict[str, str]


def ssh_servers(sections: Sections) -> list[str] | None:
    """The SSH servers installed, or running from elsewhere; ``None`` where that could not be looked at."""
    looked = [sections.names(path) for path in _SERVERS]
    if not all(section.looked for section in looked):
        return None
    found = [section.text for section in looked if section.ok]
    seen = _RUNNING.search(f"{sections[PROCESSES.section].text}\n{sections[SOCKETS.section].text}")
    return found or ([f"{seen[1]} (running)"] if seen else [])


def ssh(sections: Sections) -> Iterator[Item]:
    """Present or not, and if so its three settings; a ``Match`` block that opens more than the rest counts."""
    servers = ssh_servers(sections)
    if servers is None:
        yield from closed("SshServer", {"present": sections.why(*(sections.names(path) for path in _SERVERS))})
    elif not servers:
        yield SshServer(HOST, present=False)
        yield from closed("SshServer", {})
    elif not any(path.endswith("sshd") for path in servers):
        yield SshServer(HOST, present=True)
        yield from closed("SshServer", dict.fromkeys(_FIELDS, NOT_DECIDABLE))
    else:
        yield from _openssh(sections, alone=not any("dropbear" in path for path in servers))


def _openssh(sections: Sections, *, alone: bool) -> Iterator[Item]:
    """What ``sshd -T`` does not say is not known. Beside another server only what is open already counts."""
    effective = sections[SSHD.section]
    said, matched, missing = _from_files(sections)
    if effective.ok:
        said = dict(line.lower().split(" ", 1) for line in effective.lines if " " in line)
    elif missing:
        yield SshServer(HOST, present=True)
        yield from closed("SshServer", dict.fromkeys(("root_login", "password_authentication"), missing))
        return
    base = said if effective.ok else _DEFAULTS | said
    fact = _worst([base, *(base | block for block in matched)])
    if not alone:
        fact = SshServer(
            HOST,
            present=True,
            root_login="yes" if fact.root_login == "yes" else None,
            password_authentication=fact.password_authentication or None,
            empty_passwords=fact.empty_passwords or None,
        )
    yield fact
    dark = {name: NOT_DECIDABLE for name in _FIELDS if getattr(fact, name) is None}
    yield from closed("SshServer", dark | ({"match_blocks": missing} if missing else {}))


def _worst(views: list[Said]) -> SshServer:
    """The most open of several views; a setting that one of them does not tell is not known."""
    base = views[0]
    asked = all(name in base for name in ("passwordauthentication", "kbdinteractiveauthentication", "usepam"))
    return SshServer(
        HOST,
        present=True,
        root_login=max((_root_login(view) for view in views), key=_ROOT_LOGINS.index)
        if "permitrootlogin" in base
        else None,
        password_authentication=any(_asks_password(view) for view in views) if asked else None,
        empty_passwords=any(view["permitemptypasswords"] != "no" for view in views)
        if "permitemptypasswords" in base
        else None,
    )


def _root_login(view: Said) -> str:
    value = _ROOT_LOGIN.get(view["permitrootlogin"], view["permitrootlogin"])
    return value if value in _ROOT_LOGINS else "yes"


def _asks_password(view: Said) -> bool:
    """Directly, or through PAM's keyboard-interactive dialogue, which asks for the same password."""
    through_pam = view["kbdinteractiveauthentication"] != "no" and view["usepam"] != "no"
    return view["passwordauthentication"] != "no" or through_pam


_DOORS = {
    "authorizedkeysfile": {".ssh/authorized_keys", ".ssh/authorized_keys2", "%h/.ssh/authorized_keys", "none"},
    "authorizedkeyscommand": {"none"},
    "trustedusercakeys": {"none"},
    "hostbasedauthentication": {"no"},
}
"""Settings that let in somebody who has no key in the account's own folder, and their harmless values."""


def keys_elsewhere(sections: Sections) -> bool:
    """Whether an account may be opened by something else than a key in its own folder; so is what was not read."""
    effective = sections[SSHD.section]
    said, matched, missing = _from_files(sections)
    if effective.ok:
        said = dict(line.lower().split(" ", 1) for line in effective.lines if " " in line)
    views = [said, *matched]
    other = any(set(view.get(name, "").split()) - harmless for view in views for name, harmless in _DOORS.items())
    return other or missing is not None


def _value(rest: str) -> str:
    """A setting's value, without the comment behind it nor its quotes."""
    return re.sub(r"(^|\s)#.*$", "", rest).strip().strip("\"'").strip().lower()


def _from_files(sections: Sections) -> tuple[Said, list[Said], str | None]:
    """Global settings (first value wins), the settings of each ``Match`` block, and why not all could be read."""
    main = sections.file(MAIN)
    if not main.ok:
        vendor = sections.file("/usr/etc/ssh/sshd_config")
        return {}, [], sections.why(main) if not vendor.ok and not main.looked else "unreadable"
    reading = _Reading(sections)
    reading.take(main, 0)
    return reading.said, reading.matched, reading.missing


class _Reading:
    """Goes through the files in order, includes in their place."""

    def __init__(self, sections: Sections) -> None:
        self._sections = sections
        self.said: Said = {}
        self.matched: list[Said] = []
        self.missing: str | None = None
        self._block: Said | None = None

    def take(self, section: Section, depth: int) -> None:
        for line in lines(section.text):
            keyword, _, rest = re.sub(r"\s*=\s*|\s+", "\0", line, count=1).partition("\0")
            keyword = keyword.lower()
            if keyword == "match":
                self._block = {}
                self.matched.append(self._block)
            elif keyword == "include":
                self._include(section, line, depth)
            else:
                where = self.said if self._block is None else self._block
                where.setdefault(_ALIASES.get(keyword, keyword), _value(rest))

    def _include(self, section: Section, line: str, depth: int) -> None:
        """A ``Match`` block opened in an included file ends with it."""
        probes = followed(section.section, line)
        named = re.split(r"[\s=]+", line.strip())[1:]
        unread = len(probes) < len(named) or any(set("?[") & set(probe.pattern) for probe in probes)
        if unread or depth > 8:  # noqa: PLR2004 -- OpenSSH itself stops at 16
            self.missing = NOT_DECIDABLE
        for probe in probes:
            if not self._sections[probe.section].looked:
                self.missing = self._sections.why(self._sections[probe.section])
            block = self._block
            for _, included in self._sections.files(probe.pattern):
                if included.ok and depth <= 8:  # noqa: PLR2004 -- as above
                    self.take(included, depth + 1)
                elif not included.looked:
                    self.missing = self._sections.why(included)
                self._block = block
