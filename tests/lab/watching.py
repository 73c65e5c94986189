"""The console of a practice that is watched: what the register says, its door for logs, and what it told."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Container, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from datetime import time as hour
from pathlib import Path
from zoneinfo import ZoneInfo

from negatoscope.config import Config
from negatoscope.flows import watching
from negatoscope.flows.console import Console
from negatoscope.flows.credentials import add
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.hearing import hold
from negatoscope.flows.observing import Order, observe
from negatoscope.flows.opening import open_console
from negatoscope.flows.watching import Watch
from negatoscope.model.accounts import Account
from negatoscope.model.alert import Alert, Part
from negatoscope.model.evidence import Fact
from negatoscope.model.hosts import Host
from negatoscope.model.networks import Network
from negatoscope.model.people import Person
from negatoscope.model.presence import WEEKDAYS, Absence, Presence, said
from negatoscope.model.zones import AllowedFlow, Zone, ZoneKind
from negatoscope.observe.collector import Login
from negatoscope.store.queries import alerts
from tests.lab import acts
from tests.lab.acts import Act, Expected
from tests.lab.build import Lab, build
from tests.lab.cards import mac
from tests.lab.description import read
from tests.lab.logging_servers import DOOR, Logging, directed, served
from tests.lab.plan import sound
from tests.observe.directory.domain import ADMINISTRATOR, PASSWORD, REALM, Domain
from tests.observe.directory.practice import listed

HERE = Path(__file__).parent
OPERATOR = "lab"
PEOPLE = {"mday": "Maud Day", "qquiet": "Quentin Calme", "nnight": "Nadia Nuit", "aaway": "Anne Ailleurs",
          "lleft": "Luc Parti"}  # fmt: skip
"""``nnight`` is there at other hours than these, ``aaway`` on leave, ``lleft`` gone; the others are at work."""
LEFT = date(2026, 1, 31)
ROUND, SETTLED = 0.3, 1.5
"""Seconds between two looks, and without a record after which all has come."""
LATER = timedelta(minutes=5)
AWAY = timedelta(days=2)
OTHERWISE = timedelta(hours=6)
PARIS = ZoneInfo("Europe/Paris")


def now() -> datetime:
    return datetime.now(UTC)  # noqa: TID251 -- real servers live today


def opened(lab: Lab, data: Path) -> Console:
    """A console that knows the practice and its people."""
    config = Config(data=data, syslog=f"{lab.plan.lab.administration.console}:{DOOR}")
    console = open_console(config, now)
    declare(console, Said(OPERATOR), [*network(lab), *hosts(lab), *_people(), *_accounts(), *listed()])
    return console


def look(console: Console, lab: Lab, directory: Domain) -> None:
    """Read the directory."""
    add(console, OPERATOR, "annuaire", Login(ADMINISTRATOR, PASSWORD))
    ca = {"ca": directory.authority, "credential": "annuaire", "certificate_name": f"dc1.{REALM}"}
    outcome = observe(console, Order("directory", REALM, OPERATOR, {"servers": [lab.addresses["dc"]], **ca}))
    if outcome.blocking:
        raise AssertionError(outcome.blocking)


def network(lab: Lab) -> Iterator[Fact]:
    described = lab.plan.lab
    for one in described.segments:
        networks = None if one.kind is ZoneKind.INTERNET else (one.cidr,)
        yield Zone(one.name, one.kind, networks, gateway=described.router.name)
        if networks:
            yield Network(one.cidr, one.name)
    for one in described.inside:
        yield AllowedFlow(Zone(described.administration.name).ref, Zone(one.name).ref, "any", "Observation")
    yield AllowedFlow(Zone("servers").ref, Zone(described.administration.name).ref, f"tcp/{DOOR}", "Journaux")
    for flow in described.flows:
        yield AllowedFlow(Zone(flow.source).ref, Zone(flow.target).ref, flow.service, "Soins")


def hosts(lab: Lab) -> Iterator[Fact]:
    described = lab.plan.lab
    for one in described.hosts:
        if described.segment(one.segment).kind is not ZoneKind.INTERNET:
            called = f"dc1.{REALM}" if one.name == "dc" else one.name
            cards = (mac(one.address),)
            yield Host(one.ref, hostname=called, host_class=one.host_class, macs=cards, addresses=(one.address,))


def _people() -> Iterator[Fact]:
    for ident, name in PEOPLE.items():
        yield Person(ident, name, left_on=LEFT if ident == "lleft" else None)
    at = now().astimezone(PARIS)
    here, elsewhere = _hours(at), _hours(at + 2 * OTHERWISE)
    yield from (Presence(f"person/{one}", **dict.fromkeys(WEEKDAYS, here)) for one in ("mday", "qquiet"))
    yield Presence("person/nnight", **dict.fromkeys(WEEKDAYS, elsewhere))
    yield Absence("person/aaway", (at - AWAY).date(), (at + AWAY).date())


def _hours(around: datetime) -> str:
    """Some hours around an instant, past midnight perhaps."""
    spans = [(one.hour, one.minute) for one in (around - OTHERWISE / 2, around + OTHERWISE / 2)]
    return said([(hour(*spans[0]), hour(*spans[1]))])


def _accounts() -> Iterator[Fact]:
    for place in ("files", "mail"):
        yield from (Account(f"host/{place}", ident, holder=f"person/{ident}") for ident in PEOPLE)


@contextmanager
def listening(console: Console) -> Iterator[None]:
    """Hold its doors."""
    over = threading.Event()
    thread = threading.Thread(target=lambda: hold(console, over.is_set))
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def watched(console: Console) -> Watch:
    """Work through all that comes until nothing does."""
    watch, quiet = Watch(console), time.monotonic()
    while time.monotonic() - quiet < SETTLED:
        if watch.round():
            quiet = time.monotonic()
        time.sleep(ROUND)
    later = replace(console, clock=lambda: now() + LATER)
    watch.console = later
    watch.round()
    return watch


def _parts(console: Console) -> list[tuple[Alert, Part]]:
    return [(one, part) for one in alerts.standing(console.practice) for part in alerts.parts(one.number)]


def told(console: Console) -> set[Expected]:
    """What its alerts say."""
    return {Expected(one.code, part.reason, one.subject) for one, part in _parts(console)}


def run(folder: Path, say: Callable[[str], None], words: Container[str]) -> bool:
    """Do what ``acts.toml`` says; whether all was told, and nothing else. ``words``: ``-v``, ``--quick``."""
    began = time.monotonic()
    lab = build(sound(read(HERE / "watched.toml")), folder)
    day = acts.read((HERE / "acts.toml").read_text("utf-8"))
    servers, people = Logging(lab), tuple(PEOPLE)
    served(servers, people)
    console = opened(lab, folder / "data")
    if "--quick" in words:
        day = tuple(one for one in day if not one.directed)
    else:
        look(console, lab, directed(servers, people))
    say(f"servers and console up in {time.monotonic() - began:.1f} s")
    with listening(console):
        for one in day:
            one.do(lab)
        watched(console)
    events = [told.event for told in watching.store(console).told()]
    say("events: " + ", ".join(f"{name} {many}" for name, many in Counter(one.product for one in events).most_common()))
    for line in (*events, *_parts(console)) if "-v" in words else ():
        say(f"  {line}")
    say(f"{time.monotonic() - began:.0f} s")
    return scored(day, told(console), say)


def scored(day: Sequence[Act], found: set[Expected], say: Callable[[str], None]) -> bool:
    """Print what was told against what had to be."""
    wanted = {one for act in day for one in act.truth()}
    for one in sorted(wanted | found):
        mark = "told" if one in wanted & found else "MISSED" if one in wanted else "FALSE"
        say(f"{mark:<7}{one.code}/{one.reason} {one.subject}")
    hit = len(wanted & found)
    precision, recall = hit / len(found) if found else 0, hit / len(wanted)
    say(f"precision={precision:.3g} recall={recall:.3g} acts={len(day)} false={len(found - wanted)}")
    return wanted == found
