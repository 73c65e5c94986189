"""The unmodified agent, run on a machine of its own that posts to us."""

import subprocess
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import NamedTuple

from negatoscope.intake import answers, keeping
from negatoscope.intake.body import inflate, pack
from negatoscope.intake.message import parse
from tests.needs import needs_program
from tests.observe.lab import Lab, sh

STATE = "/var/lib/fusioninventory-agent"
DPKG = "/var/lib/dpkg"
SCREENS = ("Package: tigervnc", "Package: xrdp", "Package: xorgxrdp", "Package: libxvnc", "Package: libvncserver")
"""What other tests install on the machine that they run on, and these two do not have."""


class Machine(NamedTuple):
    """Where it is on its network, and what it calls itself."""

    address: str
    mac: str = "02:00:00:77:03:01"
    name: str = "srv-essai"


class Door(BaseHTTPRequestHandler):
    """Speaks to an agent as the console does, and keeps what the console keeps."""

    kept: list[bytes]

    def do_POST(self) -> None:
        text, packing = inflate(self.rfile.read(int(self.headers["Content-Length"])))
        message = parse(text)
        inventory = message.query == "inventory"
        if inventory:
            self.kept.append(keeping.capture(message)[0])
        body = pack(answers.taken_xml() if inventory else answers.prolog_xml(), packing)
        self.send_response(200)
        self.send_header("Content-Type", packing.value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_said: object) -> None:
        """Say nothing."""


def posted(network: Lab, machine: Machine, folder: Path, script: str = "true") -> bytes:
    """Run the agent on a machine prepared by ``script``; what the console keeps of its post."""
    programme = needs_program("fusioninventory-agent")
    host = network.host(machine.address, machine.mac)
    kept: list[bytes] = []
    handler = type("OneDoor", (Door,), {"kept": kept})
    server = network.inside(network.scanner, lambda: HTTPServer((network.gateway, 0), handler))
    Thread(target=server.serve_forever, daemon=True).start()
    sh("cp", "-a", "/etc", str(folder / "etc"))
    (folder / "dpkg").mkdir()
    for name in ("info", "updates", "triggers"):
        (folder / "dpkg" / name).mkdir()
    for name in ("status", "info/format"):
        sh("cp", "-a", f"{DPKG}/{name}", str(folder / "dpkg" / name))
    status = (folder / "dpkg/status").read_text("utf-8").split("\n\n")
    (folder / "dpkg/status").write_text("\n\n".join(one for one in status if not one.startswith(SCREENS)), "utf-8")
    (folder / "agent.cfg").write_text("")
    (folder / "script").write_text(
        f"mount --bind {folder}/etc /etc && mount --bind {folder}/dpkg {DPKG} && mkdir -p {STATE} && "
        f"mount -t tmpfs none {STATE} && hostname {machine.name} && ( {script} ) && exec {programme} "
        f"--server=http://{network.gateway}:{server.server_port}/ --force --no-httpd --conf-file={folder}/agent.cfg "
        "--no-category=environment,process --logger=stderr"
    )
    view = ("ip", "netns", "exec", host, "unshare", "--uts", "sh", str(folder / "script"))
    try:
        ran = subprocess.run(view, capture_output=True, text=True, timeout=120, check=False)
    finally:
        server.shutdown()
        server.server_close()
    assert len(kept) == 1, ran.stderr
    return kept[0]
