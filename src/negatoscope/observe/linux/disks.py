"""Mounted file systems on disks, and whether dm-crypt (LUKS) lies below them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import msgspec
from msgspec import Struct

from negatoscope.model.hardening import Volume
from negatoscope.observe.collector import Item
from negatoscope.observe.linux.outcome import HOST, NOT_DECIDABLE, closed
from negatoscope.observe.linux.probes import BLOCKS, BLOCKS_OLD
from negatoscope.observe.linux.sections import Sections

MAX_DEPTH = 32
_ON_DISK = frozenset(
    {"ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "jfs", "reiserfs", "nilfs2", "bcachefs", "vfat", "exfat", "msdos"}
    | {"ntfs", "ntfs3", "fuseblk", "hfsplus", "udf", "zfs", "overlay", "aufs"}
)
"""File systems that keep data on a disk of this host. Network, memory and kernel file systems are not disks."""
_LAYERS = frozenset({"overlay", "aufs", "zfs"})
"""Nothing tells which disk lies below."""


class _Block(Struct):
    name: str = ""
    type: str = ""
    mountpoints: list[str | None] = []
    mountpoint: str | None = None
    rm: bool | str = False
    hotplug: bool | str = False
    tran: str | None = None
    children: list["_Block"] = []


class _Blocks(Struct):
    blockdevices: list[_Block] = []


@dataclass(frozen=True, slots=True)
class _Below:
    """What lies below a mount point."""

    encrypted: bool
    removable: bool


@dataclass(frozen=True, slots=True)
class _Mount:
    path: str
    source: str
    system: str
    writable: bool


def volumes(sections: Sections) -> Iterator[Item]:
    """One fact for each writable mount on a disk; nothing visible below it: not known."""
    mounts = sections.file("/proc/mounts")
    if not mounts.ok:
        yield from closed("Volume", {"mounts": sections.why(mounts)})
        return
    below = _below(sections)
    unknown = False
    for mount in _one_a_disk(_mounts(mounts.lines)):
        layer = None if mount.system in _LAYERS else (below or {}).get(mount.path) or (below or {}).get(mount.source)
        unknown = unknown or layer is None
        yield Volume(HOST, mount.path, layer.encrypted if layer else None, layer.removable if layer else None)
    if below is None:
        yield from closed("Volume", {"encrypted": sections.why(sections[BLOCKS.section])})
    else:
        yield from closed("Volume", {"encrypted": NOT_DECIDABLE} if unknown else {})


def _one_a_disk(mounts: Iterable[_Mount]) -> Iterator[_Mount]:
    """The writable ones on disks; a disk mounted in several places (bind mounts, subvolumes) counts once, highest up."""
    seen: set[str] = set()
    on_disks = (mount for mount in mounts if mount.writable and mount.system in _ON_DISK)
    for mount in sorted(on_disks, key=lambda mount: len(mount.path)):
        place = mount.source if mount.source.startswith("/dev/") else mount.path
        if place not in seen and mount.path not in seen:
            seen |= {place, mount.path}
            yield mount


def _mounts(lines: list[str]) -> Iterator[_Mount]:
    """Containers mount the same disk many times over: what lies under the engines' own directories is not repeated."""
    for line in reversed(lines):
        fields = line.split()
        if len(fields) < 4:  # noqa: PLR2004 -- mounts(5)
            continue
        path = fields[1].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
        if not path.startswith(("/var/lib/docker/", "/var/lib/containers/", "/snap/", "/run/snapd/")):
            yield _Mount(path, fields[0], fields[2], "rw" in fields[3].split(","))


def _below(sections: Sections) -> dict[str, _Below] | None:
    for probe in (BLOCKS, BLOCKS_OLD):
        section = sections[probe.section]
        if section.ok:
            try:
                tree = msgspec.json.decode(section.text, type=_Blocks)
            except (msgspec.DecodeError, UnicodeError, RecursionError):
                return None
            found: dict[str, _Below] = {}
            for block in tree.blockdevices:
                _walk(block, _Below(encrypted=False, removable=False), found, 0)
            return found
    return None


def _walk(block: _Block, above: _Below, found: dict[str, _Below], depth: int) -> None:
    """Down from the disk: what a mount stands on is all that was passed. On several disks, one in clear is enough."""
    here = _Below(above.encrypted or block.type == "crypt", above.removable or _detachable(block))
    for path in (*block.mountpoints, block.mountpoint, f"/dev/{block.name}", f"/dev/mapper/{block.name}"):
        if path:
            before = found.get(path, here)
            found[path] = _Below(before.encrypted and here.encrypted, before.removable or here.removable)
    for child in block.children if depth < MAX_DEPTH else []:
        _walk(child, here, found, depth + 1)


def _detachable(block: _Block) -> bool:
    return block.tran == "usb" or any(flag in (True, "1") for flag in (block.rm, block.hotplug))
