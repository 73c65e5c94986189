"""What an agent is asked: columns of standard MIBs, by what they serve; nothing else is ever read."""

SYSTEM = {
    "description": "1.3.6.1.2.1.1.1",
    "object": "1.3.6.1.2.1.1.2",
    "name": "1.3.6.1.2.1.1.5",
    "location": "1.3.6.1.2.1.1.6",
    "services": "1.3.6.1.2.1.1.7",
}
"""SNMPv2-MIB (RFC 3418)."""
INTERFACES = {
    "if_descr": "1.3.6.1.2.1.2.2.1.2",
    "if_type": "1.3.6.1.2.1.2.2.1.3",
    "if_mac": "1.3.6.1.2.1.2.2.1.6",
    "if_admin": "1.3.6.1.2.1.2.2.1.7",
    "if_oper": "1.3.6.1.2.1.2.2.1.8",
    "if_name": "1.3.6.1.2.1.31.1.1.1.1",
    "if_alias": "1.3.6.1.2.1.31.1.1.1.18",
}
"""IF-MIB (RFC 2863)."""
ADDRESSES = {
    "forwarding": "1.3.6.1.2.1.4.1",
    "address_if": "1.3.6.1.2.1.4.20.1.2",
    "address_mask": "1.3.6.1.2.1.4.20.1.3",
}
"""IP-MIB (RFC 4293), with the table of RFC 1213 that every agent still has."""
NEAR = {"arp": "1.3.6.1.2.1.4.22.1.2", "neighbour": "1.3.6.1.2.1.4.35.1.4"}
"""IP-MIB: ``ipNetToMediaPhysAddress`` and ``ipNetToPhysicalPhysAddress``."""
ROUTES = {
    "route_if": "1.3.6.1.2.1.4.21.1.2",
    "route_next": "1.3.6.1.2.1.4.21.1.7",
    "route_type": "1.3.6.1.2.1.4.21.1.8",
    "route_mask": "1.3.6.1.2.1.4.21.1.11",
    "cidr_if": "1.3.6.1.2.1.4.24.4.1.5",
    "cidr_type": "1.3.6.1.2.1.4.24.4.1.6",
    "inet_if": "1.3.6.1.2.1.4.24.7.1.7",
    "inet_type": "1.3.6.1.2.1.4.24.7.1.8",
}
"""RFC1213-MIB and IP-FORWARD-MIB (RFC 4292)."""
PORTS = {
    "base_mac": "1.3.6.1.2.1.17.1.1",
    "base_if": "1.3.6.1.2.1.17.1.4.1.2",
    "pvid": "1.3.6.1.2.1.17.7.1.4.5.1.1",
    "egress": "1.3.6.1.2.1.17.7.1.4.2.1.4",
    "untagged": "1.3.6.1.2.1.17.7.1.4.2.1.5",
    "static_egress": "1.3.6.1.2.1.17.7.1.4.3.1.2",
    "static_untagged": "1.3.6.1.2.1.17.7.1.4.3.1.4",
    "vlan_name": "1.3.6.1.2.1.17.7.1.4.3.1.1",
    "dot1x_on": "1.0.8802.1.1.1.1.1.1",
    "dot1x_port": "1.0.8802.1.1.1.1.2.1.1.6",
}
"""BRIDGE-MIB (RFC 4188), Q-BRIDGE-MIB (RFC 4363), IEEE8021-PAE-MIB."""
LEARNT = {
    "fdb_port": "1.3.6.1.2.1.17.4.3.1.2",
    "fdb_status": "1.3.6.1.2.1.17.4.3.1.3",
    "qfdb_port": "1.3.6.1.2.1.17.7.1.2.2.1.2",
    "qfdb_status": "1.3.6.1.2.1.17.7.1.2.2.1.3",
    "vlan_fdb": "1.3.6.1.2.1.17.7.1.4.2.1.3",
}
"""Forwarding tables of BRIDGE-MIB and Q-BRIDGE-MIB."""
LLDP = {
    "lldp_chassis_kind": "1.0.8802.1.1.2.1.4.1.1.4",
    "lldp_chassis": "1.0.8802.1.1.2.1.4.1.1.5",
    "lldp_port_kind": "1.0.8802.1.1.2.1.4.1.1.6",
    "lldp_port": "1.0.8802.1.1.2.1.4.1.1.7",
    "lldp_system": "1.0.8802.1.1.2.1.4.1.1.9",
    "lldp_local_kind": "1.0.8802.1.1.2.1.3.7.1.2",
    "lldp_local": "1.0.8802.1.1.2.1.3.7.1.3",
    "lldp_local_descr": "1.0.8802.1.1.2.1.3.7.1.4",
}
"""LLDP-MIB (IEEE 802.1AB)."""
ENTITY = {
    "entity_class": "1.3.6.1.2.1.47.1.1.1.1.5",
    "entity_firmware": "1.3.6.1.2.1.47.1.1.1.1.9",
    "entity_software": "1.3.6.1.2.1.47.1.1.1.1.10",
    "entity_serial": "1.3.6.1.2.1.47.1.1.1.1.11",
    "entity_maker": "1.3.6.1.2.1.47.1.1.1.1.12",
    "entity_model": "1.3.6.1.2.1.47.1.1.1.1.13",
}
"""ENTITY-MIB (RFC 6933)."""
PRINTER = {
    "printer_name": "1.3.6.1.2.1.43.5.1.1.16",
    "printer_serial": "1.3.6.1.2.1.43.5.1.1.17",
    "device_type": "1.3.6.1.2.1.25.3.2.1.2",
    "device_descr": "1.3.6.1.2.1.25.3.2.1.3",
}
"""Printer-MIB (RFC 3805), HOST-RESOURCES-MIB (RFC 2790)."""
MODELS = {"model": "1.3.6.1.6.3.16.1.2.1.3"}
"""``vacmSecurityToGroupTable`` (RFC 3415): which versions anybody may speak. Its rows name communities: only the
number of the version is kept."""

COLUMNS: dict[str, str] = {
    **SYSTEM, **INTERFACES, **ADDRESSES, **NEAR, **ROUTES, **PORTS, **LEARNT, **LLDP, **ENTITY, **PRINTER, **MODELS,
}  # fmt: skip
