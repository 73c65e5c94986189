"""A Linux server with its own ``/etc``, accounts, packet filter and sshd, which lets the console in with a key."""

import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from negatoscope.flows.credentials import made_here, public_line
from negatoscope.observe.collector import Login
from negatoscope.observe.linux.lent import sudoers
from negatoscope.observe.ssh.privilege import authorized_keys
from tests.lab import places
from tests.lab.plan import Server
from tests.needs import needs_program
from tests.observe.lab import sh
from tests.observe.ssh.truths import FILES, HALF_A_YEAR, NEVER, SSHD

if TYPE_CHECKING:
    from tests.lab.build import Lab

ACCOUNT = "negatoscope"
LOWEST_PERSON, HIGHEST_PERSON = 1000, 60000
OWN_HARDWARE = "mount -t tmpfs none /sys/devices/virtual/dmi/id 2>/dev/null || true"
"""A serial number that two servers share would make one of them."""
CONFIG = """Port {port}
HostKey /etc/ssh/host_key
PidFile none
UsePAM no
AuthorizedKeysFile /etc/ssh/keys/%u
PermitRootLogin {root_login}
PasswordAuthentication {passwords}
Subsystem sftp internal-sftp
"""
FILTER = """flush ruleset
table inet filter {{
  chain input {{
    type filter hook input priority 0; policy drop;
    ct state established,related accept
    iif lo accept
    meta l4proto icmp accept
    tcp dport {{ {ports} }} accept
    udp dport {{ {ports} }} accept
  }}
}}
"""


def python() -> str:
    return sys.executable


def login(lab: "Lab") -> Login:
    """What lets the console in, on every Linux server; made once a lab."""
    file = lab.folder / "console.key"
    if not file.exists():
        made = made_here(ACCOUNT)
        file.write_text(made.private_key or "")
        file.chmod(0o600)
    return Login(ACCOUNT, None, file.read_text())


def start(lab: "Lab", server: Server, folder: Path) -> None:
    """Make its ``/etc`` and start it."""
    needs_program("sshd", "openssh-server")
    needs_program("sudo")
    etc, spoilt = folder / "etc", lab.plan.linux[server.host]
    sh("cp", "-a", str(_template(lab)), str(etc))
    ports = sorted({one.port for one in lab.plan.servers if one.host == server.host})
    filters = server.host == lab.plan.lab.router.name
    ruleset = lab.plan.rules.text() if filters else FILTER.format(ports=", ".join(map(str, ports)))
    own = {"nftables.conf": ruleset}
    for name, text in {**FILES, **own, **spoilt.files}.items():
        (etc / name).parent.mkdir(parents=True, exist_ok=True)
        (etc / name).write_text(text)
    limits = etc / "login.defs"
    limits.write_text(limits.read_text().replace(NEVER, HALF_A_YEAR))
    _named(etc, server.host)
    _let_in(lab, etc)
    for spoil in spoilt.spoil:
        spoil(etc)
    (etc / "ssh/sshd_config").write_text(CONFIG.format(port=server.port, **{**SSHD, **spoilt.sshd}))
    for name, text in spoilt.homes.items():
        file = places.of(lab, server.host) / "home" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    view = f"{OWN_HARDWARE}; mount --bind {etc} /etc; {places.view(lab, server.host)}; mkdir -p /run/sshd"
    view += "; nft -f /etc/nftables.conf"
    lab.start(server.host, f"{view}; exec {needs_program('sshd', 'openssh-server')} -D -e")


def etc_of(lab: "Lab", host: str, folder: Path) -> Path:
    """The ``/etc`` of a host: what its sshd shows, else one of its own, in this folder."""
    if any(one.host == host and one.program == "ssh" for one in lab.plan.servers):
        return lab.etc(host)
    etc = folder / "etc"
    sh("cp", "-a", str(_template(lab)), str(etc))
    _named(etc, host)
    return etc


def _named(etc: Path, host: str) -> None:
    (etc / "machine-id").write_text(hashlib.sha256(host.encode()).hexdigest()[:32] + "\n")


def _template(lab: "Lab") -> Path:
    """This machine's ``/etc``, stripped, once a lab."""
    etc = lab.folder / "etc"
    if not etc.exists():
        sh("cp", "-a", "/etc", str(etc))
        _strip(etc)
    return etc


def _strip(etc: Path) -> None:
    """What only this machine has: its people, its sources of packages, its own answers to names."""
    people = set()
    for name in ("passwd", "shadow"):
        kept = []
        for line in (etc / name).read_text().splitlines(keepends=True):
            words = line.split(":")
            if name == "passwd" and LOWEST_PERSON <= int(words[2]) < HIGHEST_PERSON:
                people.add(words[0])
            if words[0] not in people:
                kept.append(line)
        (etc / name).write_text("".join(kept))
    for one in (*etc.glob("apt/sources.list*"), *etc.glob("apt/sources.list.d/*"), *etc.glob("apt/apt.conf.d/99*")):
        if one.is_file():
            one.unlink()


def _let_in(lab: "Lab", etc: Path) -> None:
    with (etc / "passwd").open("a") as passwd, (etc / "shadow").open("a") as shadow:
        passwd.write(f"{ACCOUNT}:x:990:990::/:/bin/sh\n")
        shadow.write(f"{ACCOUNT}:*:20700:0:180:7:::\n")
    keys = etc / "ssh/keys"
    keys.mkdir()
    (keys / ACCOUNT).write_text(authorized_keys(public_line(login(lab)) or "") + "\n")
    (etc / f"sudoers.d/{ACCOUNT}").write_text(sudoers())
    (etc / f"sudoers.d/{ACCOUNT}").chmod(0o440)
    sh("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(etc / "ssh/host_key"))
