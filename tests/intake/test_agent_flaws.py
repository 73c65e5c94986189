"""The real, unmodified agent on two machines: each planted flaw is told by its post, and none is invented."""

import io
import subprocess
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from negatoscope.intake import answers, keeping
from negatoscope.intake.body import inflate, pack
from negatoscope.intake.message import parse
from negatoscope.kit.clock import utc_now
from negatoscope.model.evidence import Sweep
from negatoscope.observe.inventory.read import read
from tests.flaws import doubted, found, listed, settle
from tests.judge.memory import World, of
from tests.needs import needs_program
from tests.observe.lab import Lab, lab, sh

pytestmark = [pytest.mark.root, pytest.mark.server]
FLAWS = Path(__file__).with_name("agent.toml")
AGENT = "fusioninventory-agent"
STATE = "/var/lib/fusioninventory-agent"
DPKG = "/var/lib/dpkg"
CONTROL = (
    "Package: {name}\nVersion: 6.3.2\nArchitecture: all\nMaintainer: Essai <essai@example.org>\nDescription: essai\n"
)


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


@pytest.fixture(scope="module")
def network() -> Iterator[Lab]:
    with lab() as made:
        yield made


def posted(network: Lab, address: str, folder: Path, script: str) -> bytes:
    """Run the agent on a machine prepared by ``script``; what the console keeps of its post."""
    programme = needs_program("fusioninventory-agent")
    host = network.host(address, f"02:00:00:77:03:{int(address.rpartition('.')[2]):02x}")
    kept: list[bytes] = []
    handler = type("OneDoor", (Door,), {"kept": kept})
    server = network.inside(network.scanner, lambda: HTTPServer(("10.77.0.1", 0), handler))
    Thread(target=server.serve_forever, daemon=True).start()
    sh("cp", "-a", "/etc", str(folder / "etc"))
    (folder / "dpkg").mkdir()
    for name in ("info", "updates", "triggers"):
        (folder / "dpkg" / name).mkdir()
    for name in ("status", "info/format"):
        sh("cp", "-a", f"{DPKG}/{name}", str(folder / "dpkg" / name))
    (folder / "agent.cfg").write_text("")
    (folder / "script").write_text(
        f"mount --bind {folder}/etc /etc && mount --bind {folder}/dpkg {DPKG} && mkdir -p {STATE} && "
        f"mount -t tmpfs none {STATE} && hostname srv-essai && ( {script} ) && exec {programme} "
        f"--server=http://10.77.0.1:{server.server_port}/ --force --no-httpd --conf-file={folder}/agent.cfg "
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


def known(post: bytes) -> World:
    return of([*read(io.BytesIO(post)), Sweep("Host"), Sweep("Person")], utc_now())


def package(folder: Path, name: str) -> Path:
    """A package of this name, with nothing in it."""
    (folder / name / "DEBIAN").mkdir(parents=True)
    (folder / name / "DEBIAN/control").write_text(CONTROL.format(name=name))
    sh("dpkg-deb", "--build", str(folder / name), str(folder / f"{name}.deb"))
    return folder / f"{name}.deb"


def test_each_planted_flaw_is_found_and_none_is_invented(
    network: Lab, tmp_path_factory: pytest.TempPathFactory, record_property: Callable[[str, object], None]
) -> None:
    sound, flawed = tmp_path_factory.mktemp("sound"), tmp_path_factory.mktemp("flawed")
    script = (
        "useradd -M -s /bin/sh radio1; useradd -M -s /bin/sh invite; usermod -aG sudo radio1; "
        f"useradd -M -o -u 0 -s /bin/sh depannage; dpkg -i {package(flawed, 'anydesk')}"
    )
    before, after = (
        known(posted(network, "10.77.0.10", sound, "true")),
        known(posted(network, "10.77.0.11", flawed, script)),
    )
    now = utc_now()
    settle(f"{AGENT}: found", listed(FLAWS), found(after, now) - found(before, now), record_property)
    unsettled = listed(FLAWS, "doubted")
    asked = {flaw.control for flaw in unsettled}
    new = {flaw for flaw in doubted(after, now) - doubted(before, now) if flaw.control in asked}
    settle(f"{AGENT}: doubted, for it cannot tell", unsettled, new, record_property)
