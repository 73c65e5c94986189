"""The local collector on this very machine: what is really wrong is seen, nothing secret is taken, nothing hangs."""

import io
import json
import os
import shutil
import socket
import tempfile
import time
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from negatoscope.model.accounts import Account, PasswordPolicy, Privilege, SessionPolicy
from negatoscope.model.evidence import Gap
from negatoscope.model.hardening import RemovableMedia, SshServer
from negatoscope.model.hosts import Host
from negatoscope.model.software import Updates
from negatoscope.observe.child import Bounded, run
from negatoscope.observe.collector import Cancelled, Item, Look, Unreachable
from negatoscope.observe.linux.probes import followed, kept, scrub
from negatoscope.observe.local import LOCAL, Settings, _names
from tests.needs import needs_program, needs_root
from tests.observe.lab import with_etc


def captured(look: Callable[[io.BytesIO], Look] = Look) -> bytes:
    assert LOCAL.capture is not None
    sink = io.BytesIO()
    LOCAL.capture(Settings(), "", look(sink))
    return sink.getvalue()


def read(data: bytes) -> list[Item]:
    return list(LOCAL.read(io.BytesIO(data)))


def test_this_machine_is_captured_and_read_back() -> None:
    done: list[tuple[int, int]] = []
    found = read(captured(lambda sink: Look(sink, progress=lambda one, total: done.append((one, total)))))
    assert isinstance(found[0], Host)
    assert found[0].hostname
    assert done[-1][0] == done[-1][1]


def test_another_host_is_not_this_one() -> None:
    assert LOCAL.capture is not None
    for name in ("srv-pacs.example", "local", "localhost", socket.gethostname()):
        with pytest.raises(Unreachable, match="not_this_host"):
            LOCAL.capture(Settings(), name, Look(io.BytesIO()))


@pytest.mark.root
def test_a_directory_closed_below_the_pattern_s_stem_is_denied_and_not_empty(tmp_path: Path) -> None:
    put(tmp_path / "getty@tty1.service.d/a.conf", "[Service]\n")
    pattern = f"{tmp_path}/*getty*.service.d/*.conf"
    assert _names("glob:x", pattern)[0].text == f"{tmp_path}/getty@tty1.service.d/a.conf"
    (tmp_path / "getty@tty1.service.d").chmod(0o700)
    for one in (tmp_path, *tmp_path.parents[:-2]):
        one.chmod(0o755)
    seen = tmp_path / "seen"
    seen.touch()
    seen.chmod(0o666)
    _as_nobody(lambda: seen.write_text(_names("glob:x", pattern)[0].status))
    assert seen.read_text() == "denied"


def test_a_cancelled_look_stops_at_once() -> None:
    with pytest.raises(Cancelled):
        captured(lambda sink: Look(sink, cancelled=lambda: True))


def test_a_look_out_of_time_or_room_stops() -> None:
    with pytest.raises(Unreachable, match="time_limit"):
        captured(lambda sink: Look(sink, remaining=lambda: 0))
    with pytest.raises(Unreachable, match="too_large"):
        captured(lambda sink: Look(sink, max_bytes=1000))


def test_a_programme_that_hangs_is_ended_with_its_children() -> None:
    shell = needs_program("sh", "dash")
    with tempfile.TemporaryFile() as out:
        started = time.monotonic()
        ran = run([shell, "-c", "sleep 98765.4321 & sleep 98765.4321"], out, lambda: None, Bounded(0.3, 1000))
        assert (ran.ended, time.monotonic() - started < 5) == ("time", True)
    end = time.monotonic() + 5
    while _alive("98765.4321") and time.monotonic() < end:
        time.sleep(0.02)
    assert not _alive("98765.4321")


def _alive(word: str) -> bool:
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if word in path.read_bytes().decode("utf-8", "replace").split("\0"):
                return True
    return False


def test_a_programme_that_talks_without_end_is_ended() -> None:
    with tempfile.TemporaryFile() as out:
        assert run([needs_program("yes", "coreutils")], out, lambda: None, Bounded(20, 100_000)).ended == "size"


def test_without_root_less_is_seen_and_said() -> None:
    with tempfile.TemporaryFile(buffering=0) as sink:
        if os.geteuid() == 0:
            _as_nobody(lambda: sink.write(captured()))
        else:
            sink.write(captured())
        sink.seek(0)
        found = read(sink.read())
    needing = {item.what for item in found if isinstance(item, Gap) and item.why == "needs_root"}
    assert "Account" in needing
    assert {item.password for item in found if isinstance(item, Account)} == {None}


def _as_nobody(work: Callable[[], object]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if child == 0:
        try:
            os.setgroups([])
            os.setgid(65_534)
            os.setuid(65_534)
            work()
        finally:
            os._exit(0)
    os.waitpid(child, 0)


def _etc(tmp_path: Path) -> Path:
    """A copy of this machine's /etc without its secrets, to be spoilt."""
    needs_root()
    etc = tmp_path / "etc"
    shutil.copytree("/etc", etc, symlinks=True, ignore=_secrets)
    names = [line.partition(":")[0] for line in (etc / "passwd").read_text().splitlines()]
    put(etc / "shadow", "".join(f"{name}:*:20000:0:99999:7:::\n" for name in names))
    return etc


def _secrets(_directory: str, names: list[str]) -> list[str]:
    return [name for name in names if "shadow" in name or "private" in name or name.endswith(("_key", ".key", ".pem"))]


def put(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


@pytest.mark.root
@pytest.mark.server
def test_faults_planted_in_this_machine_s_files_are_each_seen(tmp_path: Path) -> None:
    etc = _etc(tmp_path)
    put(etc / "ssh/sshd_config", "PermitRootLogin yes\nPasswordAuthentication yes\nPermitEmptyPasswords yes\n")
    put(etc / "sudoers", "root ALL=(ALL) ALL\n@includedir /etc/sudoers.d\n")
    put(etc / "sudoers.d/90-it", "planted ALL=(ALL) NOPASSWD: ALL\n")
    put(etc / "pam.d/common-auth", "auth [success=1 default=ignore] pam_unix.so nullok\nauth requisite pam_deny.so\n")
    put(etc / "gdm3/daemon.conf", "[daemon]\nAutomaticLoginEnable=true\nAutomaticLogin=planted\n")
    put(etc / "apt/sources.list.d/x.list", "deb [trusted=yes] https://it:Planted0@192.0.2.9/debian ./\n")
    put(etc / "modprobe.d/x.conf", "")
    with (etc / "passwd").open("a") as passwd:
        passwd.write("planted:x:4242:4242::/home/planted:/bin/bash\n")
    with (etc / "shadow").open("a") as shadow:
        shadow.write("planted::20000:0:99999:7:::\n")
    data = with_etc(etc, captured)
    found = read(data)
    assert Privilege("host/@", "planted", "sudoers", password_asked=False) in found
    one = {type(item): item for item in found}
    account = next(item for item in found if isinstance(item, Account) and item.name == "planted")
    assert (account.password, account.enabled) == ("empty", True)
    policy, session, updates = one[PasswordPolicy], one[SessionPolicy], one[Updates]
    assert isinstance(policy, PasswordPolicy)
    assert (policy.empty_allowed, policy.lockout_attempts) == (True, 0)
    assert isinstance(session, SessionPolicy)
    assert (session.autologin, session.autologin_account) == (True, "planted")
    assert isinstance(updates, Updates)
    assert [source for source in updates.unverified_sources or () if "x.list" in source]
    assert RemovableMedia in one
    ssh = one[SshServer]
    assert isinstance(ssh, SshServer)
    assert not ssh.present or (ssh.root_login, ssh.password_authentication, ssh.empty_passwords) == ("yes", True, True)
    assert b"Planted0" not in data


@pytest.mark.root
def test_no_secret_of_this_machine_enters_its_capture(tmp_path: Path) -> None:
    etc = _etc(tmp_path)
    hash_ = "$6$saltsalt$abcdefghijklmnop"
    put(etc / "shadow", f"root:{hash_}:20000:0:99999:7:::\n")
    put(etc / "machine-id", "0123456789abcdef0123456789abcdef\n")
    put(etc / "sudoers", "@include /etc/shadow\n@include /etc/ssh/ssh_host_ed25519_key\n@include /root/x\n")
    put(etc / "ssh/ssh_host_ed25519_key", "-----BEGIN OPENSSH PRIVATE KEY-----\nPlantedKey\n")
    put(etc / "ssh/sshd_config", "Include /etc/shadow\nInclude ../shadow\nInclude /etc/ssh/../shadow\n")
    put(
        etc / "rsyslog.d/x.conf",
        '*.* action(type="ommysql" server="a" uid="b" pwd="Planted1")\n*.* :ommysql:h,d,u,Planted2\n',
    )
    with (etc / "passwd").open("a") as passwd:
        passwd.write(f"old:{hash_}:4243:4243::/:/bin/sh\n")
    os.environ["NEGATOSCOPE_PLANTED"] = "Planted3"
    data = with_etc(etc, captured)
    for secret in (
        hash_.encode(),
        b"PRIVATE KEY",
        b"PlantedKey",
        b"Planted1",
        b"Planted2",
        b"Planted3",
        b"0123456789abcdef0",
    ):
        assert secret not in data, secret
    account = next(item for item in read(data) if isinstance(item, Account) and item.name == "old")
    assert account.password is not None


@pytest.mark.parametrize(
    ("section", "text", "left"),
    [
        ("file:/etc/apt/sources.list", "deb https://it:s3cret@repo/ a b", "deb https://repo/ a b"),
        (
            "cmd:apt-config dump",
            'Acquire::http::Proxy "http://u:p@proxy:3128";',
            'Acquire::http::Proxy "http://proxy:3128";',
        ),
        ("file:/boot/grub/grub.cfg", "password_pbkdf2 root grub.pbkdf2.sha512.10000.AB.CD", "password_pbkdf2 root ***"),
        ("file:/boot/grub/grub.cfg", "password root clear", "password root ***"),
        ("file:/etc/rsyslog.conf", 'pwd="clear" uid="a"', 'pwd=*** uid="a"'),
        ("file:/etc/passwd", "a:$6$x$y:1:1::/:/bin/sh\nb:x:2:2::/:/bin/sh\nc::3:3::/:\n", None),
        ("file:/etc/pam.d/login", "password [success=1 default=ignore] pam_unix.so", None),
        ("file:/etc/ssh/sshd_config", "PasswordAuthentication=yes\nPermitEmptyPasswords = no", None),
        ("file:/etc/dnf/dnf.conf", "proxy_password=S3cret!", "proxy_password=***"),
        ("file:/etc/systemd/system/a.conf", "Environment=VNC_PASSWORD=S3cret!", "Environment=VNC_PASSWORD=***"),
        ("file:/etc/greetd/config.toml", "https://pacs/?access_token=S3cret!&x", "https://pacs/?access_token=***"),
        ("file:/etc/syslog-ng/a.conf", 'sql(password("S3cret!"))', "sql(password(***))"),
        ("file:/etc/rsyslog.d/x.conf", 'httpheadervalue="Bearer S3cret!"', 'httpheadervalue="Bearer ***"'),
        (
            "file:/etc/sudoers",
            "u ALL=(root) /usr/bin/mysql -uroot -pS3cret!",
            "u ALL=(root) /usr/bin/mysql -uroot -p***",
        ),
        ("file:/etc/apt/sources.list", "deb https://u:p@S3cret!@repo/ a b", "deb https://repo/ a b"),
    ],
)
def test_credentials_are_taken_out(section: str, text: str, left: str | None) -> None:
    if section == "file:/etc/passwd":
        assert scrub(section, text) == text.replace("$6$x$y", "***")
    else:
        assert scrub(section, text) == (text if left is None else left)


def test_only_wanted_lines_are_kept() -> None:
    assert kept("a=1\nsecret=2\n", "^a") == "a=1\n"


def test_an_include_never_leads_to_a_secret_or_out_of_etc() -> None:
    text = "@include /etc/shadow\n@include /root/x\n@include /etc/sudoers.local\n@includedir /etc/sudoers.d\n"
    assert [probe.pattern for probe in followed("file:/etc/sudoers", text)] == [
        "/etc/sudoers.local",
        "/etc/sudoers.d/*",
    ]
    assert followed("file:/etc/hosts", text) == []


def test_the_header_says_who_looked_and_when() -> None:
    header = json.loads(captured().splitlines()[0])
    assert header["root"] is (os.geteuid() == 0)
    assert abs(header["at"] - time.time()) < 60


def test_nothing_personal_is_kept_of_an_account() -> None:
    line = "alice:x:1000:1000:Mme Durand, 12/03/1960:/home/a:/bin/bash\n"
    assert scrub("file:/etc/passwd", line) == "alice:x:1000:1000::/home/a:/bin/bash\n"
