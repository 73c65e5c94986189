"""What else a Linux host's own programmes write: the service that rules ask for, the text, and auditd's fields."""

import re
from dataclasses import replace

from negatoscope.model.event import Action, Event
from negatoscope.watch.entry import Entry

_SERVICES = {"cron": "cron", "crond": "cron", "anacron": "cron", "audit": "auditd", "auditd": "auditd",
             "vsftpd": "vsftpd", "clamd": "clamav", "freshclam": "clamav"}  # fmt: skip
_DAEMONS = frozenset({
    "systemd", "systemd-logind", "systemd-networkd", "systemd-resolved", "systemd-timesyncd", "systemd-udevd",
    "systemd-journald", "init", "udev", "udevd", "dbus-daemon", "dbus", "rsyslogd", "syslogd", "syslog", "syslog-ng",
    "logrotate", "networkmanager", "dhclient", "dhcpcd", "chronyd", "ntpd", "ntpdate", "named", "cups", "cupsd", "gdm",
    "gdm-binary", "lightdm", "polkitd", "agetty", "login", "xinetd", "inetd", "ftpd", "klogind", "portmap", "rpcbind",
    "rpc.statd", "snmpd", "smartd", "mdadm", "irqbalance", "modprobe", "bluetoothd", "bluetooth", "apt", "dpkg",
    "unattended-upgrade", "packagekit", "snapd", "multipathd", "containerd", "dockerd", "sysctl", "network", "rc",
    "gpm", "hcid", "sdpd", "nfslock", "rpcidmapd", "random", "crontab",
})  # fmt: skip
APPS = _DAEMONS | _SERVICES.keys()
_AUDIT = re.compile(r"(\w{1,40})=(?:\"([^\"]{0,4000})\"|(\S{0,4000}))")
_CALLED = re.compile(r"connection from (?P<source>[\d.]{7,15}) ")
_MOST = 60


def read(entry: Entry) -> Event | None:
    """One line of a daemon, or of the audit (``type=SYSCALL msg=audit(…): …``)."""
    if entry.message.startswith(("type=", "audit: type=")) and "audit(" in entry.message[:80]:
        pairs = _AUDIT.findall(entry.message)[:_MOST]
        event = entry.event("linux", "auditd")
        return replace(event, fields={**event.fields, **{name: quoted or bare for name, quoted, bare in pairs}})
    if entry.app not in APPS:
        return None
    event = entry.event("linux", _SERVICES.get(entry.app, "syslog"))
    if entry.app == "ftpd" and (found := _CALLED.match(entry.message)):
        return replace(event, action=Action.CONNECTION, source=found["source"], port=21, protocol="ftp")
    return event
