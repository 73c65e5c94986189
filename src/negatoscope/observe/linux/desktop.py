"""What desktops are told: when the screen locks, and whether media are opened by themselves."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from negatoscope.observe.linux.sections import Sections
from negatoscope.observe.linux.syntax import ini, integer, last, truth

_GNOME = ("gnome", "ubuntu", "unity", "budgie", "pop")
_PLASMA = ("plasma", "kde")
_SESSIONS = ("/usr/share/xsessions/*.desktop", "/usr/share/wayland-sessions/*.desktop")


@dataclass(frozen=True, slots=True)
class Dconf:
    """The system's dconf settings. Only a locked key binds: users may change every other one."""

    said: Mapping[str, str]
    locked: frozenset[str]

    def bound(self, key: str) -> str | None:
        """The value of a key that users cannot change."""
        return self.said.get(key) if key in self.locked else None


def dconf(sections: Sections) -> Dconf | None:
    """Databases named by the user profile; ``None`` where they could not all be read."""
    profile = sections.file("/etc/dconf/profile/user")
    lists = [sections.names("/etc/dconf/db/*.d/*"), sections.names("/etc/dconf/db/*.d/locks/*")]
    files = sections.files("/etc/dconf/db/*.d/*", "/etc/dconf/db/*.d/locks/*")
    if not profile.looked or not all(section.looked for section in (*lists, *(section for _, section in files))):
        return None
    used = [line.strip()[10:] for line in profile.lines if line.strip().startswith("system-db:")]
    said: dict[str, str] = {}
    locked: set[str] = set()
    for database in reversed(used):
        prefix = f"/etc/dconf/db/{database}.d/"
        for path, section in files:
            if not path.startswith(prefix):
                continue
            if path.startswith(f"{prefix}locks/"):
                locked |= {line.strip() for line in section.lines if line.strip().startswith("/")}
            else:
                said |= {f"/{where}/{key}": value for where, key, value in ini(section.text)}
    return Dconf(said, frozenset(locked))


def families(sections: Sections) -> set[str]:
    """The families of the desktops installed: ``gnome``, ``plasma``, or the name of one nobody here can read."""
    found = set()
    for pattern in _SESSIONS:
        for path in sections.names(pattern).lines:
            name = path.rpartition("/")[2].removesuffix(".desktop").lower()
            known = "gnome" if name.startswith(_GNOME) else "plasma" if name.startswith(_PLASMA) else name
            found.add(known)
    return found


def lock_seconds(sections: Sections) -> int | None:
    """Longest idle time before any installed desktop locks, where users cannot lengthen it; 0: one never does."""
    read = {"gnome": _gnome_lock, "plasma": _plasma_lock}
    waits = [read[family](sections) if family in read else None for family in families(sections)]
    known = [wait for wait in waits if wait is not None]
    if 0 in known:
        return 0
    return max(known) if known and len(known) == len(waits) else None


def _gnome_lock(sections: Sections) -> int | None:
    settings = dconf(sections)
    if settings is None:
        return None
    idle = _unsigned(settings.bound("/org/gnome/desktop/session/idle-delay"))
    enabled = truth(settings.bound("/org/gnome/desktop/screensaver/lock-enabled"))
    if enabled is False or idle == 0 or truth(settings.said.get("/org/gnome/desktop/lockdown/disable-lock-screen")):
        return 0
    delay = _unsigned(settings.bound("/org/gnome/desktop/screensaver/lock-delay"))
    return None if None in (enabled, idle, delay) else (idle or 0) + (delay or 0)


def _plasma_lock(sections: Sections) -> int | None:
    """``[Daemon][$i]`` in kscreenlockerrc: minutes; ``[$i]`` there, or on both keys, makes it binding."""
    section = sections.file("/etc/xdg/kscreenlockerrc")
    heads = re.findall(r"^\[Daemon\].*$", section.text, re.MULTILINE)
    whole = bool(heads) and all(head.strip() == "[Daemon][$i]" for head in heads)
    said = [
        (where, key.removesuffix("[$i]"), value) for where, key, value in ini(section.text) if whole or "[$i]" in key
    ]
    minutes, locks = integer(last(said, "Daemon", "Timeout")), truth(last(said, "Daemon", "Autolock"))
    if locks is False or minutes == 0:
        return 0
    return None if minutes is None or locks is None else minutes * 60


def _unsigned(value: str | None) -> int | None:
    return integer(re.sub(r"^uint32\s+", "", value or ""))


def autorun(sections: Sections, *, graphical: bool | None) -> bool | None:
    """Whether programmes on media are offered to run. Without a desktop nothing does; KDE never does."""
    if graphical is False:
        return False
    named = families(sections)
    if graphical is None or not named or named - {"gnome", "plasma"}:
        return None
    if named == {"plasma"}:
        return False
    settings = dconf(sections)
    never = truth(settings.bound("/org/gnome/desktop/media-handling/autorun-never")) if settings else None
    return None if never is None else not never
