"""Flaws of a Linux server's own settings, accounts and packet filter, read over its sshd."""

from pathlib import Path
from typing import ClassVar

from msgspec import Struct

from tests.lab.plan import Linux, Plan, Truth


class _OnLinux(Struct, frozen=True, forbid_unknown_fields=True):
    """A flaw of a host that has a service of kind ``ssh``."""

    CONTROLS: ClassVar[tuple[str, ...]]
    SUBJECT: ClassVar = "host/{host}"

    host: str

    def plant(self, plan: Plan) -> None:
        plan.listening(self.host, "ssh")
        self.spoil(plan.linux[self.host])

    def spoil(self, linux: Linux) -> None:
        """Change the server's settings."""

    def truth(self, plan: Plan) -> frozenset[Truth]:
        return frozenset(Truth(one, self.SUBJECT.format(host=self.host)) for one in self.CONTROLS)


class NoFilter(_OnLinux, frozen=True, forbid_unknown_fields=True):
    """No packet filter: an empty nftables ruleset."""

    CONTROLS: ClassVar = ("R14.1",)

    def spoil(self, linux: Linux) -> None:
        linux.files["nftables.conf"] = "flush ruleset\n"


class WeakPasswords(_OnLinux, frozen=True, forbid_unknown_fields=True):
    """pwquality.conf takes six characters of one kind."""

    CONTROLS: ClassVar = ("R9.3", "R9.4")

    def spoil(self, linux: Linux) -> None:
        linux.files["security/pwquality.conf"] = "minlen = 6\nminclass = 1\n"


class NeverLocks(_OnLinux, frozen=True, forbid_unknown_fields=True):
    """faillock.conf never locks: passwords can be tried without end."""

    CONTROLS: ClassVar = ("R10.2",)

    def spoil(self, linux: Linux) -> None:
        linux.files["security/faillock.conf"] = "deny = 0\n"


class RootOverSsh(_OnLinux, frozen=True, forbid_unknown_fields=True):
    """sshd_config lets root in, by password."""

    CONTROLS: ClassVar = ("R14.4",)

    def spoil(self, linux: Linux) -> None:
        linux.sshd |= {"root_login": "yes", "passwords": "yes"}


class UnsignedSource(_OnLinux, frozen=True, forbid_unknown_fields=True):
    """A source of packages is trusted without a signature."""

    CONTROLS: ClassVar = ("R6.3",)

    def spoil(self, linux: Linux) -> None:
        linux.files["apt/sources.list.d/tiers.sources"] = (
            "Types: deb\nURIs: http://depot.invalid/debian\nSuites: stable\nComponents: main\nTrusted: yes\n"
        )


class _Account(_OnLinux, frozen=True, forbid_unknown_fields=True):
    """An account too many."""

    SECRET: ClassVar = "$y$j9T$essai:20700"
    SUDO: ClassVar = ""

    account: str = "radio1"

    def spoil(self, linux: Linux) -> None:
        linux.spoil.append(self._add)

    def _add(self, etc: Path) -> None:
        number = 4300 + len((etc / "passwd").read_text().splitlines())
        with (etc / "passwd").open("a") as passwd, (etc / "shadow").open("a") as shadow:
            passwd.write(f"{self.account}:x:{number}:{number}::/:/bin/sh\n")
            shadow.write(f"{self.account}:{self.SECRET}:0:180:7:::\n")
        if self.SUDO:
            rule = etc / f"sudoers.d/{self.account}"
            rule.write_text(f"{self.account} {self.SUDO}\n")
            rule.chmod(0o440)

    def truth(self, plan: Plan) -> frozenset[Truth]:
        return frozenset(Truth(one, f"account/{self.host}/{self.account}") for one in self.CONTROLS)

    def may(self, plan: Plan) -> frozenset[Truth]:
        """Its name may be a job's too."""
        return frozenset({Truth("R8.2", f"account/{self.host}/{self.account}")})


class GenericAccount(_Account, frozen=True, forbid_unknown_fields=True):
    """An account named after a room or a job."""

    CONTROLS: ClassVar = ("R8.2",)


class EmptyPassword(_Account, frozen=True, forbid_unknown_fields=True):
    """An account without any password."""

    CONTROLS: ClassVar = ("R10.3",)
    SECRET: ClassVar = ":20700"

    account: str = "porte"


class OldPassword(_Account, frozen=True, forbid_unknown_fields=True):
    """An account whose password was set in 2008."""

    CONTROLS: ClassVar = ("R10.1",)
    SECRET: ClassVar = "$y$j9T$essai:14000"

    account: str = "jdupont"


class FreeSudo(_Account, frozen=True, forbid_unknown_fields=True):
    """sudo gives everything to an account whose holder nobody knows, and asks for no password."""

    CONTROLS: ClassVar = ("R30.1", "R30.2")
    SUDO: ClassVar = "ALL=(ALL) NOPASSWD: ALL"

    account: str = "pmartin"

    def truth(self, plan: Plan) -> frozenset[Truth]:
        return frozenset({
            Truth("R30.1", f"account/{self.host}/{self.account}"),
            Truth("R30.2", f"privilege/{self.host}/{self.account}/sudoers"),
        })  # fmt: skip


KINDS = (
    NoFilter, WeakPasswords, NeverLocks, RootOverSsh, UnsignedSource, GenericAccount, EmptyPassword, OldPassword,
    FreeSudo,
)  # fmt: skip
