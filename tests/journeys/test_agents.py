"""The real, unmodified inventory agent posts to the running console, over HTTP and over TLS; an answer is a promise."""

import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.databases import configure, rows
from tests.needs import needs_program, needs_root

POST = (Path(__file__).parents[1] / "captures" / "agent" / "pc-accueil-1.inventory.json").read_bytes()
MAKE = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "negatoscope.settings"
import django
django.setup()
from negatoscope.cli.desk import console
from negatoscope.flows.tokens import make
print(make(console(), "cli", "agent", "essai"))
"""


@dataclass
class Running:
    """A console at work, and the address that its agents are given."""

    process: "subprocess.Popen[str]"
    data: Path
    address: str
    authority: Path | None

    def observed(self) -> list[tuple[str, str]]:
        """Collector and target of each observation."""
        told = rows(self.data, "select collector, target from store_observationrow order by sequence")
        return [(str(one["collector"]), str(one["target"])) for one in told]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def certificate(folder: Path) -> None:
    needs_program("openssl")
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
            "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
            "-keyout", folder / "key.pem", "-out", folder / "cert.pem",
        ],
        check=True, capture_output=True,
    )  # fmt: skip


@pytest.fixture(params=["http", "https"])
def running(request: pytest.FixtureRequest, data: Path, environment: dict[str, str]) -> Iterator[Running]:
    port = free_port()
    data.mkdir(exist_ok=True)
    settings = f"port = {port}\n"
    if request.param == "https":
        certificate(data)
        settings += f'[tls]\ncertificate = "{data / "cert.pem"}"\nkey = "{data / "key.pem"}"\n'
    configure(data, settings)
    process = subprocess.Popen(
        [sys.executable, "-m", "negatoscope", "run"],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, text=True, start_new_session=True,
    )  # fmt: skip
    try:
        base = f"{request.param}://localhost:{port}"
        wait_for(base)
        made = subprocess.run([sys.executable, "-c", MAKE], env=environment, capture_output=True, text=True, check=True)
        authority = data / "cert.pem" if request.param == "https" else None
        yield Running(process, data, f"{base}/agent/{made.stdout.strip()}", authority)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(60)


def wait_for(base: str) -> None:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    for _ in range(1200):
        try:
            urllib.request.urlopen(f"{base}/sante/", timeout=60, context=context)
        except OSError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the console did not start")


def agent(running: Running, folder: Path, *more: str) -> str:
    """Run the agent once, its state in a folder of its own; returns what it logged."""
    needs_root()
    programme = needs_program("fusioninventory-agent")
    (folder / "agent.cfg").write_text("")
    state = Path("/var/lib/fusioninventory-agent")
    secure = [f"--ca-cert-file={running.authority}"] if running.authority else []
    line = [
        programme, f"--server={running.address}", "--force", "--logger=stderr", f"--conf-file={folder / 'agent.cfg'}",
        "--no-httpd", *secure, *more,
    ]  # fmt: skip
    ran = subprocess.run(
        ["unshare", "-m", "sh", "-c", f'mkdir -p {state} && mount -t tmpfs none {state} && exec "$@"', "sh", *line],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    return ran.stderr


def test_the_unmodified_agent_posts_and_is_registered(running: Running, tmp_path: Path) -> None:
    logged = agent(running, tmp_path, "--no-category=environment,process")
    assert "[error]" not in logged
    ((collector, device),) = running.observed()
    assert (collector, re.sub(r"-\d{4}(-\d\d){5}$", "", device)) == ("agent", socket.gethostname().split(".")[0])
    refused = Running(running.process, running.data, running.address + "x", running.authority)
    assert "no credentials available" in agent(refused, tmp_path)
    assert len(running.observed()) == 1


def test_kill_9_right_after_the_answer_loses_nothing(running: Running) -> None:
    context = ssl.create_default_context(cafile=running.authority) if running.authority else None
    request = urllib.request.Request(running.address, POST, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30, context=context) as answer:
        assert answer.status == 200
        os.killpg(running.process.pid, signal.SIGKILL)
    running.process.wait(60)
    assert running.observed() == [("agent", "pc-accueil-1-2026-02-22-09-21-12")]
    vault = running.data / "vault"
    assert len(list(vault.glob("objects/*/*.zst"))) == 1
    assert len(list(vault.glob("journal/*.json"))) == 1
