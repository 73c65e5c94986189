"""What servers, firewall and directory would log in a fortnight, and four things that should not be. Written."""

import json
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from negatoscope.kit.clock import PARIS
from tests.demonstration import bible

FIRST, LAST = datetime(2026, 11, 9, tzinfo=UTC), datetime(2026, 11, 23, 7, 40, tzinfo=UTC)
QUIET = {"srv-pacs": datetime(2026, 11, 22, 2, 10, tzinfo=UTC)}
"""Who sends nothing more from then on."""
GUESSED = datetime(2026, 11, 17, 8, 51, 12, tzinfo=UTC)
TRIED = datetime(2026, 11, 19, 17, 22, 40, tzinfo=UTC)
WENT_OUT = datetime(2026, 11, 21, 21, 14, 5, tzinfo=UTC)
CAME_IN = datetime(2026, 11, 23, 0, 38, 2, tzinfo=UTC)
OUTSIDE, BOX, ELSEWHERE = "203.0.113.77", "10.20.2.166", "198.51.100.200"
SERVERS = ("srv-ris", "srv-pacs", "srv-sauvegarde", "supervision")
ROUTINE = (
    "systemd 1 - - Started apt-daily.service - Daily apt download activities.",
    "systemd 1 - - logrotate.service: Deactivated successfully.",
    "systemd 1 - - Started sysstat-collect.service - system activity accounting tool.",
    "chronyd 612 - - Selected source 10.20.3.10 (dc1.tilleuls.lan)",
)
WORKING_DAYS = 5
Line = tuple[datetime, str, str, str]


def text() -> str:
    """Every line, in the order in which it came."""
    chance = random.Random(23)
    told = [*_servers(chance), *_directory(chance), *_firewall(chance), *_wrong()]
    return "".join(f"{at.isoformat()}\t{sender}\t{shape}\t{line}\n" for at, sender, shape, line in sorted(told))


def _address(name: str) -> str:
    return next(host.address for host in bible.hosts() if host.name == name)


def _every(step: timedelta, chance: random.Random, until: datetime = LAST) -> Iterator[datetime]:
    at = FIRST
    while (at := at + step * chance.uniform(0.8, 1.2)) < until:
        yield at.replace(microsecond=0)


def _syslog(at: datetime, host: str, said: str, priority: int = 30) -> Line:
    stamp = at.astimezone(PARIS).isoformat(timespec="seconds")
    return at + timedelta(seconds=1), _address(host), "syslog", f"<{priority}>1 {stamp} {host} {said}"


def _servers(chance: random.Random) -> Iterator[Line]:
    """What a server says of itself, and the administrator who comes by on working days."""
    for host in SERVERS:
        until = QUIET.get(host, LAST)
        for at in _every(timedelta(minutes=25), chance, until):
            yield _syslog(at, host, chance.choice(ROUTINE))
        for day in _days():
            at = datetime.combine(day, time(9, chance.randrange(60)), PARIS).astimezone(UTC)
            if day.weekday() < WORKING_DAYS and at < until:
                said = "Accepted publickey for yhamel from 10.20.4.20 port 50122 ssh2: ED25519 SHA256:exemple"
                yield _syslog(at, host, f"sshd {chance.randrange(2000, 9000)} - - {said}", 38)


def _days() -> Iterator[date]:
    day = FIRST.date()
    while day <= LAST.date():
        yield day
        day += timedelta(days=1)


def _directory(chance: random.Random) -> Iterator[Line]:
    """Log-ins of those who work, at the domain controller, and its own pulse."""
    posts = bible.hosts("windows")
    for day in _days():
        for number, one in enumerate(bible.people()):
            here = one.arrived <= day <= one.last_day and one.footing == "staff"
            at = datetime.combine(day, time(7, 40), PARIS) + timedelta(minutes=chance.randrange(70))
            if here and day.weekday() < WORKING_DAYS and day != date(2026, 11, 11) and at < LAST:
                yield _windows(at, 4768, one.login, posts[number % len(posts)].address, "0x0")
    for host in ("dc1", "srv-fichiers"):
        for at in _every(timedelta(minutes=30), chance):
            yield _record(at, host, 4616, {"SubjectUserName": "LOCAL SERVICE"})


def _windows(at: datetime, code: int, user: str, address: str, status: str) -> Line:
    said = {"TargetUserName": user, "TargetDomainName": "TILLEULS", "IpAddress": f"::ffff:{address}", "Status": status}
    return _record(at, "dc1", code, said)


def _record(at: datetime, host: str, code: int, data: dict[str, Any]) -> Line:
    log = {"channel": "Security", "event_id": str(code), "computer_name": f"{host}.tilleuls.lan", "event_data": data}
    told = {"@timestamp": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.000Z}", "winlog": log, "host": {"name": host}}
    return at.astimezone(UTC) + timedelta(seconds=2), f"token:{host}", "json", json.dumps(told)


def _firewall(chance: random.Random) -> Iterator[Line]:
    """What passes to the Internet by day, and what knocks at all hours."""
    posts = [host.address for host in bible.hosts("windows") if host.address.startswith("10.20.1.")]
    for at in _every(timedelta(minutes=12), chance):
        yield _passes(at, chance.choice(posts), ELSEWHERE, 443, "igb1.10")
    for at in _every(timedelta(minutes=45), chance):
        stranger = f"192.0.2.{chance.randrange(1, 250)}"
        yield _filtered(at, "block", "igb0", (stranger, "198.51.100.2", chance.choice((22, 23, 445, 3389))))


def _passes(at: datetime, source: str, target: str, port: int, card: str) -> Line:
    return _filtered(at, "pass", card, (source, target, port))


def _filtered(at: datetime, what: str, card: str, ends: tuple[str, str, int]) -> Line:
    source, target, port = ends
    head = f"5,,,1000000103,{card},match,{what},in,4,0x0,,64,12345,0,DF,6,tcp,60"
    said = f"{head},{source},{target},{40000 + at.minute},{port},0,S,1,,64240,,mss"
    return _syslog(at, "pare-feu", f"filterlog 9021 - - {said}", 134)


def _wrong() -> Iterator[Line]:
    """A script with an old password, a leaver's account, a box that nobody knows, and a log-in that was guessed."""
    for number in range(14):
        said = f"Failed password for root from 10.20.4.20 port {51000 + number} ssh2"
        yield _syslog(GUESSED + timedelta(seconds=21 * number), "srv-sauvegarde", f"sshd 7710 - - {said}", 38)
    for number in range(3):
        yield _windows(TRIED + timedelta(seconds=40 * number), 4768, "obrun", "10.20.1.31", "0x12")
    for number in range(6):
        yield _passes(WENT_OUT + timedelta(minutes=4 * number), BOX, ELSEWHERE, 443, "igb1.20")
    for number in range(24):
        at = CAME_IN + timedelta(seconds=9 * number)
        said = f"{OUTSIDE}:51820 TLS Auth Error: Auth Username/Password verification failed for peer"
        yield _syslog(at, "pare-feu", f"openvpn 3311 - - {said}", 29)
    said = f"{OUTSIDE}:51820 [epons] Peer Connection Initiated with [AF_INET]{OUTSIDE}:51820"
    yield _syslog(CAME_IN + timedelta(minutes=5), "pare-feu", f"openvpn 3311 - - {said}", 29)
