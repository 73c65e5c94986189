"""How a session starts (autologin, boot loader password) and how it is left (screen lock)."""

import re
from collections.abc import Callable, Iterator

from negatoscope.model.accounts import SessionPolicy
from negatoscope.observe.collector import Item
from negatoscope.observe.linux.desktop import lock_seconds
from negatoscope.observe.linux.identity import graphical
from negatoscope.observe.linux.outcome import HOST, NOT_DECIDABLE, closed
from negatoscope.observe.linux.sections import Section, Sections
from negatoscope.observe.linux.syntax import ini, last, lines, truth

_GETTY = ("/etc/systemd/system/*getty*.service.d/*.conf", "/etc/systemd/system/*getty*.service", "/etc/inittab")
_AUTOLOGIN = re.compile(r"getty\b.*(?:--autologin[ =]|\s-a\s*)(\S+)")
_TRUSTED = re.compile(r"(?:getty|login)\b.*[\s'\"]-f\s+(?![-\\])([\w.-]+)")
"""``login -f NAME`` asks nothing."""
_USUAL = re.compile(r"\s-o\s+'(?:-p\s+)?--\s+\\+u'")
_UNUSUAL = re.compile(r"\s-\w*[nlof]|--(?:skip-login|login-program|login-options)")
_GRUB = ("/boot/grub/grub.cfg", "/boot/grub2/grub.cfg")
_LOADER = ("/boot/loader/loader.conf", "/boot/efi/loader/loader.conf")


def sessions(sections: Sections) -> Iterator[Item]:
    """One fact for the host; the screen lock matters only where somebody can sit."""
    seat = graphical(sections)
    account, autologin_why = _autologin(sections, seat=seat)
    boot, boot_why = _boot_password(sections)
    lock = lock_seconds(sections) if seat else None
    yield SessionPolicy(
        HOST,
        graphical=seat,
        autologin=True if account is not None else None if autologin_why else False,
        autologin_account=account or None,
        boot_password=boot,
        lock_seconds=lock,
    )
    missing = {"graphical": "unreadable"} if seat is None else {}
    if autologin_why and account is None:
        missing["autologin"] = autologin_why
    if boot_why:
        missing["boot_password"] = boot_why
    if seat and lock is None:
        missing["lock_seconds"] = NOT_DECIDABLE
    yield from closed("SessionPolicy", missing)


def _autologin(sections: Sections, *, seat: bool | None) -> tuple[str | None, str | None]:
    """The account that a session opens for without asking (empty: unnamed), and why the answer may be incomplete."""
    readers: tuple[tuple[Callable[[str], str | None], tuple[str, ...]], ...] = (
        (_getty, _GETTY),
        (_gdm, ("/etc/gdm3/daemon.conf", "/etc/gdm3/custom.conf", "/etc/gdm/custom.conf")),
        (_lightdm, ("/usr/share/lightdm/lightdm.conf.d/*.conf", "/etc/xdg/lightdm/lightdm.conf.d/*.conf")),
        (_lightdm, ("/etc/lightdm/lightdm.conf.d/*.conf", "/etc/lightdm/lightdm.conf")),
        (_sddm, ("/usr/lib/sddm/sddm.conf.d/*.conf", "/etc/sddm.conf.d/*.conf", "/etc/sddm.conf")),
        (_lxdm, ("/etc/lxdm/lxdm.conf",)),
        (_greetd, ("/etc/greetd/config.toml",)),
    )
    unread: list[Section] = []
    for reader, patterns in readers:
        unread += [sections.names(one) for one in patterns if "*" in one and not sections.names(one).looked]
        for _, section in sections.files(*patterns):
            account = reader(section.text)
            if section.ok and account is not None:
                return account, None
            if not section.looked:
                unread.append(section)
    if unread:
        return None, sections.why(*unread)
    if any(_getty_unsure(section.text) for _, section in sections.files(*_GETTY)):
        return None, NOT_DECIDABLE
    return None, NOT_DECIDABLE if seat is None or (seat and not _known_manager(sections)) else None


def _known_manager(sections: Sections) -> bool:
    """The display manager is one whose configuration is read here."""
    named = sections.link("/etc/systemd/system/display-manager.service").text
    named += sections.file("/etc/X11/default-display-manager").text
    return any(name in named for name in ("gdm", "lightdm", "sddm", "lxdm", "greetd"))


def _getty(text: str) -> str | None:
    for line in lines(text):
        found = _AUTOLOGIN.search(line) or _TRUSTED.search(line)
        if found:
            return found[1]
    return None


def _getty_unsure(text: str) -> bool:
    """A terminal opened by something else than a getty, or by one told to ask otherwise than usual."""
    for line in lines(text):
        started = re.match(r"ExecStart\s*=\s*(\S.*)|[^:]*:[^:]*:(?:respawn|once|wait|ondemand):(.*)", line)
        command = _USUAL.sub(" ", (started[1] or started[2] or "")) if started else ""
        if command and ("getty" not in command or _UNUSUAL.search(command)):
            return True
    return False


def _gdm(text: str) -> str | None:
    said = list(ini(text))
    for on, who in (("AutomaticLoginEnable", "AutomaticLogin"), ("TimedLoginEnable", "TimedLogin")):
        if truth(last(said, "daemon", on)):
            return last(said, "daemon", who) or ""
    return None


def _lightdm(text: str) -> str | None:
    found = [(key, value) for where, key, value in ini(text) if where.lower().startswith(("seat", "seatdefaults"))]
    return dict(found).get("autologin-user") or ("" if truth(dict(found).get("autologin-guest")) else None)


def _sddm(text: str) -> str | None:
    return last(ini(text), "Autologin", "User") or None


def _lxdm(text: str) -> str | None:
    return last(ini(text), "base", "autologin") or None


def _greetd(text: str) -> str | None:
    said = last(ini(text), "initial_session", "user")
    return None if said is None else said.strip("\"'")


def _boot_password(sections: Sections) -> tuple[bool | None, str | None]:
    """GRUB: superusers and their password; systemd-boot: its editor closed, which asks nothing but allows nothing."""
    looked = [sections.file(path) for path in _GRUB] + [one for _, one in sections.files("/boot/efi/EFI/*/grub.cfg")]
    loaders = [sections.file(path) for path in _LOADER]
    user = sections.file("/boot/grub2/user.cfg")
    present = [section for section in looked if section.ok]
    if any(_grub_asks(section.text, user.text) for section in present):
        return True, None
    editors = [_editor(section.text) for section in loaders if section.ok]
    unread = [section for section in (*looked, *loaders, user) if not section.looked]
    if unread:
        return None, sections.why(*unread)
    if editors and not present:
        return not any(editors), None
    return (False, None) if present else (None, NOT_DECIDABLE)


def _grub_asks(text: str, user: str) -> bool:
    named = re.search(r"^[ \t]*set[ \t]+superusers[ \t]*=[ \t]*[\"']?[\w$]", text, re.MULTILINE)
    asked = re.search(r"^[ \t]*password(_pbkdf2)?[ \t]+\S+[ \t]+\S", text, re.MULTILINE)
    return bool(named and asked and ("${GRUB2_PASSWORD}" not in text or "GRUB2_PASSWORD=" in user))


def _editor(text: str) -> bool:
    """systemd-boot lets the kernel's options be edited unless told not to."""
    said = re.findall(r"^[ \t]*editor[ \t]+(\S+)", text, re.MULTILINE)
    return truth(said[-1]) is not False if said else True
