"""Run a command on a PostgreSQL of its own: ``python -m tests.postgresql pytest tests/flows``.

A server is made for it, on a free port of loopback, and thrown away with its folder when the command ends; it sorts
text as French people do, so that nothing leans on the order of bytes. The command and its children find it in
``NEGATOSCOPE_TEST_POSTGRESQL``, and Django through a data directory whose ``negatoscope.toml`` names it.
"""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VARIABLE = "NEGATOSCOPE_TEST_POSTGRESQL"
FAST = {"fsync": "off", "full_page_writes": "off", "max_connections": "200", "unix_socket_directories": ""}


def programs() -> Path:
    """Where the newest installed server is; Debian keeps it off the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    there = found[-1] if found else shutil.which("initdb")
    if there is None:
        sys.exit("PostgreSQL is missing: apt-get install postgresql")
    return Path(there).parent


def as_owner() -> list[str]:
    """How to become whoever may run the server: it refuses root."""
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"] if os.geteuid() == 0 else []


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def server() -> Iterator[str]:
    """Start a throw-away server; yields the address of its database ``negatoscope``, less the name."""
    place = "/dev/shm" if Path("/dev/shm").is_dir() else None  # in memory: it is thrown away anyway
    with tempfile.TemporaryDirectory(prefix="negatoscope-", dir=place, ignore_cleanup_errors=True) as folder:
        home, data = Path(folder), Path(folder) / "data"
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(home, owner.pw_uid, owner.pw_gid)
        make = [
            str(programs() / "initdb"),
            "-D",
            str(data),
            "-U",
            "negatoscope",
            "--auth=trust",
            "--no-sync",
            "-E",
            "UTF8",
        ]
        make += ["--locale=C", "--locale-provider=icu", "--icu-locale=fr-FR"]
        subprocess.run(as_owner() + make, check=True, stdout=subprocess.DEVNULL, cwd=home)
        port = free_port()
        told = {**FAST, "listen_addresses": "127.0.0.1", "port": str(port)}
        settings = [part for name, value in told.items() for part in ("-c", f"{name}={value}")]
        with (home / "log").open("wb") as log:
            command = [*as_owner(), str(programs() / "postgres"), "-D", str(data), *settings]
            child = subprocess.Popen(command, stdout=log, stderr=log, cwd=home, start_new_session=True)
        try:
            ready = [str(programs() / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
            while subprocess.run(ready, check=False).returncode:
                if child.poll() is not None:
                    sys.exit((home / "log").read_text())
            yield f"postgresql://negatoscope@127.0.0.1:{port}"
        finally:
            child.send_signal(signal.SIGINT)  # its « fast » stop: connections are closed, nothing is waited for
            child.wait(60)


def main(command: list[str]) -> int:
    """Run the command; returns its exit code."""
    with server() as address, tempfile.TemporaryDirectory() as data:
        (Path(data) / "negatoscope.toml").write_text(f'database = "{address}/negatoscope"\n')
        return subprocess.run(
            command, env=os.environ | {VARIABLE: address, "NEGATOSCOPE_DATA": data}, check=False
        ).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
