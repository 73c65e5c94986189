"""What gives a workstation's screen to whoever comes: VNC (TigerVNC, a screen of its own) and RDP (xrdp)."""

import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from tests.lab.plan import Server
from tests.needs import needs_program

if TYPE_CHECKING:
    from tests.lab.build import Lab

SCREENS = 50000
"""Screens of one machine are told apart by their number; hosts of a lab have one each."""


def vnc(lab: "Lab", server: Server, _folder: Path) -> None:
    """Start a screen and its VNC server, which asks for no password."""
    needs_program("Xtigervnc", "tigervnc-standalone-server")
    number = 100 + zlib.crc32(f"{server.host} {server.port}".encode()) % SCREENS
    words = f":{number} -rfbport {server.port} -SecurityTypes None -nolock -nolisten unix -nolisten tcp"
    lab.start(server.host, f"exec Xtigervnc {words} -geometry 640x480")


def rdp(lab: "Lab", server: Server, folder: Path) -> None:
    """Start xrdp as its package comes: standard RDP security among what it takes."""
    needs_program("xrdp")
    told = Path("/etc/xrdp/xrdp.ini").read_text().replace("\nport=3389\n", f"\nport={server.port}\n", 1)
    (folder / "xrdp.ini").write_text(told)
    (folder / "run").mkdir()
    view = f"mount --bind {folder}/run /run && mkdir -p /run/xrdp"
    lab.start(server.host, f"{view}; exec xrdp --nodaemon --config {folder}/xrdp.ini")
