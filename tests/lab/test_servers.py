"""The servers of a lab are real, and sound: each is asked what it must grant, and what it must refuse."""

import os
import re
import signal
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path

import pytest

from negatoscope.observe.ipp.wire import GET_ATTRIBUTES, question
from tests.lab.printing import QUEUE
from tests.lab.sharing import READER
from tests.lab.test_lab import ROOT, needs_a_lab

SERVERS = """
[practice]
name = "Serveurs"
[[segments]]
name = "internet"
kind = "internet"
cidr = "203.0.113.0/28"
[[segments]]
name = "admin"
kind = "administration"
cidr = "10.60.5.0/28"
leases = true
[[hosts]]
name = "srv-files"
segment = "admin"
class = "server"
services = [{ kind = "ssh" }, { kind = "smb", shares = ["echange"] }, { kind = "backups" }]
[[hosts]]
name = "mail"
segment = "admin"
class = "server"
services = [{ kind = "ssh" }, { kind = "smtps" }]
[[hosts]]
name = "ris"
segment = "admin"
class = "server"
services = [{ kind = "sql" }, { kind = "ipps" }]
[[hosts]]
name = "pc-1"
segment = "admin"
class = "workstation"
[[flaws]]
kind = "remote_control"
host = "pc-1"
tool = "vnc"
[[flaws]]
kind = "remote_control"
host = "pc-1"
tool = "rdp"
"""
FILES, MAIL, RIS, PC = (f"10.60.5.{last}" for last in (3, 4, 5, 6))
LAST_LINE = "Ctrl-C takes everything down.\n"
PLACES = "/mnt/lab/srv-files-places/srv/backups"
POSTGRES_IN_CLEAR = r"\0\0\0\037\0\003\0\0user\0ris\0database\0ris\0\0"
"""A start-up message without TLS (PostgreSQL 15, 55.7), in the words of printf."""


@dataclass
class Standing:
    """A lab that ``make lab`` keeps up."""

    runner: "subprocess.Popen[str]"
    door: tuple[str, ...]
    tree: str
    """The process namespace that it lives in."""

    def said(self, script: str) -> str:
        """What a script answers at the console's place."""
        words = (*self.door, "bash", "-c", script)
        own = {**os.environ, "LC_ALL": "C"}
        done = subprocess.run(words, capture_output=True, timeout=60, check=False, env=own)
        return (done.stdout + done.stderr).decode(errors="replace")

    def heard(self, address: str, port: int, words: str, most: int = 200) -> str:
        """What a port says to these words, in the language of printf."""
        return self.said(
            f"exec 3<>/dev/tcp/{address}/{port}; printf '{words}' >&3; timeout 3 head -c {most} <&3 | tr '\\0' ' '"
        )

    def alive(self) -> set[str]:
        """The names of all processes that it has, seen from outside."""
        found = set()
        for one in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if str((one / "ns/pid").readlink()) == self.tree:
                    found.add((one / "comm").read_text().strip())
        return found


@contextmanager
def standing(folder: Path) -> Iterator[Standing]:
    needs_a_lab()
    (folder / "servers.toml").write_text(SERVERS)
    words = (sys.executable, "-m", "tests.lab.up", str(folder / "servers.toml"))
    runner = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    assert runner.stdout is not None
    try:
        told = "".join(takewhile(lambda line: line != LAST_LINE, runner.stdout))
        found = re.search(r"^ +(nsenter -t (\d+) .*?) +the console", told, re.MULTILINE)
        assert found is not None, told
        tree = Path(f"/proc/{found[2]}/ns/pid_for_children").readlink()
        yield Standing(runner, tuple(found[1].split()), str(tree))
    finally:
        runner.kill()
        runner.wait(10)
        runner.stdout.close()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    with standing(tmp_path_factory.mktemp("lab")) as made:
        yield made


pytestmark = [pytest.mark.root, pytest.mark.server]


def test_the_file_server_lets_in_one_account_and_no_stranger(lab: Standing) -> None:
    share = f"smbclient //{FILES}/echange -m SMB3 -c ls"
    assert "modele.txt" in lab.said(f"{share} -U '{READER.username}%{READER.password}'")
    assert "NT_STATUS_ACCESS_DENIED" in lab.said(f"{share} -N")
    assert "NT_STATUS_LOGON_FAILURE" in lab.said(f"{share} -U '{READER.username}%autre'")


def test_the_mail_server_takes_mail_for_the_practice_in_tls_and_relays_for_nobody(lab: Standing) -> None:
    words = (
        r"EHLO a\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<quelquun@gmail.com>\r\nRCPT TO:<root@cabinet.lan>\r\nQUIT\r\n"
    )
    said = lab.said(f"(sleep 1; printf '{words}'; sleep 1) | openssl s_client -quiet -connect {MAIL}:465")
    assert "554 5.7.1 <quelquun@gmail.com>: Relay access denied" in said
    assert "250 2.1.5 Ok" in said
    assert "Permission denied" not in said


def test_the_database_refuses_whoever_comes_in_clear(lab: Standing) -> None:
    assert "no encryption" in lab.heard(RIS, 5432, POSTGRES_IN_CLEAR)


def test_the_print_server_shows_its_certificate_and_hides_its_administration(lab: Standing) -> None:
    asked = f"curl -s --cacert /mnt/lab/ca.pem https://{RIS}:631"
    queue = b64encode(question(GET_ATTRIBUTES, f"ipp://{RIS}/printers/{QUEUE}")).decode()
    sent = f"base64 -d <<< {queue} | {asked}/printers/{QUEUE} -H 'Content-Type: application/ipp' --data-binary @-"
    until = time.monotonic() + 60
    while "job-hold-until-default" not in (told := lab.said(f"{sent} | tr '\\0' ' '")) and time.monotonic() < until:
        time.sleep(0.5)
    assert re.search(r"job-hold-until-default.{2}indefinite", told, re.DOTALL), told
    assert lab.said(f"ip netns exec pc-1 {asked}/admin -o /dev/null -w '%{{http_code}}'") == "403"


def test_backups_are_made_and_encrypted(lab: Standing) -> None:
    until = time.monotonic() + 60
    while (told := lab.said(_restored())).count("modele.txt") < 2 and time.monotonic() < until:
        time.sleep(0.5)
    assert told.count("modele.txt") == 2, told
    assert lab.said(f"grep -rl 'Compte rendu type' {PLACES}") == ""


def _restored() -> str:
    word = "/mnt/lab/srv-files-{}/word"
    restic = f"restic -r {PLACES}/restic --no-cache --no-lock -p {word.format('restic')} ls latest"
    borg = (
        f'BORG_BASE_DIR=/mnt/lab/look BORG_RELOCATED_REPO_ACCESS_IS_OK=yes BORG_PASSCOMMAND="cat {word.format("borg")}"'
    )
    newest = f"$({borg} borg list --last 1 --format '{{archive}}' {PLACES}/borg)"
    return f"{restic}; {borg} borg list {PLACES}/borg::{newest}"


def test_workstations_show_a_real_screen_and_ask_for_their_address(lab: Standing) -> None:
    assert lab.heard(PC, 5900, "", 11) == "RFB 003.008"
    assert "ms-wbt-server" in lab.said(f"nmap -n -Pn -p 3389 {PC}")
    assert f" {PC} pc-1 " in lab.said("cat /mnt/lab/fw-1-places/misc/dnsmasq.leases")


def test_nothing_is_left_behind_when_the_runner_is_killed(tmp_path: Path) -> None:
    with standing(tmp_path) as lab:
        assert {"smbd", "master", "cupsd", "postgres", "Xtigervnc", "xrdp", "dnsmasq", "sshd"} <= lab.alive()
        lab.runner.send_signal(signal.SIGKILL)
        lab.runner.wait(10)
        until = time.monotonic() + 10
        while lab.alive() and time.monotonic() < until:
            time.sleep(0.1)
        assert lab.alive() == set()
        assert not Path("/mnt/lab").exists()
