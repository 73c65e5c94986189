"""R14: one level of security on the whole fleet; the worst host decides, never an average."""

from collections import defaultdict
from datetime import timedelta

from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, all_hold, none_hold, unread
from negatoscope.model.endpoints import Antivirus, WindowsSecurity
from negatoscope.model.evidence import Ref, Seen
from negatoscope.model.hardening import Firewall, SshServer, TimeSync
from negatoscope.model.hosts import COMPUTERS, Host, HostClass
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.software import Updates

RULE = Rule("R14", fresh=timedelta(days=7))
KEPT_ON = ("lsa_protected", "elevation_asked")
KEPT_OFF = ("clear_logons", "old_sharing")
"""Settings of Windows, named as in ``WindowsSecurity``."""


@RULE.measured("R14.1", on=COMPUTERS)
def firewalls_are_active(firewalls: Seen[Firewall]) -> Said:
    """Filter what reaches each computer: what nothing allows is stopped."""
    for one in firewalls.facts:
        if one.active is False:
            yield Finding(one.ref, "firewall_off")
        elif one.default_deny is False:
            yield Finding(one.ref, "firewall_open")
        elif not _filters(one):
            yield unread(one.ref, "firewall")


def _filters(one: Firewall) -> bool | None:
    """A filter that lets through whatever no rule names protects nothing."""
    if one.active is False or one.default_deny is False:
        return False
    return None if one.active is None or one.default_deny is None else True


@RULE.measured("R14.2", on=COMPUTERS)
def updates_install_themselves(updates: Seen[Updates]) -> Said:
    """Install security updates without waiting for somebody."""
    yield from all_hold(((one.ref, one.automatic) for one in updates.facts), "automatic", "updates_by_hand")


@RULE.measured("R14.3", on=COMPUTERS)
def clocks_agree(clocks: Seen[TimeSync]) -> Said:
    """Keep every clock on a time source."""
    yield from all_hold(((one.ref, one.synchronised) for one in clocks.facts), "synchronised", "clock_free")


@RULE.measured("R14.4", on=COMPUTERS)
def root_does_not_log_in_from_afar(servers: Seen[SshServer]) -> Said:
    """Let nobody log in from the network as root with a password."""
    for server in servers.facts:
        if server.present and server.root_login is None:
            yield unread(server.ref, "root_login")
        elif server.present and server.root_login == "yes":
            yield Finding(server.ref, "root_login")


@RULE.measured("R14.5", on=COMPUTERS)
def hosts_of_a_class_are_alike(
    hosts: Seen[Host], firewalls: Seen[Firewall], updates: Seen[Updates], clocks: Seen[TimeSync]
) -> Said:
    """Find the hosts weaker than others of their class."""
    settings: dict[str, dict[Ref, bool | None]] = {
        "firewall": {one.host: _filters(one) for one in firewalls.facts},
        "automatic": {one.host: one.automatic for one in updates.facts},
        "synchronised": {one.host: one.synchronised for one in clocks.facts},
    }
    classes: defaultdict[HostClass, list[Ref]] = defaultdict(list)
    for host in hosts.facts:
        if host.host_class is None:
            yield Doubt(host.ref, "class_unknown")
        else:
            classes[host.host_class].append(host.ref)
    for host_class, members in classes.items():
        for what, stated in settings.items():
            yield from _spread(host_class, what, {host: stated.get(host) for host in members})


def _spread(host_class: HostClass, what: str, stated: dict[Ref, bool | None]) -> Said:
    better = sum(value is True for value in stated.values())
    for host, value in stated.items():
        if value is None:
            yield unread(host, what)
        elif better and not value:
            yield Finding(host, "weaker", {"class": host_class, "what": what, "better": better})


@RULE.measured("R14.6", on=COMPUTERS)
def windows_keeps_the_baseline(windows: Seen[WindowsSecurity], antivirus: Seen[Antivirus]) -> Said:
    """Run on each Windows one antivirus that works and is up to date, and the protections that Windows brings."""
    guards: defaultdict[Ref, list[Antivirus]] = defaultdict(list)
    for one in antivirus.facts:
        guards[one.host].append(one)
    looked = frozenset(swept.sweep.host for swept in antivirus.sweeps)
    for host in windows.facts:
        if host.present:
            # Where nobody could look, the coverage doubts: that none was seen is no finding.
            yield from _guarded(host.ref, guards[host.host]) if guards[host.host] or host.host in looked else ()
            yield from all_hold(((host.ref, getattr(host, name)) for name in KEPT_ON), "windows", "windows_unprotected")
            yield from none_hold(((host.ref, getattr(host, name)) for name in KEPT_OFF), "windows", "windows_exposed")


def _guarded(host: Ref, known: list[Antivirus]) -> Said:
    if any(one.enabled and one.up_to_date for one in known):
        return
    if any(one.enabled is not False and one.up_to_date is not False for one in known):
        yield unread(host, "antivirus")
    else:
        yield Finding(host, "antivirus_idle", {"names": ", ".join(sorted(one.name for one in known)) or "–"})


RULE.awaiting("R14.7", "vulnerabilities")
