"""Numbers of Active Directory and what they mean."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
NEVER = 0x7FFFFFFFFFFFFFFF
TICKS = 10_000_000
"""FILETIME counts tenths of a microsecond."""
DAY = 86_400 * TICKS
MINUTE = 60 * TICKS

DISABLED = 0x2
PASSWORD_NOT_REQUIRED = 0x20
REVERSIBLE = 0x80
TRUST_ACCOUNT = 0x800
SERVER_TRUST = 0x2000
PASSWORD_NEVER_EXPIRES = 0x10000
SMARTCARD = 0x40000
UNCONSTRAINED = 0x80000
NOT_DELEGATED = 0x100000
DES_ONLY = 0x200000
NO_PREAUTH = 0x400000
PROTOCOL_TRANSITION = 0x1000000
READ_ONLY_CONTROLLER = 0x4000000
"""userAccountControl (MS-ADTS 2.2.16)."""

COMPLEXITY, CLEARTEXT = 0x1, 0x10
"""pwdProperties (MS-SAMR 2.2.1.9)."""
COMPLEX_CLASSES = 3
"""Of five sorts of characters, where complexity is on (MS-SAMR 3.1.1.7.2)."""

TRUST_INBOUND, TRUST_OUTBOUND = 0x1, 0x2
QUARANTINED, FOREST_TRANSITIVE, WITHIN_FOREST = 0x4, 0x8, 0x20
TREAT_AS_EXTERNAL = 0x40
NO_TICKET_DELEGATION, TICKET_DELEGATION = 0x200, 0x800
"""trustDirection, trustAttributes (MS-ADTS 6.1.6.7.9, 6.1.6.7.12)."""

ROLES = {
    "512": "domain_admins",
    "518": "schema_admins",
    "519": "enterprise_admins",
    "520": "policy_owners",
    "526": "key_admins",
    "527": "enterprise_key_admins",
}
"""Relative identifiers, in the domain, of groups that administer it."""
BUILTIN_ROLES = {
    "S-1-5-32-544": "administrators",
    "S-1-5-32-548": "account_operators",
    "S-1-5-32-549": "server_operators",
    "S-1-5-32-550": "print_operators",
    "S-1-5-32-551": "backup_operators",
}
NAMED_ROLES = {"dnsadmins": "dns_admins"}
"""Its identifier differs from domain to domain."""
PROTECTED_USERS = "525"
KRBTGT = "502"
GUEST = "501"


def moment(ticks: int | None) -> datetime | None:
    """The instant of a FILETIME; ``None`` for never and for what no calendar holds."""
    if ticks is None or not 0 < ticks < NEVER:
        return None
    try:
        return EPOCH + timedelta(microseconds=ticks // 10)
    except OverflowError:
        return None


def instant(text: str | None) -> datetime | None:
    """The instant of a generalised time (RFC 4517 3.3.13): ``20261122001349.0Z``; ``None`` for anything else."""
    if text is None or not text.endswith("Z"):
        return None
    try:
        return datetime.strptime(text[:14], "%Y%m%d%H%M%S").replace(tzinfo=UTC)
    except ValueError:
        return None


def days(interval: int | None) -> int | None:
    """Days in a negative FILETIME interval; 0: never."""
    if interval is None:
        return None
    return 0 if interval in (0, -NEVER - 1) else -interval // DAY


def minutes(interval: int | None) -> int | None:
    """Minutes in a negative FILETIME interval; 0: without end."""
    if interval is None:
        return None
    return 0 if interval in (0, -NEVER - 1) else -interval // MINUTE
