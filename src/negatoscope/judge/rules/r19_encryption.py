"""R19: sensitive data are encrypted, first on whatever can be lost or stolen."""

from collections import defaultdict
from datetime import timedelta

from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, unread
from negatoscope.model.endpoints import WindowsSecurity
from negatoscope.model.evidence import Ref, Seen
from negatoscope.model.hardening import STARTERS, RemovableMedia, Volume
from negatoscope.model.hosts import PORTABLE, Host, HostClass
from negatoscope.model.judgement import Doubt, Finding

RULE = Rule("R19", fresh=timedelta(days=7))
FIXED = frozenset({HostClass.WORKSTATION, HostClass.SERVER})


@RULE.measured("R19.1", on=PORTABLE)
def laptops_are_encrypted(volumes: Seen[Volume], hosts: Seen[Host]) -> Said:
    """Encrypt the disks of laptops. A disk in clear on a host of unknown class is R19.2's finding, and a doubt here."""
    laptops = frozenset(host.ref for host in hosts.facts if host.host_class in PORTABLE)
    owners = {volume.ref: volume.host for volume in volumes.facts}
    for said in _encrypted(volumes, "laptop_clear"):
        host = owners.get(said.subject, said.subject)
        yield said if isinstance(said, Doubt) or host in laptops else Doubt(host, "class_unknown", said.values)


@RULE.measured("R19.2", on=FIXED)
def other_disks_are_encrypted(volumes: Seen[Volume]) -> Said:
    """Encrypt the disks of the computers that stay."""
    yield from _encrypted(volumes, "disk_clear")


@RULE.measured("R19.3", on=PORTABLE | FIXED)
def sticks_are_encrypted(volumes: Seen[Volume], media: Seen[RemovableMedia]) -> Said:
    """Encrypt the removable media in use; sticks come and go, so that only a host that takes none is settled."""
    for host in media.facts:
        if host.blocked is None:
            yield unread(host.ref, "blocked")
        elif not host.blocked:
            yield Doubt(host.ref, "sticks_unseen")
    for volume in volumes.facts:
        if volume.removable is None:
            yield unread(volume.ref, "removable")
        elif volume.removable and volume.encrypted is None:
            yield unread(volume.ref, "encrypted")
        elif volume.removable and not volume.encrypted:
            yield Finding(volume.ref, "removable_clear", {"mount": volume.mount})


def _encrypted(volumes: Seen[Volume], reason: str) -> Said:
    holding = frozenset(volume.host for volume in volumes.facts if volume.mount not in STARTERS)
    for host in dict.fromkeys(volume.host for volume in volumes.facts if volume.host not in holding):
        yield Doubt(host, "no_volume")
    for volume in volumes.facts:
        if volume.mount in STARTERS:
            continue
        if volume.encrypted is None:
            yield unread(volume.ref, "encrypted")
        elif not volume.encrypted:
            yield Finding(volume.ref, reason, {"mount": volume.mount})


RULE.awaiting("R19.4", "secrets", "mail")
RULE.awaiting("R19.5", "backup")


@RULE.measured("R19.6", on=PORTABLE | FIXED)
def recovery_keys_are_kept_apart(volumes: Seen[Volume], windows: Seen[WindowsSecurity]) -> Said:
    """Let no disk be encrypted before its recovery key is in the directory: elsewhere, nobody knows where it is."""
    settings = {one.host: one for one in windows.facts}
    disks: defaultdict[Ref, list[bool | None]] = defaultdict(list)
    for volume in volumes.facts:
        if volume.mount not in STARTERS:
            disks[volume.host].append(volume.encrypted)
    for host, states in disks.items():
        told = settings.get(host)
        if None in states:
            yield unread(host, "encrypted")
        if any(states) and (told is None or told.recovery_escrowed is None):
            yield Doubt(host, "key_place_unknown")
        elif any(states) and told and not told.recovery_escrowed:
            yield Finding(host, "key_not_kept")


RULE.attested("R19.7")
