"""What a device is, by its own words: maker, model, serial number, software, and its class where that is certain."""

from negatoscope.model.evidence import Ref
from negatoscope.model.hosts import Host, HostClass
from negatoscope.observe.snmp.table import Told, arcs

CHASSIS = 3
"""``entPhysicalClass``."""
PRINTER = (1, 3, 6, 1, 2, 1, 25, 3, 1, 5)
"""``hrDevicePrinter``."""
ETHERNET = frozenset({6, 117})
"""``ifType``: Ethernet, and its older gigabit form."""
FORWARDING, ROUTES, COMPUTES = 1, 0x04, 0x40
"""``ipForwarding``; bits of ``sysServices``: layer 3, layer 7."""
ENTERPRISES = (1, 3, 6, 1, 4, 1)
MAKERS = {
    9: "Cisco", 11: "HP", 171: "D-Link", 236: "Samsung", 253: "Xerox", 367: "Ricoh", 641: "Lexmark", 1129: "Toshiba",
    1248: "Epson", 1347: "Kyocera", 1602: "Canon", 1916: "Extreme Networks", 2001: "OKI", 2385: "Sharp",
    2435: "Brother", 2636: "Juniper", 4526: "Netgear", 6486: "Alcatel-Lucent", 11863: "TP-Link", 12356: "Fortinet",
    14823: "Aruba", 14988: "MikroTik", 18334: "Konica Minolta", 25506: "H3C", 41112: "Ubiquiti", 47196: "Aruba",
}  # fmt: skip
"""Private enterprise numbers (IANA) of makers that practices own."""
MAX_MODEL = 80


def device(told: Told, host: Ref, addresses: tuple[str, ...]) -> Host:
    """The device itself. A computer says nothing certain of its class."""
    part = _chassis(told)
    kind = _class(told)
    firmware = part("entity_software") or part("entity_firmware")
    return Host(
        host,
        told.one("name"),
        kind,
        os_version=firmware,
        vendor=part("entity_maker") or _maker(told),
        model=part("entity_model") or _model(told, kind),
        serial=told.one("printer_serial") or part("entity_serial"),
        macs=_macs(told) or None,
        addresses=addresses,
    )


def _chassis(told: Told) -> "_Part":
    rows = sorted(row for row, kind in told.numbers("entity_class").items() if kind == CHASSIS)
    return _Part(told, rows[0] if rows else None)


class _Part:
    """A physical part, asked for one thing at a time."""

    def __init__(self, told: Told, row: tuple[int, ...] | None) -> None:
        self._told, self._row = told, row

    def __call__(self, column: str) -> str | None:
        return self._told.texts(column).get(self._row) if self._row is not None else None


def _class(told: Told) -> HostClass | None:
    if told.columns["printer_name"] or told.columns["printer_serial"]:
        return HostClass.PRINTER
    services = told.numbers("services").get((0,), COMPUTES)
    if services & COMPUTES:
        return None
    routes = told.numbers("forwarding").get((0,)) == FORWARDING and services & ROUTES
    return HostClass.NETWORK if told.columns["base_if"] or routes else None


def _maker(told: Told) -> str | None:
    said = arcs(told.columns["object"].get((0,)))
    return MAKERS.get(said[6]) if said[:6] == ENTERPRISES and len(said) > 6 else None  # noqa: PLR2004 -- its number


def _model(told: Told, kind: HostClass | None) -> str | None:
    """A printer's own description; of a network device, what it says first of itself."""
    if kind is HostClass.PRINTER:
        kinds = told.columns["device_type"]
        printers = (row for row in sorted(kinds) if arcs(kinds[row]) == PRINTER)
        found = (told.texts("device_descr").get(row) for row in printers)
        return next((one for one in found if one), None)
    said = told.one("description") if kind is HostClass.NETWORK else None
    return said.partition(",")[0][:MAX_MODEL] if said else None


def _macs(told: Told) -> tuple[str, ...]:
    """Its own cards."""
    kinds, cards = told.numbers("if_type"), told.macs("if_mac")
    own = {card for row, card in cards.items() if kinds.get(row) in ETHERNET}
    return tuple(sorted(own | set(told.macs("base_mac").values())))
