"""Mail systems, and the mail that they send on to elsewhere. Of an outside address the domain alone is ever kept."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope


class Means(StrEnum):
    """By what a mailbox is sent on."""

    SIEVE = "sieve"
    FORWARD_FILE = "forward_file"
    """``~/.forward``."""
    ALIASES = "aliases"
    VIRTUAL = "virtual"
    """A table of virtual addresses (virtual(5))."""
    INBOX_RULE = "inbox_rule"
    """A rule of the person's own (Exchange, Microsoft 365)."""
    MAILBOX = "mailbox"
    """A setting of the mailbox (Exchange, Microsoft 365)."""


@dataclass(frozen=True, slots=True)
class MailSystem:
    """A mail system whose forwarding was read."""

    SCOPE: ClassVar[Scope] = "practice"

    system: str
    """Host name, or name of the service."""
    product: str | None = None
    domains: tuple[str, ...] | None = None
    """Domains of its mailboxes, lower case."""
    mailboxes: int | None = None
    """How many were looked at."""
    rules_read: bool | None = None
    """People's own rules (Sieve, inbox rules, ``.forward``) were read, not the settings of the server alone."""
    settings_read: bool | None = None
    """What the server itself sends on (aliases, virtual addresses, settings of mailboxes) was read."""

    @property
    def ref(self) -> Ref:
        """``mailsystem/<system>``."""
        return f"mailsystem/{self.system}"


@dataclass(frozen=True, slots=True)
class MailForward:
    """A mailbox of the practice sends mail on to a domain elsewhere."""

    SCOPE: ClassVar[Scope] = "practice"

    system: str
    mailbox: str
    """Address or account, lower case."""
    means: Means
    domain: str
    """Of the target, lower case; who it is there is not kept."""
    keeps_copy: bool | None = None
    enabled: bool | None = None

    @property
    def ref(self) -> Ref:
        """``mailforward/<system>/<mailbox>/<means>/<domain>``."""
        return f"mailforward/{self.system}/{self.mailbox}/{self.means.value}/{self.domain}"
