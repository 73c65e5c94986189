"""Rights written into a running directory, as an administrator's careless click would."""

from struct import pack, unpack_from
from uuid import UUID

import ldap3
from ldap3.protocol.microsoft import security_descriptor_control

from tests.observe.directory.practice import done


def sid_of(connection: ldap3.Connection, dn: str) -> bytes:
    done(connection, connection.search(dn, "(objectClass=*)", ldap3.BASE, attributes=["objectSid"]), dn)
    return first(connection, "objectSid")


def first(connection: ldap3.Connection, attribute: str) -> bytes:
    """The first value that the last search brought."""
    return bytes((connection.response or [])[0]["raw_attributes"][attribute][0])


def ace(sid: bytes, mask: int, about: str | None = None) -> bytes:
    """One allowed right (MS-DTYP 2.4.4.2, 2.4.4.3)."""
    body = pack("<I", mask) if about is None else pack("<II", mask, 1) + UUID(about).bytes_le
    return pack("<BBH", 0 if about is None else 5, 0, 4 + len(body) + len(sid)) + body + sid


def granted(connection: ldap3.Connection, dn: str, *aces: bytes) -> None:
    """Append rights to an object's own list."""
    control = security_descriptor_control(sdflags=4)
    done(
        connection,
        connection.search(dn, "(objectClass=*)", ldap3.BASE, attributes=["nTSecurityDescriptor"], controls=control),
        dn,
    )
    data = bytearray(first(connection, "nTSecurityDescriptor"))
    (at,) = unpack_from("<I", data, 16)
    size, count = unpack_from("<HH", data, at + 2)
    new = b"".join(aces)
    data[at + size : at + size] = new
    data[at + 2 : at + 6] = pack("<HH", size + len(new), count + len(aces))
    said = {"nTSecurityDescriptor": [(ldap3.MODIFY_REPLACE, [bytes(data)])]}
    done(connection, connection.modify(dn, said, controls=control), dn)  # type: ignore[no-untyped-call]
