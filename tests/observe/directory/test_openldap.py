"""A real OpenLDAP over TLS: what it lets anybody do is found; what it hides is a gap."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from socket import create_connection, create_server

import pytest

from negatoscope.model.directory import DirectoryAccess, DirectoryAccount, DirectoryPolicy, DirectoryPrivilege
from negatoscope.model.directory import GuardedObject as Guarded
from negatoscope.model.evidence import Gap
from negatoscope.observe.collector import Item, Login
from negatoscope.observe.directory.read import read
from tests.needs import needs_program, needs_root
from tests.observe.directory.domain import certificates
from tests.observe.directory.look import looked
from tests.observe.lab import sh

pytestmark = [pytest.mark.server, pytest.mark.root]
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

dn: uid=manip,{base}
objectClass: inetOrgPerson
uid: manip
cn: manip
sn: manip
userPassword: autre

dn: cn=chefs,{base}
objectClass: groupOfNames
cn: chefs
member: uid=manip,{base}

dn: cn=admins,{base}
objectClass: groupOfNames
cn: admins
member: cn=chefs,{base}

dn: cn=defaut,{base}
objectClass: device
objectClass: pwdPolicy
cn: defaut
pwdAttribute: userPassword
pwdMinLength: 8
pwdCheckQuality: 1
"""


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    needs_root()
    slapd = needs_program("slapd")
    needs_program("openssl")
    folder = tmp_path_factory.mktemp("slapd")
    (folder / "db").mkdir()
    certificates(folder, "ldap.cabinet.lan")
    rules = "access to * by * write"
    (folder / "conf").write_text(CONF.format(folder=folder, base=BASE, reader=READER, rules=rules))
    (folder / "tree").write_text(TREE.format(base=BASE, password=PASSWORD))
    sh("slapadd", "-f", str(folder / "conf"), "-b", BASE, "-l", str(folder / "tree"))
    with create_server(("127.0.0.1", 0)) as free:
        number = int(free.getsockname()[1])
    url = f"ldaps://127.0.0.1:{number}"
    server = subprocess.Popen((slapd, "-f", str(folder / "conf"), "-h", url, "-d", "0"))
    for _ in range(100):
        with suppress(OSError), create_connection(("127.0.0.1", number), 1):
            break
        time.sleep(0.05)
    yield number, folder
    server.terminate()
    server.wait(10)


def items(port: tuple[int, Path], **more: object) -> list[Item]:
    number, folder = port
    said = {
        "servers": ["127.0.0.1"], "credential": "lecture", "kind": "openldap", "port": number,
        "ca": (folder / "ca.pem").read_text(), "declared": ["127.0.0.0/8"], **more,
    }  # fmt: skip
    brought = looked(said, Login(READER, PASSWORD))
    assert brought.why is None
    assert PASSWORD.encode() not in brought.data
    return list(read(BytesIO(brought.data)))


def test_what_anybody_may_do_is_found(port: tuple[int, Path]) -> None:
    told = items(port, privileged_groups=["admins"])
    assert [one.anonymous_read for one in told if isinstance(one, DirectoryAccess)] == [True]
    assert sorted(one.name for one in told if isinstance(one, DirectoryAccount)) == ["lecteur", "manip"]
    (way,) = [one for one in told if isinstance(one, DirectoryPrivilege)]
    assert (way.account, way.path) == ("manip", ("chefs", "admins"))
    (policy,) = [one for one in told if isinstance(one, DirectoryPolicy)]
    assert (policy.name, policy.min_length, policy.lockout_attempts) == ("defaut", 8, 0)
    (database,) = [one for one in told if isinstance(one, Guarded)]
    assert {grant.right for grant in database.grants or ()} == {"write_all", "read_secrets"}
    assert [one for one in told if isinstance(one, Gap)] == []


def test_groups_that_nobody_named_are_a_gap(port: tuple[int, Path]) -> None:
    gaps = {(one.what, one.why) for one in items(port) if isinstance(one, Gap)}
    assert gaps == {("DirectoryPrivilege", "groups_not_named")}
    gaps = {(one.what, one.why) for one in items(port, privileged_groups=["chefs", "autres"]) if isinstance(one, Gap)}
    assert gaps == {("DirectoryPrivilege", "group_missing")}
