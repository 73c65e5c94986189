"""Fifty people of a fictional practice in nested groups, as a careful administrator would have set them up."""

from collections.abc import Iterator
from typing import NamedTuple

import ldap3

from negatoscope.model.people import Person
from tests.observe.directory.domain import BASE, PASSWORD, READER, REALM

FIRST = ("anne", "bruno", "claire", "david", "elise", "farid", "gaelle", "hugo", "ines", "jules")
LAST = ("moreau", "lefort", "garnier", "besson", "royer")
JOBS = ("radiologues", "manipulateurs", "secretariat", "direction", "informatique")
NORMAL, SMARTCARD, NOT_DELEGATED = 0x200, 0x40000, 0x100000
SETTINGS = {
    "minPwdLength": "14",
    "pwdProperties": "1",
    "maxPwdAge": "-155520000000000",
    "lockoutThreshold": "5",
    "ms-DS-MachineAccountQuota": "0",
}
ADMINS = ("adm.moreau", "adm.lefort")
PEOPLE_OU, GROUPS_OU = f"OU=Personnes,{BASE}", f"OU=Groupes,{BASE}"
READING = "lecteur"
SERVICES = {READING: "lecture de l’annuaire par Négatoscope", "dns-dc1": "noms de domaine du contrôleur"}
ADMINISTRATOR_DN = f"CN=Administrator,CN=Users,{BASE}"


class Somebody(NamedTuple):
    """One person, and their account."""

    login: str
    number: str
    job: str

    @property
    def dn(self) -> str:
        return f"CN={self.login},{PEOPLE_OU}"


def staff() -> Iterator[Somebody]:
    for index, (first, last) in enumerate((first, last) for last in LAST for first in FIRST):
        yield Somebody(f"{first}.{last}", f"{1000 + index}", JOBS[index % len(JOBS)])


def listed() -> list[Person]:
    """The practice's own list of its staff."""
    return [Person(one.number, one.login.replace(".", " ").title()) for one in staff()]


def group(name: str) -> str:
    return f"CN={name},{GROUPS_OU}"


def user_dn(login: str) -> str:
    return f"CN={login},{PEOPLE_OU}"


def changed(connection: ldap3.Connection, dn: str, **values: object) -> None:
    """Replace attributes; an underscore stands for a hyphen."""
    said = {name.replace("_", "-"): [(ldap3.MODIFY_REPLACE, _listed(value))] for name, value in values.items()}
    done(connection, connection.modify(dn, said), dn)  # type: ignore[no-untyped-call]


def added(connection: ldap3.Connection, dn: str, **values: object) -> None:
    """Add values to attributes."""
    said = {name.replace("_", "-"): [(ldap3.MODIFY_ADD, _listed(value))] for name, value in values.items()}
    done(connection, connection.modify(dn, said), dn)  # type: ignore[no-untyped-call]


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [value]


def done(connection: ldap3.Connection, well: object, what: str) -> None:
    if not well:
        raise AssertionError(f"{what}: {connection.result}")


def made(connection: ldap3.Connection, dn: str, object_class: str, **values: object) -> None:
    said = {name.replace("_", "-"): value for name, value in values.items()}
    done(connection, connection.add(dn, object_class, said), dn)  # type: ignore[no-untyped-call]


def account(connection: ldap3.Connection, login: str, flags: int, **values: object) -> str:
    """A person's account with its password, then its flags; returns its distinguished name."""
    dn = user_dn(login)
    said = {"sAMAccountName": login, "userPrincipalName": f"{login}@{REALM}", "userAccountControl": str(flags)}
    made(connection, dn, "user", **said, unicodePwd=f'"{PASSWORD}"'.encode("utf-16-le"), **values)
    return dn


def fill(connection: ldap3.Connection) -> None:
    """The whole practice, healthy."""
    changed(connection, BASE, **SETTINGS)
    for ou in (PEOPLE_OU, GROUPS_OU):
        made(connection, ou, "organizationalUnit")
    for name in (*JOBS, "personnel", "soignants", "equipe-admin"):
        made(connection, group(name), "group", sAMAccountName=name)
    for one in staff():
        account(
            connection,
            one.login,
            NORMAL | SMARTCARD,
            displayName=one.login.replace(".", " ").title(),
            employeeID=one.number,
        )
    for job in JOBS:
        added(connection, group(job), member=[one.dn for one in staff() if one.job == job])
    added(connection, group("soignants"), member=[group("radiologues"), group("manipulateurs")])
    added(
        connection,
        group("personnel"),
        member=[group("soignants"), group("secretariat"), group("direction"), group("informatique")],
    )
    for login, number in zip(ADMINS, ("1000", "1001"), strict=True):
        account(connection, login, NORMAL | SMARTCARD | NOT_DELEGATED, employeeID=number)
    added(connection, group("equipe-admin"), member=[user_dn(login) for login in ADMINS])
    added(connection, f"CN=Domain Admins,CN=Users,{BASE}", member=group("equipe-admin"))
    _administrator(connection)
    _computers(connection)
    _reader(connection)


def _administrator(connection: ldap3.Connection) -> None:
    changed(connection, ADMINISTRATOR_DN, employeeID="1000", userAccountControl=str(NORMAL | NOT_DELEGATED))


def _computers(connection: ldap3.Connection) -> None:
    dn = f"CN=SRV-IMAGES,CN=Computers,{BASE}"
    made(
        connection, dn, "computer", sAMAccountName="SRV-IMAGES$", userAccountControl="4096",
        dNSHostName=f"srv-images.{REALM}", operatingSystem="Debian GNU/Linux", operatingSystemVersion="12",
    )  # fmt: skip


def _reader(connection: ldap3.Connection) -> None:
    """The account that Négatoscope reads with: plain, and let read the finer policies."""
    account(connection, READING, NORMAL)


__all__ = ["ADMINS", "PASSWORD", "READER", "SERVICES", "fill", "listed"]
