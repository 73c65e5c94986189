"""Sigma rules that the practice uses: the archives they come from, and those that somebody turned off, with why."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope


@dataclass(frozen=True, slots=True)
class RuleArchive:
    """One file of rules, in the vault; a newer one of the same name takes its place."""

    SCOPE: ClassVar[Scope] = "practice"
    KEPT_HERE: ClassVar[bool] = True

    name: str
    document_digest: str
    """sha256 of the file in the vault."""
    taken_at: datetime
    rules: int
    """How many of its rules can run here."""
    refused: int
    """How many cannot, each for a reason that ``negatoscope rules list --refused`` tells."""

    @property
    def ref(self) -> Ref:
        """``rulearchive/<name>``."""
        return f"rulearchive/{self.name}"


@dataclass(frozen=True, slots=True)
class RuleSwitch:
    """A rule that does not hold here, and why."""

    SCOPE: ClassVar[Scope] = "practice"
    KEPT_HERE: ClassVar[bool] = True

    rule: str
    """Its Sigma id."""
    reason: str
    by: str
    off_since: datetime

    @property
    def ref(self) -> Ref:
        """``ruleswitch/<id>``."""
        return f"ruleswitch/{self.rule}"
