"""The router's nftables ruleset, as a careful administrator writes it, from the flows of the description."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from negatoscope.model.zones import ZoneKind
from tests.lab.description import Description, Flow, Segment, Wrong
from tests.lab.services import POSTS_TO, Agent

WHAT_LISTENS = "1-65534"
"""Ports that the console may ask: every one on which a description may have something listen."""
VISITORS = frozenset({ZoneKind.GUEST, ZoneKind.PUBLIC})
MET = VISITORS | {ZoneKind.INTERNET, ZoneKind.DMZ}
"""Where visitors may come."""


class Line(NamedTuple):
    """One line that lets something through; ``what``: in nftables' words, empty for everything."""

    source: Segment
    target: Segment
    what: str
    comment: str
    log: bool = True
    host: str = ""
    """The one address of the target that it leads to; empty: all of it."""

    def text(self) -> str:
        """The line of ``nft``."""
        ends = [("saddr", self.source), ("daddr", self.target)]
        told = [f"ip {side} {one.cidr}" for side, one in ends if one.kind is not ZoneKind.INTERNET]
        if self.host:
            told[-1] = f"ip daddr {self.host}"
        where = [f'iifname "if-{self.source.name}" oifname "if-{self.target.name}"', *told, self.what]
        return f'{" ".join(filter(None, where))}{" log" if self.log else ""} accept comment "{self.comment}"'


@dataclass
class Rules:
    """What the router will be told."""

    lab: Description
    lines: list[Line] = field(default_factory=list)
    forwards: list[tuple[int, str]] = field(default_factory=list)
    """Ports of the public address, and where they lead."""
    answers: list[Segment] = field(default_factory=list)
    """Segments that may administer the router."""
    open_by_default: bool = False

    def change(self, old: Line, **what: Any) -> None:  # noqa: ANN401 -- fields of a line
        """Have a line say something else."""
        self.lines[self.lines.index(old)] = old._replace(**what)

    def leads_inside(self, source: Segment) -> bool:
        """Whether something passes from a segment to where people work or what matters stands."""
        return self.open_by_default or any(
            one.source.name == source.name and one.target.kind not in MET for one in self.lines
        )

    def text(self) -> str:
        """The whole ruleset, in the words of ``nft -f``."""
        lab = self.lab
        console = lab.administration.console
        lines = "\n".join(
            f"    {line}" for line in (*_administered(lab), *_inventoried(lab), *(line.text() for line in self.lines))
        )
        here = "\n".join(f'    iifname "if-{one.name}" tcp dport 22 log accept' for one in self.answers)
        lent = "\n".join(f'    iifname "if-{one.name}" udp dport 67 accept' for one in lab.inside if one.leases)
        last = "" if self.open_by_default else '    log prefix "refused " drop'
        forwards = "\n".join(
            f'    iifname "if-{lab.outside.name}" tcp dport {port} dnat to {to}' for port, to in self.forwards
        )
        return f"""flush ruleset
table inet filter {{
  chain input {{
    type filter hook input priority 0; policy drop;
    ct state established,related accept
    iif lo accept
    ip saddr {console} meta l4proto icmp accept
    ip saddr {console} tcp dport 22 log accept comment "console to the router"
{here}
{lent}
    log prefix "refused " drop
  }}
  chain forward {{
    type filter hook forward priority 0; policy {"accept" if self.open_by_default else "drop"};
    ct state established,related accept
{lines}
{last}
  }}
}}
table ip translated {{
  chain coming {{
    type nat hook prerouting priority -100; policy accept;
{forwards}
  }}
  chain leaving {{
    type nat hook postrouting priority 100; policy accept;
    oifname "if-{lab.outside.name}" ip saddr {{ {", ".join(one.cidr for one in lab.inside)} }} masquerade
  }}
}}
"""


def allowed(lab: Description) -> Iterator[Line]:
    """A line for each flow of the description."""
    for flow in lab.flows:
        source, target = lab.segment(flow.source), lab.segment(flow.target)
        yield Line(source, target, _service(flow), f"{source.name} to {target.name}")


def _administered(lab: Description) -> Iterator[str]:
    """The console administers and observes every segment of the practice."""
    console = lab.administration
    for one in lab.inside:
        if one.kind is ZoneKind.ADMINISTRATION:
            continue
        where = f'iifname "if-{console.name}" oifname "if-{one.name}" ip saddr {console.console} ip daddr {one.cidr}'
        for what in (f"tcp dport {WHAT_LISTENS}", f"udp dport {WHAT_LISTENS}", "meta l4proto icmp"):
            yield f'{where} {what} log accept comment "console to {one.name}"'


def _inventoried(lab: Description) -> Iterator[str]:
    """Each inventory agent reaches the console, and nothing else of the administration segment."""
    console = lab.administration
    for host in lab.hosts:
        if Agent() in host.services and host.segment != console.name:
            where = f'iifname "if-{host.segment}" oifname "if-{console.name}" ip saddr {host.address}'
            what = f"ip daddr {console.console} tcp dport {POSTS_TO}"
            yield f'{where} {what} log accept comment "inventory of {host.name}"'


def _service(flow: Flow) -> str:
    protocol, _, ports = flow.service.partition("/")
    if protocol == "icmp" and not ports:
        return "meta l4proto icmp"
    if protocol not in {"tcp", "udp"} or not ports:
        raise Wrong(f"flows: '{flow.service}' is no service (tcp/443, tcp/104,11112, udp/53, icmp)")
    return f"{protocol} dport {{ {ports} }}"
