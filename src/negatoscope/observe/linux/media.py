"""Whether a USB stick plugged into the host is usable."""

import re
from collections.abc import Iterator

from negatoscope.model.hardening import RemovableMedia
from negatoscope.observe.collector import Item
from negatoscope.observe.linux.desktop import autorun
from negatoscope.observe.linux.identity import graphical
from negatoscope.observe.linux.outcome import HOST, NOT_DECIDABLE, closed
from negatoscope.observe.linux.probes import PROCESSES
from negatoscope.observe.linux.sections import Section, Sections
from negatoscope.observe.linux.syntax import lines

_MODPROBE = ("/lib/modprobe.d/*.conf", "/usr/lib/modprobe.d/*.conf", "/run/modprobe.d/*.conf", "/etc/modprobe.d/*.conf")
_REFUSES = re.compile(r"(?:(?:/usr)?/s?bin/)?(?:false|true)|:")
_LOADS = re.compile(r"\b(modprobe|insmod)\b")
_CONF = "/etc/usbguard/usbguard-daemon.conf"
_RULES = "/etc/usbguard/rules.conf"
_UDEV = "/etc/udev/rules.d/*.rules"
_MORE_RULES = "/etc/usbguard/rules.d/*.conf"
_INTERFACE = r"(?!08)[0-9a-f]{2}:(?:[0-9a-f]{2}|\*):(?:[0-9a-f]{2}|\*)"
_NARROW = re.compile(
    rf"with-interface\s+(?:(?:one-of|equals|equals-ordered|all-of)\s+)?(?:{_INTERFACE}|{{(?:\s*{_INTERFACE})+\s*}})"
)
_NAMED = re.compile(r"\b(?:hash|serial)\s+\"[^\"]+\"")
_WIDE = re.compile(r"allow\s*$|with-interface(?!\s+none-of)[^}]*[{\s](?:08|\*):")
_RULE_KEYS = re.compile(
    r"(?:(?:ACTION==\"add\"|SUBSYSTEM==\"usb\"|ATTR{bInterfaceClass}==\"08\"|ATTR{authorized}=\"0\")(?:,\s*|$))+"
)


def media(sections: Sections) -> Iterator[Item]:
    """Blocked by any one of four means; not blocked only where the driver is there and nothing stops it."""
    means, why = _means(sections)
    opened = autorun(sections, graphical=graphical(sections))
    yield RemovableMedia(HOST, blocked=None if why else means is not None, means=means, autorun=opened)
    missing = {"blocked": why} if why else {}
    if opened is None:
        missing["autorun"] = NOT_DECIDABLE
    yield from closed("RemovableMedia", missing)


def _means(sections: Sections) -> tuple[str | None, str | None]:
    """The means that blocks, or why that cannot be told; neither: nothing blocks."""
    by_guard, by_udev = _usbguard(sections), _unauthorised(sections)
    if by_guard or by_udev:
        return "usbguard" if by_guard else "udev", None
    absent, why = _no_driver(sections)
    if absent:
        return "kernel", None
    blocked, module_why = _module(sections)
    if blocked and not why:
        return "module", None
    guard = sections.file(_CONF)
    unsure = NOT_DECIDABLE if by_guard is None or by_udev is None else None
    return None, why or module_why or (unsure if guard.looked else sections.why(guard))


def _running(sections: Sections, name: str) -> bool:
    """A process of that name, as ``ps`` cuts it (15 characters)."""
    found = (line.split(None, 1) for line in sections[PROCESSES.section].lines)
    return any(len(words) > 1 and words[1].strip() == name[:15] for words in found)


def _usbguard(sections: Sections) -> bool | None:
    """The daemon runs, blocks by default, and every rule that allows names a device or an interface not of storage."""
    conf = sections.file(_CONF)
    target = re.search(r"^[ \t]*ImplicitPolicyTarget\s*=\s*(block|reject)\b", conf.text, re.MULTILINE)
    if not target or not _running(sections, "usbguard-daemon"):
        return False
    places = dict(re.findall(r"^[ \t]*(RuleFile|RuleFolder)\s*=[ \t]*(\S+)", conf.text, re.MULTILINE))
    known = places.get("RuleFile", _RULES) == _RULES
    known = known and places.get("RuleFolder", "/etc/usbguard/rules.d/").rstrip("/") == "/etc/usbguard/rules.d"
    files = [sections.names(_MORE_RULES), sections.file(_RULES), *(one for _, one in sections.files(_MORE_RULES))]
    if not known or not all(section.looked for section in files):
        return None
    allowed = [line for section in files[1:] for line in lines(section.text) if line.startswith("allow")]
    if any(_WIDE.search(rule) and not _NAMED.search(rule) for rule in allowed):
        return False
    return True if all(_NAMED.search(rule) or _NARROW.search(rule) for rule in allowed) else None


def _unauthorised(sections: Sections) -> bool | None:
    """No controller authorises new devices, or a rule withdraws storage interfaces (class 08) as they appear.

    Not known where another rule, or one with other conditions, speaks of authorisation too.
    """
    controllers = sections.files("/sys/bus/usb/devices/usb*/authorized_default")
    rules = sections.files(_UDEV)
    said = [line for _, section in rules for line in lines(section.text) if "authorized" in line]
    closed_by_default = bool(controllers) and all(section.text.strip() == "0" for _, section in controllers)
    if not all(section.looked for section in (sections.names(_UDEV), *(one for _, one in rules))):
        return None
    if not said:
        return closed_by_default
    jumps = any("GOTO" in section.text for _, section in rules)
    whole = [line for line in said if _RULE_KEYS.fullmatch(line) and "bInterfaceClass" in line and '="0"' in line]
    return True if len(whole) == len(said) and not jumps and all('authorized}="0"' in line for line in whole) else None


def _storage_modules(sections: Sections) -> tuple[Section, set[str]]:
    """Modules of the running kernel that make a stick usable: ``usb-storage`` and those that load it (uas, ums-*)."""
    release = sections.file("/proc/sys/kernel/osrelease").text.strip()
    listed = sections.names("/lib/modules/*/kernel/drivers/usb/storage/*")
    names = {path.rpartition("/")[2].partition(".ko")[0] for path in listed.lines if f"/{release}/" in path}
    return listed, {name.replace("_", "-") for name in names}


def _no_driver(sections: Sections) -> tuple[bool, str | None]:
    """The running kernel has no such driver, built in or loadable; or why that cannot be told."""
    listed, modules = _storage_modules(sections)
    drivers = sections.names("/sys/bus/usb/drivers/*")
    release = sections.file("/proc/sys/kernel/osrelease")
    trees = sections.names("/lib/modules/*")
    if not (listed.looked and drivers.looked and release.ok and trees.looked):
        return False, sections.why(listed, drivers, release, trees)
    loaded = any(path.endswith(("/usb-storage", "/uas")) for path in drivers.lines)
    takes_modules = sections.file("/proc/modules").status != "absent"
    if takes_modules and not any(path.endswith(f"/{release.text.strip()}") for path in trees.lines):
        return False, NOT_DECIDABLE
    return not modules and not loaded, None


def _module(sections: Sections) -> tuple[bool, str | None]:
    """Whether modprobe refuses to load the driver, and it is not loaded already.

    ``install usb-storage /bin/false`` stops every load, by name, by alias or as another module's need. ``blacklist``
    only makes modprobe ignore a module's own aliases: it stops the load that plugging in a stick triggers, but not
    that of a module which needs it. A bare ``blacklist usb-storage`` therefore blocks nothing lasting: a disk that
    speaks UAS, or a card reader (ums-*), loads usb-storage after all. It counts only if uas and every ums-* module of
    the running kernel are stopped too. ``root`` can always load what is blacklisted, and insmod ignores both.
    """
    files = _in_force(sections)
    unread = [section for _, section in files if not section.looked]
    unread += [sections.names(pattern) for pattern in _MODPROBE if not sections.names(pattern).looked]
    loaded = sections.file("/proc/modules")
    if unread or not loaded.looked:
        return False, sections.why(*unread, loaded)
    drivers = sections.names("/sys/bus/usb/drivers/*").lines
    if re.search(r"^(usb_storage|uas) ", loaded.text, re.MULTILINE) or any(
        one.endswith("/usb-storage") for one in drivers
    ):
        return False, None
    refused, ignored, unsure = _directives(files)
    if unsure:
        return False, NOT_DECIDABLE
    _, modules = _storage_modules(sections)
    return "usb-storage" in refused or modules <= (refused | ignored), None


def _in_force(sections: Sections) -> list[tuple[str, Section]]:
    """A file of the same name in a later directory of the list takes the place of the earlier one."""
    found = {path.rpartition("/")[2]: (path, one) for where in _MODPROBE for path, one in sections.files(where)}
    return list(found.values())


def _directives(files: list[tuple[str, Section]]) -> tuple[set[str], set[str], bool]:
    """Modules whose load is replaced by nothing; modules whose aliases are ignored; whether a line is not understood.

    A line that goes on may have lost what follows.
    """
    refused, ignored, opened = set(), set(), set()
    unsure = any(re.search(r"\\\s*$", section.text, re.MULTILINE) for _, section in files)
    for _, section in files:
        for line in lines(section.text):
            words = line.split(None, 2)
            if len(words) < 2:  # noqa: PLR2004 -- a directive and a module
                continue
            module, command = words[1].replace("_", "-"), "".join(words[2:]).strip()
            if words[0] == "blacklist":
                ignored.add(module)
            elif words[0] == "install" and _REFUSES.fullmatch(command):
                refused.add(module)
            elif words[0] == "install":
                opened.add(module)
                unsure = unsure or not _LOADS.search(command)
    return refused - opened, ignored - opened, unsure
