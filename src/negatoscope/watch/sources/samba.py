"""Samba's JSON audit (``auth_json_audit``, ``dsdb_json_audit``, ``dsdb_group_json_audit``): log-ins and changes.

What its programmes say besides is kept as their text.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from negatoscope.model.event import Action, Event
from negatoscope.watch.entry import Entry, number, word

APPS = frozenset({"samba", "smbd", "nmbd", "winbindd"})
_WHY = {
    "NT_STATUS_NO_SUCH_USER": "unknown_account", "NT_STATUS_WRONG_PASSWORD": "bad_password",
    "NT_STATUS_ACCOUNT_DISABLED": "disabled", "NT_STATUS_ACCOUNT_EXPIRED": "expired",
    "NT_STATUS_ACCOUNT_LOCKED_OUT": "locked", "NT_STATUS_PASSWORD_EXPIRED": "password_expired",
    "NT_STATUS_PASSWORD_MUST_CHANGE": "password_expired", "NT_STATUS_LOGON_FAILURE": "bad_password",
    "NT_STATUS_INVALID_LOGON_HOURS": "hours", "NT_STATUS_INVALID_WORKSTATION": "workstation",
    "NT_STATUS_ACCOUNT_RESTRICTION": "not_allowed", "NT_STATUS_LOGON_TYPE_NOT_GRANTED": "not_allowed",
}  # fmt: skip
_PROTOCOLS = {"smb": "smb", "smb2": "smb", "ldap": "ldap", "kerberos kdc": "kerberos", "dcerpc": "rpc", "rpc": "rpc",
              "samr": "rpc", "netlogon": "ntlm", "winbind": "ntlm", "ntlm_auth": "ntlm"}  # fmt: skip
_RIGHTS = frozenset({"member", "memberof", "primarygroupid", "msds-allowedtodelegateto", "ntsecuritydescriptor"})
_ACCOUNT = frozenset({"useraccountcontrol", "pwdlastset", "clearTextPassword".lower(), "unicodepwd", "samaccountname",
                      "accountexpires", "lockouttime", "userprincipalname", "sidhistory"})  # fmt: skip
_MOST = 60


def read(entry: Entry) -> Event | None:
    """One audit object, or one line of a programme's text."""
    if not entry.record:
        return entry.event("samba", entry.app) if entry.app in APPS else None
    kind = entry.record.get("type")
    known = _KINDS.get(kind) if isinstance(kind, str) else None
    told = entry.record.get(kind) if isinstance(kind, str) else None
    if known is None or not isinstance(told, Mapping):
        return None
    at = entry.stamp(entry.record.get("timestamp"))
    # dsdb objects hold the new value of every attribute, a password's included: names of attributes alone are kept
    fields = {name: value for name, value in told.items() if isinstance(value, str | int | bool)}
    event = Event(at, "samba", str(kind).lower().replace(" ", "_"), host=entry.host, fields={"type": kind, **fields})
    return known(replace(event, source=_address(told.get("remoteAddress"))), told)


def _address(text: object) -> str | None:
    """``ipv4:10.0.0.2:5555`` or ``ipv6:fd00::2:5555``."""
    if not isinstance(text, str) or not text.startswith(("ipv4:", "ipv6:")):
        return None
    return text.partition(":")[2].rpartition(":")[0] or None


def _who(account: object, domain: object) -> str | None:
    name, realm = word(account), word(domain)
    return name if name is None or realm is None or "@" in name else f"{realm}\\{name}"


def _authentication(event: Event, told: Mapping[str, Any]) -> Event:
    status = told.get("status")
    ok = status == "NT_STATUS_OK"
    why = None if ok else _WHY.get(str(status))
    became = _who(told.get("becameAccount"), told.get("becameDomain")) if ok else None
    mapped = _who(told.get("mappedAccount"), told.get("mappedDomain")) if ok else None
    user = became or mapped or _who(told.get("clientAccount"), told.get("clientDomain"))
    source = event.source or word(told.get("workstation"))
    service = str(told.get("serviceDescription")).lower()
    event = replace(event, user=user, source=source, protocol=_PROTOCOLS.get(service))
    return replace(event, action=Action.LOGON, ok=ok, why=why)


def _authorization(event: Event, told: Mapping[str, Any]) -> Event:
    """The session that follows: the log-in itself is an ``Authentication`` of its own."""
    return replace(event, ok=True, user=_who(told.get("account"), told.get("domain")))


def _changed(event: Event, told: Mapping[str, Any]) -> Event:
    attributes = told.get("attributes")
    names = [str(name) for name in attributes][:_MOST] if isinstance(attributes, Mapping) else []
    action = _nature({name.lower() for name in names}, told.get("operation"))
    event = replace(event, action=action, ok=_went(told), user=word(told.get("userSid")), what=word(told.get("dn")))
    return replace(event, fields={**event.fields, "attributes": names})


def _nature(names: set[str], operation: object) -> Action | None:
    if names & _RIGHTS:
        return Action.RIGHTS_CHANGED
    if names & _ACCOUNT or operation in {"Add", "Delete"}:
        return Action.ACCOUNT_CHANGED
    return None


def _went(told: Mapping[str, Any]) -> bool | None:
    code = number(told.get("statusCode"))
    return None if code is None else code == 0


def _password(event: Event, told: Mapping[str, Any]) -> Event:
    event = replace(event, action=Action.ACCOUNT_CHANGED, ok=_went(told), user=word(told.get("userSid")))
    return replace(event, what=word(told.get("dn")))


def _group(event: Event, told: Mapping[str, Any]) -> Event:
    event = replace(event, action=Action.RIGHTS_CHANGED, ok=_went(told), user=word(told.get("userSid")))
    return replace(event, what=word(told.get("group")))


_KINDS: dict[str, Callable[[Event, Mapping[str, Any]], Event]] = {
    "Authentication": _authentication,
    "Authorization": _authorization,
    "KDC Authorization": _authorization,
    "dsdbChange": _changed,
    "passwordChange": _password,
    "groupChange": _group,
}
