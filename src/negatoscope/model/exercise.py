"""What the log of an exercise holds besides an incident's own words: its clock, what comes, what was chosen, its end."""

from datetime import datetime

from msgspec import Struct


class Paced(Struct, frozen=True, tag="paced"):
    """The clock of an exercise: at ``real`` it showed ``at``; since then it runs ``rate`` times as fast. 0: it stands."""

    real: datetime
    at: datetime
    rate: int


class Injected(Struct, frozen=True, tag="injected"):
    """Something of the scenario came: a call, a message, an alert, a find."""

    inject: str


class Chosen(Struct, frozen=True, tag="chosen"):
    """What was answered to something that asked for a decision."""

    inject: str
    choice: str


class Finished(Struct, frozen=True, tag="finished"):
    """The exercise is over: nothing more is said in it."""


class Kept(Struct, frozen=True, tag="kept"):
    """Its result sheet lies in the vault under this digest, and the register says what it showed."""

    digest: str


Staged = Paced | Injected | Chosen | Finished | Kept
