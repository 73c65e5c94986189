"""Random nftables rule sets that use what real ones use, and random packets for them."""

from random import Random

from negatoscope.judge.segmentation.evaluate import Packet

PORTS = (22, 53, 80, 104, 443, 2762, 11112)
CHAINS = ("one", "two", "three")


class Author:
    """Writes one rule set."""

    def __init__(self, dice: Random) -> None:
        self.dice = dice

    def rules(self) -> str:
        dice = self.dice
        parts = [self._table("inet", "filter", self._filter())]
        if dice.random() < 0.5:
            parts.append(self._table("ip", "more", self._base("second", "forward", dice.choice((-10, 5)))))
        if dice.random() < 0.3:
            parts.append(self._table("ip6", "six", self._base("other", "forward", 10)))
        if dice.random() < 0.4:
            parts.append(self._table("inet", "early", self._base("early", "prerouting", dice.choice((-300, -50)))))
        if dice.random() < 0.3:
            parts.append(self._table("inet", "late", self._base("late", "postrouting", 50)))
        if dice.random() < 0.6:
            parts.append(self._table("ip", "nat", self._nat()))
        return "\n".join(parts)

    def packets(self, count: int) -> list[Packet]:
        return [self._packet(at) for at in range(count)]

    def _packet(self, number: int) -> Packet:
        dice = self.dice
        source, target = (self._host(6), self._host(6)) if dice.random() < 0.3 else (self._host(4), self._host(4))
        if source == target:
            return self._packet(number)
        protocol = dice.choice(("tcp", "tcp", "tcp", "udp", "udp", "gre", "esp", "253"))
        if protocol not in {"tcp", "udp"}:
            # One way only: the other would be an answer, where no port tells two connections apart.
            return Packet(min(source, target), max(source, target), protocol)
        port = dice.choice(PORTS) + dice.choice((0, 0, 0, 1, -1)) if dice.random() < 0.9 else dice.randrange(1, 65536)
        return Packet(source, target, protocol, 1024 + (number * 131) % 60000, port)

    def _table(self, family: str, name: str, body: str) -> str:
        return f"table {family} {name} {{\n{body}\n}}"

    def _filter(self) -> str:
        dice = self.dice
        sets = "\n".join((
            f"set hosts {{ type ipv4_addr; flags interval; elements = {{ {', '.join(self._networks(3))} }}; }}",
            "map services { type ipv4_addr . inet_service : verdict; elements = { "
            + ", ".join(f"{key} : {self._verdict(2)}" for key in sorted(self._pairs())) + " }; }",
        ))  # fmt: skip
        chains = []
        for at in (2, 1, 0):
            lines = "\n".join(self._rule(at) for _ in range(dice.randrange(1, 4)))
            chains.append(f"chain {CHAINS[at]} {{\n{lines}\n}}")
        return "\n".join((sets, *self._in_use_order(chains), self._base("forward", "forward", 0, ownsets=True)))

    def _in_use_order(self, chains: list[str]) -> list[str]:
        return chains

    def _base(self, name: str, hook: str, priority: int, *, ownsets: bool = False) -> str:
        dice = self.dice
        policy = dice.choice(("drop", "drop", "accept")) if ownsets else "accept"
        depth = -1 if ownsets else 9
        lines = "\n".join(self._rule(depth, hook) for _ in range(dice.randrange(2, 9)))
        return f"chain {name} {{ type filter hook {hook} priority {priority}; policy {policy};\n{lines}\n}}"

    def _rule(self, depth: int, hook: str = "forward") -> str:
        dice = self.dice
        if depth < 3 and dice.random() < 0.15:
            return dice.choice((
                "ip daddr . tcp dport vmap @services",
                f"tcp dport vmap {{ 22 : {self._verdict(depth)}, 80-90 : {self._verdict(depth)} }}",
                f'iifname vmap {{ "la" : {self._verdict(depth)}, "lb" : {self._verdict(depth)} }}',
                f"ct state vmap {{ established : accept, new : {self._verdict(depth)} }}",
                "ct state established,related accept",
            ))  # fmt: skip
        words = [self._condition(hook, depth) for _ in range(dice.choice((0, 1, 1, 2, 2, 3)))]
        told: list[str] = []
        seen: set[str] = set()
        for group, text in words:
            if not seen & set(group.split("+")):
                seen |= set(group.split("+"))
                told.append(text)
        extra = dice.choice(("", "", "counter ", "log ", "meta mark set 5 "))
        return f"{' '.join(told)} {extra}{self._verdict(depth)}"

    def _condition(self, hook: str, depth: int) -> tuple[str, str]:
        dice = self.dice
        sign = dice.choice(("", "", "!= "))
        port = dice.choice(PORTS)
        ports = f"{{ {', '.join(str(one) for one in sorted(dice.sample(PORTS, 2)))} }}"
        ranged = f"{port - 1}-{port + 1}"
        choices = [
            ("v4+s", f"ip saddr {sign}{dice.choice(self._networks(1))}"),
            ("v4+d", f"ip daddr {sign}{{ {', '.join(self._networks(2))} }}"),
            ("v4+d", f"ip6 daddr {sign}fd00:{dice.randrange(1, 4)}::/{dice.choice((48, 64, 127))}"),
            ("l4", f"{dice.choice(('tcp', 'udp'))} dport {sign}{dice.choice((str(port), ports, ranged))}"),
            ("l4", f"tcp sport {dice.choice(('>=', '<', '>', '<='))} {dice.randrange(1024, 60000)}"),
            ("l4", f"meta l4proto {sign}{{ tcp, udp }} th dport {sign}{ports}" if not sign else "meta l4proto != tcp"),
            ("l4", f"meta l4proto {sign}{dice.choice(('tcp', 'udp', 'gre', 'esp', '253'))}"),
            ("ct", dice.choice(("ct state new", "ct state != established", "ct state { new, related }"))),
            ("v4", f"meta nfproto {dice.choice(('ipv4', 'ipv6'))}"),
            ("v4+s+l4", f"ip saddr . tcp dport {{ {', '.join(sorted(self._pairs()))} }}"),
        ]
        if hook != "postrouting":
            choices.append(("in", f"iifname {sign}{dice.choice(('la', 'lb', 'lc', '{ la, lc }'))}"))
        if hook in {"forward", "postrouting"}:
            choices.append(("out", f"oifname {sign}{dice.choice(('la', 'lb', 'lc', '{ la, lb }'))}"))
            choices.append(("dn", "ct status dnat"))
        if depth < 9:
            choices.append(("v4+s", f"ip saddr {sign}@hosts"))
        return dice.choice(choices)

    def _verdict(self, depth: int) -> str:
        dice = self.dice
        choices = ["accept", "accept", "drop", "return", "continue"]
        choices += [f"{dice.choice(('jump', 'goto'))} {chain}" for chain in CHAINS[depth + 1 :] if depth < 3]
        return dice.choice(choices)

    def _nat(self) -> str:
        dice = self.dice
        lines = []
        for _ in range(dice.randrange(1, 5)):
            _, text = self._condition("prerouting", 9)
            if "ip6" in text or "nfproto ipv6" in text:
                text = "iifname la"
            # A protocol without ports cannot tell two connections apart once their targets are one: left as it is.
            free = not any(word in text for word in ("dport", "sport", "l4proto"))
            to = self._host(4)
            lines.append(dice.choice((
                f"{text} tcp dport {{ 80, 443 }} dnat to {to}:{dice.choice(PORTS)}",
                f"{text} meta l4proto {{ tcp, udp }} dnat to {to}",
                f"ip daddr {self._host(4)} {text if 'ip ' not in text else ''} tcp dport 104 redirect to :22",
            )) if free else f"{text} accept")  # fmt: skip
        body = "\n".join(lines)
        source = (
            "chain out { type nat hook postrouting priority 100;\noifname lc meta l4proto { tcp, udp } masquerade\n}"
            if dice.random() < 0.5
            else ""
        )
        return f"chain pre {{ type nat hook prerouting priority -100;\n{body}\n}}\n{source}"

    def _host(self, family: int) -> str:
        dice = self.dice
        net = dice.randrange(1, 4)
        return f"10.{net}.0.{dice.randrange(1, 9)}" if family == 4 else f"fd00:{net}::{dice.randrange(1, 5)}"

    def _networks(self, count: int) -> list[str]:
        """Networks and ranges that do not overlap."""
        told = []
        for net in self.dice.sample((1, 2, 3), count):
            start = self.dice.randrange(1, 7)
            told.append(self.dice.choice((f"10.{net}.0.0/{self.dice.choice((24, 29, 30))}", f"10.{net}.0.{start}",
                                          f"10.{net}.0.{start}-10.{net}.0.{start + 2}")))  # fmt: skip
        return told

    def _pairs(self) -> set[str]:
        return {f"{self._host(4)} . {self.dice.choice(PORTS)}" for _ in range(3)}
