"""Second factors and sessions: who must have one, from when, what is taken away, and the ledger's entry of each."""

from datetime import timedelta

from negatoscope.flows.admitting import NotAdmitted
from negatoscope.flows.console import Console
from negatoscope.flows.recording import alone, enter
from negatoscope.flows.sealing import Seals
from negatoscope.store import factors, users
from negatoscope.store.roles import Role

GRACE = timedelta(days=7)
"""Time left, from the first log-in on, to somebody whose role asks for a second factor."""


def seals(console: Console) -> Seals:
    """The key file of second factors."""
    return Seals(console.keys, "factors", factors.exist)


def look_after(console: Console, user: users.User) -> None:
    """Start the time left to somebody who must have a second factor and has none; end it for all others."""
    if factors.held(user.pk) or not factors.asked(user):
        factors.set_due(user, None)
    elif user.second_factor_by is None:
        factors.set_due(user, console.clock() + GRACE)


def may_go(user: int, factor: int) -> bool:
    """Whether a factor may be taken away by its owner."""
    owner = users.User.objects.get(pk=user)
    return factors.held(user, but=factor) or not factors.asked(owner)


def note(console: Console, kind: str, username: str, factor: str) -> None:
    """Enter what happened to a second factor; ``kind``: ``factor_added``, ``recovery_code_used`` and so on."""
    enter(console, console.clock(), kind, f"user:{username}", {"user": username, "factor": factor})


def ask_of(console: Console, operator: str, least: Role | None) -> None:
    """Say from which role on a second factor is asked; ``None``: of nobody."""
    with alone(console):
        factors.ask_of(console.practice, least)
        enter(console, console.clock(), "configuration", operator, {"second_factor": least})


def reset(console: Console, operator: str, username: str) -> None:
    """Take away the lost factors of a user, whose sessions end; the time left starts anew. Raises NotAdmitted."""
    with alone(console):
        user = _known(console, username)
        many = factors.remove_all(user.pk)
        factors.end_places(user)
        factors.set_due(user, None)
        look_after(console, user)
        enter(console, console.clock(), "factors_reset", operator, {"user": username, "factors": many})


def end_session(console: Console, user: users.User, number: int) -> bool:
    """End one session of somebody, by themselves; ``False``: no such session."""
    with alone(console):
        ended = factors.end_place(user, number)
        if ended:
            said = {"user": user.username, "sessions": 1}
            enter(console, console.clock(), "session_ended", f"user:{user.username}", said)
        return ended


def end_sessions(console: Console, operator: str, username: str, *, but: str | None = None) -> int:
    """Log a user out everywhere, except in the session that asks. Raises NotAdmitted."""
    with alone(console):
        ended = factors.end_places(_known(console, username), but=but)
        enter(console, console.clock(), "session_ended", operator, {"user": username, "sessions": ended})
        return ended


def _known(console: Console, username: str) -> users.User:
    user = users.named(console.practice, username)
    if user is None:
        raise NotAdmitted("unknown_user")
    return user
