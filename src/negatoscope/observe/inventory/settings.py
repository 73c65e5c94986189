"""Disks and the host's own packet filter, as far as an inventory tells."""

from collections.abc import Iterator

from negatoscope.model.evidence import Gap, Sweep
from negatoscope.model.hardening import Firewall, Volume
from negatoscope.observe.collector import Item
from negatoscope.observe.inventory.post import HOST, Post, Row, text

PROFILES = frozenset({"domainprofile", "standardprofile", "publicprofile"})
_ELSEWHERE = frozenset({"network drive", "compact disc", "ram disk", "no root directory"})
_ON_DISK = frozenset(
    {"ext2", "ext3", "ext4", "xfs", "btrfs", "f2fs", "jfs", "reiserfs", "vfat", "exfat", "ntfs", "fuseblk", "zfs"}
)
SMALLEST = 2000
"""Megabytes below which a volume without a letter is what Windows starts and repairs itself from: no data there."""


def volumes(post: Post) -> Iterator[Item]:
    """One fact a volume. Where the agent says nothing of encryption, it is not known: Linux agents miss much of it."""
    found: dict[str, Volume] = {}
    for row in post.rows("drives"):
        for volume in _windows(row) if post.windows else _unix(row):
            found.setdefault(volume.mount, volume)
    yield from found.values()
    if post.windows:
        dark = any(volume.encrypted is None for volume in found.values())
        yield Gap("Volume", "not_decidable", HOST, {"fields": "encrypted"}) if dark else Sweep("Volume", HOST)
    elif not post.partial or found:
        yield Gap("Volume", "mounted_only", HOST)


def _encrypted(row: Row) -> bool | None:
    return {"yes": True, "no": False}.get((text(row, "encrypt_status") or "").lower())


def _windows(row: Row) -> Iterator[Volume]:
    kind, letter = (text(row, "type") or "").lower(), text(row, "letter")
    total = row.get("total")
    size = int(str(total)) if str(total or "").isdigit() else None
    lettered = bool(letter and ":" in letter)
    if kind in _ELSEWHERE or not (lettered or size is None or size >= SMALLEST):
        return
    removable = {"removable disk": True, "local disk": False}.get(kind)
    yield Volume(HOST, letter or text(row, "label", "volumn") or "?", _encrypted(row), removable)


def _unix(row: Row) -> Iterator[Volume]:
    mount = text(row, "type")
    if mount and mount.startswith("/") and (text(row, "filesystem") or "").lower() in _ON_DISK:
        yield Volume(HOST, mount, _encrypted(row) or None)


def firewall(post: Post) -> Iterator[Item]:
    """Windows' filter, profile by profile: one that is off is enough. What it lets in is in the registry.

    On Linux agents ask firewalld and ufw alone: “off” says nothing of nftables or iptables, which may filter well.
    """
    rows = post.rows("firewalls")
    states = {(text(row, "profile") or "").lower(): (text(row, "status") or "").lower() for row in rows}
    if post.windows or (post.windows is None and not PROFILES.isdisjoint(states)):
        told = {name: state for name, state in states.items() if name in PROFILES}
        off = any(state == "off" for state in told.values())
        whole = told.keys() == PROFILES and all(state == "on" for state in told.values())
        yield Firewall(HOST, active=False if off else True if whole else None)
        yield Gap("Firewall", "registry_not_collected", HOST, {"fields": "default_deny"})
    elif "on" in states.values():
        yield Firewall(HOST, active=True)
        yield Gap("Firewall", "agent_without_nftables", HOST, {"fields": "default_deny"})
    elif not post.partial:
        yield Gap("Firewall", "agent_without_nftables", HOST)
