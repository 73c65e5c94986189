"""Containment of an incident: drafts with the addresses and names of the register, and blocking a host at a gateway.

The console acts on one kind of equipment, a Linux gateway with nftables, and only after a person approved it. What it
adds stands in a table of its own: the way back touches nothing else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address

from negatoscope.flows import responding
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.responding import Line
from negatoscope.model.containing import Contained, Turn
from negatoscope.model.directory import DirectoryAccount
from negatoscope.model.evidence import Ref
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.incident import Incident
from negatoscope.model.traffic import Conversation
from negatoscope.observe.collector import Unreachable
from negatoscope.observe.ssh.session import Door, Said, Session, opened
from negatoscope.respond import nftables
from negatoscope.respond.containment import Step, Values, measures, steps
from negatoscope.respond.incident import Refused

BLOCK = "block"
SECONDS = 20.0
MOST = 1 << 20
NOT_FOUND = 127
WAIT = 60
"""Seconds after which the gateway undoes what was done, unless the console came back to say that it still gets in."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A measure on one target, what its commands are filled with, and the modalities that it concerns."""

    step: Step
    values: Values
    modalities: tuple[Ref, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """Which host of which incident is blocked or let through again, at which gateway."""

    number: int
    host: Ref
    door: Door

    @property
    def way(self) -> str:
        """The gateway, as the log names it."""
        return f"ssh://{self.door.login.username}@{self.door.address}:{self.door.port}"


class Failed(Exception):  # noqa: N818 -- what it is
    """The gateway did not do it. ``code``: ``no_nft``, ``refused``, ``taken_back``; ``said``: its own words."""

    def __init__(self, code: str, said: str = "") -> None:
        """Keep both."""
        super().__init__(f"{code}: {said}")
        self.code, self.said = code, said[:300]


def drafts(console: Console, one: Incident) -> list[Draft]:
    """Every measure that the incident calls for, with what the register knows of its target."""
    register = StoredRegister(console.practice)
    hosts = {host.ref: host for host in register.seen(Host).facts}
    mails = {account.ref: account.mail for account in register.seen(DirectoryAccount).facts}
    wanted = steps(one)
    concerned = _modalities(register, {step.target for step in wanted if step.measure.target == "host"})
    return [
        Draft(step, _values(step, hosts, mails), concerned.get(step.target, ()) if step.measure.network else ())
        for step in wanted
    ]


def say(console: Console, number: int, line: Line, who: Handler) -> int:
    """Add what somebody says of a measure. Raises Refused, ``care_unasked`` among others, and Taken."""
    if isinstance(line.word, Contained):
        weigh(console, line.word)
    return responding.say(console, number, line, who)


def weigh(console: Console, word: Contained) -> None:
    """Refuse to cut a modality off, or what it needs, before somebody on the side of care was asked. Raises Refused."""
    network = any(measure.id == word.measure and measure.network for measure in measures())
    if word.turn is not Turn.APPROVED or not network or word.care.strip():
        return
    if _modalities(StoredRegister(console.practice), {word.target}).get(word.target):
        raise Refused("care_unasked")


def script(console: Console, act: Act) -> tuple[str, ...]:
    """What blocks a host, one command of nftables a line; nothing is asked of anybody.

    Raises Refused: ``exercise``, ``not_approved``, ``no_address``, ``ourselves``.
    """
    return _weighed(console, act)[0]


def tried(console: Console, act: Act) -> tuple[str, ...]:
    """Have the gateway read what would be done, without doing it; returns it. Raises Refused, Unreachable, Failed."""
    lines, _addresses = _weighed(console, act)
    with opened((act.door,), _quiet) as session:
        _nft(session, lines, "-c")
    return lines


def block(console: Console, act: Act, who: Handler) -> int:
    """Block a host; returns the place in the log. Raises Refused, Unreachable, Failed.

    The gateway first takes an order to undo it within a minute; only a console that gets in again, by a new
    connection, takes that order back. Cut in the middle, or shut out, nothing remains blocked.
    """
    lines, addresses = _weighed(console, act)
    with opened((act.door,), _quiet) as session:
        _nft(session, lines, "-c")
        before = _standing(session)
        back = nftables.DROPPED if before is None else nftables.unblocking(set(addresses) - before)
        process = int(_run(session, ("sh", "-c", nftables.later(WAIT, back))).out)
        _nft(session, lines)
    try:
        with opened((act.door,), _quiet) as session:
            late = session.run(("sh", "-c", nftables.killed(process)), SECONDS, MOST).code
            if late or not set(addresses) <= (_standing(session) or set()):
                raise Failed("taken_back")
    except Unreachable as error:
        raise Failed("taken_back", error.why) from error
    return responding.say(console, act.number, Line(_word(act, Turn.DONE, addresses)), who)


def unblock(console: Console, act: Act, who: Handler) -> int:
    """Let a host through again; returns the place in the log. Raises Refused, Unreachable, Failed."""
    blocked = _blocked(console, act)
    with opened((act.door,), _quiet) as session:
        standing = _standing(session) or frozenset[str]()
        gone = standing & blocked
        if gone:
            _nft(session, nftables.DROPPED if standing == gone else nftables.unblocking(gone))
    return responding.say(console, act.number, Line(_word(act, Turn.UNDONE, sorted(gone))), who)


def _weighed(console: Console, act: Act) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What blocks a host and its addresses, where that may be done now. Raises Refused."""
    allowed(console, act.number, _word(act, Turn.DONE))
    host = next((host for host in StoredRegister(console.practice).seen(Host).facts if host.ref == act.host), None)
    addresses = tuple(map(str, map(ip_address, (host.addresses or ()) if host else ())))
    if not addresses:
        raise Refused("no_address")
    if any(address == act.door.address or ip_address(address).is_loopback for address in addresses):
        raise Refused("ourselves")
    return nftables.blocking(addresses), addresses


def _blocked(console: Console, act: Act) -> frozenset[str]:
    """What was blocked, whatever the register says of the host today. Raises Refused."""
    one = allowed(console, act.number, _word(act, Turn.UNDONE))
    words = [entry.word for entry in one.contained if isinstance(entry.word, Contained)]
    mine = [word for word in words if (word.measure, word.target, word.turn) == (BLOCK, act.host, Turn.DONE)]
    if not mine[-1].addresses:
        raise Refused("by_hand")
    return frozenset(mine[-1].addresses)


def allowed(console: Console, number: int, word: Contained) -> Incident:
    """The incident, where this may really be done next. Raises Refused, ``exercise`` among others."""
    one = responding.incident(console, number)
    if one.exercise:
        raise Refused("exercise")
    responding.weigh(console, number, Line(word), Handler("", ""))
    return one


def _word(act: Act, turn: Turn, addresses: Iterable[str] = ()) -> Contained:
    return Contained(BLOCK, act.host, turn, way=act.way, addresses=tuple(addresses))


def _standing(session: Session) -> frozenset[str] | None:
    """What our table blocks; ``None``: there is no such table."""
    told = session.run(("nft", *nftables.LISTED), SECONDS, MOST)
    return None if told.code else nftables.blocked(told.out.decode("utf-8", "replace"))


def _nft(session: Session, lines: Iterable[str], *flags: str) -> None:
    """Have nftables do all of it, or nothing. Raises Failed."""
    _run(session, ("nft", *flags, "; ".join(lines)))


def _run(session: Session, argv: tuple[str, ...]) -> Said:
    said = session.run(argv, SECONDS, MOST)
    if said.code == NOT_FOUND:
        raise Failed("no_nft", said.error)
    if said.code:
        raise Failed("refused", said.error.strip())
    return said


def _quiet() -> None:
    """Nobody stops it but with the process."""


def _values(step: Step, hosts: Mapping[Ref, Host], mails: Mapping[Ref, str | None]) -> dict[str, tuple[str, ...]]:
    if step.measure.target == "account":
        name = step.target.split("/", 2)[-1] if step.target.startswith("account/") else step.target
        if step.target.startswith("person/"):
            return {}
        login = mails.get(step.target) or (name if "@" in name else None)
        return {"account": (name,), "login": (login,) if login else ()}
    host = hosts.get(step.target)
    if host is None:
        return {}
    addresses = [ip_address(one) for one in host.addresses or ()]
    macs = host.macs or ()
    return {
        "ipv4": tuple(str(one) for one in addresses if one.version == 4),  # noqa: PLR2004 -- its name
        "ipv6": tuple(str(one) for one in addresses if one.version == 6),  # noqa: PLR2004 -- its name
        "mac": macs,
        "mac_dots": tuple(map(_dotted, macs)),
    }


def _dotted(mac: str) -> str:
    """As Cisco writes it: ``0011.2233.4455``."""
    plain = mac.replace(":", "")
    return ".".join(plain[at : at + 4] for at in range(0, len(plain), 4))


def _modalities(register: StoredRegister, targets: Iterable[Ref]) -> dict[Ref, tuple[Ref, ...]]:
    """Which modalities each of these hosts is, or was seen to speak with."""
    hosts = register.seen(Host).facts
    bearers = {address: host.ref for host in hosts for address in host.addresses or ()}
    modalities: set[Ref | None] = {host.ref for host in hosts if host.host_class is HostClass.MODALITY}
    found: dict[Ref | None, set[Ref | None]] = {}
    for target in targets:
        found[target] = modalities & {target}
    for one in register.seen(Conversation).facts if modalities else ():
        ends = (bearers.get(one.source), bearers.get(one.target))
        for mine, other in (ends, ends[::-1]):
            if mine in found and other in modalities:
                found[mine].add(other)
    return {target: tuple(sorted(filter(None, refs))) for target, refs in found.items() if target}
