"""A real Active Directory (Samba) in a namespace of its own: provisioned once a machine, then copied."""

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from socket import create_connection
from typing import TypeVar

import ldap3

from negatoscope.observe.directory.door import Verified
from tests.needs import needs_program, needs_root
from tests.observe.lab import enter_network, in_thread, sh

R = TypeVar("R")
REALM = os.environ.get("NEGATOSCOPE_TEST_REALM", "cabinet.lan")
"""Another one where a domain is recorded for something else than tests."""
NETBIOS = REALM.partition(".")[0].upper()
BASE = ",".join(f"DC={part}" for part in REALM.split("."))
PASSWORD = "Negatoscope-Essai-2026"
ADMINISTRATOR, READER = f"administrator@{REALM}", f"lecteur@{REALM}"
VERSION = 3
"""Of the recipe below: a directory provisioned by another one is not taken."""
STARTS_WITHIN = 60.0
TMPFS = "for d in /run/samba /var/lib/samba /var/cache/samba; do mkdir -p $d; mount -t tmpfs none $d; done"
"""Samba's own folders, private to this server."""


@dataclass
class Domain:
    """A running controller. What is done ``inside`` reaches it on 127.0.0.1."""

    folder: Path
    namespace: str
    stack: ExitStack = field(default_factory=ExitStack)
    server: subprocess.Popen[bytes] | None = None

    @property
    def authority(self) -> str:
        """The certificate authority that signed the server's certificate, in PEM."""
        return (self.folder / "ca.pem").read_text()

    def inside(self, work: Callable[[], R]) -> R:
        """Run in the controller's network, in a thread of its own."""

        def enter() -> R:
            enter_network(self.namespace)
            return work()

        return in_thread(enter)

    def start(self) -> None:
        """Start the server and wait until it answers over TLS."""
        script = f"hostname dc1; {TMPFS}; exec samba -i -M single -s {self.folder}/etc/smb.conf"
        self.server = subprocess.Popen(
            ("ip", "netns", "exec", self.namespace, "unshare", "-m", "--uts", "bash", "-c", script),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.inside(_answers)

    def stop(self) -> None:
        """End the server, if it runs."""
        if self.server is not None:
            self.server.terminate()
            self.server.wait(20)
            self.server = None

    def connected(self, work: Callable[[ldap3.Connection], R]) -> R:
        """Work as the administrator."""

        def run() -> R:
            tls = Verified(self.authority, "127.0.0.1")
            server = ldap3.Server("127.0.0.1", 636, use_ssl=True, tls=tls, get_info=ldap3.NONE)
            connection = ldap3.Connection(server, ADMINISTRATOR, PASSWORD, auto_bind=True, check_names=False)
            try:
                return work(connection)
            finally:
                connection.unbind()

        return self.inside(run)


def _answers() -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        with suppress(OSError), create_connection(("127.0.0.1", 636), 1):
            return
        time.sleep(0.1)
    raise AssertionError("Samba does not answer")


@contextmanager
def domain(folder: Path) -> Iterator[Domain]:
    """A fresh domain in ``folder``, started; everything is taken down whatever happens."""
    needs_root()
    for program, package in (("samba", "samba-ad-dc"), ("samba-tool", "samba-common-bin"), ("ip", "iproute2")):
        needs_program(program, package)
    needs_program("openssl")
    made = Domain(folder / "dc", f"ngdc{os.getpid()}")
    with made.stack as stack:
        sh("ip", "netns", "add", made.namespace)
        stack.callback(sh, "ip", "netns", "del", made.namespace, check=False)
        sh("ip", "-n", made.namespace, "link", "set", "lo", "up")
        _copied(made)
        stack.callback(made.stop)
        made.start()
        yield made


def _copied(made: Domain) -> None:
    """Take the provisioned domain of this machine, or provision it: ten seconds, once."""
    cache = Path(tempfile.gettempdir()) / f"negatoscope-domain-{VERSION}-{REALM}-{os.geteuid()}"
    with (cache.parent / f"{cache.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (cache / "whole").exists():
            shutil.rmtree(cache, ignore_errors=True)
            _provision(cache, made.namespace)
            (cache / "whole").touch()
        sh("cp", "-a", str(cache), str(made.folder))
    for file in (made.folder / "etc" / "smb.conf", *(made.folder / "private").glob("*.conf")):
        file.write_text(file.read_text().replace(str(cache), str(made.folder)))


def _provision(folder: Path, namespace: str) -> None:
    words = (
        f"samba-tool domain provision --realm={REALM.upper()} --domain={NETBIOS} --adminpass={PASSWORD} "
        f"--server-role=dc --dns-backend=NONE --host-name=dc1 --host-ip=127.0.0.1 --targetdir={folder} "
        "--option='interfaces=lo' --option='bind interfaces only=yes'"
    )
    done = subprocess.run(
        ("ip", "netns", "exec", namespace, "unshare", "-m", "--uts", "bash", "-c", f"hostname dc1; {TMPFS}; {words}"),
        check=False,
        capture_output=True,
        text=True,
        timeout=180,
    )
    if done.returncode:
        raise AssertionError(done.stdout + done.stderr)
    certificates(folder, f"dc1.{REALM}")
    conf = folder / "etc" / "smb.conf"
    said = (
        f"[global]\n\ttls enabled = yes\n\ttls keyfile = {folder}/server.key\n\ttls certfile = {folder}/server.pem\n"
        f"\ttls cafile = {folder}/ca.pem\n\tserver services = rpc, ldap, cldap, kdc, winbindd\n"
    )
    conf.write_text(conf.read_text().replace("[global]\n", said, 1))


def certificates(folder: Path, name: str) -> None:
    """An authority and a server certificate for ``name`` and 127.0.0.1."""
    here = ("-keyout", str(folder / "ca.key"), "-out", str(folder / "ca.pem"))
    sh("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *here, "-days", "3000", "-subj", "/CN=Essai")
    request = ("-keyout", str(folder / "server.key"), "-out", str(folder / "server.csr"))
    sh("openssl", "req", "-newkey", "rsa:2048", "-nodes", *request, "-subj", f"/CN={name}")
    (folder / "ext").write_text(f"subjectAltName=DNS:{name},IP:127.0.0.1\n")
    signed = ("-in", str(folder / "server.csr"), "-CA", str(folder / "ca.pem"), "-CAkey", str(folder / "ca.key"))
    more = ("-CAcreateserial", "-days", "3000", "-extfile", str(folder / "ext"), "-out", str(folder / "server.pem"))
    sh("openssl", "x509", "-req", *signed, *more)
    (folder / "server.key").chmod(0o600)
