"""File systems and swap on disks, mounted or not, and whether dm-crypt (LUKS) lies below them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import msgspec
from msgspec import Struct

from negatoscope.model.hardening import STARTERS, Volume
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
_ENGINES = ("/var/lib/docker/", "/var/lib/containers/", "/snap/", "/run/snapd/")
"""Where containers stack layers of a disk that is mounted, and judged, elsewhere."""
_HOLDERS = ("_member", "crypto_LUKS", "BitLocker")
"""What a disk may hold that is no file system: parts of an array, a volume group, a locked disk."""
_NO_DISK = frozenset({"rom", "loop"})


class _Block(Struct):
    name: str = ""
    type: str = ""
    fstype: str | None = None
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


@dataclass(frozen=True, slots=True)
class _Leaf:
    """A block device that holds something by itself."""

    name: str
    holds: str
    mounted: bool
    below: _Below


@dataclass(slots=True)
class _Tree:
    """What ``lsblk`` shows. ``blind``: it names no file system at all, as it does without udev's database."""

    below: dict[str, _Below] = field(default_factory=dict)
    leaves: dict[str, _Leaf] = field(default_factory=dict)
    blind: bool = True


def volumes(sections: Sections) -> Iterator[Item]:
    """One fact for each file system on a disk; nothing visible below it: not known."""
    mounts = sections.file("/proc/mounts")
    if not mounts.ok:
        yield from closed("Volume", {"mounts": sections.why(mounts)})
        return
    tree = _tree(sections)
    found = [*_mounted(_one_a_disk(_mounts(mounts.lines)), tree.below if tree else {}), *_others(tree)]
    yield from found
    missing = {"encrypted": NOT_DECIDABLE} if any(volume.encrypted is None for volume in found) else {}
    if tree is None:
        missing = {"encrypted": sections.why(sections[BLOCKS.section])}
    elif tree.blind:
        missing["unmounted"] = NOT_DECIDABLE
    yield from closed("Volume", missing)


def _mounted(mounts: Iterable[_Mount], below: dict[str, _Below]) -> Iterator[Volume]:
    for mount in mounts:
        layer = None if mount.system in _LAYERS else below.get(mount.source) or below.get(mount.path)
        yield Volume(HOST, mount.path, layer.encrypted if layer else None, layer.removable if layer else None)


def _others(tree: _Tree | None) -> Iterator[Volume]:
    """Swap, and what nobody has mounted now; an unmounted ``vfat`` may be what another system starts from."""
    for leaf in tree.leaves.values() if tree else ():
        encrypted = None if leaf.holds == "vfat" and not leaf.below.encrypted else leaf.below.encrypted
        if leaf.holds == "swap":
            yield Volume(HOST, f"swap:{leaf.name}", leaf.below.encrypted, leaf.below.removable)
        elif not leaf.mounted:
            yield Volume(HOST, f"disk:{leaf.name}", encrypted, leaf.below.removable)


def _one_a_disk(mounts: Iterable[_Mount]) -> Iterator[_Mount]:
    """Those on disks; a disk mounted in several places counts once: as data rather than as a starter, highest up."""
    seen: set[str] = set()
    on_disks = (mount for mount in mounts if mount.system in _ON_DISK)
    for mount in sorted(on_disks, key=lambda mount: (mount.path in STARTERS, len(mount.path))):
        place = mount.source if mount.source.startswith("/dev/") else mount.path
        if place not in seen and mount.path not in seen:
            seen |= {place, mount.path}
            yield mount


def _mounts(lines: list[str]) -> Iterator[_Mount]:
    """Containers mount the same disk many times over: the layers under the engines' directories are not repeated."""
    for line in reversed(lines):
        fields = line.split()
        if len(fields) < 4:  # noqa: PLR2004 -- mounts(5)
            continue
        path = fields[1].replace("\\040", " ").replace("\\011", "\t").replace("\\134", "\\")
        if not (path.startswith(_ENGINES) and fields[2] in _LAYERS) and not _is_disc(fields):
            yield _Mount(path, fields[0], fields[2])


def _is_disc(fields: list[str]) -> bool:
    """A disc that was burnt once, read-only for ever."""
    return fields[2] == "udf" and "rw" not in fields[3].split(",")


def _tree(sections: Sections) -> _Tree | None:
    for probe in (BLOCKS, BLOCKS_OLD):
        section = sections[probe.section]
        if section.ok:
            try:
                blocks = msgspec.json.decode(section.text, type=_Blocks)
            except (msgspec.DecodeError, UnicodeError, RecursionError):
                return None
            tree = _Tree()
            for block in blocks.blockdevices:
                _walk(block, _Below(encrypted=False, removable=False), tree, 0)
            return tree
    return None


def _walk(block: _Block, above: _Below, tree: _Tree, depth: int) -> None:
    """Down from the disk: what a mount stands on is all that was passed. On several disks, one in clear is enough."""
    here = _Below(above.encrypted or block.type == "crypt", above.removable or _detachable(block))
    for path in (*block.mountpoints, block.mountpoint, f"/dev/{block.name}", f"/dev/mapper/{block.name}"):
        if path:
            tree.below[path] = _worst(tree.below.get(path, here), here)
    holds = block.fstype or ""
    tree.blind = tree.blind and not holds
    if holds and not holds.endswith(_HOLDERS) and block.type not in _NO_DISK and not block.name.startswith("zram"):
        mounted = any((*block.mountpoints, block.mountpoint))
        tree.leaves[block.name] = _Leaf(block.name, holds, mounted, tree.below[f"/dev/{block.name}"])
    for child in block.children if depth < MAX_DEPTH else []:
        _walk(child, here, tree, depth + 1)


def _worst(one: _Below, other: _Below) -> _Below:
    return _Below(one.encrypted and other.encrypted, one.removable or other.removable)


def _detachable(block: _Block) -> bool:
    return block.tran == "usb" or any(flag in (True, "1") for flag in (block.rm, block.hotplug))
