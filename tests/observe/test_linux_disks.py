"""Disks: a file system in clear is seen wherever it is mounted, and where it is not mounted at all."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from negatoscope.model.hardening import Volume
from negatoscope.model.verdict import Verdict
from negatoscope.observe.linux.probes import BLOCKS, BLOCKS_OLD
from tests.judge.memory import judged, of
from tests.judge.planted.computers import declared
from tests.observe.captures import Section, facts, gaps, items, sections

TEXT = {line["section"]: line.get("text", "") for line in sections()[1:]}
MOUNTS = "file:/proc/mounts"
Changes = Mapping[Any, str | Section | None]


def mounted(*lines: str) -> dict[Any, str | Section | None]:
    """The healthy workstation, its clear partition mounted otherwise."""
    kept = [line for line in TEXT[MOUNTS].splitlines() if not line.startswith("/dev/nvme0n1p2")]
    return {MOUNTS: "\n".join((*kept, *lines)) + "\n"}


def with_disk(**disk: object) -> dict[Any, str | Section | None]:
    changes: dict[Any, str | Section | None] = {}
    for probe in (BLOCKS, BLOCKS_OLD):
        tree = json.loads(TEXT[probe.section])
        tree["blockdevices"].append({"name": "sdb", "type": "disk", "rm": False, "hotplug": False} | disk)
        changes[probe] = json.dumps(tree)
    return changes


def verdict(changes: Changes, control: str = "R19.2") -> Verdict:
    return judged(of(declared(items(changes))), control).verdict


CLEAR: dict[str, Changes] = {
    "subvolumes": mounted("/dev/nvme0n1p2 /home btrfs rw 0 0", "/dev/nvme0n1p2 /boot btrfs rw 0 0"),
    "bound": mounted("/dev/nvme0n1p2 /boot ext4 rw 0 0", "/dev/nvme0n1p2 /srv/images ext4 rw 0 0"),
    "read-only": mounted("/dev/nvme0n1p2 /srv/images ext4 ro 0 0"),
    "container": mounted("/dev/nvme0n1p2 /var/lib/docker/volumes ext4 rw 0 0"),
    "unmounted": with_disk(fstype="ext4", mountpoints=[None]),
    "swap": with_disk(fstype="swap", mountpoints=["[SWAP]"]),
    "partition": with_disk(children=[{"name": "sdb1", "type": "part", "fstype": "ntfs", "mountpoints": [None]}]),
}


@pytest.mark.parametrize("changes", CLEAR.values(), ids=CLEAR)
def test_a_disk_in_clear_is_seen_however_it_is_used(changes: Changes) -> None:
    assert verdict(changes) is Verdict.FAILED


def test_what_a_computer_starts_from_holds_no_data() -> None:
    assert verdict({MOUNTS: TEXT[MOUNTS].replace(" /boot/efi ", " /boot/firmware ")}) is Verdict.PASSED
    assert verdict({MOUNTS: TEXT[MOUNTS] + "/dev/nvme0n1p1 /efi vfat rw 0 0\n"}) is Verdict.PASSED


@pytest.mark.parametrize(
    "disk",
    [
        {"fstype": "crypto_LUKS", "mountpoints": [None]},
        {"fstype": "linux_raid_member", "mountpoints": [None]},
        {"name": "zram0", "fstype": "swap", "mountpoints": ["[SWAP]"]},
        {"type": "rom", "fstype": "iso9660", "mountpoints": [None]},
    ],
)
def test_locked_disks_and_what_is_no_disk_are_not_in_clear(disk: dict[str, object]) -> None:
    assert verdict(with_disk(**disk)) is Verdict.PASSED


def test_an_unmounted_starter_of_another_system_is_a_doubt() -> None:
    changes = with_disk(fstype="vfat", mountpoints=[None])
    assert verdict(changes) is Verdict.UNPROVEN
    assert Volume("host/@", "disk:sdb", None, removable=False) in facts(Volume, changes)


def test_where_nothing_names_file_systems_unmounted_disks_are_a_gap() -> None:
    blocks = '{"blockdevices": [{"name": "vda", "type": "disk", "fstype": null, "mountpoints": ["/"]}]}'
    assert gaps("Volume", {BLOCKS: blocks})["unmounted"] == "not_decidable"


def test_no_stick_plugged_in_at_that_second_proves_nothing() -> None:
    usable: Changes = {"file:/etc/modprobe.d/usb-storage.conf": ""}
    assert verdict(usable, "R19.3") is Verdict.UNPROVEN
    assert verdict({}, "R19.3") is Verdict.PASSED


NO_BLOCKS: Changes = {
    BLOCKS: '{"blockdevices": [{"name": "vda", "type": "disk", "fstype": "ext4", "mountpoints": ["/"]}]}'
}


def volumes(changes: Changes) -> dict[str, bool | None]:
    return {volume.mount: volume.encrypted for volume in facts(Volume, changes)}


def test_a_volume_on_two_disks_of_which_one_is_in_clear_is_in_clear() -> None:
    tree = json.loads(TEXT[BLOCKS.section])
    tree["blockdevices"].append(
        {
            "name": "sdb",
            "type": "disk",
            "children": [{"name": "poste--vg-home", "type": "lvm", "mountpoints": ["/home"]}],
        }
    )
    assert volumes({BLOCKS: json.dumps(tree)})["/home"] is False


def test_network_and_memory_file_systems_are_no_disks() -> None:
    mounts = TEXT["file:/proc/mounts"] + "nas:/data /data nfs4 rw 0 0\n//nas/x /x cifs rw,username=a 0 0\n"
    assert volumes({"file:/proc/mounts": mounts}).keys() == volumes({}).keys()


def test_a_disk_mounted_in_several_places_counts_once() -> None:
    mounts = "/dev/sda1 /run/netns ext4 rw 0 0\n/dev/sda1 / ext4 rw 0 0\n/dev/sda1 /srv/bound ext4 rw 0 0\n"
    assert set(volumes({"file:/proc/mounts": mounts, **NO_BLOCKS})) == {"/"}


def test_an_overlay_says_nothing_of_the_disk_below() -> None:
    mounts = "overlay / overlay rw,relatime,lowerdir=/a 0 0\n"
    changes = {"file:/proc/mounts": mounts, **NO_BLOCKS}
    assert volumes(changes) == {"/": None}
    assert gaps("Volume", changes) == {"encrypted": "not_decidable"}


def test_without_block_devices_nothing_is_claimed() -> None:
    changes = {BLOCKS: "{}", "cmd:lsblk -J -o NAME,TYPE,FSTYPE,MOUNTPOINT,RM,HOTPLUG,TRAN": "{}"}
    assert set(volumes(changes).values()) == {None}


def test_a_usb_disk_is_removable() -> None:
    tree = json.loads(TEXT[BLOCKS.section])
    tree["blockdevices"].append({"name": "sdc", "type": "disk", "tran": "usb", "mountpoints": ["/media/cle"]})
    changes = {BLOCKS: json.dumps(tree), "file:/proc/mounts": "/dev/sdc /media/cle vfat rw 0 0\n"}
    assert Volume("host/@", "/media/cle", encrypted=False, removable=True) in facts(Volume, changes)


def test_a_disk_in_clear_is_seen() -> None:
    blocks = TEXT[BLOCKS.section].replace('"crypt"', '"part"')
    assert volumes({BLOCKS: blocks})["/"] is False
