"""Plants each flaw of ``flaws.toml`` in a running domain."""

import ldap3

from tests.observe.directory.domain import BASE
from tests.observe.directory.practice import (
    ADMINISTRATOR_DN,
    NORMAL,
    NOT_DELEGATED,
    SMARTCARD,
    account,
    added,
    changed,
    group,
    made,
    user_dn,
)
from tests.observe.directory.rights import ace, granted, sid_of

CARD = NORMAL | SMARTCARD
FULL, WRITE_PROPERTY, EXTENDED = 0xF01FF, 0x20, 0x100
REPLICATE, REPLICATE_ALL = "1131f6aa-9c07-11d1-f79f-00c04fc2dcd2", "1131f6ad-9c07-11d1-f79f-00c04fc2dcd2"
RESET, MEMBER = "00299570-246d-11d0-a768-00aa006e0529", "bf9679c0-0de6-11d0-a285-00aa003049e2"
FOREIGN = "S-1-5-21-9-9-9-1200"
GPO = f"CN={{31B2F340-016D-11D2-945F-00C04FB984F9}},CN=Policies,CN=System,{BASE}"
SERVICES = f"CN=Directory Service,CN=Windows NT,CN=Services,CN=Configuration,{BASE}"


def plant(connection: ldap3.Connection) -> None:
    """All of them."""
    _accounts(connection)
    _settings(connection)
    _rights(connection)


def _accounts(connection: ldap3.Connection) -> None:
    account(connection, "manip1", CARD, employeeID="1001")
    for login, flags in {
        "bruno.moreau": CARD | 0x10000,
        "claire.moreau": CARD | 0x20,
        "david.moreau": NORMAL,
        "elise.moreau": NORMAL,
        "farid.moreau": CARD | 0x80000,
        "gaelle.moreau": CARD | 0x1000000,
        "hugo.moreau": CARD | 0x400000,
        "jules.moreau": CARD | 0x80,
        "anne.lefort": CARD | 0x200000,
        "adm.lefort": CARD | NOT_DELEGATED,
    }.items():
        changed(connection, user_dn(login), userAccountControl=str(flags))
    changed(connection, user_dn("gaelle.moreau"), msDS_AllowedToDelegateTo="cifs/srv-images.cabinet.lan")
    changed(connection, user_dn("adm.lefort"), servicePrincipalName="MSSQLSvc/ris.cabinet.lan:1433")
    changed(connection, user_dn("ines.moreau"), adminCount="1")
    made(connection, group("support"), "group", sAMAccountName="support")
    added(connection, group("support"), member=user_dn("elise.moreau"))
    added(connection, group("equipe-admin"), member=group("support"))
    added(connection, f"CN=Administrators,CN=Builtin,{BASE}", member=f"<SID={FOREIGN}>")


def _settings(connection: ldap3.Connection) -> None:
    changed(connection, BASE, ms_DS_MachineAccountQuota="10")
    changed(connection, SERVICES, dSHeuristics="0000002")
    added(connection, f"CN=Pre-Windows 2000 Compatible Access,CN=Builtin,{BASE}", member="<SID=S-1-1-0>")
    made(
        connection, f"CN=PSO secretariat,CN=Password Settings Container,CN=System,{BASE}", "msDS-PasswordSettings",
        msDS_PasswordSettingsPrecedence="10", msDS_PasswordReversibleEncryptionEnabled="FALSE",
        msDS_PasswordHistoryLength="0", msDS_PasswordComplexityEnabled="FALSE", msDS_MinimumPasswordLength="6",
        msDS_MinimumPasswordAge="0", msDS_MaximumPasswordAge="-9223372036854775808", msDS_LockoutThreshold="0",
        msDS_LockoutObservationWindow="0", msDS_LockoutDuration="0", msDS_PSOAppliesTo=group("secretariat"),
    )  # fmt: skip
    made(
        connection, f"CN=PC-ACCUEIL,CN=Computers,{BASE}", "computer", sAMAccountName="PC-ACCUEIL$",
        userAccountControl=str(4096 | 0x80000), dNSHostName="pc-accueil.cabinet.lan",
        operatingSystem="Windows 7 Professionnel", operatingSystemVersion="6.1 (7601)",
    )  # fmt: skip


def _rights(connection: ldap3.Connection) -> None:
    def of(dn: str) -> bytes:
        return sid_of(connection, dn)

    manips = of(group("manipulateurs"))
    granted(connection, BASE, ace(manips, EXTENDED, REPLICATE), ace(manips, EXTENDED, REPLICATE_ALL))
    granted(connection, f"CN=AdminSDHolder,CN=System,{BASE}", ace(of(user_dn("bruno.lefort")), FULL))
    granted(connection, f"CN=Domain Admins,CN=Users,{BASE}", ace(of(group("secretariat")), WRITE_PROPERTY, MEMBER))
    granted(connection, GPO, ace(of(user_dn("claire.lefort")), WRITE_PROPERTY))
    granted(connection, ADMINISTRATOR_DN, ace(of(user_dn("david.lefort")), EXTENDED, RESET))
