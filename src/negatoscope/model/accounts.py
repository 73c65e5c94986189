"""Accounts, privileges, and the rules that systems enforce on passwords and sessions."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope


class AccountKind(StrEnum):
    """Whom an account is for."""

    PERSON = "person"
    SERVICE = "service"
    """A program's, with a justified use; nobody logs on with it."""
    SYSTEM = "system"
    """Created by the operating system for itself."""


class PasswordState(StrEnum):
    """What a system says of an account's password, never the password or its hash."""

    SET = "set"
    EMPTY = "empty"
    LOCKED = "locked"


@dataclass(frozen=True, slots=True)
class Account:
    """An identity in a system. ``host``: where it lives; a directory or an application has ``realm`` instead."""

    SCOPE: ClassVar[Scope] = "host"

    host: Ref | None
    name: str
    realm: str | None = None
    kind: AccountKind | None = None
    enabled: bool | None = None
    interactive: bool | None = None
    """Can open a session (has a login shell)."""
    holder: Ref | None = None
    """The person answerable for it."""
    purpose: str | None = None
    """Why a service account exists, in a person's words."""
    password: PasswordState | None = None
    password_set_at: datetime | None = None
    password_max_days: int | None = None
    last_logon_at: datetime | None = None

    @property
    def ref(self) -> Ref:
        """``account/<host or realm>/<name>``."""
        where = self.host.removeprefix("host/") if self.host else self.realm
        return f"account/{where}/{self.name}"


LOOK = "look"


@dataclass(frozen=True, slots=True)
class Privilege:
    """A way for an account to act as administrator of a host."""

    SCOPE: ClassVar[Scope] = "host"

    host: Ref
    account: str
    via: str
    """``uid0``, ``sudoers``, ``doas``, ``group:<name>``; ``look``: the fixed list of what a console reads, no more."""
    password_asked: bool | None = None

    @property
    def ref(self) -> Ref:
        """``privilege/<host>/<account>/<via>``."""
        return f"privilege/{self.host.removeprefix('host/')}/{self.account}/{self.via}"

    @property
    def foreign(self) -> bool:
        r"""Held by an account or a group of a directory (``DOMAIN\name``), not of the host itself."""
        return "\\" in self.account

    @property
    def account_ref(self) -> Ref:
        """The account that holds it."""
        return f"account/{self.host.removeprefix('host/')}/{self.account}"


@dataclass(frozen=True, slots=True)
class PasswordPolicy:
    """What a host enforces when a password is chosen, kept and guessed."""

    SCOPE: ClassVar[Scope] = "host"

    host: Ref
    min_length: int | None = None
    min_classes: int | None = None
    """Character classes required, 0–4."""
    dictionary_check: bool | None = None
    """Easy passwords are refused."""
    max_days: int | None = None
    """Days before a new account's password must change; 99999 means never."""
    lockout_attempts: int | None = None
    """Failures before the account is locked; 0: never."""
    empty_allowed: bool | None = None

    @property
    def ref(self) -> Ref:
        """The host itself."""
        return self.host


@dataclass(frozen=True, slots=True)
class SessionPolicy:
    """How a session starts and how it is left."""

    SCOPE: ClassVar[Scope] = "host"

    host: Ref
    graphical: bool | None = None
    """Somebody can sit in front of it: a display manager or desktop is installed."""
    autologin: bool | None = None
    autologin_account: str | None = None
    boot_password: bool | None = None
    """The boot loader asks a password before its options can be changed."""
    lock_seconds: int | None = None
    """Idle time before the screen locks; 0: never."""

    @property
    def ref(self) -> Ref:
        """The host itself."""
        return self.host
