"""Which rules on passwords a practice has chosen to be judged by."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from negatoscope.model.evidence import Ref, Scope


class Profile(StrEnum):
    """A dated set of thresholds; what each asks, and its source, stands in ``judge/profiles.toml``."""

    SEED_2013 = "seed-2013"
    ANSSI_2021 = "anssi-2021"


@dataclass(frozen=True, slots=True)
class PasswordChoice:
    """The profile that the practice chose. While nobody chose, the text of 2013 stands as it is written."""

    SCOPE: ClassVar[Scope] = "practice"

    profile: Profile
    why: str | None = None
    """In a person's words."""

    @property
    def ref(self) -> Ref:
        """The practice itself."""
        return "practice"
