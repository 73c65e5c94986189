"""``python -m tests.lab.variants SEED``: a practice drawn at random, its hosts and its flaws, as a description."""

import random
import sys
from collections.abc import Callable, Iterable
from typing import Any

from negatoscope.model.hosts import HostClass
from negatoscope.model.zones import ZoneKind
from tests.lab import flaws_flows, flaws_services
from tests.lab.description import Description, Wrong, parse
from tests.lab.flaws import planted
from tests.lab.topology import Entry, Topology

MOST_FLAWS = 9
TRIES = 90


def draw(seed: int) -> str:
    """The text of a description; the same for the same seed."""
    return Drawn(random.Random(seed)).text(seed)


class Drawn:
    """One practice, as it is drawn."""

    def __init__(self, dice: random.Random) -> None:
        """Draw a practice, then flaws that can stand together; each draw that cannot is drawn again."""
        self.dice, self.all = dice, Topology(dice)
        self.flaws: list[Entry] = list(self.all.excused)
        wanted = len(self.flaws) + dice.randint(1, MOST_FLAWS)
        for _ in range(TRIES):
            if len(self.flaws) == wanted:
                return
            kind = dice.choice((*sorted(DRAWS), *RARE, *RARE))
            drawn = {"kind": kind, **DRAWS[kind](self)}
            try:
                planted(parse(self._told([*self.flaws, drawn])))
            except Wrong:
                continue
            self.flaws.append(drawn)

    def one(self, values: Iterable[Any]) -> Any:  # noqa: ANN401 -- of TOML
        """One of these; ``none`` where there is none, which no description knows."""
        return self.dice.choice(sorted(values) or ["none"])

    def host(self, *classes: HostClass) -> str:
        """The name of a host, of one of these classes if any is said."""
        told = [one for one in self.all.hosts if not classes or one["class"] in classes]
        return str(self.one(one["name"] for one in told))

    def asked(self) -> str:
        """A host to which an active look may speak."""
        free = [one for one in self.all.hosts if one["class"] != HostClass.MODALITY or one["consent"]]
        return str(self.one(one["name"] for one in free))

    def bearing(self, kind: str) -> str:
        """A host with a service of this kind."""
        told = (one["name"] for one in self.all.hosts if any(s["kind"] == kind for s in one.get("services", ())))
        return str(self.one(told))

    def segment(self) -> str:
        """The name of a segment."""
        return str(self.one(one["name"] for one in self.all.segments))

    def place(self) -> Entry:
        """A free address inside."""
        lab: Description = parse(self._told([]))
        segment = self.dice.choice(lab.inside)
        return {"segment": segment.name, "address": str(segment.network[self.dice.randint(8, 13)])}

    def text(self, seed: int) -> str:
        """The whole description."""
        return f"# Drawn from seed {seed}.\n{self._told(self.flaws)}"

    def _told(self, flaws: list[Entry]) -> str:
        drawn = self.all
        lists = {"segments": drawn.segments, "flows": drawn.flows, "hosts": drawn.hosts, "sockets": drawn.sockets,
                 "wifi": drawn.wifi, "flaws": flaws}  # fmt: skip
        said = ['[practice]\nname = "Cabinet au hasard"\n', f"[router]\n{_lines(drawn.router)}"]
        said += [f"[[{name}]]\n{_lines(one)}" for name, entries in lists.items() for one in entries]
        return "\n".join(said)


def _lines(entry: Entry) -> str:
    return "".join(f"{key} = {_toml(value)}\n" for key, value in entry.items())


def _toml(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int():
            return str(value)
        case list():
            return f"[{', '.join(map(_toml, value))}]"
        case dict():
            return "{ " + ", ".join(f"{key} = {_toml(one)}" for key, one in value.items()) + " }"
        case _:
            return f'"{value}"'


def _linux(drawn: Drawn) -> Entry:
    return {"host": drawn.bearing("ssh")}


def _node(drawn: Drawn) -> Entry:
    return {"host": drawn.asked()}


def _tunnel(drawn: Drawn) -> Entry:
    return {"host": drawn.dice.choice((drawn.all.router["name"], drawn.bearing("vpn")))}


def _clear(drawn: Drawn) -> Entry:
    return {"host": drawn.asked(), "protocol": drawn.one(flaws_services.CLEAR)}


def _remote(drawn: Drawn) -> Entry:
    clients = (HostClass.WORKSTATION, HostClass.LAPTOP)
    return {"host": drawn.host(*clients), "tool": drawn.one(flaws_services.REMOTE)}


def _relay(drawn: Drawn) -> Entry:
    clients = (HostClass.WORKSTATION, HostClass.LAPTOP)
    return {"host": drawn.host(*clients), "tool": drawn.one(flaws_flows.RELAYS)}


def _exchange(drawn: Drawn) -> Entry:
    clear = {"tcp/21,443": "ftp", "tcp/23": "telnet", "tcp/80,143": drawn.one({"http", "imap"})}
    flows = {f"{one['from']} {one['to']} {one['service']}" for one in drawn.all.flows if one["service"] in clear}
    flow = drawn.one(flows or {"none none none"}).split()
    ends = [[one["name"] for one in drawn.all.hosts if one["segment"] == name] for name in flow[:2]]
    protocol = clear.get(flow[-1], "none")
    return {"from": drawn.one(ends[0]), "host": drawn.one(ends[1]), "protocol": protocol}


def _sold(drawn: Drawn) -> Entry:
    classes = (HostClass.NETWORK, HostClass.PRINTER, HostClass.SERVER)
    return {"host": drawn.host(*classes), "service": drawn.one({"ssh", "telnet", "ftp", "https", "orthanc"})}


def _opened(drawn: Drawn) -> Entry:
    service = drawn.one({"ssh", "rdp", "smb", "dicom", "sql", "everything"})
    return {"from": drawn.segment(), "to": drawn.segment(), "service": service}


def _forwarded(drawn: Drawn) -> Entry:
    return {"host": drawn.host(), "service": drawn.one({"ssh", "rdp", "vnc"})}


def _of_flow(drawn: Drawn) -> Entry:
    flow = drawn.one(f"{one['from']} {one['to']}" for one in drawn.all.flows).split()
    return {"from": flow[0], "to": flow[-1]}


def _answered(drawn: Drawn) -> Entry:
    return {"from": drawn.segment()}


def _live(drawn: Drawn) -> Entry:
    return {"socket": drawn.one(one["name"] for one in drawn.all.sockets)}


def _radio(drawn: Drawn) -> Entry:
    return {"ssid": drawn.one(one["ssid"] for one in drawn.all.wifi)}


def _weak(drawn: Drawn) -> Entry:
    return {**_radio(drawn), "security": drawn.one({"open", "wep", "wpa"})}


def _among(drawn: Drawn) -> Entry:
    inner = drawn.all.of(ZoneKind.USERS, ZoneKind.SERVERS, ZoneKind.IMAGING)
    return {**_radio(drawn), "segment": drawn.one(inner)}


def _mail(drawn: Drawn) -> Entry:
    return {**_linux(drawn), "mailbox": "accueil", "domain": drawn.one({"gmail.com", "orange.fr"}),
            "by": drawn.one({"aliases", "virtual", "forward", "sieve"})}  # fmt: skip


def _unlisted(drawn: Drawn) -> Entry:
    return {"point": drawn.one(one["point"] for one in drawn.all.wifi)}


def _plugged(drawn: Drawn) -> Entry:
    return drawn.place()


def _astride(drawn: Drawn) -> Entry:
    return {**_linux(drawn), **drawn.place()}


def _nameless(drawn: Drawn) -> Entry:
    return {"host": drawn.bearing("switch")}


def _whole(drawn: Drawn) -> Entry:
    """Rarely: it hides what other lines of the router would show."""
    return {} if drawn.dice.random() < 0.3 else {"host": "none"}


def _serving(drawn: Drawn) -> Entry:
    service = drawn.one({"https", "imaps", "smtps"})
    return {"host": drawn.bearing(service), "service": service}


def _printing(drawn: Drawn) -> Entry:
    return {"host": drawn.bearing("ipps")}


DRAWS: dict[str, Callable[[Drawn], Entry]] = {
    "clear_protocol": _clear, "remote_control": _remote, "clear_images": _node, "images_old_tls": _node,
    "images_certificate_over": _node, "answers_strangers": _node, "no_filter": _linux, "weak_passwords": _linux,
    "never_locks": _linux, "root_over_ssh": _linux, "unsigned_source": _linux, "generic_account": _linux,
    "empty_password": _linux, "old_password": _linux, "free_sudo": _linux, "unknown_device": _plugged,
    "opening": _opened, "port_forward": _forwarded, "hidden_line": _of_flow, "unlogged_line": _of_flow,
    "expired_line": _of_flow, "router_answers": _answered, "second_exit": _linux, "live_socket": _live,
    "weak_wifi": _weak, "wifi_among_wired": _among, "clear_snmp": _node, "mail_sent_on": _mail,
    "unlisted_point": _unlisted, "old_tls": _serving, "certificate_over": _serving, "open_by_default": _whole,
    "factory_login": _sold, "clear_exchange": _exchange, "talks_to_relay": _relay, "astride": _astride,
    "nameless_device": _nameless, "prints_at_once": _printing, "vpn_shared_certificate": _tunnel,
    "vpn_password_alone": _tunnel, "vpn_one_secret": _tunnel, "vpn_weak_ciphers": _tunnel,
}  # fmt: skip
"""How the parameters of each kind are drawn."""
RARE = (
    "clear_exchange", "vpn_shared_certificate", "vpn_password_alone", "vpn_one_secret", "vpn_weak_ciphers",
    "mail_sent_on", "prints_at_once", "answers_strangers", "images_old_tls", "second_exit", "astride",
)  # fmt: skip
"""Drawn thrice as often: few practices can have them."""


if __name__ == "__main__":
    sys.stdout.write(draw(int(sys.argv[1])))
