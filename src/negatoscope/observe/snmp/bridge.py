"""A switch's own words: ports, VLANs, what it learnt behind them, who stands beside it."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_interface

from negatoscope.model.evidence import Ref
from negatoscope.model.switching import Neighbour, Place, Sighting, SwitchPort, Vlan
from negatoscope.observe.snmp.message import Arcs
from negatoscope.observe.snmp.table import Told, address, mac, members, text

UP, LEARNT, SELF = 1, 3, 4
FORCE_UNAUTHORISED, AUTO, FORCE_AUTHORISED = 1, 2, 3
ENABLED, DISABLED = 1, 2
MAC_SUBTYPE = {"chassis": 4, "port": 3}
"""``lldpChassisIdSubtype`` and ``lldpPortIdSubtype`` of a MAC."""
_VLAN_OF = re.compile(
    r"^(?:vl|vlan|irb|bvi|ve|vlan-?interface|vlanif|l3-?vlan)[-_ .]?(\d{1,4})$|\.(\d{1,4})$", re.IGNORECASE
)
"""Names of interfaces that stand in one VLAN: ``Vlan20``, ``Vl20``, ``irb.20``, ``eth0.20``."""
MAX_VLAN = 4094


@dataclass(frozen=True, slots=True)
class _Carried:
    """VLANs of one port."""

    untagged: frozenset[int]
    tagged: frozenset[int] | None


def vlan_of(interface: str) -> int | None:
    """The VLAN in which an interface stands, by its name."""
    found = _VLAN_OF.search(interface.strip())
    number = int(found[1] or found[2]) if found else 0
    return number if 1 <= number <= MAX_VLAN else None


def ports(told: Told, host: Ref) -> Iterator[SwitchPort]:
    """Each port that switches frames."""
    names, base = told.names, _base(told)
    enabled, linked = told.numbers("if_admin"), told.numbers("if_oper")
    alias = told.texts("if_alias")
    carried, behind = _carried(told), Counter(port for port, _, _ in _learnt(told))
    counted = told.trouble(("fdb_port", "fdb_status", "qfdb_port", "qfdb_status")) is None
    for port, index in sorted(base.items()):
        vlans = carried.get(port, _Carried(frozenset(), None))
        own = told.numbers("pvid").get((port,)) or (min(vlans.untagged) if len(vlans.untagged) == 1 else None)
        others = None if vlans.tagged is None else tuple(sorted((vlans.tagged | vlans.untagged) - {own}))
        yield SwitchPort(
            host,
            names.get(index, str(index)),
            index,
            alias.get((index,)),
            _is(enabled.get((index,)), UP),
            _is(linked.get((index,)), UP),
            own,
            others,
            _authenticated(told, index),
            behind[port] if counted else None,
        )


def _base(told: Told) -> Mapping[int, int]:
    """``ifIndex`` of each bridge port."""
    return {row[0]: index for row, index in told.numbers("base_if").items() if len(row) == 1}


def _is(value: int | None, expected: int) -> bool | None:
    return None if value is None else value == expected


def _authenticated(told: Told, index: int) -> bool | None:
    """Whether nothing passes before 802.1X allows it; a switch that does not speak of it has not said so."""
    whole = told.numbers("dot1x_on").get((0,))
    here = told.numbers("dot1x_port").get((index,))
    if whole == DISABLED or here == FORCE_AUTHORISED:
        return False
    return True if whole == ENABLED and here in {AUTO, FORCE_UNAUTHORISED} else None


def _carried(told: Told) -> dict[int, _Carried]:
    """VLANs by port: as they are now, else as they were configured."""
    for egress, untagged in (("egress", "untagged"), ("static_egress", "static_untagged")):
        out, bare = told.bytes(egress), told.bytes(untagged)
        if not out or told.trouble((egress, untagged)):
            continue
        all_of: defaultdict[int, set[int]] = defaultdict(set)
        bare_of: defaultdict[int, set[int]] = defaultdict(set)
        for row, ports_of in out.items():
            without_tag = members(bare.get(row, b""))
            for port in members(ports_of):
                all_of[port].add(row[-1])
                if port in without_tag:
                    bare_of[port].add(row[-1])
        every = {*all_of, *_base(told)}
        return {port: _Carried(frozenset(bare_of[port]), frozenset(all_of[port] - bare_of[port])) for port in every}
    return {}


def vlans(told: Told, host: Ref, addresses: Mapping[str, tuple[str, ...]]) -> Iterator[Vlan]:
    """Each VLAN; ``addresses``: with their prefix, by interface."""
    names = {row[0]: name for row, name in told.texts("vlan_name").items() if len(row) == 1}
    known = set(names) | {row[-1] for column in ("egress", "static_egress") for row in told.bytes(column) if row}
    known |= set(told.numbers("pvid").values())
    networks: dict[int, tuple[str, ...]] = {}
    for interface, own in addresses.items():
        if own and (number := vlan_of(interface)):
            networks[number] = tuple(sorted({str(ip_interface(one).network) for one in own}))
    for number in sorted(one for one in known | set(networks) if 1 <= one <= MAX_VLAN):
        yield Vlan(host, number, names.get(number), networks.get(number))


def sightings(told: Told, host: Ref) -> Iterator[Sighting]:
    """Cards learnt behind ports, then those of the tables of neighbours."""
    names, base = told.names, _base(told)
    for port, card, vlan in sorted(_learnt(told), key=str):
        if port in base:
            yield Sighting(host, card, Place.PORT, names.get(base[port], str(base[port])), vlan=vlan)
    seen = set()
    for row, card in (*told.macs("arp").items(), *told.macs("neighbour").items()):
        found = _near(row)
        if found and (found[0], card) not in seen:
            seen.add((found[0], card))
            where = names.get(found[0], str(found[0]))
            yield Sighting(host, card, Place.ARP, where, found[1], vlan=vlan_of(where))


def _near(row: Arcs) -> tuple[int, str] | None:
    """``ifIndex`` and address: of the old table, or of the new one with its kind and length (IPv4 alone)."""
    if len(row) == 7 and row[1:3] == (1, 4):  # noqa: PLR2004 -- index, kind, length, four numbers
        row = (row[0], *row[3:])
    here = address(row[1:])
    return (row[0], here) if here else None


def _learnt(told: Told) -> set[tuple[int, str, int | None]]:
    """Bridge port, card, VLAN."""
    by_table: dict[int, set[int]] = defaultdict(set)
    for row, table in told.numbers("vlan_fdb").items():
        by_table[table].add(row[-1])
    found: set[tuple[int, str, int | None]] = set()
    status = told.numbers("qfdb_status")
    for row, port in told.numbers("qfdb_port").items():
        card = _card(row[1:])
        if card and port and status.get(row, LEARNT) == LEARNT:
            vlans_of = by_table.get(row[0], {row[0]} if not by_table else set())
            found.add((port, card, min(vlans_of) if len(vlans_of) == 1 else None))
    if not found:
        status = told.numbers("fdb_status")
        ports_of = told.numbers("fdb_port").items()
        cards = ((port, _card(row)) for row, port in ports_of if port and status.get(row, LEARNT) == LEARNT)
        found = {(port, card, None) for port, card in cards if card}
    return found


def _card(row: Arcs) -> str | None:
    return mac(bytes(row)) if row and max(row) < 256 else None  # noqa: PLR2004 -- a byte


def neighbours(told: Told, host: Ref) -> Iterator[Neighbour]:
    """Devices that present themselves; the row tells local port number, which LLDP numbers for itself."""
    kinds, systems = told.numbers("lldp_chassis_kind"), told.texts("lldp_system")
    port_kinds, port_rows = told.numbers("lldp_port_kind"), told.columns["lldp_port"]
    for row, one in sorted(told.columns["lldp_chassis"].items()):
        if len(row) != 3:  # noqa: PLR2004 -- time mark, local port, index
            continue
        chassis = (mac(one.value) if kinds.get(row) == MAC_SUBTYPE["chassis"] else text(one)) or one.value.hex()
        port = port_rows.get(row)
        is_mac = port_kinds.get(row) == MAC_SUBTYPE["port"]
        remote = (mac(port.value) if is_mac else text(port)) if port else None
        yield Neighbour(host, _local(told, row[1]), chassis, systems.get(row), remote)


def _local(told: Told, number: int) -> str:
    """The local port's name, as in ``SwitchPort`` where that can be told."""
    names = told.names
    said = told.texts("lldp_local").get((number,)), told.texts("lldp_local_descr").get((number,))
    known = set(names.values())
    found = next((one for one in said if one in known), None)
    return found or names.get(number) or said[0] or str(number)
