"""Folders that every Linux host of a lab has for itself, in the place of this machine's."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.lab.build import Lab

SCREENS = frozenset({"tigervnc-standalone-server", "tigervnc-common", "xrdp"})
"""Packages of this machine that only hosts with a screen to share have installed."""
INSTALLED = "/var/lib/dpkg/status"
OWN = {"home": "/home", "srv": "/srv", "misc": "/var/lib/misc"}
"""Where Debian keeps people's folders, what a server serves, and the leases of dnsmasq; there on every Debian."""


def of(lab: "Lab", host: str) -> Path:
    """The folder that holds them; the same for all programs of a host."""
    folder = lab.folder / f"{host}-places"
    for name in OWN:
        (folder / name).mkdir(parents=True, exist_ok=True)
    return folder


def view(lab: "Lab", host: str) -> str:
    """The words that lay them over this machine's, in the view of one program."""
    folder = of(lab, host)
    binds = {f"{folder}/{name}": there for name, there in OWN.items()}
    if not any(one.host == host and one.program in {"vnc", "rdp"} for one in lab.plan.servers):
        binds[str(_installed(lab))] = INSTALLED
    return "; ".join(f"mount --bind {own} {there}" for own, there in binds.items())


def _installed(lab: "Lab") -> Path:
    """What dpkg knows of this machine, but for what its labs need."""
    file = lab.folder / "installed"
    if not file.exists():
        told = Path(INSTALLED).read_text().split("\n\n")
        kept = [one for one in told if one.partition("\n")[0].removeprefix("Package: ") not in SCREENS]
        file.write_text("\n\n".join(kept))
    return file
