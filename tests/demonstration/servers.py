"""Two Linux servers of the practice looked at over their real sshd, and the real agent of one of them."""

import io
import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from negatoscope.kit.canonical import canonical
from negatoscope.observe.collector import Look
from tests.demonstration import linux
from tests.demonstration.bible import Host, hosts
from tests.demonstration.story import AGENT, DEVICE, OVER_SSH
from tests.intake.agents import Machine, posted
from tests.observe.lab import lab
from tests.observe.ssh.hosts import remote
from tests.observe.ssh.truths import FORGOTTEN, SOUND, Truth

TRUTHS = dict(zip(OVER_SSH, (SOUND, FORGOTTEN), strict=True))
"""One is well kept, one was forgotten."""
OF_TESTS = frozenset({"simple", "bavard", "passage", "postgres", "dcmtk", "openldap", "orthanc", "cloudsdk"})
"""Accounts that only a machine of the tests has."""
HIRED = "useradd -M -s /bin/sh negatoscope; useradd -M -s /bin/bash -G sudo yhamel"


def looks(folder: Path, at: datetime) -> dict[str, bytes]:
    """Each server, looked at by the real collector."""
    return {host.name: _look(host, folder, int(at.timestamp())) for host in hosts("linux") if host.name in TRUTHS}


def _look(host: Host, folder: Path, at: int) -> bytes:
    truth = TRUTHS[host.name]
    own = Truth(host.address, truth.sshd, truth.files, _inhabited(truth.spoil), mac=host.mac, name=host.name)
    sink = io.BytesIO()
    with lab(_gateway(host)) as network:
        (folder / host.name).mkdir()
        look = Look(sink)
        remote(network, own, folder / host.name, wait=False, bare=False).look(look)
        if look.gaps:
            raise AssertionError(look.gaps)
    return linux.capture(host, at, sink.getvalue())


def _gateway(host: Host) -> str:
    """The console, on the network of this host."""
    return f"{host.address.rpartition('.')[0]}.250"


def _inhabited(spoil: Callable[[Path], None]) -> Callable[[Path], None]:
    """The accounts of the practice in the place of the tests' own, and the sources of one Debian."""

    def settle(etc: Path) -> None:
        spoil(etc)
        for name in ("passwd", "shadow"):
            lines = (etc / name).read_text().splitlines(keepends=True)
            kept = [line for line in lines if line.partition(":")[0] not in OF_TESTS]
            own = {"passwd": "yhamel:x:1001:1001:Yann Hamel,,,:/home/yhamel:/bin/bash\n",
                   "shadow": "yhamel:$y$j9T$essai:20640:0:180:7:::\n"}  # fmt: skip
            (etc / name).write_text("".join(kept) + own[name])
        groups = (etc / "group").read_text()
        (etc / "group").write_text(groups.replace("sudo:x:27:", "sudo:x:27:yhamel", 1) + "yhamel:x:1001:\n")
        for one in (*etc.glob("apt/sources.list*"), *etc.glob("apt/sources.list.d/*"), *etc.glob("apt/apt.conf.d/99*")):
            if one.is_file() and one.name != "depot.sources":
                one.unlink()
        (etc / "apt/sources.list.d/depot.sources").rename(etc / "apt/sources.list.d/debian.sources")

    return settle


def posts(folder: Path, _at: datetime) -> dict[str, bytes]:
    """What an unmodified agent posts, as the console keeps it; the machine below is made that of the practice.

    The look over SSH tells its packages and disks already.

    Its word on the firewall is left out: it knows firewalld and ufw alone, and the server filters with nftables.
    """
    host = next(one for one in hosts("linux") if one.name == AGENT)
    with lab(_gateway(host)) as network:
        kept = json.loads(posted(network, Machine(host.address, host.mac, host.name), folder, HIRED))
    content: dict[str, Any] = kept["content"]
    content["bios"] = {"smanufacturer": host.vendor, "smodel": host.product, "ssn": host.serial}
    content["hardware"] = {"name": host.name, "osname": content["hardware"]["osname"]}
    content["operatingsystem"] |= {"kernel_version": "6.1.0-41-amd64", "boot_time": "2026-11-02 07:30:12"}
    content["networks"] = [
        one | {"description": "eno1", "virtualdev": "0"}
        for one in content["networks"]
        if one.get("ipaddress") == host.address
    ]
    content["local_users"] = [one for one in content["local_users"] if one["login"] not in OF_TESTS]
    content["accesslog"] = {"logdate": "2026-11-22 20:03:41"}
    for name in ("softwares", "drives", "storages", "usbdevices", "firewalls"):
        content.pop(name, None)
    return {host.name: canonical(kept | {"agent": DEVICE})}
