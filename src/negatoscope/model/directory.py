"""Central directories: who they know, what these may do, and how the directory itself is set.

Every fact but ``Directory`` is looked for directory by directory. ``AD`` marks what only Active Directory has: a look
at another kind of directory states that it swept these kinds and found none.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from negatoscope.model.accounts import AccountKind
from negatoscope.model.evidence import Ref, Scope


class DirectoryKind(StrEnum):
    """What answers under a directory's name."""

    ACTIVE_DIRECTORY = "active_directory"
    OPENLDAP = "openldap"


@dataclass(frozen=True, slots=True)
class Directory:
    """A directory that the practice declares or that a look found: a place of its own, as a host is."""

    SCOPE: ClassVar[Scope] = "practice"

    realm: str
    """DNS name in lower case: ``cabinet.lan``."""
    kind: DirectoryKind | None = None

    @property
    def ref(self) -> Ref:
        """``directory/<realm>``."""
        return f"directory/{self.realm}"


def realm_of(directory: Ref) -> str:
    """``cabinet.lan`` of ``directory/cabinet.lan``."""
    return directory.removeprefix("directory/")


@dataclass(frozen=True, slots=True)
class DirectoryAccount:
    """An identity that a directory keeps for people or programs; computers are ``DirectoryComputer``.

    ``kind``, ``holder`` and ``purpose`` are what people say; the rest is what the directory says.
    """

    SCOPE: ClassVar[Scope] = "directory"

    directory: Ref
    name: str
    """``sAMAccountName`` or ``uid``, as the directory writes it."""
    kind: AccountKind | None = None
    holder: Ref | None = None
    """The person answerable for it."""
    purpose: str | None = None
    """Why a service account exists, in a person's words."""
    shown_as: str | None = None
    """``displayName`` or ``cn``."""
    sid: str | None = None
    """``objectSid``, or ``entryUUID`` elsewhere: what stays when the name changes."""
    employee_id: str | None = None
    """``employeeID`` or ``employeeNumber``: may be the practice's own identifier of a person."""
    mail: str | None = None
    enabled: bool | None = None
    expires_at: datetime | None = None
    """``None`` also where it never expires."""
    created_at: datetime | None = None
    password_set_at: datetime | None = None
    password_must_change: bool | None = None
    """``pwdLastSet`` is 0: the next log-on must change it."""
    password_not_required: bool | None = None
    """UF_PASSWD_NOTREQD (MS-ADTS 2.2.16): an empty password may be set."""
    password_never_expires: bool | None = None
    reversible_encryption: bool | None = None
    des_only: bool | None = None
    preauth_not_required: bool | None = None
    """UF_DONT_REQUIRE_PREAUTH: anybody may ask for something to guess the password from (AS-REP)."""
    smartcard_required: bool | None = None
    not_delegated: bool | None = None
    """Its identity cannot be lent to a server: UF_NOT_DELEGATED, or member of Protected Users."""
    unconstrained_delegation: bool | None = None
    protocol_transition: bool | None = None
    """UF_TRUSTED_TO_AUTHENTICATE_FOR_DELEGATION: may act as anybody without their having logged on."""
    delegates_to: tuple[str, ...] | None = None
    """``msDS-AllowedToDelegateTo``: services towards which it may act in others' names."""
    spns: tuple[str, ...] | None = None
    """``servicePrincipalName``: anybody may ask for a ticket to guess the password from."""
    admin_count: bool | None = None
    """The directory has, now or once, protected it as privileged (AdminSDHolder)."""
    privileged: bool | None = None
    """Holds, whatever the path, a right to administer the directory."""
    sid_history: tuple[str, ...] | None = None
    last_logon_at: datetime | None = None
    """In Active Directory ``lastLogonTimestamp``, which may be 14 days behind (MS-ADA1 2.351)."""
    never_logged_on: bool | None = None
    policy: str | None = None
    """Name of the password policy that applies to it."""
    groups: tuple[str, ...] | None = None
    """Groups of the directory it belongs to, whatever the path, primary group included, sorted."""

    @property
    def ref(self) -> Ref:
        """``account/<realm>/<name>``, as the register knows it: names differ by more than case."""
        return f"account/{realm_of(self.directory)}/{self.name.lower()}"


@dataclass(frozen=True, slots=True)
class DirectoryPrivilege:
    """A way for an account to administer the directory, with the path that leads there."""

    SCOPE: ClassVar[Scope] = "directory"

    directory: Ref
    account: str
    """Name of the account, or the SID of somebody from elsewhere."""
    group: str
    """The privileged group, under its name in this directory."""
    path: tuple[str, ...]
    """Groups from the account's own to ``group``, both included; one step is one membership."""
    role: str | None = None
    """What the group is (``domain_admins`` …), whatever its name; ``None`` where a person named it as privileged."""
    primary: bool | None = None
    """The first step is the account's primary group, which no list of members shows."""
    foreign: bool | None = None
    """The account is kept by another directory."""

    @property
    def ref(self) -> Ref:
        """``privilege/<realm>/<account>/<group>``."""
        return f"privilege/{realm_of(self.directory)}/{self.account.lower()}/{self.group}"

    @property
    def account_ref(self) -> Ref:
        """The account that holds it."""
        return f"account/{realm_of(self.directory)}/{self.account.lower()}"


@dataclass(frozen=True, slots=True)
class DirectoryGroup:
    """A group of the directory."""

    SCOPE: ClassVar[Scope] = "directory"

    directory: Ref
    name: str
    sid: str | None = None
    role: str | None = None
    """What a well-known privileged group is (``domain_admins`` …), whatever its name."""
    members: int | None = None
    """Accounts in it, whatever the path."""
    groups: tuple[str, ...] | None = None
    """Groups it is directly a member of."""
    admin_count: bool | None = None
    """The directory has, now or once, protected it as privileged (AdminSDHolder)."""
    privileged: bool | None = None

    @property
    def ref(self) -> Ref:
        """``group/<realm>/<name>``."""
        return f"group/{realm_of(self.directory)}/{self.name}"


@dataclass(frozen=True, slots=True)
class DirectoryPolicy:
    """What a directory enforces when a password is chosen, kept and guessed: the domain's own, or a finer one."""

    SCOPE: ClassVar[Scope] = "directory"

    directory: Ref
    name: str
    """``default``, or the finer policy's name."""
    precedence: int | None = None
    """The smallest wins; ``None`` for the domain's own."""
    applies_to: tuple[str, ...] | None = None
    """Accounts and groups it names; the domain's own applies to all others."""
    min_length: int | None = None
    min_classes: int | None = None
    """Character classes required, 0–4; Active Directory's complexity asks for 3 (MS-SAMR 3.1.1.7.2)."""
    history: int | None = None
    """Past passwords refused."""
    max_days: int | None = None
    """Days before a password must change; 0: never."""
    lockout_attempts: int | None = None
    """Failures before the account is locked; 0: never."""
    lockout_minutes: int | None = None
    """0: until somebody unlocks it."""
    reversible_encryption: bool | None = None

    @property
    def ref(self) -> Ref:
        """``policy/<realm>/<name>``."""
        return f"policy/{realm_of(self.directory)}/{self.name}"


@dataclass(frozen=True, slots=True)
class DirectoryAccess:
    """Who gets an answer from a directory without saying who they are: one for each directory."""

    SCOPE: ClassVar[Scope] = "directory"

    directory: Ref
    anonymous_read: bool | None = None
    """One anonymous search at the base of the tree brought its entry back."""

    @property
    def ref(self) -> Ref:
        """The directory itself."""
        return self.directory


@dataclass(frozen=True, slots=True)
class DirectoryDomain:
    """AD. How a domain is set: one for each directory of that kind."""

    SCOPE: ClassVar[Scope] = "directory"

    directory: Ref
    functional_level: int | None = None
    """``msDS-Behavior-Version`` of the domain (MS-ADTS 6.1.4.3): 7 is Windows Server 2016."""
    machine_quota: int | None = None
    """Computers that any account may add."""
    krbtgt_set_at: datetime | None = None
    """Last change of the key that signs every ticket."""
    anonymous_operations: bool | None = None
    """``dSHeuristics`` lets anonymous clients do more than read the root (MS-ADTS 6.1.1.2.4.1.2, fLDAPBlockAnonOps)."""
    open_compatibility: tuple[str, ...] | None = None
    """Everyone or Anonymous among the members of Pre-Windows 2000 Compatible Access, by SID."""
    recycle_bin: bool | None = None

    @property
    def ref(self) -> Ref:
        """The directory itself."""
        return self.directory


@dataclass(frozen=True, slots=True)
class DirectoryComputer:
    """AD. A computer that is a member of the domain."""

    SCOPE: ClassVar[Scope] = "directory"

    directory: Ref
    name: str
    """``sAMAccountName`` without its dollar sign."""
    guid: str | None = None
    """``objectGUID``: the register's ``Host.directory_id``."""
    enabled: bool | None = None
    controller: bool | None = None
    """A domain controller."""
    os_name: str | None = None
    os_version: str | None = None
    last_logon_at: datetime | None = None
    """``lastLogonTimestamp``, which may be 14 days behind."""
    created_at: datetime | None = None
    unconstrained_delegation: bool | None = None
    protocol_transition: bool | None = None
    delegates_to: tuple[str, ...] | None = None
    delegated_by: tuple[str, ...] | None = None
    """Who may act on it in others' names (``msDS-AllowedToActOnBehalfOfOtherIdentity``), administrators left out."""
    local_password_managed: bool | None = None
    """LAPS has set an expiry for its local administrator's password. The password itself is never asked for."""

    @property
    def ref(self) -> Ref:
        """``computer/<realm>/<name>``."""
        return f"computer/{realm_of(self.directory)}/{self.name.lower()}"


@dataclass(frozen=True, slots=True)
class DirectoryTrust:
    """AD. Another domain whose accounts are believed."""

    SCOPE: ClassVar[Scope] = "directory"

    directory: Ref
    partner: str
    inbound: bool | None = None
    """Our accounts are believed there."""
    outbound: bool | None = None
    """Their accounts are believed here."""
    within_forest: bool | None = None
    sid_filtering: bool | None = None
    """Identities that they claim from our own domain are refused."""
    ticket_delegation: bool | None = None
    """Whole tickets of our people may travel there."""

    @property
    def ref(self) -> Ref:
        """``trust/<realm>/<partner>``."""
        return f"trust/{realm_of(self.directory)}/{self.partner}"


@dataclass(frozen=True, slots=True)
class Grant:
    """One right that leads to administering the directory, given to somebody who does not administer it."""

    to: str
    """Name of the account or group, or its SID where nobody knows it."""
    right: str
    """``replicate``, ``full_control``, ``change_rights``, ``take_ownership``, ``owner``, ``write_all``,
    ``write_members``, ``write_keys``, ``write_delegation``, ``link_policy``, ``reset_password``, ``all_extended``,
    ``write``, ``read_secrets``."""


@dataclass(frozen=True, slots=True)
class GuardedObject:
    """An object of the directory whose rights decide on all others, and who may change it."""

    SCOPE: ClassVar[Scope] = "directory"

    directory: Ref
    name: str
    about: str | None = None
    """``domain``, ``adminsdholder``, ``group``, ``account``, ``controllers``, ``computer``, ``policy`` (a GPO),
    ``database``."""
    grants: tuple[Grant, ...] | None = None
    """Dangerous rights of those who are not administrators; ``None``: its rights were not read."""

    @property
    def ref(self) -> Ref:
        """``object/<realm>/<about>/<name>``."""
        return f"object/{realm_of(self.directory)}/{self.about}/{self.name}"
