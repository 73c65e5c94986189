"""Real DICOM nodes on this machine, each on a port of its own."""

import json
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import msgspec
import pytest

from negatoscope.observe.dicom.collector import Settings
from tests.needs import needs_program

HERE = "127.0.0.1"


def free_port() -> int:
    with closing(socket.create_server((HERE, 0))) as server:
        return int(server.getsockname()[1])


def settings(port: int, **changes: object) -> Settings:
    first = Settings(ports=str(port), seconds=3, declared=("127.0.0.0/8",), classed=(HERE,))
    return msgspec.structs.replace(first, **changes)


def wait_for(port: int) -> None:
    end = time.monotonic() + 20
    while True:
        with suppress(OSError), socket.create_connection((HERE, port), 1):
            return
        assert time.monotonic() < end
        time.sleep(0.05)


@contextmanager
def program(*words: str) -> Iterator[None]:
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.kill()  # nothing of it is kept, and Orthanc takes two seconds to leave
        process.wait(10)


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Certificate and key of a node."""
    return certified(tmp_path_factory.mktemp("tls"))


def certified(folder: Path) -> tuple[Path, Path]:
    """A certificate of thirty days, and its key."""
    key, certificate = folder / "key.pem", folder / "cert.pem"
    words = "openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=noeud -keyout"
    subprocess.run([*words.split(), str(key), "-out", str(certificate)], check=True, capture_output=True)
    return certificate, key


@contextmanager
def orthanc(folder: Path, **more: object) -> Iterator[int]:
    port = free_port()
    config = {
        "StorageDirectory": str(folder / "db"), "IndexDirectory": str(folder / "db"), "HttpServerEnabled": False,
        "DicomPort": port, "DicomAet": "PACS", "DicomServerEnabled": True, "Plugins": [], **more,
    }  # fmt: skip
    (folder / "orthanc.json").write_text(json.dumps(config))
    with program(needs_program("Orthanc", "orthanc"), str(folder / "orthanc.json")):
        wait_for(port)
        yield port
