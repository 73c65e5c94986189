"""Mail goes out by SMTP, encrypted unless somebody chose otherwise; a server that is not who it says gets nothing."""

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import format_datetime

from django.views.decorators.debug import sensitive_variables

from negatoscope.flows import credentials
from negatoscope.flows.console import Console, KeyLost
from negatoscope.flows.credentials import CredentialRefused
from negatoscope.kit.sealing import Unsealable

PATIENCE = 15.0
"""Seconds that a server may keep silent."""
PERMANENT = 500


_WHY: tuple[tuple[type[Exception], str], ...] = (
    (smtplib.SMTPAuthenticationError, "login_refused"),
    (ssl.SSLError, "certificate_refused"),
    (smtplib.SMTPNotSupportedError, "no_encryption"),
    (smtplib.SMTPServerDisconnected, "unreachable"),
    (smtplib.SMTPConnectError, "unreachable"),
    (smtplib.SMTPException, "refused"),
    (OSError, "unreachable"),
    (ValueError, "recipient_refused"),
)
"""What each failure means, the narrowest first; a ValueError is an address that no header takes."""


class NotSent(Exception):  # noqa: N818 -- what it is
    """The server did not take a letter; ``again``: whether another try may help."""

    def __init__(self, why: str, *, again: bool = True) -> None:
        """Keep why."""
        super().__init__(why)
        self.why, self.again = why, again


@dataclass(frozen=True)
class Way:
    """A mail server. ``security``: ``starttls``, ``tls`` or ``clear``; ``login``: the name of a sealed log-in."""

    host: str
    port: int
    security: str
    login: str = ""


@dataclass(frozen=True)
class Letter:
    """One message to one address. ``key``: its Message-ID, so that a second sending can be told from the first."""

    key: str
    sender: str
    to: str
    subject: str
    body: str


def post(console: Console, way: Way, letter: Letter) -> None:
    """Hand one letter to the server. Raises NotSent."""
    try:
        with _connected(console, way) as server:
            server.send_message(_message(console, letter))
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _said in error.recipients.values()]
        raise NotSent("recipient_refused", again=not all(code >= PERMANENT for code in codes)) from error
    except (OSError, ValueError) as error:
        why = next(why for kind, why in _WHY if isinstance(error, kind))
        raise NotSent(why, again=why != "recipient_refused") from error


@sensitive_variables()
def _connected(console: Console, way: Way) -> smtplib.SMTP:
    context = ssl.create_default_context()
    if way.security == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(way.host, way.port, timeout=PATIENCE, context=context)
    else:
        server = smtplib.SMTP(way.host, way.port, timeout=PATIENCE)
    try:
        if way.security == "starttls":
            server.starttls(context=context)
        if way.login:
            _log_in(console, server, way)
    except BaseException:
        with suppress(OSError, smtplib.SMTPException):
            server.close()
        raise
    return server


@sensitive_variables()
def _log_in(console: Console, server: smtplib.SMTP, way: Way) -> None:
    """A password is never said in clear."""
    if way.security == "clear":
        raise NotSent("password_in_clear", again=False)
    try:
        login = credentials.opened(console, way.login)
    except (CredentialRefused, KeyLost, Unsealable) as error:
        raise NotSent("credential_unknown") from error
    server.login(login.username, login.password or "")


def _message(console: Console, letter: Letter) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = letter.sender, letter.to, _one_line(letter.subject)
    message["Date"] = format_datetime(console.clock())
    message["Message-ID"] = f"<{letter.key}@negatoscope.invalid>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    return message


def _one_line(text: str) -> str:
    """A subject may bear what a hostile host calls itself: no line of it becomes a header, nor stops the post."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
