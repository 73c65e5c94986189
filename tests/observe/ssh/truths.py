"""What each of three Linux servers is: one as a careful person set it up, two of the same with the flaws of
``flaws.toml`` in their own files, firewall and sockets.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

AUTH = (
    "auth required pam_faillock.so preauth\nauth [success=2 default=ignore] pam_unix.so\n"
    "auth [default=die] pam_faillock.so authfail\nauth requisite pam_deny.so\nauth required pam_permit.so\n"
)
CHOICE = (
    "password requisite pam_pwquality.so retry=3\n"
    "password [success=1 default=ignore] pam_unix.so obscure use_authtok try_first_pass yescrypt\n"
    "password requisite pam_deny.so\npassword required pam_permit.so\n"
)
SOURCE = (
    "Types: deb\nURIs: https://deb.debian.org/debian{kind}\nSuites: {suite}\nComponents: main\n"
    "Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg\n"
)
FILES = {
    "pam.d/common-auth": AUTH,
    "pam.d/common-password": CHOICE,
    "security/pwquality.conf": "minlen = 14\nminclass = 4\ndictcheck = 1\nenforcing = 1\n",
    "security/faillock.conf": "deny = 5\nunlock_time = 900\n",
    "apt/apt.conf.d/52auto": 'APT::Periodic::Update-Package-Lists "1";\nAPT::Periodic::Unattended-Upgrade "1";\n'
    'Unattended-Upgrade::Origins-Pattern { "origin=Debian,codename=${distro_codename}-security"; };\n',
    "apt/sources.list.d/depot.sources": SOURCE.format(kind="", suite="bookworm bookworm-updates")
    + "\n"
    + SOURCE.format(kind="-security", suite="bookworm-security"),
    "nftables.conf": "flush ruleset\ntable inet filter {\n"
    " chain input { type filter hook input priority 0; policy drop;\n"
    "  ct state established,related accept\n  iif lo accept\n  tcp dport { 22, 2022 } accept\n }\n"
    " chain forward { type filter hook forward priority 0; policy drop; }\n}\n",
}
"""Below ``/etc`` of a sound server."""
SSHD = {"root_login": "no", "passwords": "no"}
NEVER, HALF_A_YEAR = "PASS_MAX_DAYS\t99999", "PASS_MAX_DAYS\t180"


class Truth(NamedTuple):
    """One server. ``files``: below ``/etc``, in the place of the sound ones; ``spoil``: what else is done there;
    ``name``: what it calls itself, in the place of this machine's own.
    """

    address: str
    sshd: Mapping[str, str] = {}
    files: Mapping[str, str] = {}
    spoil: Callable[[Path], None] = lambda _etc: None
    listens: tuple[int, ...] = ()
    mac: str = ""
    name: str = ""


def settled(etc: Path, truth: Truth) -> None:
    """Set a server's ``/etc`` up."""
    for name, text in {**FILES, **truth.files}.items():
        (etc / name).parent.mkdir(parents=True, exist_ok=True)
        (etc / name).write_text(text)
    limits = etc / "login.defs"
    limits.write_text(limits.read_text().replace(NEVER, HALF_A_YEAR))
    truth.spoil(etc)


def _known_to_all(etc: Path) -> None:
    """Accounts that a supplier left behind, and what they may do."""
    accounts = {"radio1": "$y$j9T$essai:14000", "invite": "$y$j9T$essai:14000", "porte": ":20400"}
    with (etc / "passwd").open("a") as passwd, (etc / "shadow").open("a") as shadow:
        for number, (name, secret) in enumerate(accounts.items(), start=4200):
            passwd.write(f"{name}:x:{number}:{number}::/:/bin/sh\n")
            shadow.write(f"{name}:{secret}:0:180:7:::\n")
    (etc / "sudoers.d/porte").write_text("porte ALL=(ALL) NOPASSWD: ALL\n")
    (etc / "sudoers.d/porte").chmod(0o440)


def _forgotten(etc: Path) -> None:
    """A limit that was put back as it came."""
    limits = etc / "login.defs"
    limits.write_text(limits.read_text().replace(HALF_A_YEAR, NEVER))


SOUND = Truth("10.77.0.10")
KNOWN_TO_ALL = Truth(
    "10.77.0.11", {"root_login": "yes", "passwords": "yes", "more": "MaxSessions 1"}, spoil=_known_to_all
)
FORGOTTEN = Truth(
    "10.77.0.12",
    files={
        "security/pwquality.conf": "minlen = 6\nminclass = 1\n",
        "security/faillock.conf": "deny = 0\n",
        "apt/apt.conf.d/52auto": 'APT::Periodic::Unattended-Upgrade "0";\n',
        "apt/sources.list.d/depot.sources": FILES["apt/sources.list.d/depot.sources"] + "Trusted: yes\n",
        "nftables.conf": "flush ruleset\n",
    },
    spoil=_forgotten,
    listens=(23, 5901),
)
