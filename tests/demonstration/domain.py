"""The practice's Active Directory: a real Samba domain, filled as a practice of ten years would have filled it.

Two states of it are recorded: before and after the policy was made stricter and an account taken out of a group. The
server sets every date to the day of the recording; dates of passwords, log-ons and creations are written into its
database while it is stopped, because a practice of ten years cannot be waited for.
"""

import json
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import ldap3

from tests.demonstration.bible import GROUPS, WINDOWS, Somebody, digest, hosts, people
from tests.observe.directory import domain as recipe
from tests.observe.directory import practice as filling
from tests.observe.directory.look import look_at
from tests.observe.directory.practice import added, changed, group, made, user_dn
from tests.observe.directory.rights import ace, granted, sid_of

TODAY = date(2026, 11, 22)
NORMAL, DISABLED, NEVER_EXPIRES, CARD, KEPT = 0x200, 0x2, 0x10000, 0x40000, 0x100000
SHARED = {"accueil": "Accueil", "scanner": "Console scanner"}
"""Accounts of nobody in particular."""
SERVICES = {"svc-sauvegarde": "Sauvegarde", "svc-ris": "Liaison du RIS", "svc-negatoscope": "Lecture"}
STRICT = {"minPwdLength": "12", "pwdProperties": "1", "lockoutThreshold": "5", "ms_DS_MachineAccountQuota": "0"}
LAX = {"minPwdLength": "8", "pwdProperties": "0", "lockoutThreshold": "0", "ms_DS_MachineAccountQuota": "10"}
STILL_OPEN = "obrun"
"""Left, and nobody closed the account."""
EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
DATING = """
import json, sys, ldb
told = json.load(sys.stdin)
base = ldb.Ldb("ldb://" + sys.argv[1])
for found in base.search(attrs=["sAMAccountName", "whenCreated"], expression="(sAMAccountName=*)"):
    said = told.get(str(found["sAMAccountName"][0]))
    if said is None:
        continue
    message = ldb.Message(found.dn)
    for name, value in said.items():
        message[name] = ldb.MessageElement(value, ldb.FLAG_MOD_REPLACE, name)
    base.modify(message)
"""


@contextmanager
def practice(folder: Path) -> Iterator[recipe.Domain]:
    """The domain, filled and dated, before it was mended."""
    with recipe.domain(folder) as served:
        served.connected(_fill)
        served.stop()
        _date(served)
        served.start()
        yield served


def look(served: recipe.Domain) -> bytes:
    """The real collector's look."""
    brought = look_at(served, recipe.ADMINISTRATOR)
    if brought.why:
        raise AssertionError(brought.why)
    return brought.data


def mend(connection: ldap3.Connection) -> None:
    """What the practice repaired between the two looks."""
    changed(connection, recipe.BASE, **STRICT)
    admins = f"CN=Domain Admins,CN=Users,{recipe.BASE}"
    taken = connection.modify(admins, {"member": [(ldap3.MODIFY_DELETE, [user_dn("yhamel")])]})  # type: ignore[no-untyped-call]
    filling.done(connection, taken, admins)


def _flags(one: Somebody) -> int:
    flags = NORMAL | (CARD if "radiologue" in one.role and one.login != "jmarchand" else 0)
    gone = one.left is not None and one.left <= TODAY and one.login != STILL_OPEN
    return flags | (DISABLED if gone else 0) | (NEVER_EXPIRES if one.login in {"gvidal", "paubert"} else 0)


def _fill(connection: ldap3.Connection) -> None:
    changed(connection, recipe.BASE, **LAX, maxPwdAge="-311040000000000")
    for ou in (filling.PEOPLE_OU, filling.GROUPS_OU):
        made(connection, ou, "organizationalUnit")
    for name in sorted({*GROUPS.values(), "personnel", "equipe-admin", "support", "acces-distant"}):
        made(connection, group(name), "group", sAMAccountName=name)
    for one in people():
        _account(connection, one.login, _flags(one), f"{one.first} {one.last}", one.login)
        mine = next(name for start, name in GROUPS.items() if one.role.startswith(start))
        added(connection, group(mine), member=user_dn(one.login))
    for login, name in (SHARED | SERVICES).items():
        _account(connection, login, NORMAL | NEVER_EXPIRES, name, None)
    for login in ("yhamel", "dsauvage"):
        _account(connection, f"adm.{login}", NORMAL | KEPT, f"Administration {login}", login)
    _groups(connection)
    _computers(connection)


def _account(connection: ldap3.Connection, login: str, flags: int, name: str, number: str | None) -> None:
    said = {"displayName": name} | ({"employeeID": number} if number else {})
    filling.account(connection, login, flags, **said)


def _groups(connection: ldap3.Connection) -> None:
    for name in sorted(set(GROUPS.values())):
        added(connection, group("personnel"), member=group(name))
    added(connection, group("support"), member=user_dn("dsauvage"))
    added(connection, group("equipe-admin"), member=[user_dn("adm.yhamel"), group("support")])
    added(connection, group("acces-distant"), member=[user_dn("cbesson"), user_dn("ifontaine"), user_dn("dsauvage")])
    admins = [group("equipe-admin"), user_dn("yhamel"), user_dn("svc-sauvegarde")]
    added(connection, f"CN=Domain Admins,CN=Users,{recipe.BASE}", member=admins)
    changed(connection, user_dn("svc-sauvegarde"), servicePrincipalName=f"sauvegarde/srv-sauvegarde.{recipe.REALM}")
    changed(
        connection, f"CN=Administrator,CN=Users,{recipe.BASE}", userAccountControl=str(NORMAL | KEPT | NEVER_EXPIRES)
    )
    secretaries = sid_of(connection, group("secretariat"))
    granted(connection, group("acces-distant"), ace(secretaries, 0x20, "bf9679c0-0de6-11d0-a285-00aa003049e2"))


def _computers(connection: ldap3.Connection) -> None:
    for host in (*hosts(*sorted(WINDOWS)), *hosts("ghost")):
        server = host.kind == "fileserver"
        number = "10.0 (20348)" if server else "10.0 (19045)" if "old" in host.flaws else "10.0 (26100)"
        system = "Windows Server 2022 Standard" if server else f"Windows {'10' if '19045' in number else '11'} Pro"
        made(
            connection, f"CN={host.name.upper()},CN=Computers,{recipe.BASE}", "computer",
            sAMAccountName=f"{host.name.upper()[:15]}$", userAccountControl="4096",
            dNSHostName=f"{host.name}.{recipe.REALM}", operatingSystem=system, operatingSystemVersion=number,
        )  # fmt: skip


def _date(served: recipe.Domain) -> None:
    """Give each account the age that it would have."""
    told = dict(_ages())
    folder = served.folder / "private" / "sam.ldb.d"
    file = next(one for one in folder.glob("*.ldb") if one.name.upper().startswith("DC=TILLEULS"))
    with tempfile.NamedTemporaryFile("w", suffix=".py") as script:
        script.write(DATING)
        script.flush()
        subprocess.run(
            ("/usr/bin/python3", script.name, str(file)), input=_json(told), text=True, check=True, timeout=60
        )


def _ages() -> Iterator[tuple[str, Mapping[str, str]]]:
    for one in people():
        last = min(one.left, TODAY) if one.left else TODAY
        since = int(digest(f"password {one.login}")[:4], 16) % 150
        if one.login in {"gvidal", "paubert"}:
            since = 900
        yield one.login, _dated(max(last - timedelta(since), one.arrived), last - timedelta(1), one.arrived)
    for login in (*SHARED, *SERVICES):
        yield login, _dated(date(2021, 3, 15), TODAY - timedelta(1), date(2019, 2, 4))
    yield "adm.yhamel", _dated(date(2026, 9, 1), TODAY - timedelta(3), date(2019, 2, 4))
    yield "adm.dsauvage", _dated(date(2026, 8, 3), TODAY - timedelta(140), date(2024, 1, 8))
    yield "Administrator", _dated(date(2022, 5, 9), date(2026, 2, 2), date(2016, 4, 4))
    yield "krbtgt", {"pwdLastSet": _ticks(date(2016, 4, 4)), "whenCreated": "20160404080000.0Z"}
    for host in (*hosts(*sorted(WINDOWS)), *hosts("ghost")):
        seen = TODAY - timedelta(210 if host.kind == "ghost" else 2)
        yield f"{host.name.upper()[:15]}$", _dated(seen - timedelta(8), seen, date(2023, 4, 3))


def _dated(password: date, logon: date, created: date) -> dict[str, str]:
    return {
        "pwdLastSet": _ticks(password), "lastLogonTimestamp": _ticks(logon),
        "whenCreated": f"{created:%Y%m%d}080000.0Z",
    }  # fmt: skip


def _ticks(day: date) -> str:
    at = datetime(day.year, day.month, day.day, 8, tzinfo=UTC)
    return str(int((at - EPOCH).total_seconds()) * 10_000_000)


def _json(told: Mapping[str, Mapping[str, str]]) -> str:

    return json.dumps(told)
