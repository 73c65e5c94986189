"""Log-ins that collectors borrow by name: sealed here, opened for one look, never shown again."""

from collections.abc import Callable
from typing import Literal

import msgspec
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_ssh_private_key,
)
from django.views.decorators.debug import sensitive_variables

from negatoscope.flows.console import Console, KeyLost
from negatoscope.flows.recording import alone, enter
from negatoscope.flows.sealing import Seals
from negatoscope.kit.sealing import Unsealable
from negatoscope.observe.collector import Login, Unreachable
from negatoscope.store import credentials

Kind = Literal["password", "private_key", "community", "snmp_v3"]
MAX_SECRET = 20_000
UNSIGNED = "none"
"""A user of SNMP version 3 who signs nothing."""


class CredentialRefused(Exception):  # noqa: N818 -- what it is
    """Not taken. ``code``: ``name_taken``, ``unknown``, ``empty``, ``too_long``, ``not_a_key``."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


class _Secret(msgspec.Struct, frozen=True):
    """What is sealed."""

    password: str | None = None
    private_key: str | None = None
    community: str | None = None
    digest: str = ""
    cipher: str = ""
    privacy: str | None = None


def seals(console: Console) -> Seals:
    """The key file of log-ins."""
    return Seals(console.keys, "credentials", credentials.exist)


@sensitive_variables()
def add(console: Console, operator: str, name: str, login: Login) -> None:
    """Keep a log-in under a new name. Raises CredentialRefused, KeyLost."""
    with alone(console):
        if credentials.named(console.practice, name):
            raise CredentialRefused("name_taken")
        _put(console, operator, name, login)
        enter(console, console.clock(), "credential_added", operator, _said(name, login))


@sensitive_variables()
def replace(console: Console, operator: str, name: str, login: Login) -> None:
    """Put another log-in under a known name. Raises CredentialRefused, KeyLost."""
    with alone(console):
        if credentials.named(console.practice, name) is None:
            raise CredentialRefused("unknown")
        _put(console, operator, name, login)
        enter(console, console.clock(), "credential_replaced", operator, _said(name, login))


def remove(console: Console, operator: str, name: str) -> None:
    """Forget a log-in; looks that name it become gaps. Works without the key. Raises CredentialRefused."""
    with alone(console):
        if not credentials.remove(console.practice, name):
            raise CredentialRefused("unknown")
        enter(console, console.clock(), "credential_removed", operator, {"credential": name})


@sensitive_variables()
def _put(console: Console, operator: str, name: str, login: Login) -> None:
    checked(login)
    secret = msgspec.json.encode(msgspec.convert(login, _Secret, from_attributes=True))
    credentials.put(
        console.practice,
        name,
        kind=_kind(login),
        username=login.username,
        sealed=seals(console).seal(secret, _bound(console.practice, name)),
        created_at=console.clock(),
        created_by=operator,
        used_at=None,
    )


@sensitive_variables()
def checked(login: Login) -> None:
    """Raise CredentialRefused for a log-in that no collector could use."""
    secrets = [one for one in (login.private_key, login.password, login.community, login.privacy) if one]
    named = login.username or login.community
    if not named or not (secrets or login.digest == UNSIGNED) or _half(login):
        raise CredentialRefused("empty")
    if max(map(len, secrets), default=0) > MAX_SECRET:
        raise CredentialRefused("too_long")
    if login.private_key is not None:
        public_line(login)


def _half(login: Login) -> bool:
    """A user of SNMP version 3 without the password that signs, or the one that encrypts."""
    signs = bool(login.digest) and login.digest != UNSIGNED
    return (signs and not login.password) or (bool(login.cipher) and not (signs and login.privacy))


@sensitive_variables()
def public_line(login: Login) -> str | None:
    """The public half of a private key, as ``authorized_keys`` has it. Raises CredentialRefused (``not_a_key``)."""
    if login.private_key is None:
        return None
    phrase = login.password.encode() if login.password else None
    text = login.private_key.encode()
    load = load_ssh_private_key if b"OPENSSH" in text[:60] else load_pem_private_key
    try:
        public = load(text, phrase).public_key()
        return public.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise CredentialRefused("not_a_key") from error


def made_here(username: str) -> Login:
    """A log-in with a key pair made now: its private half never leaves the console."""
    key = Ed25519PrivateKey.generate()
    return Login(username, None, key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode())


@sensitive_variables()
def opened(console: Console, name: str) -> Login:
    """One log-in in clear. Raises CredentialRefused (``unknown``), KeyLost, Unsealable."""
    row = credentials.named(console.practice, name)
    if row is None:
        raise CredentialRefused("unknown")
    clear = seals(console).unseal(bytes(row.sealed), _bound(row.practice_id, row.name))
    secret = msgspec.json.decode(clear, type=_Secret)
    return msgspec.convert({**msgspec.structs.asdict(secret), "username": row.username}, Login)


def lender(console: Console) -> Callable[[str], Login]:
    """What a look asks for a log-in. It raises Unreachable: a look without its log-in is a gap."""

    def lend(name: str) -> Login:
        try:
            login = opened(console, name)
        except CredentialRefused as error:
            raise Unreachable("credential_unknown", credential=name) from error
        except (KeyLost, Unsealable) as error:
            raise Unreachable("credential_sealed", credential=name) from error
        credentials.use(console.practice, name, console.clock())
        return login

    return lend


def try_out(console: Console, operator: str, name: str) -> bool:
    """Whether the key file still opens this log-in; entered in the ledger. Raises CredentialRefused (``unknown``)."""
    try:
        checked(opened(console, name))
        sound = True
    except (KeyLost, Unsealable):
        sound = False
    enter(console, console.clock(), "credential_tried", operator, {"credential": name, "sound": sound})
    return sound


def rotate(console: Console, operator: str) -> int:
    """Seal every log-in anew with a new key; returns how many. Raises KeyLost, Unsealable; then nothing changed."""
    ring = seals(console)
    with ring.anew(), alone(console):
        rows = credentials.every()
        for row in rows:
            bound = _bound(row.practice_id, row.name)
            credentials.seal_anew(row, ring.seal(ring.unseal(bytes(row.sealed), bound), bound))
        enter(console, console.clock(), "credentials_sealed_anew", operator, {"credentials": len(rows)})
    return len(rows)


def _kind(login: Login) -> Kind:
    if login.community:
        return "community"
    if login.digest:
        return "snmp_v3"
    return "private_key" if login.private_key else "password"


def _said(name: str, login: Login) -> dict[str, str]:
    return {"credential": name, "kind": _kind(login), "username": login.username}


def _bound(practice: int, name: str) -> bytes:
    """Where a sealed log-in belongs: moved to another name or practice, it does not open."""
    return msgspec.json.encode(("credential", practice, name))
