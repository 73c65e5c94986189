"""Inventory agents at work: the console serves, as ``negatoscope run`` has it, and the real agents post to it."""

import ssl
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from tests.lab import linux, places
from tests.lab.description import Description, Host
from tests.lab.services import POSTS_TO, Agent
from tests.needs import needs_program

if TYPE_CHECKING:
    from tests.lab.build import Lab

STATE = "/var/lib/fusioninventory-agent"
PATIENCE = 120.0
"""Seconds that the console may take to start, and an agent to tell everything."""


def told_of(described: Description) -> list[Host]:
    """The hosts that have an agent."""
    return [one for one in described.hosts if Agent() in one.services]


def settle(lab: "Lab", data: Path) -> None:
    """Give the console a certificate of the practice's authority, and the port that agents reach."""
    here = lab.plan.lab.administration.console
    certificate, key = lab.authority.certified("console", here, expired=False)
    said = f'host = "{here}"\nport = {POSTS_TO}\n[tls]\ncertificate = "{certificate}"\nkey = "{key}"\n'
    (data / "negatoscope.toml").write_text(said)


@contextmanager
def answering(lab: "Lab", data: Path) -> Iterator[str]:
    """The console serves; the address that agents are given, without the token."""
    here = f"https://{lab.plan.lab.administration.console}:{POSTS_TO}/"
    words = (sys.executable, "-m", "negatoscope", "--data", str(data), "run")
    with (lab.folder / "console.log").open("ab") as log, subprocess.Popen(words, stdout=log, stderr=log) as process:
        try:
            _wait(f"{here}sante/", lab)
            yield f"{here}agent/"
        finally:
            process.terminate()


def _wait(address: str, lab: "Lab") -> None:
    trusting, until = ssl.create_default_context(cafile=lab.folder / "ca.pem"), time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(OSError), urllib.request.urlopen(address, timeout=5, context=trusting):
            return
        time.sleep(0.1)
    raise AssertionError((lab.folder / "console.log").read_text(errors="replace")[-500:])


def post(lab: "Lab", host: str, address: str) -> str:
    """Have the agent of a host tell all that it knows, once; returns what it logged. Raises AssertionError."""
    programme = needs_program("fusioninventory-agent")
    folder = lab.folder / f"{host}-agent"
    folder.mkdir()
    etc = linux.etc_of(lab, host, folder)
    (etc / "fusioninventory").mkdir(exist_ok=True)
    settings = etc / "fusioninventory/agent.cfg"
    settings.write_text(
        f"server = {address}\nno-category = environment,process\nca-cert-file = {lab.folder}/ca.pem\nlogger = stderr\n"
    )
    settings.chmod(0o600)
    view = (
        f"hostname {lab.plan.lab.called(host)}; {linux.OWN_HARDWARE}; mount --bind {etc} /etc; {places.view(lab, host)}"
    )
    view += f"; mount -t tmpfs none {STATE}"
    words = (
        "ip",
        "netns",
        "exec",
        host,
        "unshare",
        "--uts",
        "sh",
        "-c",
        f"{view}; exec {programme} --force --no-httpd",
    )
    ran = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE, check=False)
    if ran.returncode or "[error]" in ran.stderr:
        raise AssertionError(f"agent of {host}: {ran.stderr[-500:]}")
    return ran.stderr
