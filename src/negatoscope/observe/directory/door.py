"""Coming in: an encrypted connection to a server whose certificate is verified, and a log-in. Never in clear."""

import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from ipaddress import ip_address, ip_network
from typing import Any

from ldap3 import ANONYMOUS, NONE, SIMPLE, Connection, Server, Tls
from ldap3.core.exceptions import LDAPException

from negatoscope.observe.collector import Login, Look, Unreachable
from negatoscope.observe.directory.settings import PORTS, SYSTEM_CA, Mode, Settings

REFUSALS = {
    "52e": "bad_password",
    "525": "account_missing",
    "530": "hours_refused",
    "531": "place_refused",
    "532": "password_expired",
    "533": "account_disabled",
    "701": "account_expired",
    "773": "password_to_change",
    "775": "account_locked",
}
"""What Active Directory adds to a refused log-in: ``data 52e`` (winerror.h, ERROR_LOGON_FAILURE and its like)."""
RESULTS = {
    7: "bind_refused", 8: "stronger_bind_wanted", 13: "tls_wanted", 32: "account_missing", 34: "account_misnamed",
    48: "bind_refused", 49: "bad_password", 50: "bind_refused", 51: "directory_silent", 52: "directory_silent",
    53: "bind_refused",
}  # fmt: skip
"""LDAP result codes (RFC 4511 4.1.9) of a bind."""


class Refused(Exception):  # noqa: N818 -- what it is
    """One server did not let us in; ``why`` is a code."""

    def __init__(self, why: str, **values: str | float | bool | None) -> None:
        """Keep the code and what completes it."""
        super().__init__(why)
        self.why = why
        self.values = values


class Verified(Tls):
    """TLS 1.2 or later, the chain and the name both verified by Python's own ``ssl``."""

    def __init__(self, authority: str, name: str) -> None:
        """Trust one authority only, and one name."""
        super().__init__(validate=ssl.CERT_REQUIRED)
        try:
            self.context = ssl.create_default_context(cadata=None if authority == SYSTEM_CA else authority)
        except (ssl.SSLError, ValueError) as error:
            raise Unreachable("authority_unreadable") from error
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        self.name = name

    def wrap_socket(self, connection: Any, do_handshake: bool = False) -> None:  # noqa: ANN401, ARG002, FBT001, FBT002 -- ldap3's own signature
        """Put the connection's socket behind TLS."""
        connection.socket = self.context.wrap_socket(connection.socket, server_hostname=self.name)


@contextmanager
def opened(settings: Settings, login: Login | None, look: Look) -> Iterator[tuple[Connection, str]]:
    """A connection that is let in, and the server's name; anonymous without a log-in. Raises Unreachable."""
    refused: Refused | None = None
    for name in settings.servers:
        look.step(0, 100)
        try:
            connection = _enter(settings, name, login)
        except Refused as error:
            refused = error
            continue
        try:
            yield connection, name
        finally:
            _leave(connection)
        return
    if refused is None:
        raise Unreachable("directory_silent")
    raise Unreachable(refused.why, **refused.values)


def _enter(settings: Settings, name: str, login: Login | None) -> Connection:
    port = settings.port or PORTS[settings.mode]
    where = _within(settings, name, port)
    tls = Verified(settings.ca, settings.certificate_name or name)
    server = Server(
        where, port, use_ssl=settings.mode is Mode.LDAPS, tls=tls, get_info=NONE, connect_timeout=settings.patience
    )
    connection = Connection(
        server,
        user=login.username if login else None,
        password=login.password if login else None,
        authentication=SIMPLE if login else ANONYMOUS,
        auto_bind=False,
        auto_referrals=False,
        auto_range=True,
        check_names=False,
        return_empty_attributes=False,
        receive_timeout=settings.patience,
    )
    try:
        refusal = _let_in(connection, settings.mode, name)
    except (LDAPException, OSError) as error:
        _leave(connection)
        raise _failure(error, name) from error
    if refusal is not None:
        _leave(connection)
        raise refusal
    return connection


def _let_in(connection: Connection, mode: Mode, server: str) -> Refused | None:
    """Connect, encrypt, log in; nothing is said before the connection is encrypted."""
    connection.open(read_server_info=False)
    if mode is Mode.STARTTLS and not connection.start_tls(read_server_info=False):
        return Refused("tls_refused", server=server)
    return None if connection.bind(read_server_info=False) else _refusal(connection.result, server)


def _leave(connection: Connection) -> None:
    """Close what was opened; ldap3 forgets the socket of a connection that failed half-way."""
    with suppress(LDAPException, OSError, AttributeError):
        connection.unbind()
    if connection.socket is not None:
        with suppress(OSError):
            connection.socket.close()


def _within(settings: Settings, name: str, port: int) -> str:
    """The address to speak to, in a declared network. Raises Refused, Unreachable."""
    try:
        found = {info[4][0] for info in socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)}
    except OSError as error:
        raise Refused("name_unknown", server=name) from error
    networks = [ip_network(cidr) for cidr in settings.declared]
    inside = sorted(str(one) for one in found if any(ip_address(one) in network for network in networks))
    if not inside:
        raise Refused("outside_declared_networks", target=name)
    allowed = [one for one in inside if one not in settings.spared]
    if not allowed:
        raise Refused("modality_without_consent", target=name)
    return allowed[0]


def _refusal(result: Any, server: str) -> Refused:  # noqa: ANN401 -- ldap3 gives a dictionary
    """Say where a refused log-in comes from."""
    said = re.search(r"data ([0-9a-f]{3,})", str(result.get("message", "")))
    detail = REFUSALS.get(said[1]) if said else None
    return Refused(detail or RESULTS.get(int(result.get("result", -1)), "answer_broken"), server=server)


def _failure(error: Exception, server: str) -> Refused:
    """Say why there is no connection: ldap3 wraps the cause in text and in its own errors."""
    text = f"{type(error).__name__} {error}".lower()
    chain = [error, error.__cause__, error.__context__]
    if any(isinstance(one, ssl.SSLCertVerificationError) for one in chain) or "certificate" in text:
        name_differs = "hostname mismatch" in text or "ip address mismatch" in text
        return Refused("certificate_of_another" if name_differs else "certificate_not_verified", server=server)
    if any(isinstance(one, ssl.SSLError) for one in chain) or "ssl" in text or "starttls" in text:
        return Refused("tls_refused", server=server)
    if "timed out" in text or "timeout" in text or "temporarily unavailable" in text:
        return Refused("timed_out", server=server)
    if "refused" in text:
        return Refused("nothing_answers", server=server)
    if "invalidcredentials" in text:
        return Refused("bad_password", server=server)
    return Refused("directory_silent", server=server)
