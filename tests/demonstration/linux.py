"""The practice's Linux servers: the recorded captures of the tests, under other names and with other faults."""

import json

from tests.demonstration.bible import Host, digest, networks
from tests.observe.captures import HEALTHY, Section, altered, sections

RACK = "23\n"
OF_SERVER = (
    "file:/etc/", "glob:/etc/", "link:/etc/",
    "cmd:passwd", "cmd:lastlog", "cmd:sshd", "cmd:nft", "cmd:ss ", "cmd:apt-config", "file:/proc/net", "glob:/home",
    "glob:/root", "glob:/var/lib", "glob:/usr/sbin/sshd", "glob:/usr/share/xsessions", "glob:/usr/share/wayland",
    "glob:/usr/bin/Xorg",
)  # fmt: skip
"""What a look at a real server tells of it."""
RUNNING = "".join(
    f"{number:>7} {name}\n"
    for number, name in {
        1: "systemd", 2: "kthreadd", 380: "systemd-journal", 405: "systemd-udevd", 610: "chronyd", 622: "cron",
        623: "dbus-daemon", 640: "systemd-logind", 702: "sshd",
    }.items()
)  # fmt: skip
NO_FILTER = '{"nftables": [{"metainfo": {"version": "1.0.6", "json_schema_version": 1}}]}\n'


def capture(host: Host, at: int, look: bytes = b"") -> bytes:
    """One look at a host, at this instant (seconds since 1970). ``look``: recorded on a real server, it tells all that
    is not of the machine below: disks, clock, packages.
    """
    text = altered(_flaws(host) | _hardware(host) | _sockets(host), HEALTHY).read().decode()
    before = json.loads(text.splitlines()[0])
    for old, new in {
        "10.77.0.20": "10.20.4.20", "10.77.0.5": host.address, "10.77.0": host.address.rpartition(".")[0],
        "8c:04:ba:4d:10:05": host.mac, before["hostname"]: host.name, "Marie Durand": "Yann Hamel",
        "mdurand": "yhamel", "snapshot.debian.org": "deb.debian.org",
    }.items():  # fmt: skip
        text = text.replace(old, new)
    header, *rest = map(json.loads, text.splitlines())
    if look:
        rest = [*_over({line["section"]: line for line in rest}, look).values()]
    return "".join(json.dumps(line) + "\n" for line in (header | {"at": at}, *rest)).encode()


def _over(below: dict[str, Section], look: bytes) -> dict[str, Section]:
    end = below.pop("end")
    for line in map(json.loads, look.splitlines()[1:-1]):
        if line["section"].startswith(OF_SERVER):
            below[line["section"]] = line
    below["cmd:ps -e -o pid=,comm="]["text"] = RUNNING
    return below | {"end": end}


def _hardware(host: Host) -> dict[str, str]:
    return {
        "cmd:sha256sum /etc/machine-id": f"{digest(f'machine {host.name}')}  /etc/machine-id\n",
        "file:/sys/class/dmi/id/sys_vendor": f"{host.vendor}\n",
        "file:/sys/class/dmi/id/product_name": f"{host.product}\n",
        "file:/sys/class/dmi/id/chassis_type": RACK,
        "file:/sys/class/dmi/id/product_serial": f"{host.serial}\n",
        "cmd:ip -j -d address show": _cards(host),
    }


def addresses(host: Host) -> tuple[str, ...]:
    """Its own; the console has one in every network."""
    last = host.address.rpartition(".")[2]
    return tuple(f"{cidr[:-4]}{last}" for cidr in networks().values()) if host.kind == "console" else (host.address,)


def _cards(host: Host) -> str:
    cards = [
        {"ifindex": 1, "ifname": "lo", "flags": ["LOOPBACK", "UP"], "link_type": "loopback",
         "address": "00:00:00:00:00:00", "addr_info": [{"family": "inet", "local": "127.0.0.1", "prefixlen": 8,
                                                        "scope": "host"}]},
        {"ifindex": 2, "ifname": "eno1", "flags": ["BROADCAST", "UP"], "operstate": "UP", "link_type": "ether",
         "address": host.mac, "parentbus": "pci", "parentdev": "0000:00:1f.6",
         "addr_info": [{"family": "inet", "local": one, "prefixlen": 24, "scope": "global"}
                       for one in addresses(host)]},
    ]  # fmt: skip
    return json.dumps(cards) + "\n"


def _sockets(host: Host) -> dict[str, str]:
    """No imaging port but on the archive, which answers on 4242."""
    told = {line.get("section"): line.get("text", "") for line in sections(HEALTHY)}
    archive = host.name == "srv-pacs"
    here = "".join(f"{int(part):02X}" for part in reversed(host.address.split(".")))
    swaps = {
        "cmd:ss -H -tulpn": ('10.77.0.5:2762       0.0.0.0:*    users:(("storescp",pid=802',
                             f'{host.address}:4242       0.0.0.0:*    users:(("Orthanc",pid=802'),
        "file:/proc/net/tcp": ("05004D0A:0ACA", f"{here}:1092"),
        "cmd:ps -e -o pid=,comm=": ("storescp", "Orthanc"),
    }  # fmt: skip
    return {
        name: "".join(
            line.replace(old, new) for line in told[name].splitlines(keepends=True) if archive or old not in line
        )
        for name, (old, new) in swaps.items()
    }


def _flaws(host: Host) -> dict[str, str]:
    """What the tests plant one by one, here in servers that nobody has looked at for long."""
    told = {line.get("section"): line.get("text", "") for line in sections(HEALTHY)}
    if host.name == "srv-pacs":
        users = told["file:/etc/passwd"] + "radio1:x:1002:1002:Radio,,,:/home/radio1:/bin/bash\n"
        return {
            "file:/etc/passwd": users,
            "cmd:passwd -S -a": told["cmd:passwd -S -a"] + "radio1 P 2021-03-15 0 99999 7 -1\n",
            "cmd:nft -j list ruleset": NO_FILTER,
        }
    return {}
