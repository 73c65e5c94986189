"""A Linux gateway: its rule set as nft told it, its legs and routes as ip told them, its VPN server's file."""

import json
from io import BytesIO
from itertools import product
from pathlib import Path

from negatoscope.model.evidence import Sweep
from negatoscope.observe.linux.read import read
from tests.judge.memory import World, of
from tests.judge.planted.computers import LOCAL
from tests.judge.planted.plant import Plant

CAPTURES = Path(__file__).parents[2] / "captures" / "firewall"
TOLD = {
    "cmd:nft -j list ruleset": "nft.json",
    "cmd:ip -j -d address show": "addresses.json",
    "cmd:ip -j route show": "routes.json",
    "cmd:ip -j -6 route show": "routes6.json",
}
OPENVPN = """port 1194
proto udp
dev tun
server 10.79.0.0 255.255.255.0
plugin /usr/lib/openvpn/openvpn-plugin-auth-pam.so openvpn
data-ciphers AES-256-GCM:AES-128-GCM
tls-version-min 1.2
"""


def looked(*changes: tuple[str, str]) -> World:
    """A look at the gateway; ``changes``: what its files and commands would say instead."""
    lines = []
    for line in map(json.loads, LOCAL):
        name = line.get("section")
        if name in TOLD:
            line |= {"text": (CAPTURES / TOLD[name]).read_text("utf-8")}
        elif name == "file:/proc/sys/net/ipv4/ip_forward":
            line |= {"text": "1\n"}
        elif name == "glob:/etc/openvpn/server/*.conf":
            path = "/etc/openvpn/server/cabinet.conf"
            lines.append({"section": f"file:{path}", "status": "ok", "text": OPENVPN})
            line |= {"status": "ok", "text": f"{path}\n"}
        lines.append(line)
    for one, (before, after) in product(lines, changes):
        one.update({"text": one["text"].replace(before, after)} if "text" in one else {})
    items = list(read(BytesIO("".join(json.dumps(line) + "\n" for line in lines).encode())))
    return of([*items, Sweep("Host"), Sweep("Zone"), Sweep("InternetAccess")])


PLANTS: dict[str, Plant] = {
    "R24.2": Plant(looked, lambda: looked(('{"drop": null}]', '{"accept": null}]'))),
    "R24.3": Plant(looked, lambda: looked(('"packets": 31', '"packets": 0'))),
    "R31.1": Plant(looked, lambda: looked(("dev tun\n", "dev tun\nduplicate-cn\n"))),
    "R31.2": Plant(looked, lambda: looked(("dev tun\n", "dev tun\nsecret static.key\n"))),
    "R31.3": Plant(looked, lambda: looked(("AES-128-GCM", "BF-CBC"))),
}
