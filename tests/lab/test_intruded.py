"""From a word that somebody guesses to a closed incident, on real servers."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.needs import needs_program, needs_root

ROOT = Path(__file__).parents[2]
NEEDED = {
    "ip": "iproute2", "nft": "nftables", "nmap": "nmap", "rsyslogd": "rsyslog", "sshd": "openssh-server",
    "ssh": "openssh-client", "pmacctd": "pmacct",
}  # fmt: skip


@pytest.mark.root
@pytest.mark.server
@pytest.mark.xdist_group("rsyslogd")
def test_an_intrusion_is_told_answered_and_led_to_its_end() -> None:
    needs_root()
    for program, package in NEEDED.items():
        needs_program(program, package)
    command = (sys.executable, "-m", "tests.lab.intruded")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    sys.stdout.write(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr
