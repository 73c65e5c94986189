"""A domain's settings, policies, computers and trusts."""

from collections.abc import Iterator
from uuid import UUID

from negatoscope.model.directory import (
    DirectoryComputer,
    DirectoryDomain,
    DirectoryPolicy,
    DirectoryTrust,
)
from negatoscope.model.hosts import Host, HostClass
from negatoscope.observe.collector import Item
from negatoscope.observe.directory import flags
from negatoscope.observe.directory.descriptor import descriptor
from negatoscope.observe.directory.frames import Kept
from negatoscope.observe.directory.people import DEFAULT
from negatoscope.observe.directory.view import View, key

PRE_WINDOWS_2000 = "S-1-5-32-554"
OPEN_TO_ALL = frozenset({"S-1-1-0", "S-1-5-7"})
"""Everyone, and Anonymous."""
ANONYMOUS_AT = 6
"""Seventh character of ``dSHeuristics``: 2 lets anonymous clients search (MS-ADTS 6.1.1.2.4.1.2)."""


def settings(domain: View) -> Iterator[Item]:
    """The domain itself, and its policies."""
    head = domain.answers.one("domain")
    if head is None:
        return
    krbtgt = next(
        (e for e in domain.answers.entries["users"] if (domain.sid_of(e) or "").endswith(f"-{flags.KRBTGT}")), None
    )
    yield DirectoryDomain(
        domain.directory,
        functional_level=head.number("msDS-Behavior-Version"),
        machine_quota=head.number("ms-DS-MachineAccountQuota"),
        krbtgt_set_at=flags.moment(krbtgt.number("pwdLastSet")) if krbtgt else None,
        anonymous_operations=_anonymous(domain),
        open_compatibility=_compatible(domain),
        recycle_bin=_recycles(domain),
    )
    properties = head.number("pwdProperties")
    yield DirectoryPolicy(
        domain.directory,
        DEFAULT,
        min_length=head.number("minPwdLength"),
        min_classes=None if properties is None else flags.COMPLEX_CLASSES if properties & flags.COMPLEXITY else 0,
        history=head.number("pwdHistoryLength"),
        max_days=flags.days(head.number("maxPwdAge")),
        lockout_attempts=head.number("lockoutThreshold"),
        lockout_minutes=flags.minutes(head.number("lockoutDuration")),
        reversible_encryption=None if properties is None else bool(properties & flags.CLEARTEXT),
    )
    for entry in domain.answers.entries["policies"]:
        yield _finer(domain, entry)


def _anonymous(domain: View) -> bool | None:
    if not domain.answers.whole("heuristics") or domain.answers.one("heuristics") is None:
        return None
    said = domain.answers.entries["heuristics"][0].text("dSHeuristics") or ""
    return said[ANONYMOUS_AT : ANONYMOUS_AT + 1] == "2"


def _compatible(domain: View) -> tuple[str, ...] | None:
    group = domain.by_sid.get(PRE_WINDOWS_2000)
    if group is None or not domain.answers.whole("foreign", "groups"):
        return None
    below = {domain.names[member] for member in domain.graph.paths_to(group) if member in domain.names}
    return tuple(sorted(below & OPEN_TO_ALL))


def _recycles(domain: View) -> bool | None:
    if not domain.answers.whole("features"):
        return None
    bins = [entry for entry in domain.answers.entries["features"] if entry.text("cn") == "Recycle Bin Feature"]
    return any(entry.texts("msDS-EnabledFeatureBL") for entry in bins)


def _finer(domain: View, entry: Kept) -> DirectoryPolicy:
    complexity = entry.text("msDS-PasswordComplexityEnabled")
    reversible = entry.text("msDS-PasswordReversibleEncryptionEnabled")
    names = (domain.names.get(key(dn), dn) for dn in entry.texts("msDS-PSOAppliesTo"))
    return DirectoryPolicy(
        domain.directory,
        entry.text("cn") or entry.dn,
        precedence=entry.number("msDS-PasswordSettingsPrecedence"),
        applies_to=tuple(sorted(names)),
        min_length=entry.number("msDS-MinimumPasswordLength"),
        min_classes=None if complexity is None else flags.COMPLEX_CLASSES if complexity == "TRUE" else 0,
        history=entry.number("msDS-PasswordHistoryLength"),
        max_days=flags.days(entry.number("msDS-MaximumPasswordAge")),
        lockout_attempts=entry.number("msDS-LockoutThreshold"),
        lockout_minutes=flags.minutes(entry.number("msDS-LockoutDuration")),
        reversible_encryption=None if reversible is None else reversible == "TRUE",
    )


def computers(domain: View) -> Iterator[Item]:
    """Computers of the domain; each is also a host of the register, under the identifier of its account."""
    for entry in domain.answers.entries["computers"]:
        name = (entry.text("sAMAccountName") or "").rstrip("$")
        if not name:
            continue
        uac, raw = entry.number("userAccountControl"), entry.raw("objectGUID")
        guid = str(UUID(bytes_le=raw)) if raw and len(raw) == 16 else None  # noqa: PLR2004 -- a UUID's length
        system = entry.text("operatingSystem")
        yield DirectoryComputer(
            domain.directory,
            name,
            guid=guid,
            enabled=None if uac is None else not uac & flags.DISABLED,
            controller=None if uac is None else bool(uac & (flags.SERVER_TRUST | flags.READ_ONLY_CONTROLLER)),
            os_name=system,
            os_version=entry.text("operatingSystemVersion"),
            last_logon_at=flags.moment(entry.number("lastLogonTimestamp")),
            created_at=flags.instant(entry.text("whenCreated")),
            unconstrained_delegation=None if uac is None else bool(uac & flags.UNCONSTRAINED),
            protocol_transition=None if uac is None else bool(uac & flags.PROTOCOL_TRANSITION),
            delegates_to=None if uac is None else entry.texts("msDS-AllowedToDelegateTo"),
            delegated_by=None if uac is None else _delegated_by(domain, entry),
            local_password_managed=None if uac is None else _managed(entry),
        )
        if guid and uac is not None and not uac & flags.DISABLED:
            yield _host(entry, name, guid, system)


def _managed(entry: Kept) -> bool:
    names = ("ms-Mcs-AdmPwdExpirationTime", "msLAPS-PasswordExpirationTime")
    return any((entry.number(name) or 0) > 0 for name in names)


def _delegated_by(domain: View, entry: Kept) -> tuple[str, ...]:
    raw = entry.raw("msDS-AllowedToActOnBehalfOfOtherIdentity")
    if raw is None:
        return ()
    allowed = descriptor(raw).aces or ()
    return tuple(
        sorted({domain.named(ace.to) for ace in allowed if domain.by_sid.get(ace.to) not in domain.administrators})
    )


def _host(entry: Kept, name: str, guid: str, system: str | None) -> Host:
    """What a directory knows of a host; a desktop system may be on a laptop, so only servers have a class."""
    server = system is not None and ("server" in system.lower() or system.lower().startswith("samba"))
    return Host(
        f"host/{name.lower()}",
        hostname=entry.text("dNSHostName") or name,
        host_class=HostClass.SERVER if server else None,
        os_name=system,
        os_version=entry.text("operatingSystemVersion"),
        directory_id=guid,
    )


def trusts(domain: View) -> Iterator[Item]:
    """Other domains whose accounts are believed, or that believe ours."""
    for entry in domain.answers.entries["trusts"]:
        direction, said = entry.number("trustDirection"), entry.number("trustAttributes")
        partner = entry.text("trustPartner") or entry.dn
        yield DirectoryTrust(
            domain.directory,
            partner.lower(),
            inbound=None if direction is None else bool(direction & flags.TRUST_INBOUND),
            outbound=None if direction is None else bool(direction & flags.TRUST_OUTBOUND),
            within_forest=None if said is None else bool(said & flags.WITHIN_FOREST),
            sid_filtering=None if said is None else _filters(said),
            ticket_delegation=None if said is None else bool(said & flags.TICKET_DELEGATION),
        )


def _filters(said: int) -> bool:
    """Between forests it is on unless the trust is treated as external; elsewhere, only where quarantined."""
    if said & flags.QUARANTINED:
        return True
    return bool(said & flags.FOREST_TRANSITIVE) and not said & flags.TREAT_AS_EXTERNAL
