"""An intrusion by real clients on real servers; what the console tells of it, held against what was done."""

import hashlib
import os
import socket
import threading
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import zstandard

from negatoscope.config import Config
from negatoscope.flows import acquiring, dossiers, evidencing, questioning, responding
from negatoscope.flows.acquiring import Aim
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.dossiers import Filling, Leaving
from negatoscope.flows.evidencing import Again, Other
from negatoscope.flows.listening import deliver_closed, open_door
from negatoscope.flows.observing import Order, observe
from negatoscope.flows.opening import open_console
from negatoscope.flows.questioning import Questioning
from negatoscope.flows.responding import Line
from negatoscope.model.accounts import Account
from negatoscope.model.alert import Alert
from negatoscope.model.custody import Piece
from negatoscope.model.evidence import Ref
from negatoscope.model.incident import (
    Answered,
    Asked,
    Hit,
    How,
    Moment,
    Moved,
    Part,
    Stage,
    State,
    Stated,
    Touched,
    What,
    Word,
)
from negatoscope.model.people import Person
from negatoscope.model.tuning import Tuning
from negatoscope.observe.collector import Login
from negatoscope.observe.ssh.session import Door, host_key_of
from negatoscope.respond import closing, wall
from negatoscope.respond.custody import chains
from negatoscope.respond.dossier import Field
from negatoscope.respond.incident import Refused
from negatoscope.respond.questions.answer import Window
from negatoscope.store.queries import alerts
from tests.lab import flows
from tests.lab.acts import Tries, log_in
from tests.lab.build import Lab, build
from tests.lab.description import read
from tests.lab.logging_servers import DOOR, WORD, Logging
from tests.lab.plan import sound
from tests.lab.watching import OPERATOR, PARIS, hosts, listening, network, now, watched

HERE = Path(__file__).parent
SERVERS = ("files", "ris", "pacs", "backup")
STAFF, MAINTENANCE = "mday", "maint"
"""Who works there every day, and the account of a provider whose word somebody guesses."""
GUESSES = 12
LEAVES, PORT = 700 << 20, 443
"""Bytes that leave, and by which port."""
DISK = 8 << 20
"""Bytes of a disk that is copied."""
TYPED = {"siren": "123456782"}
ASKED_AGAIN = 3
"""An answer may ask for more."""
DAILY = 500
"""MiB a day that this practice finds much."""
PATIENCE = 30.0
EXPORTED = 6.0
"""Seconds after which the router has told of all flows."""
ENTERED = ("host/files", "host/pacs", "host/ris")
ANSWERS = {
    "patient_risk": "no", "ongoing": "yes", "malicious": "yes", "service_or_health_data": "yes", "personal_data": "yes",
    "high_risk": "unknown", "processor": "no", "ose": "no", "nis2": "no", "device_or_dose": "no", "mail_or_sms": "no",
    "public": "no",
}  # fmt: skip
OWED = {"ANS", "ASSUR", "PLAINTE", "CNIL"}
MAUD = Handler("user:mday", "Maud Day (mday)")

Tell = Callable[[str], None]


class Untrue(AssertionError):  # noqa: N818 -- what it is
    """What the console tells is not what was done."""


def run(folder: Path, tell: Tell) -> None:
    """Do all of it once. Raises Untrue."""
    lab = build(sound(read(HERE / "intruded.toml")), folder)
    servers = Logging(lab)
    for host in SERVERS:
        servers.log(host)
        servers.ssh(host, (STAFF, MAINTENANCE))
        servers.answers(host, 22)
    console = opened(lab, folder / "data")
    looked(console, lab)
    with open_door(console, lambda: False) as door, listening(console):
        assert door is not None
        days_work(lab)
        watched(console)
        since = now()
        intrusion(lab, servers)
        until = now()
        days_work(lab)
        time.sleep(EXPORTED)
        door.keeper.close_all()
        deliver_closed(console, door.keeper)
        watched(console)
    one = raised(console, lab.addresses, tell)
    number = responding.open_from_alert(console, one.number, "Entrée par la télémaintenance", MAUD)
    asked = questioning.ask(console, MAUD.operator, "ris", Window(since, now(), min(one.last, until)))
    answered(asked, {**lab.addresses, "console": lab.plan.lab.administration.console}, tell)
    imaged(lab, console, number, tell)
    led(console, number, tell)


def opened(lab: Lab, data: Path) -> Console:
    """A console that knows the practice, and what it finds much."""
    here = lab.plan.lab.administration.console
    console = open_console(Config(data=data, syslog=f"{here}:{DOOR}", flows=f"0.0.0.0:{flows.PORT}"), now)
    much = Tuning("transfers", "Petit cabinet", MAUD.name, now(), changed={"daily": DAILY})
    people = [Person(STAFF, "Maud Day"), Person(MAINTENANCE, "Télémaintenance Untel")]
    accounts = [
        Account(f"host/{host}", one, holder=f"person/{one}") for host in SERVERS for one in (STAFF, MAINTENANCE)
    ]
    declare(console, Said(OPERATOR), [*network(lab), *hosts(lab), *people, *accounts, much])
    return console


def looked(console: Console, lab: Lab) -> None:
    """A look at the servers' network: what answers there."""
    target = lab.plan.lab.segment("servers").cidr
    outcome = observe(console, Order("nmap", target, OPERATOR, {"ports": "22,104,443", "packets_per_second": 2000}))
    assert not outcome.blocking, outcome.blocking


def days_work(lab: Lab) -> None:
    """What happens every day."""
    for source, host in (("pc-1", "files"), ("pc-2", "ris"), ("pc-1", "backup")):
        comes_in(lab, source, host, STAFF)


def intrusion(lab: Lab, servers: Logging) -> None:
    """Guess a word from outside, go on from server to server, take a right, and send much away."""
    Tries("ssh", ("stranger",), "files", (MAINTENANCE,), wrong=GUESSES, right=True).do(lab)
    comes_in(lab, "files", "ris", MAINTENANCE)
    etc = lab.folder / "ris-ssh" / "etc"
    servers.start("ris", f"mount --bind {etc} /etc; usermod -aG sudo {MAINTENANCE}")
    comes_in(lab, "ris", "pacs", MAINTENANCE)
    sent_away(lab, "ris", "depot")


def comes_in(lab: Lab, source: str, host: str, account: str) -> None:
    """Log in."""
    if not log_in(lab, Tries("ssh", (source,), host, (account,)), (source, account), WORD):
        raise AssertionError(f"{account} did not come into {host} from {source}")


def sent_away(lab: Lab, source: str, target: str) -> None:
    """Send ``LEAVES`` bytes over a connection that the router lets out."""
    server = lab.inside(target, lambda: socket.create_server(("", PORT)))
    taker = threading.Thread(target=_taken, args=(server,), daemon=True)
    taker.start()

    def send() -> None:
        part = bytes(1 << 20)
        with socket.create_connection((lab.addresses[target], PORT), PATIENCE) as wire:
            for _ in range(LEAVES >> 20):
                wire.sendall(part)

    lab.inside(source, send)
    taker.join(PATIENCE)
    server.close()


def _taken(server: socket.socket) -> None:
    wire, _ = server.accept()
    with wire:
        while wire.recv(1 << 20):
            pass


def raised(console: Console, addresses: Mapping[str, str], tell: Tell) -> Alert:
    """What had to be told, and nothing else; the alert of the log-in that was guessed is returned."""
    standing = alerts.standing(console.practice)
    found = {(one.code, part.reason, one.subject): one for one in standing for part in alerts.parts(one.number)}
    guessed = ("attempts", "success_after", f"address/{addresses['stranger']}")
    wanted = {guessed, ("transfers", "absolute", "host/ris"), ("bypass", "uninvited", "host/files"),
              ("bypass", "uninvited", f"person/{MAINTENANCE}")}  # fmt: skip
    scored("alerts", found, wanted, tell)
    return found[guessed]


def answered(asked: Questioning, addresses: Mapping[str, str], tell: Tell) -> None:
    """Rule 38's questions on the host from which much left."""
    rows = asked.spread.rows
    scored("came from", [row.host for row in rows if row.back and row.unusual], {"host/files"}, tell, least=0.5)
    scored("went to", [row.host for row in rows if not row.back and row.unusual], {"host/pacs"}, tell)
    told = {(row.way.value, row.host or row.peer) for row in asked.talk.rows}
    talked = {("in", "host/files"), ("in", "host/pc-2"), ("out", "host/pacs"), ("out", addresses["depot"]),
              ("out", addresses["console"])}  # fmt: skip
    scored("exchanges", told, talked, tell)
    sent = next(row.sent or 0 for row in asked.talk.rows if row.peer == addresses["depot"])
    holds(f"{sent >> 20} MiB left, of {LEAVES >> 20}", LEAVES <= sent < LEAVES * 1.1, tell)
    first, three = asked.entry.rows[0], asked.twins.rows[:3]
    entered = (first.happening.host, first.happening.origin, first.happening.failed_before)
    holds(f"the way in is {entered}", entered == ("host/files", addresses["stranger"], GUESSES), tell)
    scored("alike", [row.host for row in three], {f"host/{one}" for one in SERVERS} - {"host/ris"}, tell)
    reached = {row.node for row in asked.reach.rows if row.shown}
    scored("reach", reached, {f"account/ris/{one}" for one in (STAFF, MAINTENANCE)}, tell)


def imaged(lab: Lab, console: Console, number: int, tell: Tell) -> None:
    """Take the state and a disk of each host that was entered, over SSH; nothing is written there."""
    for host in (one.removeprefix("host/") for one in ENTERED):
        disk, address = lab.folder / f"{host}.disk", lab.addresses[host]
        disk.write_bytes(os.urandom(DISK))
        disk.chmod(0o644)
        door = Door(address, 22, Login(STAFF, WORD), host_key_of(address, 22))
        why = "Mémoire perdue : le serveur avait redémarré."
        aim = Aim(number, f"host/{host}", door, lab.folder / f"{host}-pieces", "Maud Day", (str(disk),), why)
        live, image = acquiring.take(console, aim, MAUD, lambda _what, _done, _whole: None)
    pieces = {one.taken.place: one for one in chains(responding.incident(console, number))}
    kinds = [one.word.piece for one in pieces.values()]
    holds("the state and a disk of each host are here", kinds == [Piece.LOGS, Piece.DISK] * len(ENTERED), tell)
    with zstandard.open(aim.folder / pieces[image].word.name) as copy:
        same = copy.read() == disk.read_bytes()
    digest = hashlib.sha256(disk.read_bytes()).hexdigest()
    holds(f"{DISK >> 20} MiB came, and are the same", same and digest in pieces[image].taken.text, tell)
    kept = aim.folder / pieces[live].word.name
    kept.write_bytes(kept.read_bytes()[:-1] + b"?")
    with suppress(Other):
        evidencing.compare(console, number, Again(live, kept), MAUD)
    changed = chains(responding.incident(console, number))[-2].altered
    holds("a piece that was changed since is said to be", changed, tell)


def prepared(console: Console, number: int, tell: Tell) -> None:
    """The dossier for the CNIL: filled from what is known, then completed, then noted as sent."""
    told = dossiers.dossier(console, number, "CNIL")
    known = told.required - len(told.missing)
    holds(f"dossier: the facts fill {known} of the {told.required} fields that must be told", known > 0, tell)
    for _ in range(ASKED_AGAIN):
        values = {one.field.id: [typed(one.field)] for one in told.missing}
        dossiers.save(console, number, Filling("CNIL", values), MAUD)
        told = dossiers.dossier(console, number, "CNIL")
    holds("the dossier is complete", not told.missing, tell)
    dossiers.send(console, number, "CNIL", Leaving(now(), Stage.COMPLETE, MAUD.name, "N-2026-1"), MAUD)
    clock = next(one for one in wall.clocks(responding.incident(console, number)) if one.duty.id == "CNIL")
    holds("its clock is met", clock.sent is not None and not clock.late(now()), tell)


def typed(field: Field) -> str:
    """What somebody would type into a field."""
    if field.options:
        return field.options[0].code
    instant = now().astimezone(PARIS).isoformat(timespec="minutes")
    return TYPED.get(field.id) or {"number": "1", "instant": instant}.get(field.kind, "Dit par Maud")


def led(console: Console, number: int, tell: Tell) -> None:
    """From the alert to the end: what is owed by when, what closing lacks, and that it closes once nothing does."""

    def say(word: Word, text: str = "dit au journal") -> None:
        responding.say(console, number, Line(word, text), MAUD)

    for question, answer in ANSWERS.items():
        say(Answered(question, answer))
    one = responding.incident(console, number)
    aware = one.moment(Moment.AWARE)
    assert aware is not None
    due = {debt.duty: debt.due for debt in one.debts if debt.owed == "yes"}
    holds("the CNIL is told within 72 hours of awareness", due.get("CNIL") == aware + timedelta(hours=72), tell)
    scored("owed", due, OWED, tell)
    prepared(console, number, tell)
    for host in ENTERED:
        say(Touched(What.HOST, host, Hit.COMPROMISED))
    for state in (State.QUALIFIED, State.CONTAINED, State.ERADICATED, State.RECOVERED):
        say(Moved(state))
    lacks = refused(console, number, tell)
    holds("closing asks the way in, and the image and the rebuilding of each host", lacks >= {
        ("entry", ""), *((part, host) for part in ("images", "reinstall") for host in ENTERED)}, tell)  # fmt: skip
    for part in (Part.ENTRY, Part.SPREAD, Part.DATA, Part.SECRETS, Part.LESSONS):
        say(Stated(part, How.SAID))
    for host in ENTERED:
        say(Stated(Part.IMAGES, How.TAKEN, host))
        say(Stated(Part.REINSTALL, How.REINSTALLED, host))
    say(Asked("Maud Day", lesson=True), "Fermer la télémaintenance permanente")
    say(Moved(State.CLOSED))
    holds("it closes", responding.incident(console, number).state is State.CLOSED, tell)


def refused(console: Console, number: int, tell: Tell) -> set[tuple[str, Ref]]:
    """What closing lacks. Raises Untrue if it closes all the same."""
    try:
        responding.say(console, number, Line(Moved(State.CLOSED), "clos"), MAUD)
    except Refused as error:
        tell(f"closing is refused: {error.code}")
        return set(closing.missing(responding.incident(console, number)))
    raise Untrue("it closed, and nothing was stated")


def scored(what: str, found: Collection[object], wanted: Collection[object], tell: Tell, least: float = 1.0) -> None:
    """All that is wanted was found; print how much else was. Raises Untrue."""
    right = len(set(found) & set(wanted))
    precision, recall = right / len(set(found)) if found else 0.0, right / len(set(wanted))
    line = f"{what}: precision={precision:.3g} recall={recall:.3g}"
    tell(line)
    if recall < 1 or precision < least:
        raise Untrue(f"{line}: {sorted(map(str, found))}, not {sorted(map(str, wanted))}")


def holds(what: str, true: bool, tell: Tell) -> None:  # noqa: FBT001 -- whether it holds
    """Print what is asked, and raise Untrue if it is not so."""
    tell(what)
    if not true:
        raise Untrue(f"not so: {what}")
