"""For each measured control of computers: facts that fail it, one flaw at a time, in a practice otherwise healthy."""

from dataclasses import replace
from typing import Any

from negatoscope.model.accounts import Account, PasswordPolicy, PasswordState, Privilege, SessionPolicy
from negatoscope.model.evidence import Ref
from negatoscope.model.hardening import Firewall, LogPolicy, RemovableMedia, SshServer, TimeSync, Volume
from negatoscope.model.hosts import Host
from negatoscope.model.networks import Service
from negatoscope.model.software import SoftwareCensus, Updates
from tests.judge.cases.healthy.computers import DAY, DESK, LAPTOP, person, service
from tests.judge.cases.world import HEALTHY
from tests.judge.memory import AT, World


def _one(kind: type[Any], ref: Ref) -> Any:  # noqa: ANN401 -- any fact
    return next(fact for fact in HEALTHY.seen(kind).facts if fact.ref == ref)


def _flawed(kind: type[Any], ref: Ref, **flaw: object) -> World:
    return HEALTHY.with_(replace(_one(kind, ref), **flaw))


def _account(name: str, **flaw: object) -> World:
    return _flawed(Account, f"account/accueil/{name}", **flaw)


def _answering(port: int, name: str | None, **more: object) -> World:
    said: dict[str, Any] = {"encrypted": False, "reachable": True} | more
    return HEALTHY.with_(Service(DESK, "tcp", port, name, **said))


STRANGER = "person/inconnu"
NAMED = person(DESK)
SERVICE = service(DESK)
ROOT_OPEN = {"password": PasswordState.SET, "holder": STRANGER}
POLICY = (PasswordPolicy, DESK)
SESSION = (SessionPolicy, DESK)
UPDATES = (Updates, DESK)
NOPASSWD = Privilege(DESK, "sauvegarde", "sudoers", password_asked=False)

FAILING: dict[str, tuple[World, ...]] = {
    "R1.1": (_flawed(Host, DESK, model="To Be Filled By O.E.M."), _flawed(Host, LAPTOP, model="")),
    "R1.2": (_flawed(SoftwareCensus, DESK, unversioned=3),),
    "R2.1": (
        _account("root", **ROOT_OPEN),
        _account("apetit", holder=STRANGER).with_(Privilege(DESK, "apetit", "group:sudo", password_asked=True)),
    ),
    "R6.1": (_flawed(*UPDATES, pending=9, pending_security=4),),
    "R6.2": (_flawed(*UPDATES, refreshed_at=AT - 40 * DAY),),
    "R6.3": (_flawed(*UPDATES, unverified_sources=("http://depot.invalid",)),),
    "R8.1": (_account("apetit", holder=STRANGER), _account("root", **ROOT_OPEN)),
    "R8.2": tuple(
        HEALTHY.with_(replace(NAMED, name=name))
        for name in ("radio1", "Accueil", "MANIP", "stagiaire-2", "Secrétariat", "salle_irm2", "CABINET\\admin", "test")
    ),
    "R8.3": (
        HEALTHY.with_(replace(NAMED, name="Invité")),
        HEALTHY.with_(replace(SERVICE, name="guest", interactive=True)),
    ),
    "R9.3": (_flawed(*POLICY, min_length=8),),
    "R9.4": (_flawed(*POLICY, min_classes=3), _flawed(*POLICY, min_length=14, min_classes=2)),
    "R10.1": (
        _account("apetit", password_max_days=99999),
        _account("apetit", password_set_at=AT - 400 * DAY),
        _flawed(*POLICY, max_days=99999),
    ),
    "R10.2": (_flawed(*POLICY, lockout_attempts=0), _flawed(*POLICY, lockout_attempts=50)),
    "R10.3": (
        _account("apetit", password=PasswordState.EMPTY),
        _flawed(SshServer, DESK, empty_passwords=True),
    ),
    "R10.4": (_flawed(*SESSION, autologin=True),),
    "R10.5": (_flawed(*SESSION, boot_password=False),),
    "R10.6": (_flawed(*SESSION, lock_seconds=0), _flawed(*SESSION, lock_seconds=3600)),
    "R10.7": (_flawed(*POLICY, dictionary_check=False),),
    "R14.1": (_flawed(Firewall, DESK, active=False), _flawed(Firewall, DESK, default_deny=False)),
    "R14.2": (_flawed(*UPDATES, automatic=False),),
    "R14.3": (_flawed(TimeSync, DESK, synchronised=False),),
    "R14.4": (_flawed(SshServer, DESK, root_login="yes"),),
    "R14.5": (_flawed(Firewall, DESK, default_deny=False), _flawed(*UPDATES, automatic=False)),
    "R15.1": (_flawed(RemovableMedia, DESK, blocked=False),),
    "R15.2": (_flawed(RemovableMedia, DESK, autorun=True),),
    "R18.1": (
        _answering(3389, "ms-wbt-server"),
        _answering(5901, None),
        _answering(7070, "realserver"),
        _answering(22, "ssh"),
        _answering(2222, "ssh"),
        _answering(6000, "X11".lower()),
    ),
    "R18.2": (_flawed(SoftwareCensus, DESK, remote_control=("anydesk",)),),
    "R19.1": (_flawed(Volume, "volume/portable/", encrypted=False),),
    "R19.2": (_flawed(Volume, "volume/accueil/", encrypted=False),),
    "R19.3": (HEALTHY.with_(Volume(DESK, "/media/cle", encrypted=False, removable=True)),),
    "R23.1": (
        _answering(23, "telnet", encrypted=None),
        _answering(8080, "http"),
        _answering(9999, "http"),
        _answering(21, None),
        HEALTHY.with_(Service(DESK, "udp", 69, "tftp", reachable=True)),
    ),
    "R23.2": (_answering(104, "acr-nema"), _answering(2575, None), _answering(80, "dicom")),
    "R26.2": (_flawed(LogPolicy, DESK, persistent=False),),
    "R26.3": (_flawed(LogPolicy, DESK, remote=False),),
    "R26.4": (_flawed(TimeSync, DESK, synchronised=False),),
    "R30.1": (
        HEALTHY.with_(Privilege(DESK, "apetit", "group:docker", password_asked=False)),
        _account("sauvegarde", interactive=True),
        HEALTHY.with_(Privilege(DESK, "toor", "uid0"), replace(NAMED, name="toor", kind=None)),
    ),
    "R30.2": (HEALTHY.with_(NOPASSWD),),
}  # fmt: skip
