"""Servers that log through a real rsyslog, attacked by real clients: all is told, and nothing of a day's work."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.lab.acts import read
from tests.needs import needs_program, needs_root

HERE, ROOT = Path(__file__).parent, Path(__file__).parents[2]
NEEDED = {
    "ip": "iproute2", "nft": "nftables", "rsyslogd": "rsyslog", "sshd": "openssh-server", "smbd": "samba",
    "smbclient": "smbclient", "dovecot": "dovecot-imapd", "squid": "squid", "ulogd": "ulogd2", "Orthanc": "orthanc",
    "echoscu": "dcmtk", "dnsmasq": "dnsmasq-base", "udhcpc": "udhcpc", "curl": "curl", "ssh": "openssh-client",
}  # fmt: skip


def scored(*words: str) -> str:
    needs_root()
    for program, package in NEEDED.items():
        needs_program(program, package)
    command = (sys.executable, "-m", "tests.lab.watched", *words)
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.splitlines()[-1]


@pytest.mark.root
@pytest.mark.server
@pytest.mark.xdist_group("rsyslogd")
def test_what_attackers_do_to_real_servers_is_told_and_a_days_work_is_not() -> None:
    assert scored("--quick").startswith("precision=1 recall=1 ")


@pytest.mark.root
@pytest.mark.server
@pytest.mark.xdist_group("rsyslogd")
@pytest.mark.torture
def test_with_a_real_directory_too() -> None:
    assert scored().startswith("precision=1 recall=1 ")


def test_every_kind_of_act_is_done_and_some_tell_nothing() -> None:
    day = read((HERE / "acts.toml").read_text("utf-8"))
    assert {type(one).__name__ for one in day} == {"Tries", "Connects", "Surfs", "Leases", "Images"}
    assert sum(not tuple(one.truth()) for one in day) >= 8
    assert {one.code for act in day for one in act.truth()} == {"attempts", "bypass", "inactive", "unusual_hours"}
