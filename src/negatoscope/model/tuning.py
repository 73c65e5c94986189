"""How the five situations of rule 26 are tuned here, and which of their alerts are not wanted for a while: with why."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import ClassVar

from negatoscope.kit.canonical import canonical, sha256
from negatoscope.model.evidence import Ref, Scope

Setting = bool | int | float | tuple[str, ...]
"""The value of one setting; a list of words in order."""


@dataclass(frozen=True, slots=True)
class Tuning:
    """How one situation is tuned, in the whole practice or at one of its sites."""

    SCOPE: ClassVar[Scope] = "practice"
    KEPT_HERE: ClassVar[bool] = True

    behaviour: str
    reason: str
    by: str
    since: datetime
    site: str | None = None
    """By its name; ``None``: wherever a site has no tuning of its own."""
    on: bool = True
    changed: dict[str, Setting] = field(default_factory=dict)
    """What differs from the defaults (docs/behaviours.md), by its name there."""
    formerly_on: bool = True
    former: dict[str, Setting] = field(default_factory=dict)
    """What had been changed before, to go back to."""

    @property
    def ref(self) -> Ref:
        """``tuning/<behaviour>``, or ``tuning/<behaviour>/<site>``."""
        return f"tuning/{self.behaviour}" + (f"/{self.site}" if self.site else "")


@dataclass(frozen=True, slots=True)
class AlertExemption:
    """Alerts of one kind that are not raised until a day: about one subject, or of events whose fields say so.

    Somebody found that they are harmless.
    """

    SCOPE: ClassVar[Scope] = "practice"
    KEPT_HERE: ClassVar[bool] = True

    behaviour: str
    situation: str
    """Which of the behaviour's, as its detections name it."""
    subject: Ref
    reason: str
    by: str
    since: datetime
    until: date
    """The last day on which it holds, Paris time."""
    alert: int | None = None
    """The alert that taught it."""
    clauses: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """What the fields of an event must say, all of it: ``Field`` or ``Field|modifier``, and the values as they stand.

    Of a Sigma rule alone; empty: whatever they say.
    """

    @property
    def ref(self) -> Ref:
        """``exemption/<behaviour>/<situation>/<subject>``, and where fields are asked what tells them from others."""
        which = f"/{sha256(canonical(self.clauses))[:12]}" if self.clauses else ""
        return f"exemption/{self.behaviour}/{self.situation}/{self.subject}{which}"
