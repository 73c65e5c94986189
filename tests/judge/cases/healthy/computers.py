"""Computers, their accounts and settings."""

from datetime import timedelta

from negatoscope.model.accounts import Account, AccountKind, PasswordPolicy, PasswordState, Privilege, SessionPolicy
from negatoscope.model.evidence import Ref
from negatoscope.model.hardening import Firewall, LogPolicy, RemovableMedia, SshServer, TimeSync, Volume
from negatoscope.model.hosts import Host, HostClass, Interface
from negatoscope.model.networks import Consent, Network, Service
from negatoscope.model.people import Person, StaffKind
from negatoscope.model.software import SoftwareCensus, Updates
from tests.judge.memory import AT

LAPTOP, DESK, READING = "host/portable", "host/accueil", "host/lecture"
ADDRESSES = {LAPTOP: ("10.77.0.5",), DESK: ("10.77.0.6",), READING: ("10.77.0.7",), "host/nas": ("10.78.0.8",)}
ANNA = Person("anna.petit", "Anna Petit", "manipulatrice", email="anna.petit@cabinet.example", kind=StaffKind.STAFF)
DAY = timedelta(days=1)


def computer(ref: Ref, host_class: HostClass) -> tuple[object, ...]:
    """A healthy computer, all of it."""
    return (
        Host(ref, ref[5:], host_class, "Debian", "12", "Dell", "OptiPlex 7010", addresses=ADDRESSES.get(ref)),
        Interface(ref, "eth0", "8c:04:ba:4d:10:05", tuple(f"{one}/24" for one in ADDRESSES[ref]), wireless=False),
        Service(ref, "tcp", 443, "https", encrypted=True, reachable=True),
        Service(ref, "tcp", 631, "ipp", encrypted=False, reachable=False),
        SoftwareCensus(ref, 1200, 0),
        Updates(ref, 0, 0, AT - DAY, automatic=True, unverified_sources=()),
        person(ref),
        Account(ref, "root", kind=AccountKind.SYSTEM, enabled=True, interactive=True, password=PasswordState.LOCKED),
        service(ref),
        Account(ref, "vieux", kind=AccountKind.PERSON, enabled=False, interactive=True, password=PasswordState.LOCKED),
        Privilege(ref, "root", "uid0"),
        Privilege(ref, "sauvegarde", "sudoers", password_asked=True),
        Privilege(ref, "vieux", "group:sudo", password_asked=True),
        PasswordPolicy(ref, 12, 4, True, 180, 5, False),  # noqa: FBT003 -- as the fields go
        SessionPolicy(ref, graphical=True, autologin=False, boot_password=True, lock_seconds=600),
        SshServer(ref, True, "no", password_authentication=False, empty_passwords=False),  # noqa: FBT003 -- present
        Volume(ref, "/", encrypted=True, removable=False),
        Volume(ref, "/boot", encrypted=False, removable=False),
        RemovableMedia(ref, blocked=True, means="usbguard", autorun=False),
        Firewall(ref, active=True, default_deny=True),
        TimeSync(ref, synchronised=True),
        LogPolicy(ref, persistent=True, remote=True, retention_days=365),
    )


def person(ref: Ref) -> Account:
    return Account(
        ref, "apetit", kind=AccountKind.PERSON, enabled=True, interactive=True, holder=ANNA.ref,
        password=PasswordState.SET, password_set_at=AT - 30 * DAY, password_max_days=180,
    )  # fmt: skip


def service(ref: Ref) -> Account:
    return Account(
        ref, "sauvegarde", kind=AccountKind.SERVICE, enabled=True, interactive=False, purpose="copie de nuit",
        password=PasswordState.LOCKED,
    )  # fmt: skip


FACTS = (
    *computer(LAPTOP, HostClass.LAPTOP),
    *computer(DESK, HostClass.WORKSTATION),
    *computer(READING, HostClass.WORKSTATION),
    ANNA,
    Network("10.77.0.0/24"),
    Consent("host/irm", "Dr Petit", AT + DAY),
)
