"""A path to privilege as a drawing: boxes and arrows in SVG attributes, told again as a list beside it."""

from dataclasses import dataclass

from negatoscope.model.directory import DirectoryPrivilege
from negatoscope.store.queries import register

BOX, GAP, HEIGHT, MARGIN = 168, 34, 40, 4
LETTERS = 20
"""As many fit in a box; the list beside it has the whole name."""


@dataclass(frozen=True)
class Stop:
    """One box of the drawing."""

    name: str
    short: str
    x: int
    middle: int
    ends: int
    last: bool


@dataclass(frozen=True)
class Track:
    """From an account to a privileged group, one membership a step."""

    stops: list[Stop]
    width: int
    height: int = HEIGHT + 2 * MARGIN
    primary: bool = False
    text: str = ""


def track(account: str, privilege: DirectoryPrivilege) -> Track:
    """Draw one privilege."""
    names = (account, *privilege.path)
    stops = [
        Stop(
            name,
            name if len(name) <= LETTERS else f"{name[: LETTERS - 1]}…",
            MARGIN + number * (BOX + GAP),
            MARGIN + number * (BOX + GAP) + BOX // 2,
            MARGIN + number * (BOX + GAP) + BOX,
            number == len(names) - 1,
        )
        for number, name in enumerate(names)
    ]
    width = 2 * MARGIN + len(names) * BOX + (len(names) - 1) * GAP
    return Track(stops, width, primary=bool(privilege.primary), text=" → ".join(names))


def tracks(practice: int, ref: str) -> list[Track]:
    """Each path by which an account administers its directory, the shortest first."""
    about, _, rest = ref.partition("/")
    if about != "account":
        return []
    prefix = f"privilege/{rest}/"
    every = (one.fact for one in register.of_kind(practice, DirectoryPrivilege.__name__))
    held = [one for one in every if one.ref.startswith(prefix)]
    return [track(one.account, one) for one in sorted(held, key=lambda one: (len(one.path), one.group))]
