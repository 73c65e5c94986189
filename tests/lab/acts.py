"""What is done in a practice that is watched: attacks and quiet work, by real clients; what must be told follows."""

import imaplib
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from socket import create_connection
from typing import ClassVar, Literal, NamedTuple

import ldap3
import msgspec
from ldap3.core.exceptions import LDAPException
from msgspec import Struct

from tests.lab.build import Lab
from tests.lab.logging_servers import WORD
from tests.observe.directory.domain import PASSWORD, REALM
from tests.observe.lab import sh

WRONG = "Soleil-1999"
PATIENCE = 10.0
Way = Literal["ssh", "smb", "imap", "ldap"]


class Expected(NamedTuple):
    """What the console must tell: the behaviour, which of its situations, whom or what it is about."""

    code: str
    reason: str
    subject: str


class Tries(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="tries"):
    """Log-ins: so many wrong ones of each account from each host, then perhaps a right one.

    ``tells``: ``code/reason`` of what must be told, about the account if ``about`` says so, else about the host that
    tries; empty: nothing, as this is a day's work.
    """

    by: Way
    sources: tuple[str, ...]
    host: str
    accounts: tuple[str, ...]
    wrong: int = 0
    right: bool = False
    tells: tuple[str, ...] = ()
    about: Literal["source", "account", "person"] = "source"

    @property
    def directed(self) -> bool:
        """Whether it needs the directory."""
        return self.by == "ldap"

    def do(self, lab: Lab) -> None:
        """Try, one after the other."""
        for source in self.sources:
            for account in self.accounts:
                for _ in range(self.wrong):
                    if log_in(lab, self, (source, account), WRONG):
                        raise AssertionError(f"{account} came in with a wrong password")
                if self.right and not log_in(lab, self, (source, account), PASSWORD if self.by == "ldap" else WORD):
                    raise AssertionError(f"{account} of {self.host} did not come in")

    def truth(self) -> Iterator[Expected]:
        """One of each subject."""
        place = REALM if self.by == "ldap" else self.host
        subjects = {
            "source": [f"host/{one}" for one in self.sources],
            "account": [f"account/{place}/{one}" for one in self.accounts],
            "person": [f"person/{one}" for one in self.accounts],
        }[self.about]
        for told in self.tells:
            code, _, reason = told.partition("/")
            yield from (Expected(code, reason, subject) for subject in subjects)


class Connects(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="connects"):
    """A host calls a port of another, through the router; whether it passes is the router's affair."""

    source: str
    host: str
    port: int
    tells: str = ""
    directed: ClassVar[bool] = False

    def do(self, lab: Lab) -> None:
        """Call once."""

        def call() -> None:
            with suppress(OSError), create_connection((lab.addresses[self.host], self.port), 1):
                pass

        lab.inside(self.source, call)

    def truth(self) -> Iterator[Expected]:
        """A bypass of the source."""
        if self.tells:
            yield Expected("bypass", self.tells, f"host/{self.source}")


class Surfs(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="surfs"):
    """An account goes to the Internet by the proxy."""

    source: str
    account: str
    administrator: bool = False

    @property
    def directed(self) -> bool:
        """Whether it needs the directory, which says who is an administrator."""
        return self.administrator

    def do(self, lab: Lab) -> None:
        """Ask for a page that somebody outside serves."""
        proxy, there = lab.addresses["proxy"], lab.addresses["web-out"]
        words = ("curl", "-s", "-o", "/dev/null", "-x", f"http://{self.account}:{WORD}@{proxy}:3128")
        sh("ip", "netns", "exec", self.source, *words, f"http://{there}/")

    def truth(self) -> Iterator[Expected]:
        """Rule 28."""
        if self.administrator:
            yield Expected("bypass", "admin_online", f"account/{REALM}/{self.account}")


class Leases(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="leases"):
    """A host asks for an address."""

    source: str
    mac: str
    known: bool = False
    directed: ClassVar[bool] = False

    def do(self, lab: Lab) -> None:
        """Ask with this hardware address, from a card beside the host's own."""
        run = ("ip", "netns", "exec", self.source)
        if not self.known:
            sh(*run, "ip", "link", "add", "asks", "link", "lan", "address", self.mac, "type", "macvlan")
            sh(*run, "ip", "link", "set", "asks", "up")
        sh(
            *run,
            "udhcpc",
            "-i",
            "lan" if self.known else "asks",
            "-n",
            "-q",
            "-f",
            "-t",
            "5",
            "-T",
            "1",
            "-s",
            "/bin/true",
        )

    def truth(self) -> Iterator[Expected]:
        """A device that nobody knows."""
        if not self.known:
            yield Expected("bypass", "new_device", f"device/{self.mac}")


class Images(Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", tag="images"):
    """A host asks the archive for an association; who asks in the first fortnight is learned."""

    source: str
    directed: ClassVar[bool] = False

    def do(self, lab: Lab) -> None:
        """Ask, and verify."""
        words = ("echoscu", "-aet", "CONSOLE", "-aec", "PACS", lab.addresses["pacs"], "4242")
        sh("ip", "netns", "exec", self.source, *words)

    def truth(self) -> Iterator[Expected]:
        """Nothing."""
        return iter(())


Act = Tries | Connects | Surfs | Leases | Images


class Day(Struct, frozen=True, forbid_unknown_fields=True):
    """All that is done, in this order."""

    acts: tuple[Act, ...]


def read(text: str) -> tuple[Act, ...]:
    """Read what is to be done. Raises msgspec.DecodeError."""
    return msgspec.toml.decode(text, type=Day).acts


def log_in(lab: Lab, how: Tries, who: tuple[str, str], word: str) -> bool:
    """Log in with a real client; whether it worked."""
    source, account = who
    address = lab.addresses[how.host]
    if how.by == "ssh":
        return _ssh(lab, source, f"{account}@{address}", word)
    if how.by == "smb":
        words = ("smbclient", f"//{address}/echange", "-U", f"{account}%{word}", "-c", "ls")
        return _ran(source, *words)
    client = {"imap": _imap, "ldap": _ldap}[how.by]
    return lab.inside(source, lambda: client(address, account, word))


def _ssh(lab: Lab, source: str, target: str, word: str) -> bool:
    return _ran(source, *over_ssh(lab, target, word), "true")


def over_ssh(lab: Lab, target: str, word: str) -> tuple[str, ...]:
    """The words of a client that logs in with a password; a command follows."""
    asks = lab.folder / "asks"
    asks.write_text(f"#!/bin/sh\necho {word}\n")
    asks.chmod(0o755)
    settings = ("StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null", "NumberOfPasswordPrompts=1",
                "PreferredAuthentications=password", "LogLevel=ERROR")  # fmt: skip
    options = [part for one in settings for part in ("-o", one)]
    return ("env", f"SSH_ASKPASS={asks}", "SSH_ASKPASS_REQUIRE=force", "ssh", *options, target)


def _ran(source: str, *words: str) -> bool:
    run = ("ip", "netns", "exec", source, *words)
    done = subprocess.run(run, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=30)
    return done.returncode == 0


def _imap(address: str, account: str, word: str) -> bool:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with imaplib.IMAP4_SSL(address, ssl_context=context, timeout=PATIENCE) as client:
        try:
            client.login(account, word)
        except imaplib.IMAP4.error:
            return False
        return True


def _ldap(address: str, account: str, word: str) -> bool:
    server = ldap3.Server(address, 636, use_ssl=True, get_info=ldap3.NONE, connect_timeout=PATIENCE)
    connection = ldap3.Connection(server, f"{account}@{REALM}", word)
    try:
        return bool(connection.bind())
    except LDAPException:
        return False
    finally:
        connection.unbind()
