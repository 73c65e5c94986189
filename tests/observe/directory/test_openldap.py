"""A real OpenLDAP over TLS: what it lets anybody do is found; what it hides is a gap."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from socket import create_connection, create_server

import pytest

from negatoscope.kit.clock import utc_now
from negatoscope.model.directory import DirectoryAccess, DirectoryAccount, DirectoryPolicy, DirectoryPrivilege
from negatoscope.model.directory import GuardedObject as Guarded
from negatoscope.model.evidence import Gap, Sweep
from negatoscope.observe.collector import Item, Login
from negatoscope.observe.directory.read import read
from tests.flaws import Flaw, found, listed, settle
from tests.judge.memory import World, of
from tests.needs import needs_program, needs_root
from tests.observe.directory.domain import certificates
from tests.observe.directory.look import looked
from tests.observe.lab import sh

pytestmark = [pytest.mark.server, pytest.mark.root]
Served = tuple[int, Path]
BASE, PASSWORD = "dc=cabinet,dc=lan", "lecture-2026"
READER = f"uid=lecteur,{BASE}"
CONF = """include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload ppolicy
pidfile {folder}/pid
TLSCertificateFile {folder}/server.pem
TLSCertificateKeyFile {folder}/server.key
TLSCACertificateFile {folder}/ca.pem
database config
access to * by dn.exact="{reader}" read
database mdb
suffix "{base}"
directory {folder}/db
overlay ppolicy
ppolicy_default "cn=defaut,{base}"
{rules}
"""
TREE = """dn: {base}
objectClass: dcObject
objectClass: organization
dc: cabinet
o: Cabinet

dn: uid=lecteur,{base}
objectClass: inetOrgPerson
uid: lecteur
cn: lecteur
sn: lecteur
userPassword: {password}

dn: uid={login},{base}
objectClass: inetOrgPerson
uid: {login}
cn: {login}
sn: {login}
userPassword: autre

dn: cn=chefs,{base}
objectClass: groupOfNames
cn: chefs
member: uid={login},{base}

dn: cn=admins,{base}
objectClass: groupOfNames
cn: admins
member: cn=chefs,{base}

dn: cn=defaut,{base}
objectClass: device
objectClass: pwdPolicy
cn: defaut
pwdAttribute: userPassword
{policy}
"""


FLAWS = Path(__file__).with_name("openldap.toml")
BY_NATURE = {
    Flaw("R9.5", "policy/cabinet.lan/defaut"),
    Flaw("R13.4", "account/cabinet.lan/mdurand"),
}
"""What OpenLDAP alone cannot be: neither kinds of characters nor a card can be asked of an account."""
OPEN = "access to * by * write"
CLOSED = (
    "access to attrs=userPassword by self write by anonymous auth by * none\n"
    f'access to dn.base="" by * read\naccess to * by dn.exact="{READER}" read by * none'
)
WEAK = "pwdMinLength: 14\npwdCheckQuality: 1"
FIRM = "pwdMinLength: 14\npwdCheckQuality: 2\npwdMaxFailure: 5\npwdLockout: TRUE\npwdMaxAge: 15552000"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A directory in which anybody may do anything."""
    with served(tmp_path_factory.mktemp("slapd"), OPEN, WEAK, "manip") as number:
        yield number


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The same people, in a directory that was closed."""
    with served(tmp_path_factory.mktemp("slapd"), CLOSED, FIRM, "mdurand") as number:
        yield number


@contextmanager
def served(folder: Path, rules: str, policy: str, login: str) -> Iterator[Served]:
    needs_root()
    slapd = needs_program("slapd")
    needs_program("openssl")
    (folder / "db").mkdir()
    certificates(folder, "ldap.cabinet.lan")
    (folder / "conf").write_text(CONF.format(folder=folder, base=BASE, reader=READER, rules=rules))
    (folder / "tree").write_text(TREE.format(base=BASE, password=PASSWORD, policy=policy, login=login))
    sh("slapadd", "-f", str(folder / "conf"), "-b", BASE, "-l", str(folder / "tree"))
    with create_server(("127.0.0.1", 0)) as free:
        number = int(free.getsockname()[1])
    url = f"ldaps://127.0.0.1:{number}"
    server = subprocess.Popen((slapd, "-f", str(folder / "conf"), "-h", url, "-d", "0"))
    for _ in range(100):
        with suppress(OSError), create_connection(("127.0.0.1", number), 1):
            break
        time.sleep(0.05)
    try:
        yield number, folder
    finally:
        server.terminate()
        server.wait(10)


def items(port: Served, **more: object) -> list[Item]:
    number, folder = port
    said = {
        "servers": ["127.0.0.1"], "credential": "lecture", "kind": "openldap", "port": number,
        "ca": (folder / "ca.pem").read_text(), "declared": ["127.0.0.0/8"], **more,
    }  # fmt: skip
    brought = looked(said, Login(READER, PASSWORD))
    assert brought.why is None
    assert PASSWORD.encode() not in brought.data
    return list(read(BytesIO(brought.data)))


def test_what_anybody_may_do_is_found(port: Served) -> None:
    told = items(port, privileged_groups=["admins"])
    assert [one.anonymous_read for one in told if isinstance(one, DirectoryAccess)] == [True]
    assert sorted(one.name for one in told if isinstance(one, DirectoryAccount)) == ["lecteur", "manip"]
    (way,) = [one for one in told if isinstance(one, DirectoryPrivilege)]
    assert (way.account, way.path) == ("manip", ("chefs", "admins"))
    (policy,) = [one for one in told if isinstance(one, DirectoryPolicy)]
    assert (policy.name, policy.min_length, policy.lockout_attempts) == ("defaut", 14, 0)
    (database,) = [one for one in told if isinstance(one, Guarded)]
    assert {grant.right for grant in database.grants or ()} == {"write_all", "read_secrets"}
    assert [one for one in told if isinstance(one, Gap)] == []


def test_groups_that_nobody_named_are_a_gap(port: Served) -> None:
    gaps = {(one.what, one.why) for one in items(port) if isinstance(one, Gap)}
    assert gaps == {("DirectoryPrivilege", "groups_not_named")}
    gaps = {(one.what, one.why) for one in items(port, privileged_groups=["chefs", "autres"]) if isinstance(one, Gap)}
    assert gaps == {("DirectoryPrivilege", "group_missing")}


def told(directory: Served) -> World:
    """The register after this look and the staff list, now."""
    looked_at = items(directory, privileged_groups=["admins"])
    return of([*looked_at, Sweep("Person"), Sweep("Directory")], utc_now())


def test_each_planted_flaw_is_found_and_none_is_invented(
    port: Served, sound: Served, record_property: Callable[[str, object], None]
) -> None:
    by_nature = found(told(sound), utc_now())
    assert by_nature == BY_NATURE
    settle("OpenLDAP", listed(FLAWS), found(told(port), utc_now()) - by_nature, record_property)
