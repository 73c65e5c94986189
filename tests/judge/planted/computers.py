"""What is planted in a recorded capture: for each measured control, edits that make its healthy twin fail."""

import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from negatoscope.model.accounts import Account
from negatoscope.model.evidence import Sweep
from negatoscope.model.networks import Network
from negatoscope.model.people import Person
from negatoscope.observe.collector import Item
from negatoscope.observe.linux.read import read as read_linux
from negatoscope.observe.scan.read import read as read_scan
from tests.judge.memory import World, of

CAPTURES = Path(__file__).parents[2] / "captures"
LOCAL = (CAPTURES / "local" / "healthy.jsonl").read_text("utf-8").splitlines()
SCAN = (CAPTURES / "nmap" / "healthy.xml").read_text("utf-8")
MARIE = Person("marie.durand", "Marie Durand")
HOLDERS = {"mdurand": MARIE.ref, "ancien": "person/parti"}
"""What people declared; the holder of ``ancien`` is not in the list of persons."""

Edits = tuple[tuple[str, str, str], ...]
"""Section, what it says, what it shall say. An empty ``what`` appends, ``*`` replaces all, ``!`` denies access."""

LAPTOP: Edits = (("file:/sys/class/dmi/id/chassis_type", "3", "10"),)
DISKS = [name for line in LOCAL if (name := json.loads(line).get("section", "")).startswith("cmd:lsblk")]
CLEAR: Edits = tuple((name, '"crypt"', '"lvm"') for name in DISKS)
DPKG = r"cmd:dpkg-query -W -f=${Package}\t${Version}\t${Maintainer}\t${db:Status-Abbrev}\n"
APT = "cmd:apt-get -s -q -o Debug::NoLocking=true dist-upgrade"
STAMPS = "cmd:stat -c %Y:%n /var/lib/apt/lists /var/lib/apt/periodic/update-success-stamp"
STICK = '{"name":"sdb","type":"disk","rm":true,"tran":"usb","mountpoints":["/media/cle"],"mountpoint":"/media/cle"},'
PASSWD, STATES, GROUP = "file:/etc/passwd", "cmd:passwd -S -a", "file:/etc/group"
QUALITY, FAILLOCK, GDM = (
    "file:/etc/security/pwquality.conf",
    "file:/etc/security/faillock.conf",
    "file:/etc/gdm3/daemon.conf",
)
SSHD: Edits = (("glob:/usr/sbin/sshd", "", "/usr/sbin/sshd"), ("cmd:sshd -T", "", "permitrootlogin yes\nusepam yes\n"))
DCONF = "file:/etc/dconf/db/local.d/00-session"
SOCKETS = "cmd:ss -H -tulpn"
NO_TIME: Edits = (
    ("cmd:timedatectl show", "NTPSynchronized=yes", "NTPSynchronized=no"),
    ("cmd:chronyc -n tracking", "Normal", "Not synchronised"),
)
NFT = "cmd:nft -j list ruleset"
WIDE_OPEN: Edits = ((NFT, "*", '{"nftables": [{"metainfo": {"version": "1.0.6", "json_schema_version": 1}}]}'),)


def somebody(name: str) -> Edits:
    """A new account that opens sessions, its password set."""
    return (
        (PASSWD, "", f"{name}:x:1002:1002::/home/{name}:/bin/bash\n"),
        (STATES, "", f"{name} P 2026-10-05 0 180 7 -1\n"),
        (GROUP, "", f"{name}:x:1002:\n"),
    )


def listening(port: int) -> Edits:
    return ((SOCKETS, "", f"tcp LISTEN 0 64 0.0.0.0:{port} 0.0.0.0:*\n"),)


PLANTED: dict[str, Edits] = {
    "R1.1": (("file:/sys/class/dmi/id/product_name", "OptiPlex 7080", "System Product Name"),),
    "R1.2": ((DPKG, "", "prive\t\tInconnu <x@invalid>\tii \n"),),
    "R2.1": (*somebody("ancien"), (GROUP, "sudo:x:27:", "sudo:x:27:ancien")),
    "R6.1": (
        (APT, "", "Inst openssl [3.0.15-1] (3.0.16-1 Debian-Security:12/stable-security [amd64])\n"),
        (APT, "0 upgraded", "1 upgraded"),
    ),
    "R6.2": ((STAMPS, "1795237200", "1790000000"), (STAMPS, "1795237210", "1790000000")),
    "R6.3": (("file:/etc/apt/sources.list.d/debian.sources", "Components: main", "Components: main\nTrusted: yes"),),
    "R8.1": somebody("ancien"),
    "R8.2": somebody("radio1"),
    "R8.3": somebody("invite"),
    "R9.3": ((QUALITY, "minlen = 14", "minlen = 8"),),
    "R9.4": ((QUALITY, "minclass = 3", "minclass = 1"),),
    "R10.1": ((STATES, "mdurand P 2026-10-05 0 180", "mdurand P 2024-10-05 0 99999"),),
    "R10.2": ((FAILLOCK, "deny = 5", "deny = 0"),),
    "R10.3": ((STATES, "mdurand P", "mdurand NP"),),
    "R10.4": ((GDM, "[daemon]\n", "[daemon]\nAutomaticLoginEnable = true\nAutomaticLogin = mdurand\n"),),
    "R10.5": (("file:/boot/grub/grub.cfg", "*", ""),),
    "R10.6": ((DCONF, "idle-delay=uint32 600", "idle-delay=uint32 0"),),
    "R10.7": ((QUALITY, "dictcheck = 1", "dictcheck = 0"),),
    "R14.1": WIDE_OPEN,
    "R14.2": (("cmd:apt-config dump", 'Unattended-Upgrade "1"', 'Unattended-Upgrade "0"'),),
    "R14.3": NO_TIME,
    "R14.4": SSHD,
    "R14.5": WIDE_OPEN,
    "R15.1": (("file:/etc/modprobe.d/usb-storage.conf", "*", ""),),
    "R15.2": ((DCONF, "autorun-never=true", "autorun-never=false"),),
    "R18.1": listening(3389),
    "R18.2": ((DPKG, "", "anydesk\t6.3.2\tAnyDesk <x@invalid>\tii \n"),),
    "R19.1": CLEAR,
    "R19.2": CLEAR,
    "R19.3": (
        ("file:/proc/mounts", "", "/dev/sdb /media/cle vfat rw,relatime 0 0\n"),
        *((name, '"blockdevices": [', f'"blockdevices": [{STICK}') for name in DISKS),
    ),
    "R23.1": listening(23),
    "R26.2": (
        ("file:/etc/systemd/journald.conf", "Storage=persistent", "Storage=volatile"),
        ("file:/etc/rsyslog.conf", "/var/log/", "/run/"),
    ),
    "R26.3": (("file:/etc/rsyslog.d/90-collecte.conf", "*", ""),),
    "R26.4": NO_TIME,
    "R30.1": ((GROUP, "sudo:x:27:", "sudo:x:27:mdurand"),),
    "R30.2": (*somebody("ancien"), ("file:/etc/sudoers", "", "ancien ALL=(ALL) NOPASSWD: ALL\n")),
}
"""Planted in the capture of this host."""

SCANNED: dict[str, tuple[str, str]] = {
    control: (
        "</extraports>",
        f'</extraports><port protocol="tcp" portid="{port}"><state state="open" reason="syn-ack"/>{said}</port>',
    )
    for control, port, said in (
        ("R18.1", 5901, '<service name="vnc" method="probed" conf="10"/>'),
        ("R23.1", 8081, '<service name="http" method="probed" conf="10"/>'),
        ("R23.2", 104, '<service name="dicom" method="probed" conf="10"/>'),
    )
}
"""Planted in the capture of a network."""

TWIN: dict[str, Edits] = {"R19.1": LAPTOP}
"""What the healthy twin needs besides, to be of the class concerned."""


def local(edits: Edits) -> list[Item]:
    """The recorded capture of a workstation, edited, through the real reader."""
    lines = [json.loads(line) for line in LOCAL]
    sections = {line.get("section"): line for line in lines}
    for name, what, instead in edits:
        line = sections[name]
        text = line.get("text", "")
        if what not in {"", "*", "!"} and what not in text:
            message = f"{name} does not say {what!r}"
            raise AssertionError(message)
        line["text"] = instead if what == "*" else text.replace(what, instead) if what else text + instead
        line["status"] = "denied" if what == "!" else "ok"
    return list(read_linux(BytesIO(b"".join(json.dumps(line).encode() + b"\n" for line in lines))))


def declared(items: list[Item]) -> list[Item]:
    """What people say besides: who holds which account, and that both lists are complete."""
    known = [replace(item, holder=HOLDERS.get(item.name)) if isinstance(item, Account) else item for item in items]
    return [*known, MARIE, Sweep("Person"), Sweep("Host")]


def scanned(edit: tuple[str, str] | None) -> World:
    """The recorded scan of a network, edited, through the real reader; the network is declared."""
    xml = SCAN.replace(*edit, 1) if edit else SCAN
    return of([*read_scan(BytesIO(xml.encode())), Network("10.77.0.0/24")])
