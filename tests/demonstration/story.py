"""What happens in the practice from October to the morning of the demonstration, act by act."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from negatoscope.model.accounts import AccountKind
from negatoscope.model.carrying import Recipient
from negatoscope.model.cases import RoleTemplate
from negatoscope.model.continuity import CallDrill, CrisisExercise, Outcome, Restored, RestoreDrill
from negatoscope.model.defaults import TrialConsent
from negatoscope.model.directory import Directory, DirectoryAccount, DirectoryKind
from negatoscope.model.evidence import Fact, Retraction, Sweep
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.imaging import PaperState, UpdatePaper
from negatoscope.model.networks import Consent, Network
from negatoscope.model.papers import PolicyReview
from negatoscope.model.passwords import PasswordChoice, Profile
from negatoscope.model.people import Attestation
from negatoscope.observe.declared import declaration
from tests.demonstration import bible, linux, lists, logs, network, windows, wires

Act = dict[str, Any]
OPENS = datetime(2026, 11, 23, 7, 50, tzinfo=UTC)
CLASSES = {
    "windows": HostClass.WORKSTATION, "laptop": HostClass.LAPTOP, "fileserver": HostClass.SERVER,
    "controller": HostClass.SERVER, "linux": HostClass.SERVER, "console": HostClass.SERVER,
    "modality": HostClass.MODALITY,
    "printer": HostClass.PRINTER, "network": HostClass.NETWORK, "ghost": HostClass.WORKSTATION,
    "retired": HostClass.SERVER,
}  # fmt: skip
UNFINISHED = frozenset(
    {
        "sockets",
        "contracts",
        "remote-windows",
        "partners",
        "documents",
        "absences",
        "on-call",
        "allowed-flows",
        "critical-points",
    }
)
"""Lists that nobody declared complete."""
AD = DirectoryKind.ACTIVE_DIRECTORY
REVIEWED = "La politique est appliquée, sauf aux portes de la Gare ; une serrure y sera posée avant Noël."
SERVICES = {
    "administrator": "Compte de secours, mot de passe sous enveloppe",
    "svc-sauvegarde": "Sauvegarde", "svc-ris": "Liaison du RIS", "svc-negatoscope": "Lecture de l’annuaire",
    "dns-dc1": "Serveur de noms",
}  # fmt: skip
LATE = ("calls", "media-exceptions", "absences", "on-call", "allowed-flows", "critical-points")
OVER_SSH = ("supervision", "srv-sauvegarde")
"""Servers that were really looked at over SSH."""
AGENT = "supervision"
DEVICE = f"{AGENT}-2026-02-09-09-12-31"
"""The server with an agent, and what its agent calls itself."""
ASKED = ("srv-pacs", "echo-1", "echo-2", "mammo-1", "radio-1", "radio-2", "pano-1")
"""What is asked for a DICOM echo: the PACS, and the modalities with a consent."""
KEPT_AWAY = "age1lj24eqla288mw9nddqdf57vkhte0d9c5prh952gzudweg6q5655s2yhwvy"
"""A public key whose other half nobody has: copies of this practice's map open nowhere."""
WIRED_AT = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
"""When the network's own devices were read."""
EARLY = 20
"""How many computers had an agent in October."""
SPEAKS = {"lecture-3": "Precision 5820", "cadre": "ProDesk 400"}
"""What the list of hosts says otherwise than instruments would."""


def on(month: int, day: int, hour: int = 17, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def known_hosts() -> list[Host]:
    """The list of hosts as the practice declared it."""
    return [
        Host(
            f"host/{one.name}",
            hostname=one.name,
            host_class=CLASSES[one.kind],
            model=SPEAKS.get(one.name, one.product if one.kind not in bible.WINDOWS else None),
            macs=(one.mac,),
            addresses=linux.addresses(one),
        )
        for one in bible.hosts()
        if one.kind != "stranger"
    ]


def consents() -> list[Consent]:
    """Who allowed which modality to be probed; one of them ends this week."""
    return [
        Consent(f"host/{one.name}", "Yann Hamel", on(11, 27) if one.name == "echo-1" else on(12, 31), "Hors vacation")
        for one in bible.hosts("modality")
        if one.name in network.CONSENTED
    ]


def attested(control: str, statement: str, day: datetime, *, days: int = 365, holds: bool = True) -> Attestation:
    return Attestation(control, holds, statement, "Camille Besson", day, day + timedelta(days))


def first_words() -> list[Attestation]:
    """October: what the director could sign at once."""
    day = on(10, 26)
    return [
        attested("R3.1", "La procédure d’arrivée est écrite et suivie par la responsable administrative.", day),
        attested("R3.2", "La procédure de départ est écrite et suivie par la responsable administrative.", day),
        attested("R9.1", "Les règles de mot de passe sont écrites, version du 1er octobre.", day),
        attested("R9.2", "La fiche a été remise à chacun avec la charte.", day),
        attested("R7.1", "La politique de mise à jour est écrite.", day),
        attested("R36.1", "Le plan de continuité est à jour et connu.", day - timedelta(330)),
        attested("R37.1", "La chaîne d’alerte est affichée dans chaque salle.", day),
        attested("R37.2", "Chacun sait qui appeler : séance du 26 octobre.", day),
        attested("R27.4", "Journaux de la semaine relus, rien à signaler.", on(11, 6), days=8),
        attested("R35.2", "Les impressions oubliées sont détruites chaque soir.", on(10, 20), days=31),
        attested("R40.1", "Audit mené par un cabinet extérieur en septembre.", on(9, 18)),
        attested("R34.1", "Les pièces ouvertes au public sont toutes dans la liste.", day),
        attested("R32.2", "Les badges sont de technologie MIFARE DESFire EV2.", day),
        attested("R32.3", "Le placard réseau de la Gare n’a pas de serrure.", day, holds=False),
    ]


def lessons() -> list[Attestation]:
    """November: the seven lessons of rule 39, held in one afternoon."""
    said = (
        "Ne jamais contourner une protection : séance du 12 novembre.",
        "Verrouiller sa session : séance du 12 novembre.",
        "Pas d’appareil personnel : séance du 12 novembre.",
        "Ne rien divulguer : séance du 12 novembre.",
        "Ne pas réutiliser un mot de passe : séance du 12 novembre.",
        "Signaler ce qui paraît suspect : séance du 12 novembre.",
        "La charte est écrite et remise à chacun.",
    )
    return [attested(f"R39.{number}", text, on(11, 12)) for number, text in enumerate(said, start=1)]


def templates() -> list[RoleTemplate]:
    """What each role is given on arrival, and gives back."""
    roles = sorted({one.role for one in bible.people()})
    return [RoleTemplate(role, ("RIS", "PACS"), _groups(role), ("badge",), ("charte",)) for role in roles]


def _groups(role: str) -> tuple[str, ...]:
    own = next(name for start, name in bible.GROUPS.items() if role.startswith(start))
    administers = ("equipe-admin", "Domain Admins") if role.startswith("référent") else ()
    return (own, "personnel", "Domain Users", *administers)


def update_papers() -> list[UpdatePaper]:
    """What manufacturers agreed to; nothing is known of two modalities."""
    agreed = [
        UpdatePaper(f"host/{name}", PaperState.AGREEMENT, "Fabricant Exemple", on(6, 30) + timedelta(365),
                    document_name=f"mds2-{name}.pdf")
        for name in ("echo-1", "echo-2", "radio-1", "radio-2", "pano-1")
    ]  # fmt: skip
    alone = "Réseau d’imagerie séparé, sans accès à Internet"
    return [*agreed, UpdatePaper("host/irm-1", PaperState.DEROGATION, "Camille Besson", on(11, 28), alone)]


def drills() -> list[Fact]:
    """What was tried this autumn, and how it went; each with its record."""
    kept = {name: bible.digest(text) for name, text in lists.RECORDS.items()}
    restored, called, played = "compte-rendu-restauration.txt", "compte-rendu-alerte.txt", "bilan-exercice.txt"
    day, who = date(2026, 9, 14), "person/yhamel"
    return [
        RestoreDrill(Restored.DICOM_STUDY, day, Outcome.SUCCESS, 95, who, restored, kept[restored]),
        RestoreDrill(Restored.RIS_DUMP, day, Outcome.FAILURE, 140, who, restored, kept[restored]),
        CallDrill(date(2026, 11, 5), Outcome.SUCCESS, 22, called, kept[called], 3, 3),
        CrisisExercise(date(2026, 10, 12), "Rançongiciel à l’accueil", 14, 12, 0, played, kept[played]),
    ]


def holders() -> list[DirectoryAccount]:
    """Whose each account of the directory is; nobody said it of the shared ones."""
    realm = f"directory/{bible.said()['realm']}"
    people = [
        DirectoryAccount(realm, one.login, kind=AccountKind.PERSON, holder=f"person/{one.login}")
        for one in bible.people()
    ]
    admins = [
        DirectoryAccount(realm, f"adm.{one}", kind=AccountKind.PERSON, holder=f"person/{one}")
        for one in ("yhamel", "dsauvage")
    ]
    services = [
        DirectoryAccount(realm, name, kind=AccountKind.SERVICE, holder="person/yhamel", purpose=purpose)
        for name, purpose in SERVICES.items()
    ]
    return [*people, *admins, *services]


def statements() -> dict[str, bytes]:
    """Every declaration of the story, by file."""
    where, realm = bible.said()["networks"].values(), bible.said()["realm"]
    networks: list[Fact] = [Network(one["cidr"], one["name"]) for one in where]
    choice = PasswordChoice(Profile.ANSSI_2021) if hasattr(Profile, "ANSSI_2021") else PasswordChoice([*Profile][-1])
    return {
        "networks.json": declaration(networks),
        "hosts.json": declaration(known_hosts()),
        "consents.json": declaration(consents()),
        "passwords.json": declaration([choice]),
        "attestations-1.json": declaration(first_words()),
        "attestations-2.json": declaration(lessons()),
        "drills.json": declaration(
            drills(), complete=[Sweep(kind) for kind in ("RestoreDrill", "CallDrill", "CrisisExercise")]
        ),
        "templates.json": declaration(templates()),
        "update-papers.json": declaration(update_papers()),
        "directory.json": declaration(
            [Directory(realm, DirectoryKind.ACTIVE_DIRECTORY)], complete=[Sweep("Directory")]
        ),
        "reviewed.json": declaration([PolicyReview(date(2026, 11, 19), "Camille Besson", REVIEWED)]),
        "holders.json": declaration(holders()),
        "no-media.json": declaration((), complete=[Sweep("Medium")]),
        "retired.json": declaration((), [Retraction("Host", "host/ancien-ris")]),
        "map-keys.json": declaration([Recipient("Coffre de la directrice", KEPT_AWAY)]),
        "trials.json": declaration(
            [TrialConsent(one, "Camille Besson", on(12, 18)) for one in (HostClass.NETWORK, HostClass.PRINTER)]
        ),
    }


def acts() -> Iterator[Act]:
    """The story in order."""
    told = [*_october(), *_november(), *_last_days(), *_watched()]
    yield from sorted(told, key=lambda act: act["at"])


def _capture(at: datetime, collector: str, file: str, target: str = "") -> Act:
    return {"do": "capture", "at": at, "collector": collector, "file": file, "target": target}


def _said(at: datetime, file: str, act: str = "edit") -> Act:
    return _capture(at, "declared", file, "register") | {"act": act}


def _posts(at: datetime, some: list[bible.Host], suffix: str = "") -> Iterator[Act]:
    for number, host in enumerate(some):
        when, who = at + timedelta(seconds=20 * number), windows.device(host)
        yield _capture(when, "agent", f"{host.name}{suffix}.agent.json", who)
        yield _capture(when + timedelta(seconds=8), "registry", f"{host.name}{suffix}.registry.json", who)


def _swept(at: datetime, number: int) -> Iterator[Act]:
    for minute, (name, cidr) in enumerate(bible.networks().items()):
        yield _capture(at + timedelta(minutes=4 * minute), "nmap", f"{name}-{number}.nmap", cidr)


def _list(at: datetime, family: str, file: str, complete: date | None = None) -> Act:
    told: Act = {"do": "list", "at": at, "family": family, "file": file}
    return told | ({"complete_on": complete} if complete else {})


def _logs(at: datetime, since: datetime = logs.FIRST) -> Act:
    return {"do": "logs", "at": at, "since": since, "file": "journaux.log"}


def _answer(at: datetime, code: str, outcome: str = "", conclusion: str = "") -> Act:
    ended = {"outcome": outcome, "conclusion": conclusion} if outcome else {}
    return {"do": "answer", "at": at, "code": code, "owner": "Yann Hamel"} | ended


def _watched() -> Iterator[Act]:
    """A fortnight of logs and reports: one alert harmless, one true, one forgotten, one of the last night."""
    heard = (on(11, 16, 6), on(11, 17, 9, 5), on(11, 19, 17, 40), on(11, 21, 21, 45), on(11, 22, 21, 30))
    yield _logs(heard[0])
    yield {"do": "reread", "at": on(11, 16, 8), "reviewer": "Yann Hamel",
           "statement": "Journaux de la semaine relus, rien à signaler."}  # fmt: skip
    yield _logs(heard[1], heard[0])
    yield _answer(on(11, 17, 9, 20), "attempts")
    yield _answer(on(11, 17, 10, 5), "attempts", "benign",
                  "Le script de sauvegarde gardait l’ancien mot de passe ; il a été corrigé.")  # fmt: skip
    text = "Un courriel dit que la boîte est pleine et demande le mot de passe. Je n’ai pas cliqué."
    yield {"do": "report", "at": on(11, 17, 13, 35), "look": "mail", "where": "secrétariat 2", "text": text}
    why = "Hameçonnage reçu par trois personnes, effacé partout ; aucune n’a répondu. Merci de l’avoir dit."
    yield {"do": "settle", "at": on(11, 17, 14, 10), "owner": "Yann Hamel", "reason": why}
    yield _logs(heard[2], heard[1])
    left = "Session restée ouverte au poste de lecture 1 après le départ ; fermée, compte désactivé."
    yield _answer(on(11, 20, 8, 10), "inactive", "true", left)
    yield _logs(heard[3], heard[2])
    yield _logs(heard[4], heard[3])
    text = "Quelqu’un du « support » a téléphoné et voulait prendre la main sur le poste. J’ai raccroché."
    yield {"do": "report", "at": on(11, 23, 7, 15), "look": "call", "where": "accueil 1", "text": text}
    yield _logs(logs.LAST, heard[4])
    yield {"do": "reread", "at": on(11, 23, 7, 45), "reviewer": "Yann Hamel"}


def _october() -> Iterator[Act]:
    yield _said(on(10, 12, 8), "networks.json", "configuration")
    yield _said(on(10, 12, 9), "hosts.json", "configuration")
    yield _said(on(10, 12, 9, 5), "directory.json", "configuration")
    yield _said(on(10, 12, 9, 10), "consents.json", "configuration")
    yield _list(on(10, 12, 10), "persons", "persons-1.csv", date(2026, 10, 12))
    yield from _swept(on(10, 13, 19), 1)
    yield from _posts(on(10, 14, 6), windows.computers()[:EARLY], "-1")
    yield _capture(on(10, 14, 20), "directory", "annuaire-1.directory", "tilleuls.lan")
    yield {"do": "judge", "at": on(10, 15, 6)}
    yield {"do": "plan", "at": on(10, 15, 9), "control": "R15.1", "owner": "Yann Hamel", "due_on": date(2026, 11, 30),
           "note": "Bloquer les clés USB par stratégie de groupe", "cost": 0, "among": "accueil"}  # fmt: skip
    yield _said(on(10, 26), "attestations-1.json", "attestation")
    yield {"do": "judge", "at": on(10, 27, 6)}


def _november() -> Iterator[Act]:
    for minute, name in enumerate(lists.RECORDS):
        yield {"do": "document", "at": on(11, 3, 13, minute), "file": name}
    for minute, family in enumerate(lists.FAMILIES):
        if family not in LATE:
            day = None if family in UNFINISHED else date(2026, 11, 3)
            yield _list(on(11, 3, 14, minute), family, f"{family}.csv", day)
    yield _said(on(11, 3, 16), "templates.json")
    yield _said(on(11, 3, 16, 10), "update-papers.json")
    yield {"do": "adopt", "at": on(11, 4, 10), "kind": "policy", "signer": "Camille Besson"}
    yield {"do": "adopt", "at": on(11, 4, 10, 10), "kind": "charter", "signer": "Camille Besson"}
    some = lists.trained(bible.people())
    for minute, kind in enumerate(("policy", "charter", "training")):
        yield {"do": "sign", "at": on(11, 5, 18, minute), "kind": kind, "signer": "Sylvie Renard", "people": some}
    yield _said(on(11, 5, 19), "retired.json")
    yield {"do": "judge", "at": on(11, 6, 6)}
    yield _said(on(11, 12, 19), "attestations-2.json", "attestation")
    for minute, kind in enumerate(("policy", "charter", "training")):
        yield {"do": "sign", "at": on(11, 12, 19, 10 + minute), "kind": kind, "signer": "Sylvie Renard"}
    yield {"do": "judge", "at": on(11, 13, 6)}


def _last_days() -> Iterator[Act]:
    yield _list(on(11, 16, 14), "persons", "persons-2.csv", date(2026, 11, 16))
    yield {"do": "leave", "at": on(11, 16, 15), "person": "obrun", "on": date(2026, 11, 13), "owner": "Sylvie Renard"}
    yield {"do": "leave", "at": on(11, 16, 15, 5), "person": "tlemaire", "on": date(2026, 11, 27),
           "owner": "Béatrice Colin", "done": ["thing"]}  # fmt: skip
    yield _said(on(11, 19, 17), "directory.json")
    yield _said(on(11, 19, 18), "reviewed.json", "attestation")
    for minute, family in enumerate(LATE):
        day = None if family in UNFINISHED else date(2026, 11, 20)
        yield _list(on(11, 20, 14, minute), family, f"{family}.csv", day)
    yield _said(on(11, 20, 14, 20), "map-keys.json", "configuration")
    yield _said(on(11, 20, 14, 30), "trials.json", "configuration")
    yield _said(on(11, 20, 15), "no-media.json")
    yield _said(on(11, 20, 15, 10), "drills.json")
    yield from _posts(on(11, 22, 6), windows.computers())
    yield _capture(on(11, 22, 7), "agent", "pret-1.agent.json", windows.device(_cloned()))
    yield _list(on(11, 22, 9), "accounts", "accounts.csv")
    yield _said(on(11, 22, 9, 10), "passwords.json")
    yield _said(on(11, 22, 9, 20), "holders.json")
    for minute, host in enumerate(bible.hosts("linux")):
        yield _capture(on(11, 22, 19, minute), "ssh", f"{host.name}.linux.jsonl", host.address)
    yield _capture(on(11, 22, 19, 4), "agent", f"{AGENT}.agent.json", DEVICE)
    yield _capture(on(11, 22, 19, 5), "local", "negatoscope.linux.jsonl")
    yield from _swept(on(11, 22, 19, 10), 2)
    addresses = {host.name: host.address for host in bible.hosts()}
    yield from _wires(addresses)
    for minute, name in enumerate(ASKED):
        yield _capture(on(11, 22, 19, 45 + minute), "dicom", f"{name}.dicom.jsonl", addresses[name])
    yield _capture(on(11, 22, 20), "directory", "annuaire-2.directory", "tilleuls.lan")
    yield {"do": "judge", "at": on(11, 22, 20, 30)}
    yield {"do": "plan", "at": on(11, 22, 20, 45), "control": "R19.1", "owner": "Yann Hamel", "cost": 0,
           "due_on": date(2026, 11, 20), "note": "Activer BitLocker à la prochaine astreinte"}  # fmt: skip
    yield {"do": "plan", "at": on(11, 22, 20, 46), "control": "R33.1", "owner": "Sylvie Renard",
           "due_on": date(2026, 11, 27), "note": "Récupérer le badge"}  # fmt: skip
    yield {"do": "waive", "at": on(11, 22, 20, 50), "control": "R15.1", "owner": "Camille Besson",
           "compensation": "Poste réservé à la lecture des CD, antivirus renforcé", "until": on(11, 29),
           "among": "accueil-2"}  # fmt: skip
    yield {"do": "review", "at": on(11, 22, 21), "control": "R2.5", "due_on": date(2026, 12, 4),
           "owner": "Yann Hamel"}  # fmt: skip


def _wires(addresses: dict[str, str]) -> Iterator[Act]:
    """The evening's look at the network's own devices, and from outside."""
    at = on(11, 22, 19, 32)
    for name in wires.SWITCHES:
        yield _capture(at, "snmp", f"{name}.snmp", addresses[name])
    handed = {"firewall": "pare-feu/pfsense", "leases": "pare-feu/dnsmasq", "flows": "pare-feu/flow_table",
              "wifi": "supervision/unifi-wlanconf"}  # fmt: skip
    for collector, target in handed.items():
        yield _capture(at, collector, f"reseau.{collector}", target) | {"act": "import"}
    for name in wires.TRIED:
        yield _capture(at, "defaults", f"{name}.defaults", addresses[name])
    yield _capture(on(11, 22, 19, 40), "vantage", "dehors.vantage", "198.51.100.2/32")


def _cloned() -> bible.Host:
    return next(host for host in windows.computers() if host.name == "secretariat-5")


def text() -> str:
    """The whole story as TOML."""
    name = bible.said()["name"]
    lines = [f'practice = "{name}"', f"opens = {_toml(OPENS)}"]
    for act in acts():
        lines += ["", "[[acts]]", *(f"{key} = {_toml(value)}" for key, value in act.items())]
    return "\n".join((*lines, ""))


def _toml(value: object) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    return value.isoformat() if isinstance(value, date) else json.dumps(value, ensure_ascii=False)
