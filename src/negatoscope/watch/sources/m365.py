"""Microsoft 365's unified audit (JSON of the export or the API): who logged in, opened whose mailbox, gave rights."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from negatoscope.model.event import Action, Event
from negatoscope.watch.entry import Entry, word

_ACTIONS = {
    "UserLoggedIn": Action.LOGON, "UserLoginFailed": Action.LOGON, "MailItemsAccessed": Action.MAILBOX_OPENED,
    "MailboxLogin": Action.MAILBOX_OPENED, "FolderBind": Action.MAILBOX_OPENED, "Send": Action.MAIL_SENT,
    "SendAs": Action.MAIL_SENT, "SendOnBehalf": Action.MAIL_SENT, "FileAccessed": Action.FILE_OPENED,
    "FileDownloaded": Action.FILE_OPENED, "Add member to role.": Action.RIGHTS_CHANGED,
    "Add-MailboxPermission": Action.RIGHTS_CHANGED, "Add-RoleGroupMember": Action.RIGHTS_CHANGED,
    "Add member to group.": Action.RIGHTS_CHANGED, "Remove member from role.": Action.RIGHTS_CHANGED,
    "New-InboxRule": Action.RIGHTS_CHANGED, "Set-Mailbox": Action.RIGHTS_CHANGED,
    "Add user.": Action.ACCOUNT_CHANGED, "Delete user.": Action.ACCOUNT_CHANGED,
    "Update user.": Action.ACCOUNT_CHANGED, "Reset user password.": Action.ACCOUNT_CHANGED,
    "Disable account.": Action.ACCOUNT_CHANGED, "Enable account.": Action.ACCOUNT_CHANGED,
}  # fmt: skip
_WHY = {
    "InvalidUserNameOrPassword": "bad_password", "UserAccountNotFound": "unknown_account", "UserDisabled": "disabled",
    "UserAccountDisabled": "disabled", "IdsLocked": "locked", "BlockedByConditionalAccess": "not_allowed",
    "InvalidPasswordExpiredPassword": "password_expired", "UserStrongAuthClientAuthNRequiredInterrupt": "factor",
}  # fmt: skip
_MOST = 200


def read(entry: Entry) -> Event | None:
    """One record of the audit."""
    record = entry.record
    operation = record.get("Operation")
    if not isinstance(operation, str) or "Workload" not in record or "CreationTime" not in record:
        return None
    at = entry.stamp(_in_utc(record["CreationTime"]))
    fields = {name: _flat(value) for name, value in list(record.items())[:_MOST]}
    failed = operation == "UserLoginFailed" or str(record.get("ResultStatus")) in {"Failed", "False", "Fail"}
    return replace(
        Event(at, "m365", "audit", fields=fields),
        action=_ACTIONS.get(operation),
        ok=not failed,
        why=_WHY.get(str(record.get("LogonError"))) if failed else None,
        user=word(record.get("UserId")),
        source=_address(record),
        what=word(record.get("MailboxOwnerUPN")) or word(record.get("ObjectId")),
        protocol="m365",
    )


def _in_utc(stamp: Any) -> Any:  # noqa: ANN401 -- what the record holds
    """The audit's times are UTC and do not say so."""
    return f"{stamp}Z" if isinstance(stamp, str) and len(stamp) == len("2026-01-01T00:00:00") else stamp


def _flat(value: Any) -> Any:  # noqa: ANN401 -- what the record holds
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _address(record: Mapping[str, Any]) -> str | None:
    """``203.0.113.5``, ``203.0.113.5:50123`` or ``[2001:db8::1]:50123``."""
    text = word(record.get("ClientIP")) or word(record.get("ClientIPAddress")) or word(record.get("ActorIpAddress"))
    if text is None:
        return None
    if text.startswith("["):
        return text[1:].partition("]")[0] or None
    return text.partition(":")[0] if text.count(":") == 1 else text
