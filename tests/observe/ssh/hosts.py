"""Linux hosts with real sshd, real accounts and real sudo, each in a network and a view of ``/etc`` of its own."""

import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from negatoscope.flows.credentials import made_here, public_line
from negatoscope.observe.collector import Login, Look
from negatoscope.observe.linux.lent import sudoers
from negatoscope.observe.ssh.collector import SSH, Settings, place
from negatoscope.observe.ssh.privilege import authorized_keys
from negatoscope.observe.ssh.session import host_key_of
from tests.needs import needs_program
from tests.observe.lab import Lab, sh
from tests.observe.ssh.truths import SSHD, Truth, settled

LOCAL = """
import sys
from negatoscope.observe.collector import Look
from negatoscope.observe.local import LOCAL, Settings
with open(sys.argv[1], "wb") as sink:
    LOCAL.capture(Settings(), "", Look(sink))
"""
CONFIG = """
HostKey {etc}/ssh/host_key
PidFile none
UsePAM no
AuthorizedKeysFile /etc/ssh/keys/%u
PermitRootLogin {root_login}
PasswordAuthentication {passwords}
Banner /etc/issue.net
{sftp}
{more}
"""
SFTP = "Subsystem sftp internal-sftp"
BARE = 2022
"""Where a second server listens, without file transfer."""
BANNERS = {23: b"\xff\xfd\x18", 5901: b"RFB 003.008\n"}


@dataclass
class Remote:
    """A host to be looked at. ``seen_here``: the capture of ``local`` on it, made as root before sshd starts;
    ``way``: how it is reached, where not straight on.
    """

    lab: Lab
    address: str
    folder: Path
    login: Login
    seen_here: Path
    key: str = ""
    logins: dict[str, Login] = field(default_factory=dict)
    way: Settings | None = None

    def settings(self, **changes: object) -> Settings:
        keys = ((place(self.address, 22), self.key),)
        first = Settings("negatoscope", declared=(f"{self.lab.gateway.rpartition('.')[0]}.0/24",), host_keys=keys)
        return msgspec.structs.replace(first, **changes)

    def look(self, look: Look, settings: Settings | None = None, target: str | None = None) -> None:
        """Look from the console's namespace."""
        look.login = self.logins.__getitem__
        capture = SSH.capture
        assert capture is not None
        self.lab.inside(self.lab.scanner, lambda: capture(settings or self.settings(), target or self.address, look))


def remote(lab: Lab, truth: Truth, folder: Path, *, wait: bool = True, bare: bool = True) -> Remote:
    """Start a host: accounts ``negatoscope`` with the rule, ``simple`` without, ``bavard`` whose shell talks.

    On port 2022 a second server has no file transfer.
    """
    needs_program("sshd", "openssh-server")
    needs_program("sudo")
    etc = folder / "etc"
    sh("cp", "-a", "/etc", str(etc))
    login = made_here("negatoscope")
    _accounts(etc, folder, login)
    settled(etc, truth)
    options = {**SSHD, "more": "", **truth.sshd}
    for name, sftp in {"sshd_config": SFTP, "sshd_bare": "PidFile none"}.items():
        (etc / "ssh" / name).write_text(CONFIG.format(etc="/etc", sftp=sftp, **options))
    sh("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(etc / "ssh/host_key"))
    host = lab.host(truth.address, truth.mac or f"02:00:00:77:01:{int(truth.address.rpartition('.')[2]):02x}")
    seen = folder / "local.jsonl"
    look_here = f"{sys.executable} -c '{LOCAL}' {seen}" if wait else "true"
    for port in truth.listens:
        lab.listen(host, port, BANNERS[port])
    named = f"hostname {truth.name}; " if truth.name else ""
    view = f"{named}mount --bind {etc} /etc; mkdir -p /run/sshd"
    begin = f"{view}; nft -f /etc/nftables.conf; {look_here}"
    lab.run(host, f"{begin}; exec /usr/sbin/sshd -D -e 2>{folder}/log")
    if bare:
        lab.run(host, f"{view}; exec /usr/sbin/sshd -D -f /etc/ssh/sshd_bare -p {BARE}")
    made = Remote(lab, truth.address, folder, login, seen, logins={"negatoscope": login})
    made.logins |= {name: Login(name, None, login.private_key) for name in ("simple", "bavard")}
    made.key = shown(made)
    return made


def _accounts(etc: Path, folder: Path, login: Login) -> None:
    talking = folder / "bavard.sh"
    talking.write_text('#!/bin/sh\necho "Bienvenue sur ce serveur !"\nexec /bin/sh "$@"\n')
    talking.chmod(0o755)
    for one in (folder, *folder.parents[:-1]):
        one.chmod(one.stat().st_mode | 0o055)
    people = {"negatoscope": "/bin/sh", "simple": "/bin/sh", "bavard": str(talking), "passage": "/bin/sh"}
    with (etc / "passwd").open("a") as passwd, (etc / "shadow").open("a") as shadow:
        for number, (name, shell) in enumerate(people.items(), start=4100):
            passwd.write(f"{name}:x:{number}:{number}::/:{shell}\n")
            shadow.write(f"{name}:*:20000:0:180:7:::\n")
    (etc / "ssh/keys").mkdir()
    line = public_line(login)
    assert line
    for name in ("negatoscope", "simple", "bavard"):
        (etc / f"ssh/keys/{name}").write_text(authorized_keys(line) + "\n")
    (etc / "ssh/keys/passage").write_text(authorized_keys(line, beyond="10.77.0.11:22") + "\n")
    (etc / "sudoers.d/negatoscope").write_text(sudoers())
    (etc / "sudoers.d/negatoscope").chmod(0o440)


def shown(made: Remote, port: int = 22) -> str:
    """The key that a server shows, once it has started."""
    end = time.monotonic() + 60
    while True:
        try:
            return made.lab.inside(made.lab.scanner, lambda: host_key_of(made.address, port))
        except Exception:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)
