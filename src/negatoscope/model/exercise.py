"""What the log of an exercise holds besides an incident's words: its clock, what comes, what is chosen, its end."""

from datetime import datetime

from msgspec import Struct


class Paced(Struct, frozen=True, tag="paced"):
    """Its clock: at ``real`` it showed ``at``; from there it runs ``rate`` times as fast as the world. 0: it stands."""

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
