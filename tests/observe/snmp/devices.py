"""Variables of two devices as agents hold them, by object identifier: a managed switch of eight ports, a copier."""

INT, TEXT, OBJECT, ADDRESS, GAUGE = 2, 4, 6, 64, 66
Value = int | bytes | str
Variables = dict[str, tuple[int, Value]]
IF, IFX, BRIDGE, Q = "1.3.6.1.2.1.2.2.1", "1.3.6.1.2.1.31.1.1.1", "1.3.6.1.2.1.17", "1.3.6.1.2.1.17.7.1"
PAE, LLDP, IP, ENTITY = "1.0.8802.1.1.1.1", "1.0.8802.1.1.2.1", "1.3.6.1.2.1.4", "1.3.6.1.2.1.47.1.1.1.1"
USERS, GUESTS, IMAGING = 10, 20, 30
VLANS = {USERS: "Postes", GUESTS: "Invites", IMAGING: "Imagerie"}
PVID = {1: USERS, 2: USERS, 3: GUESTS, 4: USERS, 5: IMAGING, 6: USERS, 7: IMAGING, 8: USERS}
"""By port; the eighth is the way up and carries every VLAN."""
ALIAS = {1: "Accueil", 2: "prise 2.14 salle d'attente", 3: "Ecran attente", 4: "", 5: "IRM", 6: "Copieur couloir"}
DOWN, CHECKED = {4}, {6}
"""Ports switched off; ports where 802.1X decides."""
LEARNT = {1: "02:00:5e:00:01:01", 3: "02:00:5e:00:01:03", 5: "02:00:5e:00:01:05", 6: "02:00:5e:00:01:06"}


def mac(said: str) -> bytes:
    return bytes.fromhex(said.replace(":", ""))


def dotted(data: bytes) -> str:
    return ".".join(map(str, data))


def ports(*some: int) -> bytes:
    """A list of bits, the first port at the top."""
    bits = sum(1 << (63 - (one - 1)) for one in some)
    return bits.to_bytes(8, "big")[:2]


def switch() -> Variables:
    """A switch in order, of the make that practices buy."""
    told: Variables = {
        "1.3.6.1.2.1.1.1.0": (TEXT, "Aruba 2530-8G, revision YA.16.11, ROM YA.15.20"),
        "1.3.6.1.2.1.1.2.0": (OBJECT, "1.3.6.1.4.1.11.2.3.7.11.140"),
        "1.3.6.1.2.1.1.5.0": (TEXT, "SW1"),
        "1.3.6.1.2.1.1.6.0": (TEXT, "Local technique"),
        "1.3.6.1.2.1.1.7.0": (INT, 2),
        f"{IP}.1.0": (INT, 2),
        f"{IP}.20.1.2.10.10.0.2": (INT, 110),
        f"{IP}.20.1.3.10.10.0.2": (ADDRESS, "255.255.255.0"),
        f"{IP}.22.1.2.110.10.10.0.11": (TEXT, mac(LEARNT[1])),
        f"{IP}.21.1.2.0.0.0.0": (INT, 110),
        f"{IP}.21.1.7.0.0.0.0": (ADDRESS, "10.10.0.1"),
        f"{IP}.21.1.8.0.0.0.0": (INT, 4),
        f"{IP}.21.1.11.0.0.0.0": (ADDRESS, "0.0.0.0"),
        f"{BRIDGE}.1.1.0": (TEXT, mac("02:00:5e:00:00:fe")),
        f"{PAE}.1.1.0": (INT, 1),
        f"{ENTITY}.5.1": (INT, 3), f"{ENTITY}.10.1": (TEXT, "YA.16.11.0003"), f"{ENTITY}.11.1": (TEXT, "CN12ABC345"),
        f"{ENTITY}.12.1": (TEXT, "HPE"), f"{ENTITY}.13.1": (TEXT, "JL070A"),
        f"{LLDP}.3.7.1.2.8": (INT, 5), f"{LLDP}.3.7.1.3.8": (TEXT, "8"),
        f"{LLDP}.4.1.1.4.0.8.1": (INT, 4), f"{LLDP}.4.1.1.5.0.8.1": (TEXT, mac("02:00:5e:00:00:01")),
        f"{LLDP}.4.1.1.6.0.8.1": (INT, 5), f"{LLDP}.4.1.1.7.0.8.1": (TEXT, "lan0"),
        f"{LLDP}.4.1.1.9.0.8.1": (TEXT, "pare-feu"),
        f"{IF}.2.110": (TEXT, "VLAN10"), f"{IF}.3.110": (INT, 53), f"{IFX}.1.110": (TEXT, "VLAN10"),
    }  # fmt: skip
    for port, vlan in PVID.items():
        told |= _port(port, vlan)
    for vlan, name in VLANS.items():
        inside = tuple(port for port, own in PVID.items() if own == vlan)
        told[f"{Q}.4.2.1.3.0.{vlan}"] = (GAUGE, vlan)
        told[f"{Q}.4.2.1.4.0.{vlan}"] = (TEXT, ports(*{*inside, 8}))
        told[f"{Q}.4.2.1.5.0.{vlan}"] = (TEXT, ports(*inside))
        told[f"{Q}.4.3.1.1.{vlan}"] = (TEXT, name)
    for port, card in LEARNT.items():
        told[f"{Q}.2.2.1.2.{PVID[port]}.{dotted(mac(card))}"] = (INT, port)
        told[f"{Q}.2.2.1.3.{PVID[port]}.{dotted(mac(card))}"] = (INT, 3)
    return told


def _port(port: int, vlan: int) -> Variables:
    return {
        f"{IF}.2.{port}": (TEXT, f"GigabitEthernet{port}"),
        f"{IF}.3.{port}": (INT, 6),
        f"{IF}.6.{port}": (TEXT, mac(f"02:00:5e:00:00:{port:02x}".replace(":01", ":11"))),
        f"{IF}.7.{port}": (INT, 2 if port in DOWN else 1),
        f"{IF}.8.{port}": (INT, 1 if port in LEARNT or port == 8 else 2),
        f"{IFX}.1.{port}": (TEXT, str(port)),
        f"{IFX}.18.{port}": (TEXT, ALIAS.get(port, "")),
        f"{BRIDGE}.1.4.1.2.{port}": (INT, port),
        f"{Q}.4.5.1.1.{port}": (GAUGE, vlan),
        f"{PAE}.2.1.1.6.{port}": (INT, 2 if port in CHECKED else 3),
    }


def copier() -> Variables:
    """A printer, by Printer-MIB and HOST-RESOURCES-MIB."""
    return {
        "1.3.6.1.2.1.1.1.0": (TEXT, "KYOCERA Document Solutions Printing System"),
        "1.3.6.1.2.1.1.2.0": (OBJECT, "1.3.6.1.4.1.1347.41"),
        "1.3.6.1.2.1.1.5.0": (TEXT, "copieur-couloir"),
        "1.3.6.1.2.1.1.7.0": (INT, 72),
        f"{IF}.2.1": (TEXT, "eth0"),
        f"{IF}.3.1": (INT, 6),
        f"{IF}.6.1": (TEXT, mac(LEARNT[6])),
        "1.3.6.1.2.1.25.3.2.1.2.1": (OBJECT, "1.3.6.1.2.1.25.3.1.5"),
        "1.3.6.1.2.1.25.3.2.1.3.1": (TEXT, "TASKalfa 3554ci"),
        "1.3.6.1.2.1.43.5.1.1.16.1": (TEXT, "copieur-couloir"),
        "1.3.6.1.2.1.43.5.1.1.17.1": (TEXT, "W3T0900123"),
    }
