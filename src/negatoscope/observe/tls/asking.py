"""The questions that one port is asked, a connection each; whatever goes wrong is an outcome."""

import ssl
import time
from collections.abc import Callable
from contextlib import suppress

from msgspec import Struct

from negatoscope.observe.line import Closed, Line
from negatoscope.observe.tls import hello
from negatoscope.observe.tls.upgrade import NotOffered, upgrade

PAUSE = 0.2
"""Seconds between two connections to one port."""
KEPT = 2048
"""Bytes kept of an answer: a ServerHello fits."""
ORDER = ("TLSv1.2", "TLSv1.3", "TLSv1.1", "TLSv1", "SSLv3")
WEAK, SHOWN, TRUSTED = "weak", "certificate", "authority"
SILENT = frozenset({"closed", "timed_out", "not_understood", "not_offered"})
"""Outcomes of the first question after which no other is asked."""
OTHER_REASONS = frozenset({9, 10})
"""X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED: they say nothing of who signed."""


class Asked(Struct, frozen=True, omit_defaults=True):
    """One question and its answer. ``asks``: a version, ``weak``, ``certificate`` or ``authority``."""

    address: str
    port: int
    asks: str
    outcome: str
    """``answered``, ``not_tls``, ``not_offered``, ``not_understood``, ``closed``, ``hung_up``, ``timed_out`` …"""
    upgraded: str | None = None
    received: bytes = b""
    certificate: bytes | None = None
    """DER, as shown."""
    trusted: bool | None = None


class Port(Struct, frozen=True):
    """Whom to ask, and how patiently."""

    address: str
    port: int
    upgraded: str | None
    seconds: float
    authority: str = ""
    """Certificates of further authorities, in PEM."""


def ask(port: Port, tick: Callable[[], None], keep: Callable[[Asked], None]) -> None:
    """All questions. ``tick`` may raise; what it raises ends them."""
    answers: list[Asked] = []
    for version in ORDER:
        answers.append(_hello(port, version, hello.hello(hello.VERSIONS[version]), tick))
        keep(answers[-1])
        if answers[0].outcome in SILENT or answers[0].outcome == "too_much":
            return
        time.sleep(PAUSE)
    if not any(one.outcome == "answered" for one in answers):
        return
    keep(_hello(port, WEAK, hello.hello(hello.TLS12, weak=True), tick))
    for asks, context in ((SHOWN, _open()), (TRUSTED, _strict(port.authority))):
        time.sleep(PAUSE)
        keep(_handshake(port, asks, context, tick))


def _hello(port: Port, asks: str, said: bytes, tick: Callable[[], None]) -> Asked:
    received = b""
    try:
        with Line(port.address, port.port, port.seconds, tick) as line:
            if port.upgraded:
                upgrade(line, port.upgraded)
            line.send(said)
            received = line.hear(hello.whole)
        outcome = "answered" if hello.is_tls(received) else "not_tls" if received else "hung_up"
    except NotOffered:
        outcome = "not_offered"
    except Closed as error:
        outcome = error.why
    return Asked(port.address, port.port, asks, outcome, port.upgraded, received[:KEPT])


def _handshake(port: Port, asks: str, context: ssl.SSLContext, tick: Callable[[], None]) -> Asked:
    certificate, trusted, outcome = None, None, "answered"
    try:
        with Line(port.address, port.port, port.seconds, tick) as line:
            if port.upgraded:
                upgrade(line, port.upgraded)
            certificate = line.secure(context).getpeercert(binary_form=True)
            trusted = True if asks == TRUSTED else None
    except ssl.SSLCertVerificationError as error:
        trusted = None if error.verify_code in OTHER_REASONS else False
    except NotOffered:
        outcome = "not_offered"
    except Closed as error:
        outcome = error.why
    except OSError as error:
        outcome = "timed_out" if isinstance(error, TimeoutError) else "hung_up"
    return Asked(port.address, port.port, asks, outcome, port.upgraded, b"", certificate, trusted)


def _open() -> ssl.SSLContext:
    """Take whatever is there: nothing is sent but the handshake."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return _lenient(context)


def _strict(authority: str) -> ssl.SSLContext:
    """Ask only who signed; by which name a service is called is its visitors' affair."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.load_default_certs()
    if authority.strip():
        context.load_verify_locations(cadata=authority)
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    return _lenient(context)


def _lenient(context: ssl.SSLContext) -> ssl.SSLContext:
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    with suppress(ssl.SSLError):
        context.set_ciphers("ALL:@SECLEVEL=0")
    return context
