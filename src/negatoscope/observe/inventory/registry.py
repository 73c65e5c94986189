"""What the agent's *Collect* task read on Windows: registry values and two WMI classes, asked by ``intake.jobs``."""

import re
from collections.abc import Iterator
from typing import BinaryIO

import msgspec
from msgspec import Struct

from negatoscope.model.accounts import Account, AccountKind, Privilege, SessionPolicy
from negatoscope.model.endpoints import WindowsSecurity
from negatoscope.model.evidence import Gap, Sweep
from negatoscope.model.hardening import Firewall, RemovableMedia, TimeSync
from negatoscope.model.hosts import Host
from negatoscope.model.networks import Service
from negatoscope.model.software import Updates
from negatoscope.observe.collector import Collector, Item, Unreadable
from negatoscope.observe.inventory.accounts import WINDOWS_OWN
from negatoscope.observe.inventory.identity import name_of
from negatoscope.observe.inventory.post import HOST, MAX_BYTES, flag
from negatoscope.observe.inventory.read import NoSettings

FORMAT = "negatoscope-registry/1"
DISABLED = 4
"""``Start`` of a service or driver that Windows never loads."""
EVERY_DRIVE = 0xFF
INSTALLS = 4
"""``AUOptions``: fetch and install by itself."""
PROTECTED = frozenset({1, 2, 8})
KEPT_IN = frozenset({1, 2})
"""LAPS ``BackupDirectory``: Microsoft Entra, Active Directory."""
NO_SMB1 = 16_299
"""First build (1709) that installs without SMB 1."""
CLEAN_WDIGEST = 9_600
"""First build (8.1) on which WDigest is silent unless asked."""
PROFILES = ("domain", "private", "public")
TEXTS = frozenset({"autologon", "time_type"})
"""Jobs whose answer is a word."""
ADMINISTRATORS = frozenset({"administrators", "administrateurs"})
_COMPONENT = re.compile(r'Domain="([^"]*)",\s*Name="([^"]*)"')
GIVES = (
    "Host", "Account", "Privilege", "SessionPolicy", "RemovableMedia", "Firewall", "Updates", "TimeSync", "Service",
    "WindowsSecurity",
)  # fmt: skip


class Collected(Struct, frozen=True):
    """All answers of a device, by job; a job without an answer found nothing there."""

    format: str
    agent: str
    answers: dict[str, list[dict[str, str]]]

    def asked(self, job: str) -> bool:
        """Whether the agent answered this job, be it with nothing; what is no number answers none."""
        said = self.value(job)
        return job in self.answers and (said is None or job in TEXTS or self.number(job) is not None)

    def value(self, job: str) -> str | None:
        """The one value of a registry job."""
        rows = self.answers.get(job, [])
        return next((value for row in rows for value in row.values()), None)

    def number(self, job: str) -> int | None:
        """The value of a registry job as a number: agents write ``0x00000004``."""
        try:
            return int(self.value(job) or "", 0)
        except ValueError:
            return None


def read(stream: BinaryIO) -> Iterator[Item]:
    """Facts, sweeps and gaps of one collection. Raises Unreadable."""
    told = _parse(stream)
    yield Host(HOST, hostname=name_of(told.agent), agent_id=told.agent)
    if told.number("build") is None:
        # Not Windows, or an agent that may not read: either way nothing here is an absence.
        yield Gap("WindowsSecurity", "registry_unread", HOST)
        return
    yield from _session(told)
    yield from _media(told)
    yield from _firewall(told)
    yield from _upkeep(told)
    yield from _security(told)
    yield from _remote_desktop(told)
    yield from _people(told)


def _parse(stream: BinaryIO) -> Collected:
    data = stream.read(MAX_BYTES + 1)
    try:
        told = msgspec.json.decode(data[:MAX_BYTES], type=Collected)
    except (msgspec.MsgspecError, RecursionError, UnicodeError) as error:
        raise Unreadable("not_a_collection") from error
    if told.format != FORMAT or not told.agent:
        raise Unreadable("not_a_collection")
    return told


def _closed(kind: str, told: Collected, *jobs: str) -> Iterator[Item]:
    """A sweep where every job was answered; an answer that never came is a gap."""
    missing = [job for job in jobs if not told.asked(job)]
    yield Gap(kind, "registry_not_collected", HOST, {"detail": ", ".join(missing)}) if missing else Sweep(kind, HOST)


def _session(told: Collected) -> Iterator[Item]:
    """The machine's own lock; a lock that each user's screen saver makes is not seen, and stays dark."""
    automatic = (told.value("autologon") or "0").strip() == "1" if told.asked("autologon") else None
    seconds = told.number("inactivity")
    yield SessionPolicy(HOST, graphical=True, autologin=automatic, lock_seconds=seconds or None)
    yield from _closed("SessionPolicy", told, "autologon", "inactivity")


def _media(told: Collected) -> Iterator[Item]:
    """Drivers that never load, or access denied by policy; without a policy Windows offers to open what is plugged."""
    denied = told.number("media_denied") == 1
    blocked = denied or told.number("usbstor") == DISABLED
    known = told.asked("usbstor") and (denied or told.asked("media_denied"))
    autorun = (told.number("autorun") or 0) & EVERY_DRIVE != EVERY_DRIVE if told.asked("autorun") else None
    means = "policy" if denied else "module" if blocked else None
    yield RemovableMedia(HOST, blocked=blocked if known or blocked else None, means=means, autorun=autorun)
    yield from _closed("RemovableMedia", told, "usbstor", "media_denied", "autorun")


def _firewall(told: Collected) -> Iterator[Item]:
    """A policy outranks the host's own choice; by default Windows filters, and drops what nothing allows."""
    running, denying = [], []
    for profile in PROFILES:
        on, own = (told.number(f"firewall_{profile}_on{suffix}") for suffix in ("_policy", ""))
        running.append(on if on is not None else own)
        drops, said = (told.number(f"firewall_{profile}_in{suffix}") for suffix in ("_policy", ""))
        denying.append(drops if drops is not None else said)
    asked = [f"firewall_{name}_{what}{end}" for name in PROFILES for what in ("on", "in") for end in ("", "_policy")]
    known = all(told.asked(job) for job in asked)
    active = False if 0 in running else True if known and None not in running else None
    deny = False if 0 in denying else True if known else None
    yield Firewall(HOST, active=active, default_deny=deny)
    yield from _closed("Firewall", told, *asked)


def _upkeep(told: Collected) -> Iterator[Item]:
    """How updates and time are set; how many updates wait is not in the registry."""
    how, off = told.number("updates_how"), told.number("updates_off")
    stopped = told.number("updates_service") == DISABLED
    by_hand = stopped or off == 1 or how not in (None, INSTALLS)
    asked = ("updates_how", "updates_off", "updates_service")
    known = all(told.asked(job) for job in asked)
    yield Updates(HOST, automatic=False if by_hand else True if known else None)
    yield Gap("Updates", "registry_tells_no_pending", HOST, {
        "fields": "pending, pending_security, refreshed_at, unverified_sources"
    })  # fmt: skip
    kind = (told.value("time_type") or "").lower()
    free = kind == "nosync" or told.number("time_service") == DISABLED
    yield TimeSync(HOST, synchronised=False if free else None)
    yield Gap("TimeSync", "time_set_not_proven", HOST, {"fields": "synchronised"})


def _security(told: Collected) -> Iterator[Item]:
    build = told.number("build") or 0
    lsa, wdigest = told.number("lsa_protected"), told.number("wdigest")
    shared, driver = told.number("smb1"), told.number("smb1_driver")
    laps = told.number("laps") in KEPT_IN or told.number("laps_cloud") in KEPT_IN or told.number("laps_legacy") == 1
    uac, escrow = told.number("uac"), told.number("escrow")
    laps_known = all(told.asked(job) for job in ("laps", "laps_cloud", "laps_legacy"))
    yield WindowsSecurity(
        HOST,
        present=True,
        lsa_protected=lsa in PROTECTED if told.asked("lsa_protected") else None,
        elevation_asked=uac == 1 if uac is not None else None,
        clear_logons=wdigest == 1 if wdigest is not None else _default(told, "wdigest", build < CLEAN_WDIGEST),
        old_sharing=bool(shared) if shared is not None else _smb1(told, build, driver),
        local_password_managed=True if laps else False if laps_known else None,
        recovery_escrowed=escrow == 1 if told.asked("escrow") else None,
    )
    yield from _closed("WindowsSecurity", told, "lsa_protected", "uac", "wdigest", "smb1", "escrow", "laps")


def _default(told: Collected, job: str, value: bool) -> bool | None:  # noqa: FBT001 -- what Windows does unasked
    """What Windows does where nothing is set; unknown where the question was not answered."""
    return value if told.asked(job) else None


def _smb1(told: Collected, build: int, driver: int | None) -> bool | None:
    if not told.asked("smb1"):
        return None
    if build < NO_SMB1:
        return True
    return None if driver is not None and driver != DISABLED else False


def _remote_desktop(told: Collected) -> Iterator[Item]:
    """Remote Desktop listens where it is not denied; whether the filter lets it through is not known from here."""
    policy, own = told.number("rdp_policy"), told.number("rdp")
    denied = policy if policy is not None else own
    if denied == 0:
        yield Service(HOST, "tcp", 3389, "ms-wbt-server", encrypted=True)


def _people(told: Collected) -> Iterator[Item]:
    """Accounts and administrators. Nobody is left out: members of the domain are named with their domain."""
    if told.answers.get("users"):
        local = [row for row in told.answers["users"] if flag(row.get("LocalAccount")) is not False]
        yield from (_account(row) for row in local if row.get("Name"))
        yield Sweep("Account", HOST)
    if not told.answers.get("members"):
        yield Gap("Privilege", "registry_not_collected", HOST, {"detail": "members"})
        return
    machine = {row.get("Domain", "").lower() for row in told.answers.get("users", ()) if flag(row.get("LocalAccount"))}
    asked = told.number("uac")
    for row in told.answers["members"]:
        group = _COMPONENT.search(row.get("GroupComponent", ""))
        member = _COMPONENT.search(row.get("PartComponent", ""))
        if group and member and group[2].lower() in ADMINISTRATORS and _here(group[1], machine):
            name = member[2] if _here(member[1], machine) else f"{member[1]}\\{member[2]}"
            yield Privilege(HOST, name, f"group:{group[2]}", asked == 1 if asked is not None else None)
    yield Sweep("Privilege", HOST) if machine else Gap("Privilege", "registry_not_collected", HOST, {"detail": "users"})


def _here(domain: str, machine: set[str]) -> bool:
    return domain.lower() in machine or not machine


def _account(row: dict[str, str]) -> Account:
    own = row.get("SID", "").rpartition("-")[2] in WINDOWS_OWN
    disabled = flag(row.get("Disabled"))
    return Account(
        HOST,
        row["Name"],
        kind=AccountKind.SYSTEM if own else AccountKind.PERSON,
        enabled=None if disabled is None else not disabled,
        interactive=True,
    )


REGISTRY = Collector("registry", NoSettings, None, read, gives=GIVES)
