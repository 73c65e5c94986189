"""What a Linux host writes: OpenSSH, PAM, sudo, accounts, the kernel. Lines are real ones; names are changed."""

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from negatoscope.model.event import Action
from tests.watch.shared import shared
from tests.watch.sources.reading import at, holds, said

ROOT = {"user": "root", "source": "127.0.0.1", "protocol": "ssh"}


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            (
                "Nov 22 18:46:01 srv-pacs sshd[812]: Accepted publickey for root from 127.0.0.1 port 58820 ssh2: ED25519 "
                "SHA256:XuA3mFWt7JEnue5TbaTLjnVfNH0DF1ZsoQEHGh9dkn0"
            ),
            {**ROOT, "action": Action.LOGON, "ok": True, "host": "srv-pacs", "at": at("2026-11-22T17:46:01+00:00")},
        ),
        (
            "2026-11-22T18:46:01.250+01:00 srv-pacs sshd-session[9]: Failed password for mdurand from 10.0.0.8 port 9 ssh2",
            {"user": "mdurand", "source": "10.0.0.8", "ok": False, "why": "bad_password", "action": Action.LOGON},
        ),
        (
            "Nov 22 18:46:01 srv sshd[8]: Failed password for invalid user a b from 10.0.0.8 port 9 ssh2",
            {"user": "a b", "source": "10.0.0.8", "ok": False, "why": "unknown_account", "action": Action.LOGON},
        ),
        (
            "Nov 22 18:46:01 srv sshd[8]: Failed publickey for mdurand from fd00::8 port 9 ssh2: RSA SHA256:x",
            {"user": None, "action": None, "product": "linux"},
        ),
        (
            "Nov 22 18:46:01 srv sshd[8]: Connection closed by authenticating user root 127.0.0.1 port 58830 [preauth]",
            {**ROOT, "action": Action.LOGON, "ok": False, "why": "gave_up"},
        ),
        (
            "Nov 22 18:46:01 srv sshd[8]: Connection closed by invalid user absent 127.0.0.1 port 58828 [preauth]",
            {"user": "absent", "action": Action.LOGON, "ok": False, "why": "unknown_account"},
        ),
        (
            "Nov 22 18:46:01 srv sshd[8]: Invalid user absent from 127.0.0.1 port 58828",
            {"user": "absent", "action": None, "ok": False, "why": "unknown_account"},
        ),
        (
            (
                "Nov 22 18:46:01 srv sshd[8]: error: maximum authentication attempts exceeded for root from 127.0.0.1 "
                "port 9 ssh2 [preauth]"
            ),
            {**ROOT, "action": Action.LOGON, "ok": False, "why": "too_many"},
        ),
        (
            "Nov 22 18:46:01 srv sshd[8]: User jancien from 10.0.0.8 not allowed because account is locked",
            {"user": "jancien", "action": Action.LOGON, "ok": False, "why": "disabled"},
        ),
        (
            "Nov 22 18:46:01 srv sshd[8]: User mdurand from 10.0.0.8 not allowed because not listed in AllowUsers",
            {"why": "not_allowed"},
        ),
        (
            "Nov 22 18:46:01 srv sshd[8]: Disconnected from user root 127.0.0.1 port 58820",
            {"action": Action.LOGOFF, "user": "root"},
        ),
        (
            "Nov 22 18:46:01 srv sshd[8]: Connection from 10.0.0.8 port 40000 on 10.0.0.1 port 22",
            {"action": Action.CONNECTION, "source": "10.0.0.8"},
        ),
        ("Nov 22 18:46:01 srv sshd[8]: Server listening on 127.0.0.1 port 22.", {"product": "linux", "action": None}),
    ],
)
def test_openssh_says_who_came_in_and_why_not(line: str, expected: dict[str, Any]) -> None:
    holds(said(line), product="linux", service="sshd", **{k: v for k, v in expected.items() if k != "product"})


def test_a_user_name_that_pretends_an_address_does_not_hide_the_true_one() -> None:
    line = "Nov 22 18:46:01 s sshd[8]: Failed password for invalid user x from 1.2.3.4 port 22 ssh2 from 9.9.9.9 port 7 ssh2"
    holds(said(line), source="9.9.9.9", user="x from 1.2.3.4 port 22 ssh2")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            ("login[9]: pam_unix(login:auth): authentication failure; logname=LOGIN uid=0 euid=0 tty=/dev/tty1 ruser= "
            "rhost=  user=mdurand"),
            {"action": Action.LOGON, "ok": False, "why": "bad_password", "user": "mdurand", "source": None},
        ),
        (
            ("sshd[9]: pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= "
            "rhost=173.234.31.186  user=root"),
            {"action": None, "user": "root", "source": "173.234.31.186"},
        ),
        (
            "sshd(pam_unix)[19939]: authentication failure; logname= uid=0 euid=0 tty=NODEVssh ruser= rhost=218.188.2.4 ",
            {"action": Action.LOGON, "ok": False, "why": "unknown_account", "source": "218.188.2.4", "protocol": "ssh"},
        ),
        (
            "gdm-password][9]: pam_unix(gdm-password:session): session opened for user mdurand(uid=1000) by (uid=0)",
            {"action": Action.LOGON, "ok": True, "user": "mdurand"},
        ),
        (
            "login[9]: pam_unix(login:session): session opened for user mdurand(uid=1000) by LOGIN(uid=0)",
            {"action": Action.LOGON, "ok": True, "user": "mdurand"},
        ),
        ("login[9]: pam_unix(login:session): session closed for user mdurand", {"action": Action.LOGOFF}),
        ("cron[9]: pam_unix(cron:session): session opened for user root(uid=0) by (uid=0)", {"action": None}),
        (
            "sshd[9]: pam_unix(sshd:account): account jancien has expired (account expired)",
            {"action": Action.LOGON, "ok": False, "why": "expired", "user": "jancien"},
        ),
        (
            "sshd[9]: pam_faillock(sshd:auth): Consecutive login failures for user mdurand account temporarily locked",
            {"action": Action.LOGON, "ok": False, "why": "locked", "user": "mdurand"},
        ),
        ("sshd[9]: pam_unix(sshd:auth): check pass; user unknown", {"action": None, "service": "auth"}),
        (
            "sudo: mdurand : TTY=pts/0 ; PWD=/home/mdurand ; USER=root ; COMMAND=/usr/bin/cat /etc/shadow ; true",
            {"action": Action.PROCESS, "ok": True, "user": "mdurand", "what": "root"},
        ),
        (
            "sudo: mdurand : 3 incorrect password attempts ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/bash",
            {"action": Action.LOGON, "ok": False, "why": "bad_password"},
        ),
        (
            "sudo: mdurand : user NOT in sudoers ; TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/bin/bash",
            {"action": Action.PROCESS, "ok": False, "why": "not_allowed"},
        ),
        ("sudo: mdurand : unable to resolve host srv", {"action": None}),
        ("sudo: nothing of the kind", {"action": None, "service": "sudo"}),
        ("su[9]: (to root) mdurand on pts/1", {"action": Action.LOGON, "ok": True, "what": "root", "user": "mdurand"}),
        ("su[9]: FAILED SU (to root) mdurand on pts/1", {"action": Action.LOGON, "ok": False, "why": "bad_password"}),
        ("su[9]: what else", {"action": None}),
        (
            "useradd[9]: new user: name=jpetit, UID=1001, GID=1001, home=/home/jpetit, shell=/bin/bash",
            {"action": Action.ACCOUNT_CHANGED, "what": "jpetit"},
        ),
        ("usermod[9]: add 'jpetit' to group 'sudo'", {"action": Action.RIGHTS_CHANGED, "what": "sudo"}),
        ("passwd[9]: gkr-pam: nothing", {"action": None}),
        ("kernel: usb-storage 1-1:1.0: USB Mass Storage device detected", {"action": Action.MEDIUM_PLUGGED}),
        ("kernel: usb 1-1: New USB device found, idVendor=0781, idProduct=5567", {"action": None, "what": "1-1"}),
        ("kernel: Linux version 6.1", {"action": None, "service": "kernel"}),
        (
            ("kernel: [123.4] fw-drop: IN=eth1 OUT=eth0 MAC=aa SRC=10.0.0.8 DST=198.51.100.7 LEN=60 TOS=0x00 TTL=63 "
            "ID=1 DF PROTO=TCP SPT=40000 DPT=23 WINDOW=64240 SYN"),
            {"action": Action.CONNECTION, "ok": False, "source": "10.0.0.8", "target": "198.51.100.7", "port": 23,
             "protocol": "tcp", "category": "firewall"},
        ),
        (
            ("kernel: accepted IN=eth1 OUT= SRC=10.0.0.8 DST=10.0.0.1 LEN=84 PROTO=ICMP TYPE=3 CODE=1 "
            "[SRC=10.0.0.1 DST=9.9.9.9 LEN=60 PROTO=TCP SPT=1 DPT=2 ]"),
            {"ok": True, "protocol": "icmp", "target": "10.0.0.1"},
        ),
        (
            ("ulogd[7]:  refused  IN=eth1 OUT=eth0 MAC=aa SRC=10.0.0.8 DST=198.51.100.7 LEN=60 TOS=00 PREC=0x00 TTL=63 "
            "ID=53 DF PROTO=TCP SPT=50098 DPT=5514 SEQ=16260801 ACK=0 WINDOW=64240 SYN URGP=0 MARK=0x0 "),
            {"action": Action.CONNECTION, "ok": False, "port": 5514, "service": "netfilter"},
        ),
        ("kernel: vu IN=eth1 OUT= SRC=10.0.0.8 DST=10.0.0.1 LEN=84 PROTO=UDP SPT=1 DPT=53", {"ok": None, "port": 53}),
        ('audit[9]: type=EXECVE msg=audit(1364481363.243:24287): argc=2 a0="cat" a1="x"', {"service": "auditd"}),
        ("ftpd[9]: connection from 218.38.58.3 () at Wed Jul 27 10:59:53 2005 ", {"action": Action.CONNECTION, "port": 21}),
        ("CRON[9]: (root) CMD (true)", {"service": "cron", "action": None}),
    ],
)  # fmt: skip
def test_a_linux_host_is_understood(line: str, expected: dict[str, Any]) -> None:
    holds(said(f"Nov 22 18:46:01 srv-pacs {line}"), host="srv-pacs", **expected)


def test_public_rules_find_the_command_and_the_members_name() -> None:
    head = "Nov 22 18:46:01 srv "
    command = said(f"{head}sudo: mdurand : TTY=pts/0 ; PWD=/ ; USER=root ; COMMAND=/usr/bin/cat /etc/shadow")
    assert command.fields["CommandLine"] == "/usr/bin/cat /etc/shadow"
    assert said(f"{head}usermod[9]: add 'jpetit' to group 'sudo'").fields["MemberName"] == "jpetit"
    audit = said(f'{head}audit[9]: type=EXECVE msg=audit(1364481363.243:24287): argc=2 a0="cat" a1=x')
    assert (audit.fields["type"], audit.fields["a0"], audit.fields["a1"]) == ("EXECVE", "cat", "x")


def test_a_line_that_came_again_tells_how_often() -> None:
    line = "Dec 10 07:13:56 s sshd[9]: message repeated 5 times: [ Failed password for root from 5.36.59.76 port 42393 ssh2]"
    event = said(line)
    holds(event, action=Action.LOGON, ok=False, user="root", source="5.36.59.76")
    assert event.fields["times"] == 5


def read_file(path: Path) -> Counter[tuple[str, Action | None, bool | None]]:
    events = [said(line) for line in path.read_text("utf-8", "replace").splitlines()]
    return Counter((event.product, event.action, event.ok) for event in events)


def test_each_refused_password_of_a_real_server_is_one_attempt() -> None:
    """2,000 lines of a server under attack: as many log-ins as ``grep`` counts, told once each."""
    path = shared() / "logs" / "OpenSSH_2k.log"
    lines = path.read_text().splitlines()
    failed = sum(": Failed " in line for line in lines)
    left = sum(": Connection closed by" in line and "user " in line and "[preauth]" in line for line in lines)
    many = sum(": error: maximum" in line for line in lines)
    counts = read_file(path)
    again = sum("message repeated" in line for line in lines)
    assert counts["linux", Action.LOGON, False] == failed + left + many + again
    assert counts["linux", Action.LOGON, True] == 1
    assert "unread" not in {product for product, *_rest in counts}


def test_nearly_every_line_of_an_old_host_is_read() -> None:
    counts = read_file(shared() / "logs" / "Linux_2k.log")
    unread = sum(count for (product, *_rest), count in counts.items() if product == "unread")
    assert unread <= 20
    assert counts["linux", Action.LOGON, False] == 490
