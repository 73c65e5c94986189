"""Whether the clock follows a time source."""

import re
from collections.abc import Iterator

from negatoscope.model.hardening import TimeSync
from negatoscope.observe.collector import Item
from negatoscope.observe.linux.outcome import HOST, NOT_DECIDABLE, closed
from negatoscope.observe.linux.probes import CHRONY, NTPQ, PROCESSES, TIMEDATECTL
from negatoscope.observe.linux.sections import Sections

_DAEMONS = frozenset({"chronyd", "ntpd", "openntpd", "systemd-timesyn", "ptp4l", "phc2sys", "vmtoolsd", "VBoxService"})
"""As ``ps`` cuts them; the last two set the clock of a virtual machine from its host's."""


def time_sync(sections: Sections) -> Iterator[Item]:
    """Yes if any of three witnesses says so; no if the kernel's own flag says no, or if nothing runs at all.

    Nothing needs to run where somebody else keeps the clock: in a container, or on a hypervisor's clock.
    """
    kernel = dict(line.partition("=")[::2] for line in sections[TIMEDATECTL.section].lines)
    if _followed(sections) or kernel.get("NTPSynchronized") == "yes":
        synchronised: bool | None = True
    elif _nothing_runs(sections):
        synchronised = None if _kept_by_another(sections) else False
    else:
        synchronised = False if kernel.get("NTPSynchronized") == "no" else None
    yield TimeSync(HOST, synchronised)
    if synchronised is not None:
        yield from closed("TimeSync", {})
    else:
        section = sections[PROCESSES.section]
        yield from closed("TimeSync", {"synchronised": NOT_DECIDABLE if section.ok else sections.why(section)})


def _followed(sections: Sections) -> bool:
    chrony, ntpq = sections[CHRONY.section], sections[NTPQ.section]
    source = re.search(r"^Reference ID\s*:\s*([0-9A-F]{8})", chrony.text, re.MULTILINE)
    normal = re.search(r"^Leap status\s*:\s*(Normal|Insert second|Delete second)", chrony.text, re.MULTILINE)
    by_chrony = chrony.ok and normal and source and source[1] not in {"00000000", "7F7F0101"}
    return bool(by_chrony or (ntpq.ok and re.search(r"^\*(?!LOCAL)", ntpq.text, re.MULTILINE)))


def _nothing_runs(sections: Sections) -> bool:
    """The list of processes is whole (the first process is in it) and holds no time daemon."""
    section = sections[PROCESSES.section]
    processes = [line.split(None, 1) for line in section.lines]
    names = {words[1].strip() for words in processes if len(words) > 1}
    return section.ok and any(words[0] == "1" for words in processes if words) and not names & _DAEMONS


def _kept_by_another(sections: Sections) -> bool:
    """A container has the clock of its host; a hypervisor may set that of its guest."""
    clock = sections.file("/sys/devices/system/clocksource/clocksource0/current_clocksource").text
    inside = (
        sections.file("/run/systemd/container"),
        sections.names("/.dockerenv"),
        sections.names("/run/.containerenv"),
    )
    return any(section.ok for section in inside) or clock.startswith(("kvm", "hyperv", "xen"))
