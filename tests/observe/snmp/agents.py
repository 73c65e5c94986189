"""Real agents (net-snmp) on loopback, and agents that mean no good."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from negatoscope.observe.collector import Item, Login, Look
from negatoscope.observe.snmp.collector import Settings, capture
from negatoscope.observe.snmp.read import read
from tests.needs import needs_program
from tests.observe.snmp.devices import TEXT, Variables

SERVE = Path(__file__).with_name("serve.py")
COMMUNITY, SIGNS, ENCRYPTS = "cabinet-lecture", "phrase-qui-signe", "phrase-qui-chiffre"
USERS = f"""createUser lecteur SHA "{SIGNS}" AES "{ENCRYPTS}"
rouser lecteur priv
createUser ancien MD5 "{SIGNS}" DES "{ENCRYPTS}"
rouser ancien priv
createUser signataire SHA-256 "{SIGNS}"
rouser signataire auth
"""
MODULES = "pass_persist,vacm_conf,vacm_vars,usmUser,usmConf,snmpEngine"
LENT = {
    "communaute": Login("", community=COMMUNITY),
    "lecteur": Login("lecteur", SIGNS, digest="sha1", cipher="aes128", privacy=ENCRYPTS),
    "ancien": Login("ancien", SIGNS, digest="md5", cipher="des", privacy=ENCRYPTS),
    "signataire": Login("signataire", SIGNS, digest="sha256"),
    "faux": Login("lecteur", "une-autre-phrase", digest="sha1", cipher="aes128", privacy=ENCRYPTS),
    "mot": Login("lecteur", "mot"),
    "sans-phrase": Login("lecteur", None, digest="sha1"),
}


@dataclass(frozen=True)
class Agent:
    """Where it answers, and a port on which nothing does."""

    address: str
    port: int
    closed: int

    def look(self, credential: str = "", **settings: object) -> bytes:
        """One look at it, as the collector makes it."""
        kept = BytesIO()
        said = {"declared": ("127.0.0.0/8",), "udp": (self.port, self.closed), "credential": credential, **settings}
        capture(Settings(**said), self.address, Look(kept, login=LENT.__getitem__))  # type: ignore[arg-type]
        return kept.getvalue()

    def told(self, credential: str = "", **settings: object) -> list[Item]:
        return list(read(BytesIO(self.look(credential, **settings))))


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.bind(("127.0.0.1", 0))
        return int(line.getsockname()[1])


@contextmanager
def snmpd(folder: Path, told: Variables | None, settings: str = USERS) -> Iterator[Agent]:
    """A real agent that holds these variables, or its own."""
    programme = needs_program("snmpd")
    agent = Agent("127.0.0.1", free_port(), free_port())
    lines = [f"agentaddress udp:{agent.address}:{agent.port}", settings]
    modules = []
    if told is not None:
        (folder / "told.json").write_text(recorded(told))
        serve = f"{sys.executable} {SERVE} {folder / 'told.json'}"
        lines += [f"pass_persist {tree} {serve}" for tree in (".1.3.6.1.2.1", ".1.0.8802")]
        modules = ["-I", MODULES]
    (folder / "snmpd.conf").write_text("\n".join(lines) + "\n")
    words = [programme, "-f", "-C", "-c", str(folder / "snmpd.conf"), "-Lf", str(folder / "log"), *modules]
    own = {**os.environ, "MIBS": "", "SNMP_PERSISTENT_DIR": str(folder / "state")}
    with subprocess.Popen(words, env=own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait(agent)
            yield agent
        finally:
            process.terminate()


def recorded(told: Variables) -> str:
    """As ``serve.py`` reads it: octets in hexadecimal."""

    def said(kind: int, value: object) -> object:
        data = value.encode() if isinstance(value, str) and kind == TEXT else value
        return data.hex(" ") if isinstance(data, bytes) else data

    return json.dumps({oid: (kind, said(kind, value)) for oid, (kind, value) in told.items()})


def _wait(agent: Agent) -> None:
    """Until it answers whoever introduces himself (version 3)."""
    for _ in range(100):
        if b'"snmp3","answered"' in agent.look():
            return
        time.sleep(0.05)
    raise TimeoutError


@contextmanager
def hostile(answer: Callable[[bytes], list[bytes]]) -> Iterator[Agent]:
    """An agent that answers each packet with these."""
    line = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    line.bind(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError):
            while True:
                data, place = line.recvfrom(65_535)
                if not data:
                    return
                for one in answer(data):
                    line.sendto(one, place)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield Agent("127.0.0.1", line.getsockname()[1], free_port())
    finally:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as stop:
            stop.sendto(b"", line.getsockname())
        thread.join(5)
        line.close()
