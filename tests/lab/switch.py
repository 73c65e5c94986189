"""SNMP agents (net-snmp): a managed switch with the sockets of the description, and a device that answers in clear."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from negatoscope.observe.collector import Login
from tests.lab.plan import Plan, Server
from tests.needs import needs_program
from tests.observe.snmp.agents import recorded
from tests.observe.snmp.devices import ENTITY, GAUGE, IF, IFX, INT, OBJECT, PAE, TEXT, Q, Variables, ports

if TYPE_CHECKING:
    from tests.lab.build import Lab

SERVE = Path(__file__).parents[1] / "observe" / "snmp" / "serve.py"
MODULES = "pass_persist,vacm_conf,vacm_vars,usmUser,usmConf,snmpEngine"
READER = Login("lecteur", "phrase-qui-signe", digest="sha1", cipher="aes128", privacy="phrase-qui-chiffre")
PORTS, UPLINK = 16, 16
AUTO, FORCED = 2, 3
UP, DOWN = 1, 2


def start(lab: "Lab", server: Server, folder: Path) -> None:
    """A switch whose agent speaks version 3 alone, signed and encrypted; or one that answers to ``public``."""
    needs_program("snmpd")
    lines = [f"agentaddress udp:{lab.addresses[server.host]}:161"]
    if server.program == "switch":
        file = folder / "told.json"
        file.write_text(recorded(told(lab.plan, server.host)))
        trees = (".1.3.6.1.2.1", ".1.0.8802")
        lines += [f"pass_persist {tree} {sys.executable} {SERVE} {file}" for tree in trees]
        lines += [f'createUser {READER.username} SHA "{READER.password}" AES "{READER.privacy}"',
                  f"rouser {READER.username} priv"]  # fmt: skip
    else:
        lines.append("rocommunity public")
    (folder / "snmpd.conf").write_text("\n".join(lines) + "\n")
    modules = f"-I {MODULES}" if server.program == "switch" else ""
    own = f"MIBS= SNMP_PERSISTENT_DIR={folder}/state"
    lab.start(server.host, f"{own} exec snmpd -f -C -c {folder}/snmpd.conf -Lf {folder}/log {modules}")


def told(plan: Plan, name: str) -> Variables:
    """What the agent says of itself and of its ports."""
    vlans = {one.name: plan.lab.vlan(one) for one in plan.lab.segments}
    said: Variables = {
        "1.3.6.1.2.1.1.1.0": (TEXT, "Aruba 2530-24G, revision YA.16.11, ROM YA.15.20"),
        "1.3.6.1.2.1.1.2.0": (OBJECT, "1.3.6.1.4.1.11.2.3.7.11.140"),
        "1.3.6.1.2.1.1.5.0": (TEXT, plan.lab.called(name)),
        "1.3.6.1.2.1.1.7.0": (INT, 2),
        "1.3.6.1.2.1.17.1.1.0": (TEXT, bytes.fromhex("02005e0000fe")),
        f"{PAE}.1.1.0": (INT, 1),
        f"{ENTITY}.5.1": (INT, 3), f"{ENTITY}.10.1": (TEXT, "YA.16.11.0003"), f"{ENTITY}.11.1": (TEXT, "CN12ABC345"),
    }  # fmt: skip
    if name in plan.nameless:
        said |= {f"{ENTITY}.10.1": (TEXT, "unknown"), f"{ENTITY}.13.1": (TEXT, "N/A")}
    inside: dict[int, list[int]] = {vlan: [] for vlan in vlans.values()}
    wired = {one.port: one for one in plan.lab.sockets}
    home = plan.lab.vlan(plan.lab.administration)
    for port in range(1, PORTS + 1):
        one = wired.get(port)
        vlan = vlans[one.segment] if one else home
        state = plan.states.get(one.name, one.state) if one else "live" if port == UPLINK else "dead"
        inside[vlan].append(port)
        said |= {
            f"{IF}.2.{port}": (TEXT, f"GigabitEthernet{port}"), f"{IF}.3.{port}": (INT, 6),
            f"{IF}.7.{port}": (INT, DOWN if state == "dead" else UP),
            f"{IF}.8.{port}": (INT, UP if port == UPLINK else DOWN),
            f"{IFX}.1.{port}": (TEXT, str(port)), f"{IFX}.18.{port}": (TEXT, one.name if one else ""),
            f"1.3.6.1.2.1.17.1.4.1.2.{port}": (INT, port),
            f"{Q}.4.5.1.1.{port}": (GAUGE, vlan),
            f"{PAE}.2.1.1.6.{port}": (INT, AUTO if state == "checked" else FORCED),
        }  # fmt: skip
    for segment, vlan in vlans.items():
        said[f"{Q}.4.2.1.3.0.{vlan}"] = (GAUGE, vlan)
        said[f"{Q}.4.2.1.4.0.{vlan}"] = (TEXT, ports(*{*inside[vlan], UPLINK}))
        said[f"{Q}.4.2.1.5.0.{vlan}"] = (TEXT, ports(*inside[vlan]))
        said[f"{Q}.4.3.1.1.{vlan}"] = (TEXT, segment)
    return said
