"""Random rule sets of iptables, as ``iptables-restore`` takes them, and random packets for them (IPv4)."""

from random import Random

from negatoscope.judge.segmentation.evaluate import Packet
from tests.observe.firewall.random_rules import CHAINS, PORTS, Author


class TableAuthor:
    """Writes one rule set."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice
        self._other = Author(dice)

    def packets(self, count: int) -> list[Packet]:
        told = (packet for packet in self._other.packets(count * 3) if ":" not in packet.source)
        return [packet for packet, _ in zip(told, range(count), strict=False)]

    def rules(self) -> str:
        dice = self.dice
        parts = [self._filter()]
        if dice.random() < 0.6:
            lines = [self._turn() for _ in range(dice.randrange(1, 4))]
            parts.append("\n".join(("*nat", ":PREROUTING ACCEPT [0:0]", *lines, "COMMIT")))
        if dice.random() < 0.3:
            lines = [f"-A PREROUTING {self._conditions('PREROUTING')} -j {dice.choice(('DROP', 'ACCEPT'))}"]
            parts.append("\n".join(("*raw", ":PREROUTING ACCEPT [0:0]", *lines, "COMMIT")))
        if dice.random() < 0.3:
            lines = [
                f"-A FORWARD {self._conditions('FORWARD')} -j {dice.choice(('DROP', 'ACCEPT', 'MARK --set-mark 1'))}"
            ]
            parts.append("\n".join(("*mangle", ":FORWARD ACCEPT [0:0]", *lines, "COMMIT")))
        return "\n".join(parts) + "\n"

    def _filter(self) -> str:
        dice = self.dice
        policies = [f":{name} {dice.choice(('ACCEPT', 'DROP'))} [0:0]" for name in ("INPUT", "FORWARD")]
        lines = [self._line("FORWARD", -1) for _ in range(dice.randrange(3, 9))]
        lines += [self._line("INPUT", -1) for _ in range(dice.randrange(0, 4))]
        lines += [self._line(name, at) for at, name in enumerate(CHAINS) for _ in range(dice.randrange(1, 4))]
        return "\n".join(("*filter", *policies, *(f":{name} - [0:0]" for name in CHAINS), *lines, "COMMIT"))

    def _line(self, chain: str, depth: int) -> str:
        dice = self.dice
        targets = ["-j ACCEPT", "-j ACCEPT", "-j DROP", "-j RETURN", '-j LOG --log-prefix "x y"', ""]
        targets += [f"-{dice.choice('jg')} {name}" for name in CHAINS[depth + 1 :]]
        return f"-A {chain} {self._conditions(chain)} {dice.choice(targets)}"

    def _conditions(self, chain: str) -> str:
        told: dict[str, str] = {}
        for _ in range(self.dice.choice((0, 1, 1, 2, 3))):
            kind, text = self._condition(chain)
            told.setdefault(kind, text)
        return " ".join(told[kind] for kind in sorted(told))

    def _condition(self, chain: str) -> tuple[str, str]:
        dice = self.dice
        sign = dice.choice(("", "", "! "))
        port = dice.choice(PORTS)
        protocol = dice.choice(("tcp", "udp"))
        few = ",".join(str(one) for one in sorted(dice.sample(PORTS, 2)))
        net = f"10.{dice.randrange(1, 4)}.0.{dice.choice((0, 0, 4))}/{dice.choice((16, 24, 30))}"
        host = f"10.{dice.randrange(1, 4)}.0.{dice.randrange(1, 6)}"
        choices = [
            ("1s", f"{sign}-s {dice.choice((net, host))}"),
            ("2d", f"{sign}-d {dice.choice((net, host))}"),
            ("2d", f"-m iprange {sign}--dst-range {host}-{host[:-1]}9"),
            ("4p", f"-p {protocol} -m {protocol} {sign}--dport {dice.choice((str(port), f'{port - 1}:{port + 1}'))}"),
            ("4p", f"-p {protocol} -m multiport {sign}--dports {few},30000:31000"),
            ("4p", f"-p tcp -m tcp --sport {dice.choice((':20000', '30000:'))}"),
            ("4p", f"{sign}-p {dice.choice(('tcp', 'udp', 'gre', 'esp', '253'))}"),
            ("5c", dice.choice(("-m conntrack --ctstate NEW", "-m conntrack ! --ctstate ESTABLISHED",
                                "-m state --state RELATED,ESTABLISHED", "-m conntrack --ctstate NEW,RELATED"))),
        ]  # fmt: skip
        if chain in {"FORWARD", "INPUT", "PREROUTING"}:
            choices.append(("3i", f"{sign}-i {dice.choice(('la', 'lb', 'lc', 'l+'))}"))
        if chain == "FORWARD":
            choices.append(("3o", f"{sign}-o {dice.choice(('la', 'lb', 'lc'))}"))
            choices.append(("6n", "-m conntrack --ctstate DNAT"))
        return dice.choice(choices if chain != "PREROUTING" else [one for one in choices if one[0] != "5c"])

    def _turn(self) -> str:
        dice = self.dice
        to = f"10.{dice.randrange(1, 4)}.0.{dice.randrange(1, 9)}"
        told = [self._condition("PREROUTING") for _ in range(2)]
        where = " ".join({kind: text for kind, text in told if kind in {"1s", "2d", "3i"}}.values())
        return f"-A PREROUTING {where} " + dice.choice((
            f"-p tcp -m tcp --dport {dice.choice(PORTS)} -j DNAT --to-destination {to}:{dice.choice(PORTS)}",
            f"-p udp -j DNAT --to-destination {to}",
            "-p tcp -m tcp --dport 104 -j REDIRECT --to-ports 22",
            f"-p tcp -m multiport --dports 80,443 -j {dice.choice(('RETURN', 'ACCEPT'))}",
        ))  # fmt: skip
