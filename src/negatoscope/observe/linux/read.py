"""A whole capture, read: the host first, then every kind, each closed by a sweep or a gap."""

from collections.abc import Callable, Iterator
from typing import BinaryIO

from negatoscope.observe.collector import Item
from negatoscope.observe.linux.accounts import accounts
from negatoscope.observe.linux.clock import time_sync
from negatoscope.observe.linux.disks import volumes
from negatoscope.observe.linux.firewall import firewall
from negatoscope.observe.linux.gateway import remote_accesses, rule_base
from negatoscope.observe.linux.identity import host, interfaces
from negatoscope.observe.linux.logs import log_policy
from negatoscope.observe.linux.mail import mail
from negatoscope.observe.linux.media import media
from negatoscope.observe.linux.network import routes, sightings
from negatoscope.observe.linux.packages import software, updates
from negatoscope.observe.linux.passwords import password_policy
from negatoscope.observe.linux.privileges import privileges
from negatoscope.observe.linux.sections import Sections, parse
from negatoscope.observe.linux.services import services
from negatoscope.observe.linux.sessions import sessions
from negatoscope.observe.linux.sshd import ssh
from negatoscope.observe.linux.wifi import wifi
from negatoscope.observe.linux.windows import no_security_centre, no_windows

_READERS: dict[str, Callable[[Sections], Iterator[Item]]] = {
    "Interface": interfaces,
    "Software": software,
    "Updates": updates,
    "Account": accounts,
    "Privilege": privileges,
    "PasswordPolicy": password_policy,
    "SessionPolicy": sessions,
    "SshServer": ssh,
    "Volume": volumes,
    "RemovableMedia": media,
    "Firewall": firewall,
    "TimeSync": time_sync,
    "LogPolicy": log_policy,
    "Service": services,
    "Route": routes,
    "Sighting": sightings,
    "WifiNetwork": wifi,
    "MailSystem": mail,
    "WindowsSecurity": no_windows,
    "RuleBase": rule_base,
    "RemoteAccess": remote_accesses,
    "Antivirus": no_security_centre,
}

GIVES = ("Host", *_READERS, "MailForward")
"""The kinds a Linux host can give."""


def read(stream: BinaryIO) -> Iterator[Item]:
    """Facts, sweeps and gaps of one capture. Raises Unreadable with the line."""
    sections = parse(stream)
    yield host(sections)
    for reader in _READERS.values():
        yield from reader(sections)
