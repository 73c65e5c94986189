"""The fictional practice, as ``practice.toml`` describes it."""

import hashlib
import tomllib
from datetime import date
from ipaddress import ip_network
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
STORY = HERE.parents[1] / "src" / "negatoscope" / "flows" / "demonstration"
CARDS = {
    "Dell": "8c:04:ba", "HP": "3c:52:82", "HPE": "94:18:82", "Lenovo": "54:e1:ad", "Siemens": "00:0e:8c",
    "GE": "00:80:ca", "Canon": "00:00:85", "Hologic": "00:15:2b", "Philips": "00:09:fb", "Planmeca": "00:12:6f",
    "Brother": "00:80:77", "Kyocera": "00:c0:ee", "Rimage": "00:50:c2", "Netgate": "90:ec:77", "Apple": "f0:18:98",
    "Raspberry": "b8:27:eb",
}  # fmt: skip
"""First half of a maker's addresses, as nmap names them."""
GROUPS = {
    "radiologue": "radiologues", "manipulat": "manipulateurs", "secrétaire": "secretariat",
    "stagiaire": "manipulateurs",
    "comptable": "direction", "responsable": "direction", "cadre": "manipulateurs", "référent": "informatique",
    "technicien": "prestataires", "physicien": "prestataires",
}  # fmt: skip
"""How a role begins, and the directory's group for it."""
WINDOWS = frozenset({"windows", "laptop", "fileserver"})
FAR = "9999-12-31"
"""The last day of whoever stays."""
SEEN = frozenset({"ghost", "retired"})
"""What no instrument meets any more."""


class Host(NamedTuple):
    """One host."""

    name: str
    address: str
    mac: str
    kind: str
    model: str
    ports: tuple[int, ...]
    flaws: frozenset[str]

    @property
    def vendor(self) -> str:
        return self.model.partition(" ")[0]

    @property
    def product(self) -> str:
        return self.model.partition(" ")[2]

    @property
    def serial(self) -> str:
        return f"EX{digest(self.name)[:5].upper()}"


class Somebody(NamedTuple):
    """One person. ``login`` is also the identifier in the list of staff."""

    login: str
    last: str
    first: str
    role: str
    footing: str
    site: str
    arrived: date
    last_day: date

    @property
    def left(self) -> date | None:
        return None if self.last_day.isoformat() == FAR else self.last_day


def said() -> dict[str, Any]:
    return tomllib.loads((HERE / "practice.toml").read_text("utf-8"))


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def networks() -> dict[str, str]:
    """Name and CIDR."""
    return {name: one["cidr"] for name, one in said()["networks"].items()}


def hosts(*kinds: str) -> list[Host]:
    """All hosts, or those made as one of these kinds."""
    where = networks()
    return [
        Host(
            name,
            str(ip_network(where[one["net"]])[one["at"]]),
            f"{CARDS[one['model'].partition(' ')[0]]}:{_tail(name)}",
            one["kind"],
            one["model"],
            tuple(one.get("ports", ())),
            frozenset(one.get("flaws", ())),
        )
        for name, one in said()["hosts"].items()
        if not kinds or one["kind"] in kinds
    ]


def people() -> list[Somebody]:
    return [
        Somebody(login, last, first, role, footing, site, date.fromisoformat(came), date.fromisoformat(left or FAR))
        for login, (last, first, role, footing, site, came, left) in said()["people"].items()
    ]


def _tail(name: str) -> str:
    found = digest(name)
    return f"{found[:2]}:{found[2:4]}:{found[4:6]}"
