"""What rule 20 asks of a directory, a topic at a time.

Ages are those of ANSSI's control points for Active Directory (« Points de contrôle Active Directory », CERT-FR):
a year for the krbtgt key and for dormant accounts is its limit; six months is what rule 10 allows a password.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from negatoscope.judge.lifecycle import system
from negatoscope.judge.shapes import Said, none_hold, not_ahead, unread
from negatoscope.model.accounts import AccountKind
from negatoscope.model.directory import (
    DirectoryAccess,
    DirectoryAccount,
    DirectoryComputer,
    DirectoryDomain,
    DirectoryPolicy,
    DirectoryTrust,
    GuardedObject,
)
from negatoscope.model.evidence import Seen
from negatoscope.model.judgement import Doubt, Finding

AUDIT_DAYS = 31
KEY_DAYS = 365
UNUSED_DAYS = 180
IMPRECISION = timedelta(days=14)
"""How far ``lastLogonTimestamp`` may be behind (MS-ADA1 2.351)."""
MODERN_LEVEL = 7
"""Windows Server 2016 (MS-ADTS 6.1.4.3)."""
ADMINISTRATORS = frozenset({"500", "512", "518", "519", "544"})
"""Last part of the identifiers of the built-in administrator and of the groups that hold every right."""


def audited(looks: Seen[DirectoryAccess], now: datetime) -> Said:
    """Refuse a directory that was not looked at for a month."""
    for look in looks.facts:
        times = [swept.source.at for swept in looks.sweeps if swept.sweep.host == look.ref]
        if times and max(times) + timedelta(days=AUDIT_DAYS) < now:
            yield Finding(look.ref, "audit_late", {"on": f"{max(times):%Y-%m-%d}", "days": AUDIT_DAYS})


def rights(objects: Seen[GuardedObject]) -> Said:
    """Name each dangerous right and who holds it."""
    for one in objects.facts:
        if one.grants is None:
            yield unread(one.ref, "grants")
        for grant in one.grants or ():
            yield Finding(one.ref, "dangerous_right", {"to": grant.to, "right": grant.right})


def delegation(accounts: Iterable[DirectoryAccount], computers: Iterable[DirectoryComputer]) -> Said:
    """Weigh accounts and computers; a controller may borrow identities, but nobody may borrow on a controller."""
    for account in accounts:
        yield from _borrows(account)
    for computer in computers:
        if computer.controller is None:
            yield unread(computer.ref, "controller")
        elif not computer.controller:
            yield from _borrows(computer)
        elif computer.delegated_by is None:
            yield unread(computer.ref, "delegated_by")
        elif computer.delegated_by:
            yield Finding(computer.ref, "borrows_on_controller", {"who": ", ".join(computer.delegated_by)})


def _borrows(one: DirectoryAccount | DirectoryComputer) -> Said:
    settings = [(one.ref, one.unconstrained_delegation)]
    yield from none_hold(settings, "unconstrained_delegation", "borrows_everywhere")
    if one.delegates_to is None or one.protocol_transition is None:
        yield unread(one.ref, "delegates_to")
    elif one.protocol_transition and one.delegates_to:
        yield Finding(one.ref, "borrows_anybody", {"services": ", ".join(one.delegates_to)})


def guessable(accounts: Iterable[DirectoryAccount]) -> Said:
    """Weigh accounts that administer and also serve."""
    for account in accounts:
        if account.spns is None or account.privileged is None:
            yield unread(account.ref, "spns" if account.spns is None else "privileged")
        elif account.privileged and account.spns:
            yield Finding(account.ref, "administrator_serves", {"services": ", ".join(account.spns)})


def key_of_keys(settings: Seen[DirectoryDomain], now: datetime) -> Said:
    """Weigh the age of krbtgt's key."""
    for domain in settings.facts:
        at = domain.krbtgt_set_at
        if at is None:
            yield unread(domain.ref, "krbtgt_set_at")
        elif at + timedelta(days=KEY_DAYS) < now:
            yield Finding(domain.ref, "key_old", {"on": f"{at:%Y-%m-%d}"})
        else:
            yield from not_ahead(domain.ref, "krbtgt_set_at", at, now)


def quota(settings: Seen[DirectoryDomain]) -> Said:
    """Weigh how many computers anybody may add."""
    for domain in settings.facts:
        if domain.machine_quota is None:
            yield unread(domain.ref, "machine_quota")
        elif domain.machine_quota > 0:
            yield Finding(domain.ref, "anybody_adds", {"count": domain.machine_quota})


def local_passwords(computers: Iterable[DirectoryComputer]) -> Said:
    """Weigh Windows computers but controllers, which have no local accounts."""
    for computer in computers:
        if computer.controller is None or computer.os_name is None:
            yield unread(computer.ref, "controller" if computer.controller is None else "os_name")
        elif "windows" not in computer.os_name.lower() or computer.controller:
            continue
        elif computer.local_password_managed is None:
            yield unread(computer.ref, "local_password_managed")
        elif not computer.local_password_managed:
            yield Finding(computer.ref, "local_password_shared")


def supported(computers: Iterable[DirectoryComputer], now: datetime) -> Said:
    """Weigh Windows systems by the day their publisher stops mending them; others are rule 6's matter."""
    for computer in computers:
        if computer.os_name is None:
            yield unread(computer.ref, "os_name")
            continue
        known = system(computer.os_name)
        if known is not None and known.ends is not None:
            if known.ends < now.date():
                yield Finding(computer.ref, "unsupported", {"system": computer.os_name, "on": f"{known.ends}"})
        elif "windows" in computer.os_name.lower():
            yield Doubt(computer.ref, "support_unknown", {"system": computer.os_name})


def trusts(settings: Seen[DirectoryDomain], others: Seen[DirectoryTrust]) -> Said:
    """Weigh what other domains may claim here, and what of ours travels there."""
    domains = {domain.ref for domain in settings.facts}
    for trust in (one for one in others.facts if one.directory in domains):
        if trust.within_forest is None or trust.outbound is None:
            yield unread(trust.ref, "sid_filtering")
        elif trust.outbound and not trust.within_forest:
            yield from none_hold([(trust.ref, _unfiltered(trust))], "sid_filtering", "unfiltered")
        yield from none_hold([(trust.ref, trust.ticket_delegation)], "ticket_delegation", "tickets_travel")


def _unfiltered(trust: DirectoryTrust) -> bool | None:
    return None if trust.sid_filtering is None else not trust.sid_filtering


def unused(accounts: Iterable[DirectoryAccount], now: datetime) -> Said:
    """Weigh the last log-on, or for want of any the day the account was made."""
    limit = now - timedelta(days=UNUSED_DAYS)
    for account in (one for one in accounts if one.kind is not AccountKind.SYSTEM):
        if account.last_logon_at is not None:
            if account.last_logon_at + IMPRECISION < limit:
                yield _open(account, "unused", {"on": f"{account.last_logon_at:%Y-%m-%d}"})
        elif not account.never_logged_on or account.created_at is None:
            yield unread(account.ref, "last_logon_at")
        elif account.created_at < limit:
            yield _open(account, "never_used", {"on": f"{account.created_at:%Y-%m-%d}"})


def _open(account: DirectoryAccount, reason: str, values: dict[str, str]) -> Finding | Doubt:
    return Finding(account.ref, reason, values) if account.enabled else unread(account.ref, "enabled")


def orphans(accounts: Iterable[DirectoryAccount]) -> Said:
    """Weigh accounts marked as privileged that are not: their rights no longer follow those of their place."""
    for account in accounts:
        if account.admin_count is None or account.privileged is None:
            yield unread(account.ref, "admin_count" if account.admin_count is None else "privileged")
        elif account.admin_count and not account.privileged:
            yield Finding(account.ref, "once_privileged")


def old_doors(settings: Seen[DirectoryDomain]) -> Said:
    """Weigh anonymous operations and the compatible access of Windows NT."""
    for domain in settings.facts:
        operations = [(domain.ref, domain.anonymous_operations)]
        yield from none_hold(operations, "anonymous_operations", "anonymous_operations")
        if domain.open_compatibility is None:
            yield unread(domain.ref, "open_compatibility")
        for identifier in domain.open_compatibility or ():
            yield Finding(domain.ref, "compatible_with_all", {"to": identifier})


def level(settings: Seen[DirectoryDomain]) -> Said:
    """Weigh the functional level."""
    for domain in settings.facts:
        if domain.functional_level is None:
            yield unread(domain.ref, "functional_level")
        elif domain.functional_level < MODERN_LEVEL:
            yield Finding(domain.ref, "old_level", {"level": domain.functional_level, "wanted": MODERN_LEVEL})


def storage(accounts: Iterable[DirectoryAccount], policies: Seen[DirectoryPolicy]) -> Said:
    """Weigh how passwords are kept and which cipher protects tickets."""
    for account in accounts:
        yield from none_hold([(account.ref, account.reversible_encryption)], "reversible_encryption", "recoverable")
        yield from none_hold([(account.ref, account.des_only)], "des_only", "des_only")
    for policy in policies.facts:
        kept = [(policy.ref, policy.reversible_encryption)]
        yield from none_hold(kept, "reversible_encryption", "recoverable_by_policy")


def lent(accounts: Iterable[DirectoryAccount]) -> Said:
    """Weigh administrators whose identity a server may borrow."""
    for account in accounts:
        if account.privileged is None or account.not_delegated is None:
            yield unread(account.ref, "privileged" if account.privileged is None else "not_delegated")
        elif account.privileged and not account.not_delegated:
            yield Finding(account.ref, "may_be_lent")


def hidden(accounts: Iterable[DirectoryAccount]) -> Said:
    """Weigh past identifiers: one of this very domain, or an administrator's, hides a right."""
    for account in accounts:
        if account.sid_history is None or account.sid is None:
            yield unread(account.ref, "sid_history")
            continue
        own = account.sid.rpartition("-")[0]
        for identifier in account.sid_history:
            where, _, last = identifier.rpartition("-")
            if where == own or last in ADMINISTRATORS:
                yield Finding(account.ref, "second_identity", {"identifier": identifier})
