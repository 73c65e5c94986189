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
_REFUSES = re.compile(r"^(/usr)?/s?bin/(false|true)\b|^false\b|^true\b|^:$")


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
    if _usbguard(sections):
        return "usbguard", None
    if _unauthorised(sections):
        return "udev", None
    absent, why = _no_driver(sections)
    if absent:
        return "kernel", None
    blocked, module_why = _module(sections)
    if blocked and not why:
        return "module", None
    guard = sections.file("/etc/usbguard/usbguard-daemon.conf")
    return None, why or module_why or (None if guard.looked else sections.why(guard))


def _running(sections: Sections, name: str) -> bool:
    """A process of that name, as ``ps`` cuts it (15 characters)."""
    found = (line.split(None, 1) for line in sections[PROCESSES.section].lines)
    return any(len(words) > 1 and words[1].strip() == name[:15] for words in found)


def _usbguard(sections: Sections) -> bool:
    """The daemon runs, blocks by default, and no rule lets in storage (class 08) that it does not name one by one."""
    conf, rules = sections.file("/etc/usbguard/usbguard-daemon.conf"), sections.file("/etc/usbguard/rules.conf")
    target = re.search(r"^[ \t]*ImplicitPolicyTarget\s*=\s*(block|reject)\b", conf.text, re.MULTILINE)
    if not target or not rules.looked or not _running(sections, "usbguard-daemon"):
        return False
    allowed = [line for line in lines(rules.text) if line.startswith("allow")]
    return not any(_lets_any_stick(rule) for rule in allowed)


def _lets_any_stick(rule: str) -> bool:
    if re.search(r'\b(hash|serial)\s+(?:\{[^}]*\}|"[^"]+")', rule) or re.search(r"\bid\s+(?!\*:\*)\S+", rule):
        return False
    interfaces = re.search(r"\bwith-interface\s+(?:\S+\s+)?(\{[^}]*\}|\S+)", rule)
    return interfaces is None or re.search(r"\b(08|\*):", interfaces[1]) is not None


def _unauthorised(sections: Sections) -> bool:
    """No controller authorises new devices, or a rule withdraws storage interfaces (class 08) as they appear."""
    controllers = sections.files("/sys/bus/usb/devices/usb*/authorized_default")
    if controllers and all(section.text.strip() == "0" for _, section in controllers):
        return True
    return any(
        re.search(r'bInterfaceClass\}=="08".*ATTR\{authorized\}="0"', line)
        for _, section in sections.files("/etc/udev/rules.d/*.rules")
        for line in lines(section.text)
    )


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
    refused, ignored = _directives(files)
    _, modules = _storage_modules(sections)
    return "usb-storage" in refused or modules <= (refused | ignored), None


def _in_force(sections: Sections) -> list[tuple[str, Section]]:
    """A file of the same name in a later directory of the list takes the place of the earlier one."""
    found = {path.rpartition("/")[2]: (path, one) for where in _MODPROBE for path, one in sections.files(where)}
    return list(found.values())


def _directives(files: list[tuple[str, Section]]) -> tuple[set[str], set[str]]:
    """Modules whose load is replaced by nothing, and modules whose aliases are ignored."""
    refused, ignored = set(), set()
    for _, section in files:
        for line in lines(section.text):
            words = line.split(None, 2)
            if len(words) < 2:  # noqa: PLR2004 -- a directive and a module
                continue
            module = words[1].replace("_", "-")
            if words[0] == "blacklist":
                ignored.add(module)
            elif words[0] == "install" and len(words) == 3 and _REFUSES.match(words[2]):  # noqa: PLR2004 -- and a command
                refused.add(module)
    return refused, ignored
