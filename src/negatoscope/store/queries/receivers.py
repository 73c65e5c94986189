"""Those who send to us, as pages show them: tokens, agents, what they sent that they should not."""

from dataclasses import dataclass
from datetime import datetime

import msgspec

from negatoscope.model.endpoints import AgentContact
from negatoscope.model.evidence import Ref
from negatoscope.store.models import FactRow, GapRow, TokenRow
from negatoscope.store.queries.paging import Ask, Found, Reach, pick


@dataclass(frozen=True, slots=True)
class Token:
    """A token, without its secret."""

    number: int
    name: str
    made_at: datetime
    made_by: str
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent that posted: on which host, what it is, and when it was last heard."""

    ident: str
    host: Ref
    client: str | None
    token: str
    """With which it was let in last."""
    last: datetime


def tokens(practice: int, receiver: str) -> tuple[Token, ...]:
    """Open tokens of a receiver, by name."""
    rows = TokenRow.objects.filter(practice_id=practice, receiver=receiver, revoked_at=None).order_by("name")
    return tuple(Token(row.pk, row.name, row.created_at, row.created_by, row.used_at) for row in rows)


AGENTS = Reach(
    searched=("ref", "voice"),
    sorted={"last": "observation__ended", "host": "ref", "agent": "voice"},
    first_descending=True,
)


def agents(practice: int, ask: Ask) -> Found[Agent]:
    """A page of the agents."""
    rows = FactRow.objects.filter(practice_id=practice, kind=AgentContact.__name__, voice__startswith="agent/")
    return pick(rows.select_related("observation"), ask, AGENTS, _agent)


@dataclass(frozen=True, slots=True)
class Word:
    """When an agent last posted, and who let it in."""

    operator: str
    ended: datetime


def last_word(practice: int, voice: str) -> Word | None:
    """The newest post of an agent; ``None``: it is new here."""
    rows = FactRow.objects.filter(practice_id=practice, voice=voice, kind=AgentContact.__name__)
    words = [Word(*found) for found in rows.values_list("observation__operator", "observation__ended")]
    return max(words, key=lambda word: word.ended, default=None)


def _agent(row: FactRow) -> Agent:
    contact = msgspec.json.decode(row.body, type=AgentContact)
    look = row.observation
    ident, token = row.voice.removeprefix("agent/").removesuffix("~"), look.operator.removeprefix("token:")
    return Agent(ident, row.ref, contact.client, token, look.ended)


def careless(practice: int) -> tuple[tuple[Ref, str], ...]:
    """Hosts whose agent sent what can carry secrets, and the categories to switch off there."""
    rows = GapRow.objects.filter(practice_id=practice, why="secrets_dropped").order_by("host")
    return tuple((host, str(values.get("detail", ""))) for host, values in rows.values_list("host", "values")[:200])
