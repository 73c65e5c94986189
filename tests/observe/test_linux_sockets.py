"""Sockets, SSH servers, software, files: what one witness hides, another shows; what nobody read is a gap."""

from collections.abc import Mapping
from typing import Any

import pytest

from negatoscope.model.hardening import SshServer
from negatoscope.model.networks import Service
from negatoscope.model.software import remote_control
from negatoscope.model.verdict import Verdict
from negatoscope.observe.linux.probes import PROCESSES, SOCKETS, SSHD
from tests.judge.memory import judged, of
from tests.judge.planted.computers import declared
from tests.observe.captures import Section, facts, gaps, items, one, sections

TEXT = {line["section"]: line.get("text", "") for line in sections()[1:]}
Changes = Mapping[Any, str | Section | None]
TELNET = "   9: 00000000:0017 00000000:0000 0A 00000000:00000000 00:00000000 00000000 0 0 19711\n"


def verdict(changes: Changes, control: str) -> Verdict:
    return judged(of(declared(items(changes))), control).verdict


def test_what_ss_does_not_list_the_kernel_does() -> None:
    changes = {SOCKETS: "", "file:/proc/net/tcp": TEXT["file:/proc/net/tcp"] + TELNET}
    assert verdict(changes, "R23.1") is Verdict.FAILED


def test_an_empty_list_of_sockets_that_nothing_confirms_is_a_gap() -> None:
    assert gaps("Service", {SOCKETS: "", "file:/proc/net/tcp": {"status": "failed"}}) == {"sockets": "unreadable"}


@pytest.mark.parametrize("process", ["x11vnc", "Xtigervnc", "x0tigervncserve"])
def test_remote_control_on_the_port_of_another_is_seen(process: str) -> None:
    line = f'tcp LISTEN 0 5 0.0.0.0:443 0.0.0.0:* users:(("{process}",pid=5,fd=5))\n'
    assert verdict({SOCKETS: TEXT[SOCKETS.section] + line}, "R18.1") is Verdict.FAILED


def test_a_port_number_never_proves_encryption() -> None:
    lines = "".join(f"tcp LISTEN 0 5 0.0.0.0:{port} 0.0.0.0:*\n" for port in (22, 443, 636, 993, 2762, 6514))
    found = [one.encrypted for one in facts(Service, {SOCKETS: lines}) if one.reachable]
    assert set(found) == {None}
    assert verdict({}, "R23.2") is Verdict.UNPROVEN
    assert verdict({SOCKETS: lines}, "R23.1") is Verdict.UNPROVEN


HERE: dict[Any, str | Section | None] = {
    "glob:/usr/sbin/sshd": "/usr/sbin/sshd",
    "file:/etc/ssh/sshd_config": "# none\n",
}
SILENT = {"root_login": "not_decidable", "password_authentication": "not_decidable", "empty_passwords": "not_decidable"}
SAFE = (
    "permitrootlogin no\npasswordauthentication no\nkbdinteractiveauthentication no\nusepam yes\n"
    "permitemptypasswords no\n"
)


def test_an_ssh_server_that_says_nothing_proves_nothing() -> None:
    changes = {**HERE, SSHD: ""}
    assert one(SshServer, changes) == SshServer("host/@", present=True)
    assert gaps("SshServer", changes) == SILENT
    assert verdict(changes, "R14.4") is verdict(changes, "R10.3") is Verdict.UNPROVEN
    assert verdict({**HERE, SSHD: SAFE}, "R14.4") is Verdict.PASSED


def test_another_ssh_server_beside_leaves_only_what_is_open() -> None:
    both = {**HERE, "glob:/usr/sbin/dropbear": "/usr/sbin/dropbear"}
    assert one(SshServer, {**both, SSHD: SAFE}) == SshServer("host/@", present=True)
    assert one(SshServer, {**both, SSHD: SAFE.replace("login no", "login yes")}).root_login == "yes"


@pytest.mark.parametrize("include", ["/etc/ssh/more/0?.conf", "/etc/ssh/[a-z].conf", "/etc/ssh/a.conf /srv/b.conf"])
def test_an_include_that_was_not_followed_is_a_gap(include: str) -> None:
    changes = {
        **HERE,
        SSHD: {"status": "failed"},
        "file:/etc/ssh/sshd_config": f"Include {include}\nPermitRootLogin no\n",
    }
    assert one(SshServer, changes) == SshServer("host/@", present=True)


def test_an_ssh_server_that_runs_from_elsewhere_is_present() -> None:
    for changes in (
        {PROCESSES: TEXT[PROCESSES.section] + "  900 sshd\n"},
        {SOCKETS: 'tcp LISTEN 0 5 0.0.0.0:22 0.0.0.0:* users:(("sshd",pid=5,fd=5))\n'},
    ):
        assert one(SshServer, changes) == SshServer("host/@", present=True)
        assert verdict(changes, "R14.4") is Verdict.UNPROVEN


@pytest.mark.parametrize(
    "name",
    [
        "tigervnc-standalone-server", "x11vnc", "x2goserver", "gnome-remote-desktop", "krfb", "meshagent", "Parsec",
        "TeamViewer", "AnyDesk Client", "ScreenConnect Client (1a2b)", "xrdp", "UltraViewer", "realvnc-vnc-server",
    ],
)  # fmt: skip
def test_software_that_hands_the_host_over_is_named(name: str) -> None:
    assert remote_control(name)


@pytest.mark.parametrize(
    "name",
    [
        "libvncclient1", "libgtk-vnc-2.0-0", "gir1.2-gtk-vnc-2.0", "remmina-plugin-vnc", "tigervnc-viewer",
        "xtightvncviewer", "x2goclient", "remmina", "bash", "sparsechash-dev",
    ],
)  # fmt: skip
def test_software_that_only_looks_at_others_is_not(name: str) -> None:
    assert not remote_control(name)


@pytest.mark.parametrize(
    ("listing", "path", "control"),
    [
        ("glob:/etc/sudoers.d/*", "/etc/sudoers.d/admins", "R30.1"),
        ("glob:/etc/pam.d/*", "/etc/pam.d/lightdm", "R9.3"),
        ("glob:/etc/pam.d/*", "/etc/pam.d/lightdm", "R10.3"),
        (
            "glob:/etc/systemd/system/*getty*.service.d/*.conf",
            "/etc/systemd/system/getty@tty1.service.d/a.conf",
            "R10.4",
        ),
        ("glob:/etc/modprobe.d/*.conf", "/etc/modprobe.d/z.conf", "R15.1"),
    ],
)
def test_a_file_that_is_listed_and_was_not_read_is_a_gap(listing: str, path: str, control: str) -> None:
    assert verdict({listing: f"{TEXT[listing]}\n{path}".strip()}, control) is Verdict.UNPROVEN
