"""An account of the practice's directory is disabled to contain an incident, and enabled again.

The log-in that may write is given for this act alone, and kept nowhere.
"""

from dataclasses import dataclass

import msgspec
from django.views.decorators.debug import sensitive_variables

from negatoscope.flows import responding
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.containing import allowed
from negatoscope.flows.observing import bounds
from negatoscope.flows.responding import Line
from negatoscope.model.containing import Contained, Turn
from negatoscope.model.directory import DirectoryKind
from negatoscope.model.evidence import Ref
from negatoscope.observe.collector import Login
from negatoscope.observe.directory.collector import DIRECTORY
from negatoscope.observe.directory.settings import Settings, bound
from negatoscope.observe.directory.switching import switch
from negatoscope.respond.incident import Refused
from negatoscope.store.queries import jobs

MEASURE = "disable"


@dataclass(frozen=True, slots=True)
class Act:
    """Which account of which incident, and who may write in its directory."""

    number: int
    account: Ref
    login: Login


@sensitive_variables()
def disable(console: Console, act: Act, who: Handler) -> int:
    """Disable it; returns the place in the log. Raises Refused, Unreachable, NotDone."""
    return _switched(console, act, who, Turn.DONE)


@sensitive_variables()
def enable(console: Console, act: Act, who: Handler) -> int:
    """Enable it again, where the console disabled it. Raises Refused, Unreachable, NotDone."""
    return _switched(console, act, who, Turn.UNDONE)


def _switched(console: Console, act: Act, who: Handler, turn: Turn) -> int:
    word = Contained(MEASURE, act.account, turn)
    one = allowed(console, act.number, word)
    said = [entry.word for entry in one.contained if isinstance(entry.word, Contained)]
    done = [each for each in said if (each.measure, each.target, each.turn) == (MEASURE, act.account, Turn.DONE)]
    if turn is Turn.UNDONE and not done[-1].way:
        raise Refused("by_hand")
    head, realm, name = (*act.account.split("/", 2), "", "")[:3]
    settings = _settings(console, realm) if head == "account" else None
    if settings is None or not name:
        raise Refused("no_directory")
    server = switch(settings, act.login, name, disabled=turn is Turn.DONE)
    way = f"{settings.mode}://{server} ({act.login.username})"
    return responding.say(console, act.number, Line(msgspec.structs.replace(word, way=way)), who)


def _settings(console: Console, realm: str) -> Settings | None:
    """How the Active Directory of this realm was looked at last; ``None``: it never was, or is of another kind."""
    job = jobs.last_of(console.practice, DIRECTORY.name, realm)
    settings = msgspec.convert(job.settings, Settings) if job else None
    if settings is None or settings.kind is not DirectoryKind.ACTIVE_DIRECTORY:
        return None
    return bound(settings, bounds(console))
