"""Whom ``snmp`` may ask, with what, and how long; who answers is read column by column."""

import time
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from negatoscope.observe.collector import Bounds, Collector, Login, Look, Unreachable
from negatoscope.observe.scan.arguments import Refused, declares, inside, network
from negatoscope.observe.snmp.columns import COLUMNS, MODELS
from negatoscope.observe.snmp.frames import FORMAT, Agent, End, Header, Part, Row, write
from negatoscope.observe.snmp.knock import SNMP as SNMP_PORT
from negatoscope.observe.snmp.knock import TFTP, Round, knock
from negatoscope.observe.snmp.message import V1, V2C, V3, Bind
from negatoscope.observe.snmp.read import GIVES, read
from negatoscope.observe.snmp.session import Door, Ended, Session
from negatoscope.observe.snmp.usm import CIPHERS, DIGESTS, User

MAX_ADDRESSES = 1024
MAX_RATE = 2000
UNSIGNED = "none"
"""What a log-in says of a user who signs nothing."""
MAX_ROWS = 100_000
"""Of one agent."""
OVER = frozenset({"silent", "refused", "closed", "time_limit"})
"""After these, nothing more will come."""
MARGIN = 3
"""Seconds kept back to end the capture properly."""
ARP = Path("/proc/thread-self/net/arp")
SHORTEST_SECRET = 4
VERSIONS = {V1: "1", V2C: "2c", V3: "3"}


class Settings(Struct, frozen=True, forbid_unknown_fields=True):
    """With which log-in, how fast, how long. From ``declared`` on, filled in by ``bound``, never by a person."""

    credential: str = ""
    packets_per_second: Annotated[int, Meta(ge=1, le=MAX_RATE)] = 300
    host_seconds: Annotated[int, Meta(ge=5, le=3600)] = 120
    minutes: int = 60
    declared: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()
    spared_macs: tuple[str, ...] = ()
    udp: tuple[int, int] = (SNMP_PORT, TFTP)


def bound(settings: Settings, bounds: Bounds) -> Settings:
    """Only inside declared networks, never a modality without consent."""
    return msgspec.structs.replace(
        settings, declared=bounds.networks, spared=bounds.spared, spared_macs=bounds.spared_macs
    )


def capture(settings: Settings, target: str, look: Look) -> None:
    """Knock at every address, then read who lets us in. Raises Unreachable."""
    addresses, spared = _allowed(settings, target)
    key = _key(look.login(settings.credential)) if settings.credential else None
    look.write(write(Header(FORMAT, str(network(target)), spared)))
    told = Round(settings.packets_per_second, lambda: look.step(0, len(addresses)), ports=settings.udp)
    if key and key.community:
        told.extra = (key.community,)
    met = set()
    for line in knock(addresses, told):
        look.write(write(line))
        if line.asks == "snmp3":
            met.add(line.address)
    doors = _doors(settings, key, told, met) if key else []
    left = 0
    for number, door in enumerate(doors):
        look.step(len(addresses) - len(doors) + number, len(addresses))
        if look.remaining() <= MARGIN:
            left += 1
        else:
            _Reading(door, look, settings.host_seconds, key).go()
    look.write(write(End(left)))
    look.step(len(addresses), len(addresses))


@dataclass(frozen=True, slots=True)
class _Key:
    """What opens agents, and what must never be kept."""

    community: bytes = b""
    user: User | None = None

    @property
    def secrets(self) -> tuple[bytes, ...]:
        user = self.user
        said = (self.community,) if user is None else (user.password.encode(), user.privacy.encode())
        return tuple(one for one in said if len(one) >= SHORTEST_SECRET and one != b"public")


def _key(login: Login) -> _Key:
    """Raises Unreachable for a log-in of another sort."""
    if login.community:
        return _Key(login.community.encode())
    if login.digest not in {UNSIGNED, *DIGESTS} or login.cipher not in {"", *CIPHERS}:
        raise Unreachable("credential_not_snmp")
    digest = "" if login.digest == UNSIGNED else login.digest
    if (digest and not login.password) or (login.cipher and not (digest and login.privacy)):
        raise Unreachable("credential_not_snmp")
    return _Key(user=User(login.username, digest, login.password or "", login.cipher, login.privacy or ""))


def _doors(settings: Settings, key: _Key, told: Round, met: set[str]) -> list[Door]:
    pause, port = 1 / settings.packets_per_second, settings.udp[0]
    if key.user:
        return [Door(one, V3, user=key.user, port=port, pause=pause) for one in sorted(met, key=ip_address)]
    best = {address: max(v for a, v in told.lent if a == address) for address, _ in told.lent}
    ordered = sorted(best.items(), key=lambda one: ip_address(one[0]))
    return [Door(address, version, key.community, port=port, pause=pause) for address, version in ordered]


class _Reading:
    """One agent, column by column."""

    def __init__(self, door: Door, look: Look, seconds: int, key: _Key | None) -> None:
        self._door, self._look = door, look
        self._end = time.monotonic() + min(seconds, look.remaining() - MARGIN)
        self._secrets = key.secrets if key else ()
        self._rows = 0

    def go(self) -> None:
        user = self._door.user or User("")
        self._look.write(write(Agent(self._door.address, VERSIONS[self._door.version], user.digest, user.cipher)))
        session = Session(self._door, self._tick)
        over = ""
        try:
            for name, column in COLUMNS.items():
                outcome = over or self._column(session, name, column)
                over = outcome if outcome in OVER else ""
                self._look.write(write(Part(name, outcome)))
        finally:
            session.close()

    def _column(self, session: Session, name: str, column: str) -> str:
        outcome = "whole"
        try:
            for bind in session.walk(column):
                self._tick()
                self._keep(name, bind)
        except Ended as error:
            outcome = error.why
        return outcome

    def _keep(self, name: str, bind: Bind) -> None:
        self._rows += 1
        if self._rows > MAX_ROWS:
            raise Ended("endless")
        if name in MODELS:
            depth = MODELS[name].count(".") + 1
            bind = Bind(bind.oid[: depth + 1], 0x05, b"")
        if not any(secret in bind.value for secret in self._secrets):
            self._look.write(write(Row(".".join(map(str, bind.oid)), bind.tag, bind.value)))

    def _tick(self) -> None:
        if time.monotonic() > self._end:
            raise Ended("time_limit")
        self._look.step(0, 1)


def _allowed(settings: Settings, target: str) -> tuple[list[str], tuple[str, ...]]:
    """The addresses to ask and those left alone. Raises Unreachable."""
    try:
        wanted = network(target)
        if not declares(settings.declared, target):
            raise Unreachable("outside_declared_networks", target=target)
        if wanted.num_addresses > MAX_ADDRESSES:
            raise Unreachable("network_too_large", target=target, limit=MAX_ADDRESSES)
        spared = {one for one in (*settings.spared, *_moved(settings.spared_macs)) if inside(one, target)}
    except Refused as error:
        raise Unreachable("not_an_address", target=target) from error
    if wanted.num_addresses == 1 and spared:
        raise Unreachable("modality_without_consent", target=target)
    hosts = list(wanted) if wanted.num_addresses <= 2 else list(wanted)[1:-1]  # noqa: PLR2004 -- RFC 3021
    if wanted.version == 6:  # noqa: PLR2004 -- no broadcast address there
        hosts = list(wanted)
    return [str(one) for one in hosts if str(one) not in spared], tuple(sorted(spared))


def _moved(macs: tuple[str, ...]) -> list[str]:
    """Addresses at which this machine last saw a spared card."""
    lines: list[list[str]] = []
    with suppress(OSError):
        lines = [line.split() for line in ARP.read_text().splitlines()[1:]]
    known = {mac.lower() for mac in macs}
    return [words[0] for words in lines if len(words) > 3 and words[3].lower() in known]  # noqa: PLR2004 -- columns


SNMP = Collector("snmp", Settings, capture, read, gives=GIVES, bound=bound)
