"""Flaws of the directory (Samba, as Active Directory): accounts, rights, settings, planted over LDAP."""

from typing import ClassVar

import ldap3
from msgspec import Struct

from tests.lab.plan import Plan, Truth
from tests.observe.directory.domain import BASE, REALM
from tests.observe.directory.flaws import REPLICATE, REPLICATE_ALL
from tests.observe.directory.practice import (
    NORMAL,
    SMARTCARD,
    account,
    changed,
    group,
    made,
    user_dn,
)
from tests.observe.directory.rights import ace, granted, sid_of

DIRECTORY = f"directory/{REALM}"
EXTENDED = 0x100


class _InDirectory(Struct, frozen=True, forbid_unknown_fields=True):
    """A flaw of the directory; one host of the description has a service of kind ``domain``."""

    CONTROLS: ClassVar[tuple[str, ...]]

    def plant(self, plan: Plan) -> None:
        plan.domain().append(self.spoil)

    def spoil(self, connection: ldap3.Connection) -> None:
        """Change the running directory, as its administrator."""

    def subject(self) -> str:
        return DIRECTORY

    def truth(self, plan: Plan) -> frozenset[Truth]:
        return frozenset(Truth(one, self.subject()) for one in self.CONTROLS)


class _Account(_InDirectory, frozen=True, forbid_unknown_fields=True):
    """A flag of a person's account (MS-ADTS 2.2.16)."""

    FLAG: ClassVar[int]

    account: str

    def spoil(self, connection: ldap3.Connection) -> None:
        changed(connection, user_dn(self.account), userAccountControl=str(NORMAL | SMARTCARD | self.FLAG))

    def subject(self) -> str:
        return f"account/{REALM}/{self.account}"


class NeverExpires(_Account, frozen=True, forbid_unknown_fields=True):
    """A password that never expires."""

    CONTROLS: ClassVar = ("R10.8",)
    FLAG: ClassVar = 0x10000


class NoPasswordNeeded(_Account, frozen=True, forbid_unknown_fields=True):
    """PASSWD_NOTREQD: the account may do without a password."""

    CONTROLS: ClassVar = ("R10.12",)
    FLAG: ClassVar = 0x20


class Delegates(_Account, frozen=True, forbid_unknown_fields=True):
    """Unconstrained delegation on a person's account."""

    CONTROLS: ClassVar = ("R20.4",)
    FLAG: ClassVar = 0x80000


class NoPreauthentication(_Account, frozen=True, forbid_unknown_fields=True):
    """Kerberos does not ask for proof first (AS-REP)."""

    CONTROLS: ClassVar = ("R20.6",)
    FLAG: ClassVar = 0x400000


class ReversibleEncryption(_Account, frozen=True, forbid_unknown_fields=True):
    """The directory could give the password back."""

    CONTROLS: ClassVar = ("R20.16",)
    FLAG: ClassVar = 0x80


class AdministratorOfService(_InDirectory, frozen=True, forbid_unknown_fields=True):
    """A service principal name on an administrator's account: its ticket can be asked for and broken."""

    CONTROLS: ClassVar = ("R20.5",)

    def spoil(self, connection: ldap3.Connection) -> None:
        changed(connection, user_dn("adm.lefort"), servicePrincipalName=f"MSSQLSvc/ris.{REALM}:1433")

    def subject(self) -> str:
        return f"account/{REALM}/adm.lefort"


class DelegableAdministrator(_InDirectory, frozen=True, forbid_unknown_fields=True):
    """An administrator whose identity may be delegated, and who logs on with a card all the same."""

    CONTROLS: ClassVar = ("R20.17",)

    def spoil(self, connection: ldap3.Connection) -> None:
        changed(connection, user_dn("adm.moreau"), userAccountControl=str(NORMAL | SMARTCARD))

    def subject(self) -> str:
        return f"account/{REALM}/adm.moreau"


class AnyoneAddsMachines(_InDirectory, frozen=True, forbid_unknown_fields=True):
    """ms-DS-MachineAccountQuota is 10."""

    CONTROLS: ClassVar = ("R20.8",)

    def spoil(self, connection: ldap3.Connection) -> None:
        changed(connection, BASE, ms_DS_MachineAccountQuota="10")


class ReplicatesSecrets(_InDirectory, frozen=True, forbid_unknown_fields=True):
    """The radiographers may replicate all secrets (DCSync)."""

    CONTROLS: ClassVar = ("R20.2",)

    def spoil(self, connection: ldap3.Connection) -> None:
        sid = sid_of(connection, group("manipulateurs"))
        granted(connection, BASE, ace(sid, EXTENDED, REPLICATE), ace(sid, EXTENDED, REPLICATE_ALL))

    def subject(self) -> str:
        return f"object/{REALM}/domain/{BASE}"


class JobAccount(_InDirectory, frozen=True, forbid_unknown_fields=True):
    """An account of the directory named after a job."""

    CONTROLS: ClassVar = ("R8.5",)

    account: str = "manip1"

    def spoil(self, connection: ldap3.Connection) -> None:
        account(connection, self.account, NORMAL | SMARTCARD, employeeID="1001")

    def subject(self) -> str:
        return f"account/{REALM}/{self.account}"


class OldWindows(_InDirectory, frozen=True, forbid_unknown_fields=True):
    """A computer of the domain runs Windows 7, has no LAPS, and is in no list."""

    CONTROLS: ClassVar = ("R1.7", "R20.9", "R20.10")

    computer: str = "pc-accueil"

    def spoil(self, connection: ldap3.Connection) -> None:
        made(
            connection, f"CN={self.computer.upper()},CN=Computers,{BASE}", "computer",
            sAMAccountName=f"{self.computer.upper()}$", userAccountControl=str(4096),
            dNSHostName=f"{self.computer}.{REALM}", operatingSystem="Windows 7 Professionnel",
            operatingSystemVersion="6.1 (7601)",
        )  # fmt: skip

    def truth(self, plan: Plan) -> frozenset[Truth]:
        there = {Truth(one, f"computer/{REALM}/{self.computer}") for one in ("R20.9", "R20.10")}
        return frozenset({Truth("R1.7", f"host/{self.computer}.{REALM}"), *there})


KINDS = (
    NeverExpires, NoPasswordNeeded, Delegates, NoPreauthentication, ReversibleEncryption, AdministratorOfService,
    DelegableAdministrator, AnyoneAddsMachines, ReplicatesSecrets, JobAccount, OldWindows,
)  # fmt: skip
