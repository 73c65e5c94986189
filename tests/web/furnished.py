"""A practice furnished through the real flows: what pages look like once people have worked with the console."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from io import BytesIO
from pathlib import Path

from negatoscope.config import Config
from negatoscope.flows import (
    accompanying,
    acting,
    adopting,
    alerting,
    channels,
    credentials,
    exercising,
    launching,
    rereading,
    responding,
    reviewing,
    rhythm,
    ruling,
    scheduling,
    tipping,
    tuning,
)
from negatoscope.flows.admitting import Newcomer, add_user, disable_user, name_practice
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare, keep_document
from negatoscope.flows.importing import Upload, accept
from negatoscope.flows.judging import judge_now
from negatoscope.flows.ledgering import checkpoint
from negatoscope.flows.observing import Delivery, deliver
from negatoscope.flows.opening import open_console
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.tipping import Sending
from negatoscope.model.accounts import Account
from negatoscope.model.alert import AlertOutcome, Priority
from negatoscope.model.cases import CaseKind, RoleTemplate
from negatoscope.model.channel import For, Quiet
from negatoscope.model.continuity import Call
from negatoscope.model.directory import Directory
from negatoscope.model.event import Action, Event, Told
from negatoscope.model.exercise import Chosen
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.incident import (
    Answered,
    Asked,
    Clue,
    Decided,
    Followed,
    Gesture,
    Hit,
    How,
    Marked,
    Moved,
    Named,
    Noted,
    Part,
    Sent,
    State,
    Stated,
    Struck,
    Touched,
    What,
    Word,
)
from negatoscope.model.incident import Role as Duty
from negatoscope.model.launch import Purpose
from negatoscope.model.networks import Consent, Network
from negatoscope.model.papers import PaperKind
from negatoscope.model.people import Attestation, Person, Waiver
from negatoscope.model.tip import Look
from negatoscope.observe.flows.read import header
from negatoscope.store import notices
from negatoscope.store.queries import alerts
from negatoscope.store.roles import Role
from negatoscope.watch.detection import Detection, Kind, Level
from tests.kept import Kept, keep, put_back
from tests.web import probed

CAPTURES = Path(__file__).parents[1] / "captures"
PASSWORD = "un-long-mot-de-passe-7"
PEOPLE = """identifiant;nom;fonction;arrivée;départ;courriel;supprimer
mdurand;Marie Durand;manipulatrice;01/03/2019;;;
jpetit;Jean Petit;secrétaire;15/09/2021;;;
alebrun;Anne Lebrun;radiologue;01/01/2012;;;
kmoreau;Karim Moreau;manipulateur;01/06/2015;30/09/2026;;
"""
LISTS = (
    ("rooms", "rooms.csv"), ("doors", "doors.csv"), ("keys", "keys.csv"), ("alarm-codes", "alarm-codes.csv"),
    ("providers", "providers.csv"), ("handovers", "handovers.csv"),
)  # fmt: skip
"""In an order in which each names only what stands in an earlier one."""
LISTED_ON = {"rooms": date(2026, 1, 6)}
ATTESTED = {
    "R39.1": "Chaque arrivant suit une heure de sensibilisation, feuille d’émargement à l’appui.",
    "R39.2": "Une affiche rappelle les consignes près de chaque poste.",
    "R32.2": "La porte du local technique est fermée à clé, la clé est au secrétariat.",
    "R40.1": "Un audit est fait chaque année par un prestataire extérieur.",
}
STATED_NOT_MET = "R33.4"
SERVER = "host/srv-essai"
RULE_ID = "7d1f0a6e-5a3c-4f0e-9a53-6a1a4f3f8f10"
RULES = f"""title: Root sought over SSH
id: {RULE_ID}
status: test
description: Somebody tries the password of root from outside.
author: The practice
date: 2026-11-01
level: high
tags: [attack.credential-access, attack.t1110.001]
logsource: {{product: linux, service: sshd}}
detection:
  keywords: ['Failed password for root']
  condition: keywords
falsepositives: [An administrator who mistypes]
---
title: A cloud that nobody has
id: 0b6c7a52-7f0f-4a55-8f52-2f0e1d7f0a11
logsource: {{product: okta}}
detection:
  one: {{eventtype: user.session.start}}
  condition: one
""".encode()
KEPT: list[Kept] = []
"""The practice that this process furnished, as it stood then."""


class PastClock:
    """Starts some days ago and ticks a second at each look."""

    def __init__(self, now: datetime, days: int) -> None:
        self.at = now - timedelta(days=days)

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


def furnish(folder: Path, now: datetime) -> Console:
    """Three days of work at a practice, ending just before ``now``; done once, then put back as it was."""
    if KEPT and abs(now - KEPT[0].now) < timedelta(minutes=30):
        put_back(KEPT[0], folder)
        return Console(Config(data=folder), 1, 1, PastClock(now, 0))
    console = _work(folder, now)
    KEPT[:] = [keep(folder, now)]
    return console


def _work(folder: Path, now: datetime) -> Console:
    clock = PastClock(now, 3)
    console = open_console(Config(data=folder), clock)
    users(console)
    _look(console)
    judge_now(console, "user:mdurand")
    clock.at = now - timedelta(days=2)
    _say(console, clock)
    judge_now(console, "user:mdurand")
    _accompany(console)
    clock.at = now - timedelta(minutes=20)
    _deliver(console, "local", "", "local/healthy.jsonl")
    _deliver(console, "nmap", "10.77.0.0/24", "nmap/healthy.xml")
    declare(console, Said("user:mdurand", "configuration"), (Directory("cabinet.lan"),))
    _unreadable(console)
    probed.furnish(console)
    _alert(console)
    _report(console)
    _respond(console)
    ruling.take(console, "user:mdurand", "cabinet.yml", RULES)
    scheduling.ask(console, scheduling.Asked("nmap", "10.77.0.0/24", "user:mdurand", {"minutes": 30}))
    judge_now(console, "user:mdurand")
    credentials.add(console, "user:mdurand", "serveurs", credentials.made_here("negatoscope"))
    rhythm.repeat(console, "user:mdurand", rhythm.Rhythm("nmap", "10.77.0.0/24", 168, {}))
    told = {"host": "courriel.cabinet.example", "sender": "console@cabinet.example", "to": "direction@cabinet.example"}
    notices.set_mail(console.practice, told)
    checkpoint(console)
    return console


def users(console: Console) -> None:
    """An administrator, an operator, and somebody who left."""
    name_practice(console, "console", "Cabinet des Tilleuls")
    add_user(console, "console", Newcomer("Marie Durand", "mdurand", PASSWORD, Role.ADMINISTRATOR))
    add_user(console, "user:mdurand", Newcomer("Jean Petit", "jpetit", PASSWORD, Role.OPERATOR))
    add_user(console, "user:mdurand", Newcomer("Karim Moreau", "kmoreau", PASSWORD))
    disable_user(console, "user:mdurand", "kmoreau")


def _look(console: Console) -> None:
    _deliver(console, "local", "", "local/server-as-root.jsonl")
    networks = (Network("10.77.0.0/24", "Salle d’examen"), Network("192.168.50.0/24", None))
    declare(console, Said("user:mdurand", "configuration"), networks)
    people = Upload("persons", "personnel.csv", PEOPLE.encode(), date(2026, 1, 5))
    accept(console, people, "user:mdurand")
    _listed(console)
    told = header("10.77.0.1", ("10.77.0.0/24",)) + (CAPTURES / "flows/v9.bin").read_bytes()
    deliver(console, Delivery("flows", "10.77.0.1", "exporter:10.77.0.1", "observation", told))


def _listed(console: Console) -> None:
    """Lists as people hand them over, one of them declared complete."""
    for family, file in LISTS:
        told = Upload(family, f"{family}.csv", (CAPTURES / "lists" / file).read_bytes(), LISTED_ON.get(family))
        accept(console, told, "user:mdurand")


def _say(console: Console, clock: Callable[[], datetime]) -> None:
    scanner = Host(
        "host/scanner-1", "scanner-1", HostClass.MODALITY, vendor="Essai", model="Scan 64", addresses=("10.77.0.40",)
    )
    mri = Host("host/irm-1", "irm-1", HostClass.MODALITY, addresses=("10.77.0.41",))
    until = clock() + timedelta(days=20)
    declare(console, Said("user:mdurand"), (scanner, mri))
    consent = Consent("host/scanner-1", "Anne Lebrun", until, "maintenance")
    declare(console, Said("user:mdurand", "configuration"), (consent,))
    waiver = Waiver("R10.1", "host/srv-essai", "Marie Durand", "mot de passe de 20 signes", until)
    declare(console, Said("user:mdurand", "waiver"), (waiver,))
    promise = acting.Promise("Jean Petit", (clock() - timedelta(days=1)).date(), 450, "Un technicien passe mardi.")
    acting.plan(console, "user:jpetit", "R10.1", ["host/srv-essai"], promise)
    document = keep_document(console, b"%PDF-1.4 feuille d'emargement")
    facts = [
        Attestation(
            control=control,
            holds=control != STATED_NOT_MET,
            statement=statement,
            signed_by="Marie Durand (mdurand)",
            signed_at=clock(),
            expires_at=clock() + timedelta(days=40),
            document_name="emargement.pdf" if control == "R39.1" else None,
            document_digest=document if control == "R39.1" else None,
        )
        for control, statement in {**ATTESTED, STATED_NOT_MET: "Des clés circulent encore sans registre."}.items()
    ]
    declare(console, Said("user:mdurand", "attestation"), facts)


def _accompany(console: Console) -> None:
    """Somebody left, a charter is signed by some, the privileged accounts are under review."""
    staff = {one.ident: one for one in StoredRegister(console.practice).seen(Person).facts}
    declare(console, Said("user:mdurand"), (RoleTemplate("manipulateur", ("RIS", "PACS"), ("Manips",), ("badge",)),))
    who = accompanying.Who("user:mdurand", "Marie Durand (mdurand)")
    left = accompanying.Opening(staff["kmoreau"], CaseKind.DEPARTURE, date(2026, 9, 30), "Anne Lebrun")
    case = accompanying.open_case(console, left, who)
    badge = next(task for task in accompanying.held(console, case).tasks if task.what == "badge")
    accompanying.sign_task(console, badge, "badge rendu à l’accueil", who)
    held = Account("host/srv-essai", "adm-partie", holder=staff["kmoreau"].ref)
    applications = [Account(None, name, "RIS", holder=staff[name].ref) for name in ("mdurand", "jpetit")]
    declare(console, Said("user:mdurand"), (held, Account(None, "admin", "PACS"), *applications))
    signer = adopting.Signer("user:mdurand", "Marie Durand (mdurand)")
    adopting.adopt(console, PaperKind.CHARTER, "fr", signer)
    today = console.clock().date()
    adopting.record(console, PaperKind.CHARTER, [staff["mdurand"], staff["jpetit"]], today, signer)
    reviewing.start(console, "R2.4", today + timedelta(days=21), reviewing.Reviewer("user:mdurand", "Marie Durand"))


def _alert(console: Console) -> None:
    """A channel; two alerts, one of them handled."""
    wish = channels.Wish("téléphone de garde", For.EVERYBODY, "", frozenset(Priority), Quiet(20, 7), "fr", active=False)
    channels.add(console, "user:mdurand", "ntfy", {"server": "https://ntfy.cabinet.example", "topic": "garde"}, wish)
    at, who = console.clock(), Handler("user:jpetit", "Jean Petit (jpetit)")
    tried = Detection(
        Kind.BEHAVIOUR, "attempts", "host/srv-essai", at, at, ("10.77.0.9:1", "10.77.0.9:2"), Level.MEDIUM,
        "attempts/1", "brute_force", 40, {"limit": 10, "minutes": 10},
        {"failures": 40, "source": "192.0.2.7", "account": "account/srv-essai/root"},
    )  # fmt: skip
    late = Detection(
        Kind.BEHAVIOUR, "unusual_hours", "person/jpetit", at, at, ("10.77.0.9:3",), Level.LOW,
        "unusual_hours/1", "declared_absence", 1, {"from": "2026-08-03"}, {"hour": "03:12"},
    )  # fmt: skip
    alerting.raise_from(console, [late, tried])
    first = alerts.since(console.practice, at)[0].number
    alerting.take(console, first, who)
    alerting.close(console, first, AlertOutcome.BENIGN, "Une astreinte qui n’était pas notée.", who)
    tuner = tuning.Tuner("user:mdurand", "Marie Durand (mdurand)")
    tuning.exempt(console, first, at.date() + timedelta(days=60), "Elle prépare la clinique, le mois durant.", tuner)
    tuning.save(console, tuning.Wish("attempts", changed={"fast": 40}), "Un automate se trompe souvent.", tuner)
    was = datetime.combine(rereading.last_week(at) + timedelta(days=2), time(9), UTC)
    changed = Event(was, "essai", action=Action.RIGHTS_CHANGED, what="Domain Admins", user="jpetit")
    rereading.kept(console).keep([Told("10.77.0.9:4", "10.77.0.9", was, changed)])
    rereading.prepare(console, rereading.last_week(at), reviewing.Reviewer("user:mdurand", "Marie Durand"))


def _deliver(console: Console, collector: str, target: str, file: str) -> None:
    data = (CAPTURES / file).read_bytes()
    deliver(console, Delivery(collector, target, "user:mdurand", "observation", data))


def _unreadable(console: Console) -> None:
    deliver(console, Delivery("nmap", "192.168.50.0/24", "user:mdurand", "observation", b"<nmaprun><host>"))


def _report(console: Console) -> None:
    """Two reports of the staff: one waits, one was harmless."""
    photo = tipping.File("écran <b>.jpg", BytesIO(b"\xff\xd8\xff" + b"photo" * 9))
    words = "Tout est rouge.\nOn nous demande de l’argent."
    told = Sending("une", Look.RANSOM, words, "poste 3", "Léa Roy", "06 00 00 00 03", "10.0.0.9", [photo])
    tipping.send(console, told)
    bait = tipping.File("colis <b>.eml", BytesIO(b"From: a@b.example\nTo: c\nDate: d\n\nPayez <script>"))
    calm = tipping.send(console, Sending("deux", Look.UNKNOWN, address="10.0.0.9", files=[bait]))
    tipping.harmless(console, calm.number, "Une mise à jour.", Handler("user:jpetit", "Jean Petit (jpetit)"))


def _respond(console: Console) -> None:
    """An incident under way, with something of every kind in its log."""
    who = Handler("user:jpetit", "Jean Petit (jpetit)")
    began = responding.Beginning("Demande de rançon sur srv-essai", "Un message rouge à l’écran.", subjects=(SERVER,))
    number = responding.open_incident(console, began, who)
    words: tuple[tuple[Word, str], ...] = (
        (Noted(), "Câble réseau débranché."),
        (Named(Duty.LEAD, "Marie Durand", "Anne Lebrun"), ""),
        (Asked("Jean Petit"), "Appeler le prestataire"),
        (Asked("Jean Petit", lesson=True), "Interdire les macros"),
        (Touched(What.HOST, SERVER, Hit.COMPROMISED), "message à l’écran"),
        (Marked(Clue.ADDRESS, "192.0.2.7"), "pare-feu"),
        (Decided("Ne pas payer"), "avis du prestataire"),
        (Answered("personal_data", "yes"), ""),
        (Answered("ose", "no"), ""),
        (Followed("ransomware.contain.isolate", Gesture.DONE), ""),
        (Followed("ransomware.qualify.ongoing", Gesture.UNKNOWN), ""),
        (Stated(Part.SPREAD, How.SAID), "aucun autre équipement"),
        (Moved(State.QUALIFIED), ""),
    )
    for word, text in words:
        responding.say(console, number, responding.Line(word, text), who)
    wrong = responding.say(console, number, responding.Line(Noted(), "c’est l’imprimante"), who)
    responding.say(console, number, responding.Line(Struck(wrong), "non"), who)
    responding.attach(console, number, responding.Document("ecran.txt", BytesIO(b"rancon")), who)
    declare(console, Said("user:jpetit"), (Call("person/mdurand", 1, "06 00 00 00 00", "person/jpetit"),))
    launching.launch(console, launching.Wish(Purpose.REAL, text="Venez au cabinet.", incident=number), who)
    played = exercising.begin(console, "mailbox", 10, who)
    for _next in range(3):
        exercising.leap(console, played, who)
    exercising.choose(console, played, Chosen("announce", "phone"), who)
    responding.say(console, number, responding.Line(Sent("PLAINTE", console.clock(), "PV 12"), "gendarmerie"), who)
