"""Who may use the console: the first administrator by a one-time link, the others by an administrator."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from negatoscope.flows.console import Console
from negatoscope.flows.recording import alone, enter
from negatoscope.kit.canonical import sha256
from negatoscope.store import practice, roles, users
from negatoscope.store.roles import Role

LINK_STANDS = timedelta(hours=24)
TOKEN_BYTES = 32


class NotAdmitted(Exception):  # noqa: N818 -- what it is
    """Refused; ``code``: link_closed, name_taken, unknown_user, last_administrator, whole_practice."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Newcomer:
    """A named person who is to use the console."""

    name: str
    username: str
    password: str
    role: Role = Role.READER


def first_link(console: Console) -> str | None:
    """Make the token of a one-time link while there is no administrator; only its hash is kept, and the last one's."""
    with alone(console):
        if users.exist(console.practice):
            return None
        token = secrets.token_urlsafe(TOKEN_BYTES)
        at = console.clock()
        users.keep_link(console.practice, sha256(token.encode()), at)
        enter(console, at, "first_link", "console", {"token": sha256(token.encode())})
        return token


def link_opens(console: Console, token: str) -> bool:
    """Whether this token may make the first administrator now."""
    if users.exist(console.practice):
        return False
    return users.open_link(console.practice, sha256(token.encode()), console.clock() - LINK_STANDS)


def admit_first(console: Console, token: str, name: str, username: str, password: str) -> int:
    """Make the first administrator; the link closes. Returns the user's key.

    Raises NotAdmitted, or django's ValidationError for a bad name or a weak password.
    """
    with alone(console):
        if not link_opens(console, token):
            raise NotAdmitted("link_closed")
        number = add_user(console, "console", Newcomer(name, username, password, Role.ADMINISTRATOR))
        users.use_link(console.practice, console.clock())
        return number


def add_user(console: Console, operator: str, newcomer: Newcomer) -> int:
    """Let a named person in; returns the user's key.

    Raises NotAdmitted if the name is taken, or django's ValidationError for a bad name or a weak password.
    """
    with alone(console):
        if users.taken(newcomer.username):
            raise NotAdmitted("name_taken")
        user = users.unsaved(console.practice, newcomer.name, newcomer.username)
        users.add(user, newcomer.password, newcomer.role)
        roles.give(user, newcomer.role)
        said = {"user": user.username, "name": user.first_name, "role": newcomer.role}
        enter(console, console.clock(), "user_added", operator, said)
        return user.pk


def disable_user(console: Console, operator: str, username: str) -> None:
    """Close a user's log-in. Raises NotAdmitted for an unknown one, and for the last administrator."""
    with alone(console):
        user = _known(console, username)
        _spare_the_last(console, user)
        users.enable(user, active=False)
        enter(console, console.clock(), "user_disabled", operator, {"user": username})


def enable_user(console: Console, operator: str, username: str) -> None:
    """Open a closed log-in again. Raises NotAdmitted for an unknown user."""
    with alone(console):
        users.enable(_known(console, username), active=True)
        enter(console, console.clock(), "user_enabled", operator, {"user": username})


def give_role(console: Console, operator: str, username: str, role: Role, site: int | None = None) -> None:
    """Give a user a role on the practice, or on one site of it, in place of the one held there.

    Raises NotAdmitted for an unknown user, and when the last administrator would become something else.
    """
    with alone(console):
        user = _known(console, username)
        if site is None and role is not Role.ADMINISTRATOR:
            _spare_the_last(console, user)
        roles.give(user, role, site)
        enter(console, console.clock(), "role_given", operator, {"user": username, "role": role, "site": site})


def listen(console: Console, operator: str, user: users.User, email: str, muted: Iterable[str]) -> None:
    """Keep where a user is told things, and what they turned off."""
    with alone(console):
        muted = sorted(muted)
        users.listens(user, email, muted)
        said = {"user": user.username, "email": email, "muted": muted}
        enter(console, console.clock(), "user_listens", operator, said)


def take_role(console: Console, operator: str, username: str, site: int) -> None:
    """Take away what a user may do more on one site. Raises NotAdmitted for an unknown user."""
    with alone(console):
        roles.take(_known(console, username), site)
        enter(console, console.clock(), "role_taken", operator, {"user": username, "site": site})


def give_role_there(console: Console, operator: str, username: str, role: Role, place: str) -> None:
    """Give a role on one place, by its name; empty: where this console works.

    Raises NotAdmitted for an unknown user, and for ``administrator``: such acts concern the whole practice.
    """
    if role is Role.ADMINISTRATOR:
        raise NotAdmitted("whole_practice")
    with alone(console):
        give_role(console, operator, username, role, practice.place(console.practice, place) if place else console.site)


def change_password(console: Console, operator: str, username: str, password: str) -> None:
    """Replace a user's password. Raises NotAdmitted, or django's ValidationError for a weak one."""
    with alone(console):
        users.set_password(_known(console, username), password)
        enter(console, console.clock(), "password_changed", operator, {"user": username})


def note_passage(console: Console, kind: str, username: str) -> None:
    """Enter a log-in, a failed one (``login_failed``) or a log-out; if this fails, so does the log-in."""
    enter(console, console.clock(), kind, f"user:{username}", {"user": username})


def name_practice(console: Console, operator: str, name: str) -> None:
    """Give the practice its name."""
    with alone(console):
        practice.rename(console.practice, name)
        enter(console, console.clock(), "configuration", operator, {"practice": name})


def _spare_the_last(console: Console, user: users.User) -> None:
    held = roles.grants(user.pk, console.practice).whole
    if held is Role.ADMINISTRATOR and user.is_active and roles.administrators(console.practice) == 1:
        raise NotAdmitted("last_administrator")


def _known(console: Console, username: str) -> users.User:
    user = users.named(console.practice, username)
    if user is None:
        raise NotAdmitted("unknown_user")
    return user
