"""A fictional practice to explore: recorded captures, replayed through the same flows as anybody's own."""

import fcntl
import secrets
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from django.db import connection

from negatoscope.config import Config
from negatoscope.flows.admitting import Newcomer, add_user, name_practice
from negatoscope.flows.judging import judge_now
from negatoscope.flows.ledgering import checkpoint
from negatoscope.flows.opening import open_console
from negatoscope.flows.securing import ask_of
from negatoscope.flows.storytelling import HERE, OPERATOR, Act, Unplayable, play
from negatoscope.kit.clock import Clock
from negatoscope.kit.durable import write_durably
from negatoscope.store import factors
from negatoscope.store.roles import Role

MARK = "demonstration"
"""The file that tells a demonstration's data directory from a practice's own."""
WANTED, FAILED = "demonstration.wanted", "demonstration.failed"
VISITOR, VISITOR_NAME = "visiteur", "Visiteur"
"""Whom the entrance of a demonstration lets in without a password."""


def beside(config: Config) -> Path:
    """The data directory of the demonstration that a console offers: beside what is real, never in it."""
    return config.data / "demonstration"


def ask(config: Config) -> None:
    """Ask the background loop to open the demonstration."""
    (config.data / FAILED).unlink(missing_ok=True)
    write_durably(config.data / WANTED, b"")


def address(config: Config) -> str | None:
    """Where the demonstration is open, as it wrote down itself; ``None``: it is not, or not yet."""
    file = beside(config) / "console.lock"
    try:
        with file.open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return file.read_text().strip() or None
    except OSError:
        return None
    return None


def tell_failed(config: Config) -> None:
    """Say that the demonstration ended by itself: it could not be prepared, or did not stay."""
    write_durably(config.data / FAILED, b"")


def failed(config: Config) -> bool:
    """Whether the demonstration ended by itself since it was last asked for."""
    return (config.data / FAILED).exists()


def forget_asking(config: Config) -> None:
    """Forget what was asked of a console that has stopped, and how it went."""
    for name in (WANTED, FAILED):
        (config.data / name).unlink(missing_ok=True)


def wanted(config: Config) -> bool:
    """Whether somebody asked for the demonstration since the console started; the asking is used up."""
    try:
        (config.data / WANTED).unlink()
    except FileNotFoundError:
        return False
    return True


Tell = Callable[[int, int], None]


class Story(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What happened in a practice until the morning on which its console is opened."""

    practice: str
    opens: datetime
    acts: tuple[Act, ...]


@dataclass
class _StoryClock:
    """Stands where the story says."""

    at: datetime

    def __call__(self) -> datetime:
        """The instant that the story has reached."""
        return self.at


class NotADemonstration(Exception):  # noqa: N818 -- what it is
    """The data directory holds something else; the message names it."""


def story() -> Story:
    """The story that comes with the product."""
    return msgspec.toml.decode((HERE / "story.toml").read_bytes(), type=Story)


def build(config: Config, clock: Clock, tell: Tell = lambda _done, _total: None) -> None:
    """Play the story into a data directory; a build that was cut short begins anew.

    ``tell``: acts done, acts in all. Raises NotADemonstration for a directory that holds something else, Unplayable,
    DiskFull.
    """
    played = story()
    _own(config)
    live = _StoryClock(played.acts[0].at)
    console = open_console(config, live)
    name_practice(console, OPERATOR, played.practice)
    ask_of(console, OPERATOR, None)
    add_user(console, OPERATOR, Newcomer(VISITOR_NAME, VISITOR, secrets.token_urlsafe(24), Role.ADMINISTRATOR))
    factors.ask_of(console.practice, None)  # of a visitor whom anybody lets in
    for number, act in enumerate(played.acts):
        tell(number, len(played.acts))
        live.at = act.at
        play(console, act)
    live.at = played.opens
    judge_now(console, OPERATOR)
    checkpoint(console)
    tell(len(played.acts), len(played.acts))
    told = f"[demonstration]\nopens = {_toml(played.opens)}\nbuilt = {_toml(clock())}\n"
    write_durably(config.data / "negatoscope.toml", told.encode())


def _own(config: Config) -> None:
    """Empty what a build cut short left behind; never touch what is not a demonstration."""
    mark = config.data / MARK
    if not mark.exists() and config.data.exists() and any(config.data.iterdir()):
        raise NotADemonstration(str(config.data))
    if config.data.exists():
        connection.close()
        shutil.rmtree(config.data)
    config.data.mkdir(parents=True, mode=0o700)
    write_durably(mark, b"")


def _toml(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


__all__ = ["NotADemonstration", "Story", "Unplayable", "address", "ask", "beside", "build", "failed", "story", "wanted"]
