"""One account of an Active Directory disabled, or enabled again: one bit, and only if nobody changed it meanwhile."""

from io import BytesIO
from typing import Any, NamedTuple

from ldap3 import BASE, MODIFY_ADD, MODIFY_DELETE, SUBTREE, Connection
from ldap3.core.exceptions import LDAPException
from ldap3.utils.conv import escape_filter_chars

from negatoscope.observe.collector import Login, Look, Unreachable
from negatoscope.observe.directory.door import opened
from negatoscope.observe.directory.flags import DISABLED
from negatoscope.observe.directory.settings import Settings

FLAGS, LOGIN = "userAccountControl", "userPrincipalName"
KRBTGT = 502
"""The last part of the SID of the account that signs every ticket (MS-ADTS 6.1.4.2)."""
MOVED = frozenset((16, 20))
"""LDAP result codes (RFC 4511 4.1.9) of a value that is no longer there, or that is there already."""


class Account(NamedTuple):
    """What is read of an account before it is changed."""

    dn: str
    flags: int
    number: int
    """The last part of its SID."""
    upn: str = ""


class NotDone(Exception):  # noqa: N818 -- what it is
    """Nothing was changed, and why.

    ``code``: ``account_missing``, ``ourselves``, ``of_the_system``, ``already``, ``write_refused``,
    ``changed_meanwhile``.
    """

    def __init__(self, code: str, said: str = "") -> None:
        """Keep why, and what the server says."""
        super().__init__(f"{code}: {said}")
        self.code, self.said = code, said[:300]


def switch(settings: Settings, login: Login, name: str, *, disabled: bool) -> str:
    """Set or clear ACCOUNTDISABLE (MS-ADTS 2.2.16) of the one person's account of this name; returns the server.

    Every other bit stays. Raises Unreachable, NotDone.
    """
    with opened(settings, login, Look(BytesIO())) as (connection, server):
        try:
            one = _account(connection, settings.base or _base(connection), name)
            if one.number == KRBTGT:
                raise NotDone("of_the_system")
            if disabled and _is_own(login, one, name):
                raise NotDone("ourselves")
            _change(connection, one, one.flags | DISABLED if disabled else one.flags & ~DISABLED)
        except LDAPException as error:
            raise Unreachable("directory_silent") from error
    return server


def _change(connection: Connection, one: Account, wanted: int) -> None:
    if wanted == one.flags:
        raise NotDone("already")
    changes = {FLAGS: [(MODIFY_DELETE, [str(one.flags)]), (MODIFY_ADD, [str(wanted)])]}
    if not connection.modify(one.dn, changes):  # type: ignore[no-untyped-call]  # ldap3 has no types for it
        code = int(connection.result["result"])
        why = "changed_meanwhile" if code in MOVED else "write_refused"
        raise NotDone(why, str(connection.result.get("message") or connection.result.get("description")))


def _account(connection: Connection, base: str, name: str) -> Account:
    """The one person's account of this name. Raises NotDone."""
    asked = f"(&(objectCategory=person)(objectClass=user)(sAMAccountName={escape_filter_chars(name)}))"
    connection.search(base, asked, SUBTREE, attributes=[FLAGS, "objectSid", LOGIN], size_limit=2)
    found = _entries(connection)
    raw = found[0]["raw_attributes"] if len(found) == 1 else {}
    if not raw.get(FLAGS) or not raw.get("objectSid"):
        raise NotDone("account_missing")
    number = int.from_bytes(raw["objectSid"][0][-4:], "little")
    upn = b"".join(raw.get(LOGIN) or ()).decode("utf-8", "replace")
    return Account(str(found[0]["dn"]), int(raw[FLAGS][0]), number, upn)


def _base(connection: Connection) -> str:
    connection.search("", "(objectClass=*)", BASE, attributes=["defaultNamingContext"])
    found = _entries(connection)
    if not found:
        raise NotDone("account_missing")
    return str(found[0]["raw_attributes"]["defaultNamingContext"][0].decode())


def _is_own(login: Login, one: Account, name: str) -> bool:
    """Whether an account is the one that comes in, however that says its name: servers need not tell who is there."""
    said = login.username.casefold()
    return said in {one.dn.casefold(), one.upn.casefold()} or _bare(said) == name.casefold()


def _bare(said: str) -> str:
    return said.rpartition("\\")[2].partition("@")[0]


def _entries(connection: Connection) -> list[Any]:
    return [one for one in connection.response or () if one.get("type") == "searchResEntry"]
