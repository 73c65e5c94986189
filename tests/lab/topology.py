"""A practice drawn at random: its segments, its hosts, what they may say to one another. No flaw yet."""

import random
from collections.abc import Callable, Iterator
from ipaddress import IPv4Network
from typing import Any

from negatoscope.model.hosts import CLIENTS, HostClass
from negatoscope.model.zones import ZoneKind

Entry = dict[str, Any]
INNER = (
    ZoneKind.USERS, ZoneKind.USERS, ZoneKind.IMAGING, ZoneKind.IMAGING, ZoneKind.SERVERS, ZoneKind.SERVERS,
    ZoneKind.DMZ, ZoneKind.GUEST, ZoneKind.PUBLIC,
)  # fmt: skip
MOST_SEGMENTS = 6
LEASED = 0.3
"""Of segments with desks: where the router lends addresses."""
INVENTORIED = 0.1
"""Of desks: those with an inventory agent, for which the console must serve."""
VISITED = frozenset({ZoneKind.GUEST, ZoneKind.PUBLIC})
OUTSIDE = ("192.0.2.0/28", "198.51.100.16/28", "203.0.113.64/27", "203.0.113.0/29")
PLACES = ("nord", "sud", "rdc", "etage", "a", "b", "Est", "2e")
SERVICES = ("tcp/443", "tcp/2762,11112", "tcp/21,443", "tcp/23", "tcp/80,143", "udp/53", "icmp")
NAMES = {
    HostClass.WORKSTATION: ("accueil", "secretariat", "PC", "poste-Été", "radiologue"),
    HostClass.LAPTOP: ("portable", "garde", "Nomade"),
    HostClass.MODALITY: ("irm", "scanner", "écho", "mammo", "Salle-3"),
    HostClass.SERVER: ("srv", "pacs", "RIS", "fichiers"),
    HostClass.PRINTER: ("copieur", "imprimante"),
    HostClass.NETWORK: ("sw", "borne", "boîtier"),
    HostClass.OTHER: ("onduleur", "téléphone", "écran"),
}


class Topology:
    """One practice in good health, but for hosts that stand where they should not: ``excused``."""

    def __init__(self, dice: random.Random) -> None:
        """Draw it all."""
        self.dice = dice
        self.segments = list(self._segments())
        self.kinds = {one["name"]: ZoneKind(one["kind"]) for one in self.segments}
        self.router: Entry = {"name": dice.choice(("fw-1", "pare-feu", "Boîte"))}
        self.router |= self._some("vpn", ("openvpn", "strongswan", "wireguard"), 0.4)
        self.router |= self._some("exports", ("netflow5", "netflow9", "ipfix"), 0.6)
        self.excused: list[Entry] = []
        self.hosts: list[Entry] = []
        for name, kind in self.kinds.items():
            self.hosts += self._hosts(name, kind)
        visited = [name for name, kind in self.kinds.items() if kind in VISITED]
        self.wifi = [{"ssid": f"radio {name}", "point": self._point(), "segment": name} for name in visited]
        self.sockets = list(self._sockets())
        self.flows = list(self._flows())

    def of(self, *kinds: ZoneKind) -> list[str]:
        """Names of the segments of these kinds."""
        return [name for name, kind in self.kinds.items() if kind in kinds]

    def _some(self, key: str, values: tuple[str, ...], chance: float) -> Entry:
        return {key: self.dice.choice(values)} if self.dice.random() < chance else {}

    def _segments(self) -> Iterator[Entry]:
        dice = self.dice
        inner = dice.sample(INNER, dice.randint(1, MOST_SEGMENTS))
        networks = self._networks(len(inner) + 1)
        yield {"name": "dehors", "kind": "internet", "cidr": dice.choice(OUTSIDE[:3])}
        yield {"name": "admin", "kind": "administration", "cidr": next(networks)}
        for number, kind in enumerate(inner):
            name = f"{kind.value[:6]}-{dice.choice(PLACES)}"[:10]
            told: Entry = {"name": f"{name}{number}", "kind": kind.value, "cidr": next(networks)}
            yield told | ({"leases": True} if kind is ZoneKind.USERS and dice.random() < LEASED else {})

    def _networks(self, count: int) -> Iterator[str]:
        dice = self.dice
        around = dice.choice(("10.0.0.0/8", f"172.{dice.randint(16, 31)}.0.0/16", "192.168.0.0/16"))
        base, blocks = IPv4Network(around), IPv4Network(around).num_addresses // 256
        for block in dice.sample(range(blocks), count):
            yield f"{base[256 * block]}/{dice.choice((26, 27, 28, 28))}"

    def _host(self, kind: HostClass, segment: str, *services: Entry, **more: Any) -> Entry:  # noqa: ANN401 -- of TOML
        name = f"{self.dice.choice(NAMES[kind])}-{len(self.hosts) + len(self._fresh)}"
        told: Entry = {"name": name, "segment": segment, "class": kind.value, **more}
        if self.dice.random() < 0.15:
            told["called"] = name.rpartition("-")[0]
        if services:
            told["services"] = list(services)
        self._fresh.append(told)
        return told

    def _hosts(self, segment: str, kind: ZoneKind) -> list[Entry]:
        self._fresh: list[Entry] = []
        draws: dict[ZoneKind, Callable[[str], None]] = {
            ZoneKind.USERS: self._desks, ZoneKind.IMAGING: self._modalities, ZoneKind.SERVERS: self._servers,
            ZoneKind.ADMINISTRATION: self._devices, ZoneKind.DMZ: self._portals, ZoneKind.GUEST: self._visitors,
            ZoneKind.PUBLIC: self._visitors,
        }  # fmt: skip
        if kind in draws:
            draws[kind](segment)
        return self._fresh

    def _desks(self, segment: str) -> None:
        dice = self.dice
        for _ in range(dice.randint(1, 3)):
            agent = [{"kind": "agent"}] if dice.random() < INVENTORIED else []
            self._host(dice.choice(sorted(CLIENTS)), segment, *agent)
        if dice.random() < 0.4:
            self._host(HostClass.PRINTER, segment)
        if dice.random() < 0.15:
            self._astray(self._host(HostClass.SERVER, segment), "misplaced")
        if dice.random() < 0.15:
            self._astray(self._host(HostClass.NETWORK, segment), "device_among_others")

    def _astray(self, host: Entry, kind: str) -> None:
        self.excused.append({"kind": kind, "host": host["name"]})

    def _modalities(self, segment: str) -> None:
        dice = self.dice
        for number in range(dice.randint(1, 3)):
            node = {"kind": "dicom", "title": f"MOD{number}", "port": dice.choice((104, 2762, 11112))}
            self._host(HostClass.MODALITY, segment, node, consent=dice.random() < 0.8)
        if dice.random() < 0.3:
            archive = {"kind": "dicom", "title": "ARCHIVE", "server": "orthanc", "port": 4242}
            self._host(HostClass.SERVER, segment, archive)
        if dice.random() < 0.1:
            self._astray(self._host(HostClass.LAPTOP, segment), "misplaced")

    def _servers(self, segment: str) -> None:
        dice = self.dice
        for _ in range(dice.randint(1, 2)):
            kinds = dice.sample(("https", "ssh", "ssh", "imaps", "ldaps"), dice.randint(0, 3))
            services: list[Entry] = [{"kind": kind} for kind in dict.fromkeys(kinds)]
            if "ssh" in kinds and dice.random() < 0.3:
                services.append({"kind": "vpn", "tunnel": dice.choice(("openvpn", "strongswan", "wireguard"))})
            if "ssh" in kinds and dice.random() < 0.2:
                services.append({"kind": dice.choice(("smtps", "backups"))})
            if dice.random() < 0.3:
                services.append({"kind": dice.choice(("smb", "ipps", "sql"))})
            self._host(HostClass.SERVER, segment, *services)

    def _devices(self, segment: str) -> None:
        dice = self.dice
        self._host(HostClass.NETWORK, segment)
        if dice.random() < 0.6:
            self._host(HostClass.NETWORK, segment, {"kind": "switch"})
        if dice.random() < 0.3:
            self._host(HostClass.OTHER, segment, {"kind": "https", "port": 8443})

    def _portals(self, segment: str) -> None:
        self._host(HostClass.SERVER, segment, {"kind": "https"})

    def _visitors(self, segment: str) -> None:
        if self.dice.random() < 0.3:
            self._host(HostClass.OTHER, segment)

    def _point(self) -> str:
        """The first device: it serves the radio networks."""
        return next(str(one["name"]) for one in self.hosts if one["segment"] == "admin")

    def _sockets(self) -> Iterator[Entry]:
        inside = self.of(ZoneKind.USERS, ZoneKind.IMAGING, ZoneKind.SERVERS)
        if not inside or not any({"kind": "switch"} in one.get("services", ()) for one in self.hosts):
            return
        for port in range(1, self.dice.randint(2, 6)):
            use = self.dice.choice(("", "printer", "screen", "camera", "phone"))
            state = self.dice.choice(("dead", "checked"))
            yield {"name": f"2.{port}", "port": port, "segment": self.dice.choice(inside), "room": "Salle d’attente",
                   "public": True, "used_by": use, "state": state}  # fmt: skip

    def _flows(self) -> Iterator[Entry]:
        inside = self.of(ZoneKind.USERS, ZoneKind.IMAGING, ZoneKind.SERVERS)
        wanted = {
            (source, target)
            for _ in range(self.dice.randint(2, 7)) if inside
            for source, target in [(self.dice.choice(inside), self.dice.choice([*inside, "dehors"]))]
            if source != target
        }  # fmt: skip
        for source, target in sorted(wanted):
            yield {"from": source, "to": target, "service": self.dice.choice(SERVICES)}
        for name in self.of(*VISITED):
            yield {"from": name, "to": "dehors", "service": "tcp/80,443"}
