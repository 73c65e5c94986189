"""How a probe begins to work for a console: by a code over the network, or by a file where there is none."""

from pathlib import Path

import msgspec
import pyrage
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from negatoscope.kit.clock import Clock
from negatoscope.probe import code, link, messages
from negatoscope.probe.home import Home, Identity, Trouble, certificate, public_key
from negatoscope.probe.link import Answered, Ask, Link, NoLink
from negatoscope.probe.messages import Authority, Enrolled, Enrolment, Handed

MAX_HANDED = 64 * 1024


def enrol(home: Home, console: str, typed: str, now: Clock) -> Identity:
    """Enrol over the network; returns whom the probe works for. Raises Trouble, NoLink."""
    if home.enrolled:
        raise Trouble("already_enrolled", id=home.identity().id)
    try:
        secret = code.typed(typed)
    except code.NotACode as error:
        raise Trouble("not_a_code") from error
    authority = _authority(console, secret, now)
    pinned = Link(console, link.pinned(authority), now)
    key = home.new_key()
    asked = Enrolment(secret.secret.hex(), request(key).decode(), edition=edition())
    try:
        said = pinned.ask(Ask("POST", messages.ENROL_PATH, msgspec.json.encode(asked), _JSON)).read(Enrolled)
    except Answered as error:
        raise Trouble(_REFUSED.get(error.problem, "enrolment_refused"), problem=error.problem) from error
    finally:
        pinned.close()
    identity = Identity(said.id, authority, said.recipients, console, said.certificate)
    check(identity, key)
    home.settle(identity)
    return identity


_JSON = {"Content-Type": "application/json"}
_REFUSED = {
    messages.CODE_UNKNOWN: "code_refused",
    messages.TOO_MANY: "too_many_tries",
    messages.PROTOCOL_UNKNOWN: "protocol_unknown",
}


def edition() -> str:
    """Which edition of the product this is."""
    from importlib.metadata import version  # noqa: PLC0415 -- reads files

    return version("negatoscope")


def _authority(console: str, secret: code.Code, now: Clock) -> str:
    """Who signs at the console, proven by the code. Raises Trouble, NoLink."""
    first = Link(console, link.unknown(), now)
    try:
        said = first.ask(Ask("GET", messages.AUTHORITY_PATH)).read(Authority)
    except Answered as error:
        raise NoLink("not_understood") from error
    finally:
        first.close()
    if said.protocol != messages.PROTOCOL:
        raise Trouble("protocol_unknown", protocol=said.protocol)
    try:
        named = secret.names(certificate(said.certificate))
    except Trouble as error:
        raise NoLink("not_understood") from error
    if not named:
        raise Trouble("other_authority", console=console)
    return said.certificate


def request(key: ec.EllipticCurvePrivateKey) -> bytes:
    """A certificate request, PEM; the console chooses the name."""
    subject = x509.Name([])
    return (
        x509.CertificateSigningRequestBuilder()
        .subject_name(subject)
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.PEM)
    )


def check(identity: Identity, key: ec.EllipticCurvePrivateKey) -> None:
    """Raise Trouble unless all that the console gave fits together and serves."""
    plain_id(identity.id)
    if not identity.recipients:
        raise Trouble("no_recipient")
    try:
        for one in identity.recipients:
            pyrage.x25519.Recipient.from_str(one)
    except (pyrage.RecipientError, ValueError) as error:
        raise Trouble("no_recipient") from error
    if identity.certificate:
        ours = certificate(identity.certificate)
        try:
            ours.verify_directly_issued_by(certificate(identity.authority))
        except (ValueError, TypeError, InvalidSignature) as error:
            raise Trouble("not_a_certificate") from error
        if ours.public_key() != key.public_key():
            raise Trouble("not_a_certificate")


def plain_id(said: str) -> str:
    """An identity that may be part of a file's name. Raises Trouble."""
    if len(said) != 16 or not set(said) <= set("0123456789abcdef"):  # noqa: PLR2004 -- sixteen digits
        raise Trouble("not_understood")
    return said


def enrol_by_file(home: Home, file: Path) -> Identity:
    """Enrol from the console's file; the first export carries the request. Raises Trouble, OSError."""
    if home.enrolled:
        raise Trouble("already_enrolled", id=home.identity().id)
    try:
        with file.open("rb") as stream:
            said = msgspec.json.decode(stream.read(MAX_HANDED), type=Handed)
        bytes.fromhex(said.secret)
    except (msgspec.MsgspecError, ValueError) as error:
        raise Trouble("not_understood", file=file) from error
    if said.protocol != messages.PROTOCOL:
        raise Trouble("protocol_unknown", protocol=said.protocol)
    public_key(said.authority)
    identity = Identity(said.id, said.authority, said.recipients, secret=said.secret)
    key = home.new_key()
    check(identity, key)
    home.settle(identity)
    return identity
