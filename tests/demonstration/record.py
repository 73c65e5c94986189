"""Records the demonstration's captures: ``python -m tests.demonstration.record``, all of it or the parts named.

By hand, as root, on a machine with nmap and Samba; what comes out is committed. ``README.md`` says what is recorded and
what is written.
"""

import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import django
import zstandard

from tests.demonstration import linux, lists, logs, network, story, windows, wires
from tests.demonstration.bible import STORY, hosts, said

NEW_FACES = ("tablette", "boitier")
LINUX_AT = datetime(2026, 11, 22, 19, 0, tzinfo=UTC)


def keep(name: str, data: bytes) -> None:
    """Write one file of the story, compressed where that helps."""
    packed = zstandard.compress(data, 19)
    (STORY / f"{name}.zst").write_bytes(packed)


def inventories() -> None:
    """What agents post, and the looks at Linux servers."""
    realm = said()["realm"]
    computers = windows.computers()
    for host in computers:
        keep(f"{host.name}.agent.json", windows.inventory(host, realm))
        keep(f"{host.name}.registry.json", windows.registry(host, realm))
    for host in computers[: story.EARLY]:
        before = host._replace(flaws=host.flaws | {"usb"})
        keep(f"{host.name}-1.agent.json", windows.inventory(before, realm))
        keep(f"{host.name}-1.registry.json", windows.registry(before, realm))
    keep("pret-1.agent.json", windows.clone(realm))
    for host in hosts("linux", "console"):
        if host.name not in story.OVER_SSH:
            keep(f"{host.name}.linux.jsonl", linux.capture(host, int(LINUX_AT.timestamp())))


def devices() -> None:
    """What the network's own devices tell."""
    for name, data in wires.files(story.WIRED_AT).items():
        keep(name, data)
    keep("journaux.log", logs.text().encode())


def recorded() -> None:
    """Two servers over their sshd, the agent of one, and the PACS and modalities that may be asked."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "negatoscope.settings")
    django.setup()
    from tests.demonstration import imaging, servers  # noqa: PLC0415 -- once settings are known

    for work, name in ((servers.looks, "linux.jsonl"), (servers.posts, "agent.json"), (imaging.looks, "dicom.jsonl")):
        with tempfile.TemporaryDirectory() as folder:
            for host, data in work(Path(folder), LINUX_AT).items():
                keep(f"{host}.{name}", data)


def networks() -> None:
    """Every network twice: before the strangers came, and after."""
    with tempfile.TemporaryDirectory() as folder, network.practice(Path(folder)) as made:
        network.set_present(made, NEW_FACES, "down")
        for name in said()["networks"]:
            keep(f"{name}-1.nmap", network.look(made, name))
        network.set_present(made, NEW_FACES, "up")
        network.set_present(made, ("ancien-ris",), "down")
        for name in said()["networks"]:
            keep(f"{name}-2.nmap", network.look(made, name))


def directory() -> None:
    """The domain twice: as it was found, and mended."""
    os.environ["NEGATOSCOPE_TEST_REALM"] = said()["realm"]
    from tests.demonstration import domain  # noqa: PLC0415 -- reads the realm when it is imported

    with tempfile.TemporaryDirectory() as folder, domain.practice(Path(folder)) as served:
        keep("annuaire-1.directory", domain.look(served))
        served.connected(domain.mend)
        keep("annuaire-2.directory", domain.look(served))


def tell() -> None:
    """Lists, declarations, and the story itself."""
    for name, written in lists.files().items():
        (STORY / name).write_text(written, "utf-8")
    for name, data in story.statements().items():
        (STORY / name).write_bytes(data)
    (STORY / "story.toml").write_text(story.text(), "utf-8")


PARTS = {"story": tell, "inventories": inventories, "devices": devices, "servers": recorded, "network": networks,
         "directory": directory}  # fmt: skip

if __name__ == "__main__":
    for part in sys.argv[1:] or PARTS:
        PARTS[part]()
