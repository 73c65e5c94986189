"""Factory log-ins where a terminal asks: FTP, telnet, SSH."""

import asyncio
import socket
import subprocess
import threading
import time
from pathlib import Path

import asyncssh
import pytest

from negatoscope.observe.collector import Known
from negatoscope.observe.defaults import secure
from negatoscope.observe.defaults.pairs import Pair
from tests.needs import needs_program
from tests.observe.defaults.trying import SWITCH, settings, tried
from tests.observe.hostile import HERE, listener
from tests.observe.nodes import free_port, program, wait_for


def ftp_that_lets_in(client: socket.socket) -> None:
    client.sendall(b"220 MikroTik FTP\r\n")
    client.recv(4096)
    client.sendall(b"331 password\r\n")
    client.recv(4096)
    client.sendall(b"230 in\r\n")


def ftp_that_refuses(client: socket.socket) -> None:
    client.sendall(b"220 ready\r\n")
    client.recv(4096)
    client.sendall(b"530 no\r\n")


def telnet_that_lets_in(client: socket.socket) -> None:
    client.sendall(b"\xff\xfd\x18\xff\xfb\x01Login: ")
    client.recv(4096)
    time.sleep(0.05)
    client.sendall(b"Password: ")
    client.recv(4096)
    client.sendall(b"\r\nswitch> ")
    client.recv(4096)


def telnet_that_greets_with_failures(client: socket.socket) -> None:
    client.sendall(b"Password: ")
    client.recv(4096)
    client.sendall(b"\r\nThere were 3 failed attempts since the last login.\r\nswitch> ")


def telnet_that_asks_again(client: socket.socket) -> None:
    client.sendall(b"Password: ")
    client.recv(4096)
    client.sendall(b"\r\nPassword: ")
    client.recv(4096)


def telnet_that_offers_twice(client: socket.socket) -> None:
    """As a real telnetd: nothing is asked before each turn of options was answered."""
    client.sendall(b"\xff\xfd\x18\xff\xfd\x20")
    answered = b""
    while answered.count(b"\xff") < 2:
        answered += client.recv(4096)
    client.sendall(b"\xff\xfb\x03\xff\xfd\x01")
    answered = b""
    while answered.count(b"\xff") < 2:
        answered += client.recv(4096)
    client.sendall(b"\r\nsw login: ")
    client.recv(4096)
    client.sendall(b"Password: ")
    client.recv(4096)
    client.sendall(b"\r\n$ ")
    client.recv(4096)


def telnet_that_refuses(client: socket.socket) -> None:
    client.sendall(b"Password: ")
    client.recv(4096)
    client.sendall(b"\r\nLogin incorrect\r\n")


@pytest.mark.parametrize(
    ("talk", "name", "works"),
    [
        (ftp_that_lets_in, "ftp", True), (ftp_that_refuses, "ftp", False),
        (telnet_that_lets_in, "telnet", True), (telnet_that_offers_twice, "telnet", True),
        (telnet_that_refuses, "telnet", False), (telnet_that_greets_with_failures, "telnet", None),
        (telnet_that_asks_again, "telnet", False),
    ],
)  # fmt: skip
def test_a_device_is_tried_by_the_protocols_of_old(talk: object, name: str, works: object) -> None:
    with listener(talk) as port:  # type: ignore[arg-type]
        told = settings(Known(HERE, port, name), host_class=SWITCH, words="MikroTik hAP")
        assert list(tried(told).values()) == [works]


class Expiring(asyncssh.SSHServer):
    """Knows the log-in, and asks for a new password."""

    def begin_auth(self, username: str) -> bool:
        return bool(username)

    def password_auth_supported(self) -> bool:
        return True

    def validate_password(self, username: str, password: str) -> bool:
        if (username, password) == ("ubnt", "ubnt"):
            raise asyncssh.PasswordChangeRequired("Change it")
        return False


@pytest.mark.parametrize(("name", "said"), [("ubnt", "works"), ("other", "refused")])
def test_a_log_in_whose_password_must_be_changed_works(name: str, said: str) -> None:
    loop = asyncio.new_event_loop()
    key = asyncssh.generate_private_key("ssh-ed25519")
    server = loop.run_until_complete(asyncssh.create_server(Expiring, HERE, 0, server_host_keys=[key]))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        pair = Pair("x", "x", "ssh", name, "ubnt", "a manual")
        assert secure.ssh(HERE, server.get_port(), 5, pair) == said
    finally:
        loop.call_soon_threadsafe(server.close)
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0.05), loop).result(5)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(5)
        loop.close()


@pytest.mark.root
@pytest.mark.server
def test_a_real_ssh_server_refuses_a_factory_log_in(tmp_path: Path) -> None:
    sshd, port = needs_program("/usr/sbin/sshd", "sshd"), free_port()
    Path("/run/sshd").mkdir(exist_ok=True)
    key = tmp_path / "key"
    subprocess.run(("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)), check=True)
    with program(sshd, "-D", "-f", "/dev/null", "-h", str(key), "-p", str(port), "-o", f"ListenAddress={HERE}"):
        wait_for(port)
        told = settings(
            Known(HERE, port, "ssh", encrypted=True), host_class=SWITCH, words="Ubiquiti EdgeSwitch", seconds=6
        )
        assert tried(told) == {"ubiquiti-ssh": False}
        assert tried(settings(Known(HERE, port, "ssh"), words="Ubiquiti")) == {}
