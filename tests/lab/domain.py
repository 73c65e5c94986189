"""The practice's directory: a real Samba with fifty people, set up as a careful administrator would have done."""

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from socket import create_connection
from typing import TYPE_CHECKING

import ldap3

from tests.lab.plan import Server
from tests.needs import needs_program
from tests.observe.directory import domain as recipe
from tests.observe.directory.practice import fill

if TYPE_CHECKING:
    from tests.lab.build import Lab

FILTER = """table inet filter {
  chain input {
    type filter hook input priority 0; policy drop;
    ct state established,related accept
    iif lo accept
    meta l4proto icmp accept
    tcp dport { 88, 636 } accept
  }
}
"""
"""LDAP in clear stays within the controller."""
RECENT_ALONE = "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"
CALLED = f"dc1.{recipe.REALM}"
"""What the controller calls itself."""
MEMBERS = (f"srv-images.{recipe.REALM}",)
"""Computers that the directory knows."""
PATIENCE = 60.0
Work = Callable[[ldap3.Connection], None]


def start(lab: "Lab", server: Server, folder: Path) -> None:
    """Copy the domain that was provisioned once on this machine, and start it; ``filled`` waits for it."""
    needs_program("samba", "samba-ad-dc")
    made = recipe.Domain(folder / "dc", server.host)
    recipe._copied(made)  # noqa: SLF001 -- the same recipe, in this lab's own network
    conf = made.folder / "etc" / "smb.conf"
    said = conf.read_text().replace("interfaces = lo\n", "interfaces = lo lan\n", 1)
    conf.write_text(said.replace("[global]\n", f"[global]\n\ttls priority = {RECENT_ALONE}\n", 1))
    (folder / "filter").write_text(FILTER)
    run = f"hostname dc1; {recipe.TMPFS}; exec samba -i -M single -s {conf}"
    lab.start(server.host, f"nft -f {folder}/filter; unshare -m bash -c '{run}'")


def authority(lab: "Lab", server: Server) -> str:
    """The certificate of whoever signed the controller's."""
    return (lab.folder / f"{server.host}-{server.port}" / "dc" / "ca.pem").read_text()


def filled(lab: "Lab", server: Server, spoilt: list[Work]) -> None:
    """Fill the running directory, then plant its flaws."""
    made = recipe.Domain(lab.folder / f"{server.host}-{server.port}" / "dc", server.host)
    lab.inside(server.host, _answers)

    def work(connection: ldap3.Connection) -> None:
        fill(connection)
        for spoil in spoilt:
            spoil(connection)

    made.connected(work)


def _answers() -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with suppress(OSError), create_connection(("127.0.0.1", 636), 1):
            return
        time.sleep(0.1)
    raise AssertionError("Samba does not answer")
