"""One exchange with Signal Spam: to the address that an administrator set, followed nowhere else, cut after a while."""

import socket
import ssl
import threading
from base64 import b64encode
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from django.views.decorators.debug import sensitive_variables

from negatoscope.observe.collector import Login
from negatoscope.respond.spam import service

CONNECT_SECONDS, ANSWER_SECONDS = 10, 30


class NotReached(Exception):  # noqa: N818 -- what it is
    """No answer. ``code``: ``unreachable``, ``certificate``, ``no_answer``; ``left``: the mail may have been taken."""

    def __init__(self, code: str, *, left: bool = False) -> None:
        """Keep why."""
        super().__init__(code)
        self.code, self.left = code, left


@sensitive_variables()
def knows(address: str, login: Login) -> int:
    """What the service answers to an account alone; no mail leaves. Raises NotReached."""
    return _asked(address, login, "OPTIONS", None)


@sensitive_variables()
def post(address: str, login: Login, mail: bytes) -> int:
    """Send a mail's own octets; returns what the service answered. Raises NotReached."""
    return _asked(address, login, "POST", service.body(mail))


@sensitive_variables()
def _asked(address: str, login: Login, method: str, body: bytes | None) -> int:
    told = urlsplit(address)
    connection = _connected(told.scheme, told.hostname or "", told.port)
    late = threading.Timer(ANSWER_SECONDS, _cut, (connection.sock,))
    late.daemon = True
    late.start()
    account = b64encode(f"{login.username}:{login.password or ''}".encode()).decode()
    headers = {"Authorization": f"Basic {account}", "User-Agent": "Negatoscope"}
    headers |= {"Content-Type": service.KIND} if body is not None else {}
    path = (told.path or "/") + (f"?{told.query}" if told.query else "")
    try:
        connection.request(method, path, body, headers)
        return connection.getresponse().status
    except (OSError, HTTPException, ValueError, AttributeError) as error:  # http.client: a socket cut under its reader
        raise NotReached("no_answer", left=body is not None) from error
    finally:
        late.cancel()
        connection.close()


def _connected(scheme: str, host: str, port: int | None) -> HTTPConnection:
    if scheme == "https":
        trusted = ssl.create_default_context()
        connection: HTTPConnection = HTTPSConnection(host, port, timeout=CONNECT_SECONDS, context=trusted)
    else:
        connection = HTTPConnection(host, port, timeout=CONNECT_SECONDS)
    try:
        connection.connect()
    except ssl.SSLCertVerificationError as error:
        raise NotReached("certificate") from error
    except (OSError, ValueError) as error:
        raise NotReached("unreachable") from error
    return connection


def _cut(sock: socket.socket) -> None:
    """Hang up on a service that answers too slowly, octet after octet."""
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        return
