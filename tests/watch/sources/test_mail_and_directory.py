"""Dovecot, Postfix, Exchange, Microsoft 365, Samba. Lines of Dovecot are of a real 2.3 server."""

from typing import Any

import pytest

from negatoscope.model.event import Action
from tests.watch.sources.reading import at, holds, said

WHO = "mdurand@cabinet.lan"
ENDS = f"user=<{WHO}>, method=PLAIN, rip=10.77.0.8, lip=10.77.0.2"


@pytest.mark.parametrize("head", ["Nov 22 17:45:50 ", "Nov 22 17:45:50 mail dovecot: "])
def test_dovecot_says_who_opened_a_mailbox(head: str) -> None:
    mode = "Info: " if head.endswith("50 ") else ""
    session = "mpid=10494, secured, session=<8StLDOFgAqh/AAAB>"
    holds(said(f"{head}imap-login: {mode}Login: {ENDS}, {session}"), action=Action.LOGON, ok=True, user=WHO, protocol="imap",
          source="10.77.0.8", product="dovecot", at=at("2026-11-22T16:45:50+00:00"))  # fmt: skip
    refused = (
        f"{head}pop3-login: {mode}Disconnected: Connection closed (auth failed, 3 attempts in 2 secs): {ENDS}, secured"
    )
    event = said(refused)
    holds(event, action=Action.LOGON, ok=False, why="bad_password", protocol="pop3", user=WHO)
    assert event.fields["times"] == 3
    left = f"{head}imap({WHO})<10494><8StLDOFgAqh/AAAB>: {mode}Disconnected: Logged out in=32 out=788 deleted=0"
    holds(said(left), action=Action.LOGOFF, user=WHO, sent=32, received=788)
    nothing = (
        f"{head}imap-login: {mode}Disconnected: Connection closed (no auth attempts in 0 secs): user=<>, rip=1.2.3.4"
    )
    holds(said(nothing), action=None, source="1.2.3.4", user=None)


def test_what_else_dovecot_writes_is_its_own() -> None:
    holds(said("Nov 22 17:45:47 mail dovecot: master: Dovecot v2.3.19.1 starting up"), product="dovecot", action=None)
    holds(said("Nov 22 17:45:47 mail dovecot: imap(x)<1><y>: Opened"), product="dovecot", action=None, user="x")


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("smtpd[9]: warning: unknown[198.51.100.7]: SASL LOGIN authentication failed: UGFzc3dvcmQ6, sasl_username=mdurand",
         {"action": Action.LOGON, "ok": False, "user": "mdurand", "source": "198.51.100.7"}),
        ("smtpd[9]: warning: unknown[198.51.100.7]: SASL LOGIN authentication failed: authentication failure",
         {"action": Action.LOGON, "ok": False, "user": None}),
        ("smtpd[9]: 4F3A21B: client=poste[10.77.0.8], sasl_method=PLAIN, sasl_username=mdurand",
         {"action": Action.LOGON, "ok": True, "user": "mdurand", "what": "4F3A21B"}),
        ("smtpd[9]: 4F3A21B: client=poste[10.77.0.8]", {"action": None, "source": "10.77.0.8"}),
        ("qmgr[9]: 4F3A21B: from=<mdurand@cabinet.lan>, size=1234567, nrcpt=1 (queue active)",
         {"action": None, "user": WHO, "sent": 1234567, "what": "4F3A21B"}),
        (("smtp[9]: 4F3A21B: to=<x@exemple.org>, relay=mx.exemple.org[192.0.2.7]:25, delay=1, delays=0/0/1/0, dsn=2.0.0, "
         "status=sent (250 ok)"), {"action": Action.MAIL_SENT, "ok": True, "target": "192.0.2.7", "port": 25}),
        ("smtp[9]: 4F3A21B: to=<x@exemple.org>, relay=none, delay=1, dsn=4.4.1, status=deferred (timed out)",
         {"action": Action.MAIL_SENT, "ok": False, "target": None}),
        ("local[9]: 4F3A21B: to=<x@cabinet.lan>, relay=local, delay=1, dsn=2.0.0, status=sent (ok)", {"action": None}),
    ],
)  # fmt: skip
def test_postfix_says_what_leaves_and_who_may_send(line: str, expected: dict[str, Any]) -> None:
    holds(said(f"Nov 22 17:45:50 mail postfix/{line}"), product="postfix", protocol="smtp", **expected)


def test_exchange_keeps_no_subject_of_a_mail() -> None:
    record = {
        "date-time": "2026-11-22T17:40:00.000Z", "event-id": "SEND", "source": "SMTP", "sender-address": WHO,
        "recipient-address": "x@exemple.org", "message-id": "<1@x>", "total-bytes": "5000", "server-ip": "192.0.2.7",
        "message-subject": "IRM de M. X",
    }  # fmt: skip
    event = said(record)
    holds(event, action=Action.MAIL_SENT, user=WHO, sent=5000, target="192.0.2.7", at=at("2026-11-22T17:40:00+00:00"))
    assert "IRM" not in repr(event)
    holds(said({**record, "event-id": "RECEIVE"}), action=None)


def test_a_row_of_a_tracking_file_is_read_as_well() -> None:
    row = (
        "2026-11-22T17:40:00.000Z,10.77.0.2,srv,192.0.2.7,mail,,Internet,SMTP,SEND,1,<1@x>,n,x@exemple.org,250,5000,1,,,"
        f'"IRM de M. X, suite",{WHO},{WHO},,Originating'
    )
    event = said(row)
    holds(event, product="exchange", action=Action.MAIL_SENT, user=WHO, sent=5000, target="192.0.2.7", host="mail")
    assert "IRM" not in repr(event)
    assert said(row.replace("SEND", "send")).product == "unread"
    assert said(row[:60]).product == "unread"


AUDIT = {"CreationTime": "2026-11-22T17:40:00", "Workload": "AzureActiveDirectory", "UserId": WHO,
         "ClientIP": "203.0.113.5:50123", "Operation": "UserLoggedIn", "ExtendedProperties": [{"Name": "x"}]}  # fmt: skip


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, {"action": Action.LOGON, "ok": True, "source": "203.0.113.5", "at": at("2026-11-22T17:40:00+00:00")}),
        ({"Operation": "UserLoginFailed", "LogonError": "UserDisabled", "ClientIP": "[2001:db8::1]:5"},
         {"action": Action.LOGON, "ok": False, "why": "disabled", "source": "2001:db8::1"}),
        ({"Operation": "MailItemsAccessed", "MailboxOwnerUPN": "chef@cabinet.lan", "ClientIP": "2001:db8::1"},
         {"action": Action.MAILBOX_OPENED, "what": "chef@cabinet.lan", "source": "2001:db8::1"}),
        ({"Operation": "Autre", "ClientIP": None}, {"action": None, "source": None}),
    ],
)  # fmt: skip
def test_microsoft_365_is_understood(more: dict[str, Any], expected: dict[str, Any]) -> None:
    holds(said({**AUDIT, **more}), product="m365", user=WHO, **expected)


def samba(kind: str, told: dict[str, Any]) -> dict[str, Any]:
    return {"timestamp": "2026-11-22T18:40:00.123456+0100", "type": kind, kind: told}


REMOTE = {"remoteAddress": "ipv4:10.77.0.8:49152", "localAddress": "ipv4:10.77.0.2:445"}


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (samba("Authentication", {**REMOTE, "status": "NT_STATUS_OK", "serviceDescription": "SMB2", "clientDomain": "C",
                                  "clientAccount": "x", "mappedAccount": "mdurand", "mappedDomain": "CABINET"}),
         {"action": Action.LOGON, "ok": True, "user": "CABINET\\mdurand", "protocol": "smb", "source": "10.77.0.8",
          "at": at("2026-11-22T17:40:00.123456+00:00")}),
        (samba("Authentication", {"status": "NT_STATUS_ACCOUNT_DISABLED", "serviceDescription": "Kerberos KDC",
                                  "clientAccount": "jancien@CABINET.LAN", "clientDomain": "C", "workstation": "PC"}),
         {"ok": False, "why": "disabled", "protocol": "kerberos", "user": "jancien@CABINET.LAN", "source": "PC"}),
        (samba("Authorization", {**REMOTE, "account": "mdurand", "domain": "CABINET"}),
         {"action": None, "ok": True, "user": "CABINET\\mdurand"}),
        (samba("dsdbChange", {**REMOTE, "statusCode": 0, "dn": "CN=Admins", "operation": "Modify", "userSid": "S-1",
                              "attributes": {"member": {"actions": []}}}),
         {"action": Action.RIGHTS_CHANGED, "ok": True, "what": "CN=Admins", "user": "S-1"}),
        (samba("dsdbChange", {"statusCode": 50, "dn": "CN=x", "operation": "Add", "attributes": {"cn": {}}}),
         {"action": Action.ACCOUNT_CHANGED, "ok": False}),
        (samba("dsdbChange", {"dn": "CN=x", "operation": "Modify", "attributes": {"description": {}}}), {"action": None}),
        (samba("passwordChange", {"statusCode": 0, "dn": "CN=x"}), {"action": Action.ACCOUNT_CHANGED, "what": "CN=x"}),
        (samba("groupChange", {"statusCode": 0, "group": "CN=g", "action": "Added"}),
         {"action": Action.RIGHTS_CHANGED, "what": "CN=g"}),
    ],
)  # fmt: skip
def test_samba_is_understood(record: dict[str, Any], expected: dict[str, Any]) -> None:
    holds(said(record), product="samba", **expected)


def test_a_changed_attribute_is_named_and_its_value_not_kept() -> None:
    values = {"unicodePwd": {"actions": [{"action": "replace", "values": [{"value": "s3cret"}]}]}}
    event = said(samba("dsdbChange", {"dn": "CN=x", "operation": "Modify", "attributes": values}))
    assert event.fields["attributes"] == ["unicodePwd"]
    assert "s3cret" not in repr(event)


def test_samba_on_its_own_says_as_whom_it_let_somebody_in() -> None:
    """A client of no domain says ``WORKGROUP``; the server knows the account by its own name."""
    came = {**REMOTE, "status": "NT_STATUS_OK", "clientDomain": "WORKGROUP", "clientAccount": "mdurand",
            "mappedDomain": "WORKGROUP", "mappedAccount": "mdurand", "becameDomain": "FICHIERS",
            "becameAccount": "mdurand"}  # fmt: skip
    holds(said(samba("Authentication", came)), ok=True, user="FICHIERS\\mdurand")
    holds(said(samba("Authentication", {**came, "status": "NT_STATUS_WRONG_PASSWORD"})), user="WORKGROUP\\mdurand")


def test_what_else_samba_writes_is_its_own() -> None:
    holds(
        said("Nov 22 18:40:01 srv smbd[9]:   Copyright Andrew Tridgell"), product="samba", service="smbd", action=None
    )


def test_samba_is_read_behind_a_header_too() -> None:
    text = '{"timestamp": "2026-11-22T18:40:00.0+0100", "type": "Authorization", "Authorization": {"account": "x"}}'
    for head in ("Nov 22 18:40:01 srv samba[9]: ", "Nov 22 18:40:01 srv samba[9]:   JSON Authorization: "):
        holds(said(head + text), product="samba", host="srv", user="x")
    assert said('{"type": "Inconnu", "Inconnu": {}}').product == "unread"
