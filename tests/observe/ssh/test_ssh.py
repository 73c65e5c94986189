"""The ssh collector on real hosts: what ``local`` sees, from outside, and a gap for everything that goes wrong."""

import asyncio
import io
import re
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from negatoscope.flows.credentials import made_here
from negatoscope.kit.clock import utc_now
from negatoscope.model.accounts import Account
from negatoscope.model.evidence import Gap, Sweep
from negatoscope.observe.collector import Bounds, Cancelled, Item, Login, Look, Unreachable
from negatoscope.observe.linux.lent import granted, sudoers
from negatoscope.observe.linux.read import read
from negatoscope.observe.ssh import session
from negatoscope.observe.ssh.collector import SSH, Settings, bound, place
from negatoscope.observe.ssh.privilege import authorized_keys, matches, torn
from tests.flaws import Flaw, found, listed, settle
from tests.judge.memory import of
from tests.needs import needs_program
from tests.observe.lab import Lab, lab
from tests.observe.ssh.hosts import BARE, Remote, remote, shown
from tests.observe.ssh.truths import FORGOTTEN, KNOWN_TO_ALL, SOUND

SFTP_SERVER = "/usr/lib/openssh/sftp-server"
CELL = 2023
"""Where a server listens whose file transfer is confined."""
pytestmark = [pytest.mark.root, pytest.mark.server, pytest.mark.xdist_group("rsyslogd")]
FLAWS = Path(__file__).with_name("flaws.toml")
BY_NATURE = {"R6.1", "R10.7", "R14.2", "R18.1", "R18.2", "R19.2", "R26.2", "R26.3"}
"""What a machine of the tests is: behind with updates, without dictionary, logs or encryption, open to our looks."""
NEIGHBOURS = "sighting/@/arp/"
"""Cards beside a host, in its own table: which stand there depends on who looked before, and nobody declares them."""


@pytest.fixture(scope="module")
def network() -> Iterator[Lab]:
    with lab() as made:
        yield made


@pytest.fixture(scope="module")
def server(network: Lab, tmp_path_factory: pytest.TempPathFactory) -> Remote:
    """A host as a careful person set it up."""
    return remote(network, SOUND, tmp_path_factory.mktemp("srv-a"))


@pytest.fixture(scope="module")
def narrow(network: Lab, server: Remote, tmp_path_factory: pytest.TempPathFactory) -> Remote:
    """A host with accounts that a supplier left behind, behind another one; it takes one channel at a time."""
    host = remote(network, KNOWN_TO_ALL, tmp_path_factory.mktemp("srv-b"))
    host.logins |= {"passage": Login("passage", None, server.login.private_key)}
    keys = (*server.settings().host_keys, *host.settings().host_keys)
    host.way = host.settings(bastion=server.address, bastion_credential="passage", host_keys=keys)
    return host


@pytest.fixture(scope="module")
def forgotten(network: Lab, tmp_path_factory: pytest.TempPathFactory) -> Remote:
    """A host that nobody looks after."""
    return remote(network, FORGOTTEN, tmp_path_factory.mktemp("srv-c"), wait=False)


@pytest.fixture(scope="module")
def elsewhere(network: Lab, tmp_path_factory: pytest.TempPathFactory) -> Remote:
    """A host that has a server whose SFTP shows another ``/etc`` than its shell."""
    folder = tmp_path_factory.mktemp("srv-d")
    made = remote(
        network, SOUND._replace(address="10.77.0.13", listens=(), files={"nftables.conf": ""}), folder, wait=False
    )
    cell, inside = folder / "cell.sh", folder / "inside.sh"
    cell.write_text(f"#!/bin/sh\nexec sudo -n {inside}\n")
    inside.write_text(f"#!/bin/sh\nexec unshare -m sh -c 'mount --bind {folder / 'other'} /etc; exec {SFTP_SERVER}'\n")
    for script in (cell, inside):
        script.chmod(0o755)
    (folder / "other").mkdir()
    (folder / "other/passwd").write_text("root:x:0:0::/:/bin/sh\n")
    etc = folder / "etc"
    (etc / "sudoers.d/cell").write_text(f"negatoscope ALL=(root) NOPASSWD: {inside}\n")
    (etc / "sudoers.d/cell").chmod(0o440)
    (etc / "ssh/sshd_cell").write_text(f"Subsystem sftp {cell}\n" + (etc / "ssh/sshd_bare").read_text())
    start = f"mount --bind {etc} /etc; mkdir -p /run/sshd; exec /usr/sbin/sshd -D -f /etc/ssh/sshd_cell -p {CELL}"
    network.run(network.hosts[made.address], start)
    shown(made, CELL)
    return made


def looked(host: Remote, settings: Settings | None = None, **look: Any) -> tuple[list[Item], Look]:  # noqa: ANN401
    sink = io.BytesIO()
    made = Look(sink, **look)
    host.look(made, settings)
    return list(read(io.BytesIO(sink.getvalue()))), made


def whole(host: Remote, known: dict[str, tuple[list[Item], Look]] = {}) -> tuple[list[Item], Look]:  # noqa: B006 -- looked at once
    """The plain look at a host; at one behind a bastion, through it."""
    if host.key not in known:
        known[host.key] = looked(host, host.way)
    return known[host.key]


def why(host: Remote, settings: Settings | None = None, target: str | None = None) -> Unreachable:
    with pytest.raises(Unreachable) as caught:
        host.look(Look(io.BytesIO()), settings, target)
    return caught.value


def steady(items: list[Item]) -> set[str]:
    """What does not change from one second to the next."""
    return {repr(item) for item in items if not re.search(r"TimeSync|Service|Sighting\(", repr(item))}


@pytest.mark.parametrize("which", ["server", "narrow"])
def test_what_is_seen_from_outside_is_what_local_sees_on_the_host(which: str, request: pytest.FixtureRequest) -> None:
    """One is reached straight on, the other through the first."""
    host: Remote = request.getfixturevalue(which)
    here = list(read(io.BytesIO(host.seen_here.read_bytes())))
    there, look = whole(host)
    assert look.gaps == []
    assert steady(there) == steady(here)


def judged(host: Remote) -> set[Flaw]:
    now = utc_now()
    flaws = found(of([*whole(host)[0], Sweep("Host"), Sweep("Person")], now), now)
    return {flaw for flaw in flaws if not flaw.subject.startswith(NEIGHBOURS)}


@pytest.mark.parametrize("name", ["known_to_all", "forgotten"])
def test_each_planted_flaw_is_found_and_none_is_invented(
    name: str, server: Remote, request: pytest.FixtureRequest, record_property: Callable[[str, object], None]
) -> None:
    by_nature, planted = judged(server), listed(FLAWS, name)
    assert {flaw.control for flaw in by_nature} <= BY_NATURE
    assert not planted & by_nature
    host: Remote = request.getfixturevalue({"known_to_all": "narrow"}.get(name, name))
    settle(f"Linux over sshd: {name}", planted, judged(host) - by_nature, record_property)


def test_without_the_rule_what_needs_root_is_a_gap(server: Remote) -> None:
    items, look = looked(server, server.settings(credential="simple"))
    assert [gap.why for gap in look.gaps] == ["sudo_missing"]
    assert "Privilege" in {one.what for one in items if isinstance(one, Gap) and one.why == "needs_root"}
    assert "Privilege" not in {one.kind for one in items if isinstance(one, Sweep)}
    assert {one.password for one in items if isinstance(one, Account)} == {None}


def test_a_host_key_that_nobody_accepted_is_shown_and_not_spoken_to(server: Remote) -> None:
    gap = why(server, server.settings(host_keys=()))
    assert (gap.why, gap.values["found"]) == ("host_key_unknown", session.fingerprint(server.key))
    printed = subprocess.run(
        ["ssh-keygen", "-lf", str(server.folder / "etc/ssh/host_key.pub")], capture_output=True, text=True, check=True
    )
    assert str(gap.values["found"]) in printed.stdout


def test_a_host_key_that_changed_is_refused(server: Remote, narrow: Remote) -> None:
    gap = why(server, server.settings(host_keys=((place(server.address, 22), narrow.key),)))
    assert gap.why == "host_key_changed"
    assert gap.values == {"found": session.fingerprint(server.key), "expected": session.fingerprint(narrow.key)}


def test_a_log_in_that_is_refused_is_a_gap(server: Remote) -> None:
    server.logins |= {"faux": made_here("negatoscope"), "mot": Login("simple", "faux"), "rien": Login("x", None, "?")}
    for name in ("faux", "mot", "rien"):
        assert why(server, server.settings(credential=name)).why == "login_refused"


def test_a_shell_that_talks_is_not_believed(server: Remote) -> None:
    assert why(server, server.settings(credential="bavard")).why == "shell_talks"


def test_a_host_without_file_transfer_is_a_gap(server: Remote) -> None:
    keys = ((place(server.address, BARE), server.key),)
    assert why(server, server.settings(port=BARE, host_keys=keys)).why == "sftp_refused"


def test_a_bastion_that_nobody_accepted_is_not_spoken_to(server: Remote, narrow: Remote) -> None:
    through = narrow.settings(bastion=server.address, bastion_credential="passage")
    assert why(narrow, through).why == "host_key_unknown"


def test_files_of_another_place_than_the_commands_are_a_gap_never_absent_files(elsewhere: Remote) -> None:
    keys = ((place(elsewhere.address, CELL), elsewhere.key),)
    assert why(elsewhere, elsewhere.settings(port=CELL, host_keys=keys)).why == "sftp_elsewhere"


def test_nothing_is_sent_where_the_practice_did_not_say(server: Remote) -> None:
    settings = bound(server.settings(), Bounds(("10.99.0.0/24",), ()))
    assert why(server, settings).why == "outside_declared_networks"
    spared = bound(server.settings(), Bounds(("10.77.0.0/24",), (server.address,)))
    assert why(server, spared).why == "modality_without_consent"
    assert why(server, server.settings(), "srv.example").why == "not_an_address"
    assert why(server, server.settings(bastion="10.99.0.1")).why == "outside_declared_networks"


def _greeter(network: Lab, address: str, answer: Callable[[socket.socket], None]) -> None:
    """A server on port 22 that is no SSH server."""
    name = network.host(address, f"02:00:00:77:02:{int(address.rpartition('.')[2]):02x}")
    server = network.inside(name, lambda: socket.create_server(("", 22)))
    network.stack.callback(server.close)

    def serve() -> None:
        with suppress(OSError):
            while True:
                client, _ = server.accept()
                threading.Thread(target=answer, args=(client,), daemon=True).start()

    threading.Thread(target=serve, daemon=True).start()


def _silent(client: socket.socket) -> None:
    with client, suppress(OSError):
        client.settimeout(10)
        client.recv(1000)
        client.recv(1000)


def _garbage(client: socket.socket) -> None:
    with client, suppress(OSError):
        client.sendall(b"\x00\xff" * 4000 + b"\r\n")


def _half(client: socket.socket) -> None:
    with client, suppress(OSError):
        client.sendall(b"SSH-2.0-OpenSSH_9.9\r\n" + b"\x00\x00\x00\x0c\x0a" + b"x" * 200)


def test_hosts_that_stall_or_lie_leave_a_gap(network: Lab, server: Remote, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "CONNECT_SECONDS", 1.0)
    for number, answer in enumerate((_silent, _garbage, _half), start=20):
        _greeter(network, f"10.77.0.{number}", answer)
        assert why(server, server.settings(), f"10.77.0.{number}").why in {"unreachable", "ssh_no_common_way"}
    assert why(server, server.settings(), "10.77.0.99").why == "unreachable"
    assert why(server, server.settings(port=2222)).why == "unreachable"


def test_a_look_that_is_cancelled_or_out_of_time_stops(server: Remote) -> None:
    with pytest.raises(Cancelled):
        server.look(Look(io.BytesIO(), cancelled=lambda: True))
    with pytest.raises(Unreachable, match="time_limit"):
        server.look(Look(io.BytesIO(), remaining=lambda: 0))


def test_progress_is_told_outside_of_the_event_loop(server: Remote, monkeypatch: pytest.MonkeyPatch) -> None:
    """The job's progress goes to the database, which refuses to be spoken to from inside one."""
    monkeypatch.setattr(session, "POLL_SECONDS", 0.001)
    told: list[bool] = []

    def progress(_done: int, _total: int) -> None:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            told.append(True)
        else:
            told.append(False)

    with pytest.raises(Cancelled):
        server.look(Look(io.BytesIO(), progress=progress, cancelled=lambda: len(told) > 5))
    assert len(told) > 5
    assert all(told)


def test_the_rule_is_one_that_visudo_accepts_and_that_grants_nothing_else(server: Remote, tmp_path: Path) -> None:
    file = tmp_path / "negatoscope"
    file.write_text(sudoers())
    needs_program("visudo", "sudo")
    assert subprocess.run(["visudo", "-c", "-f", str(file)], check=False, capture_output=True).returncode == 0
    server.lab.inside(server.lab.scanner, lambda: None)
    refused = (
        "cat /etc/shadow", "cat /etc/sudoers /etc/shadow", "grep -R -H -s -a -Z -e ^ /etc/sudoers.d/../shadow",
        "find /home -mindepth 3 -maxdepth 3 -path /home/x/.ssh/authorized_keys1", "passwd root", "nft flush ruleset",
        "sshd -T -f /etc/shadow", "cat", "grep -R -H -s -a -Z -e ^ /etc/sudoers.d /etc/shadow",
        "find /home -mindepth 3 -maxdepth 3 -path /home/*/.ssh/authorized_keys* -delete",
    )  # fmt: skip
    from negatoscope.observe.ssh.session import Door, opened  # noqa: PLC0415 -- one test's own

    def knock() -> None:
        door = Door(server.address, 22, server.login, server.key)
        with opened((door,), lambda: None) as line:
            for command in refused:
                words = command.split(" ")
                said = line.run(("sudo", "-n", "--", f"/usr/bin/{words[0]}", *words[1:]), 10, 1000)
                assert (said.code, said.out) == (1, b""), command

    server.lab.inside(server.lab.scanner, knock)


def test_the_rule_has_no_star_of_its_own_and_no_way_to_a_shell() -> None:
    text = sudoers("compte")
    assert not re.search(r"(?<!\\)[*?\[]", text)
    assert {argv[0].rpartition("/")[2] for argv in granted()} == {
        "cat", "find", "grep", "ip6tables-save", "iptables-legacy-save", "iptables-save", "nft", "passwd", "ss", "sshd",
    }  # fmt: skip
    with pytest.raises(ValueError, match="root ALL"):
        sudoers("root ALL")
    assert authorized_keys("ssh-ed25519 AAAA", "10.0.0.1") == 'restrict,from="10.0.0.1" ssh-ed25519 AAAA negatoscope'


def test_lines_of_several_files_are_put_back_in_their_files() -> None:
    data = b"/etc/sudoers.d/a\0one\n/etc/sudoers.d/b\0x\n/etc/sudoers.d/a\0two\n/etc/sudoers.d/c/d\0no\nnoise\n"
    assert torn("/etc/sudoers.d/*", data) == {"/etc/sudoers.d/a": b"one\ntwo\n", "/etc/sudoers.d/b": b"x\n"}
    assert not matches("/etc/sudoers.d/.hidden", "/etc/sudoers.d/*")


def test_the_collector_is_bounded() -> None:
    assert SSH.bound is not None
