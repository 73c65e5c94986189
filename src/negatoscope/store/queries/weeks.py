"""Who did what to what in a week, counted from the kept events."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from negatoscope.model.event import Action
from negatoscope.store.events import EventStore
from negatoscope.store.queries import events

MOST, COUNTED = 100, 900
"""Lines of one action that are told, the rarest first, for the unusual is rare; and how many are counted at all."""
OTHERS = "others"
"""Stands for an action: what is not told line by line, counted together."""
MANY_STUDIES, TIMES, KNOWN_DAYS = 30, 3, 5
"""Studies of a day that are never told below; how often what is usual; days from which somebody's own past counts."""
MANY_READERS = 6
"""People who opened one study in a week, from which it is told."""
PAST = timedelta(weeks=8)
_WHO = "coalesce(person, account, username, '')"


@dataclass(frozen=True, slots=True)
class Counted:
    """Events that are alike. ``host``: a reference of the register, else as it calls itself; ``who``: likewise."""

    action: str
    what: str
    host: str
    who: str
    count: int


def counted(store: EventStore, since: datetime, until: datetime, action: Action, hosts: Iterable[str]) -> list[Counted]:
    """Count the events of one action received in this time, of these hosts of the register if any are named.

    Raises Refused.
    """
    named = sorted(host for host in hosts if host.replace("'", "").isprintable())
    among = ", ".join(map(_quoted, named))
    only = f"AND host_ref IN ({among})" if named else ""
    answer = events.expert(
        store,
        f"SELECT coalesce(what, ''), coalesce(host_ref, host, ''), {_WHO}, count(*) "  # noqa: S608 -- instants, a code and quoted names of our own
        f"FROM events WHERE came >= {_at(since)} AND came < {_at(until)} AND action = '{action.value}' {only} "
        f"GROUP BY ALL ORDER BY count(*), 2, 3, 1 LIMIT {COUNTED}",
    )
    told = [Counted(action.value, what, host, who, int(count)) for what, host, who, count in answer.rows]
    rest = told[MOST:]
    return told[:MOST] + ([Counted(OTHERS, "", "", "", sum(one.count for one in rest))] if rest else [])


def many_studies(store: EventStore, since: datetime, until: datetime) -> list[Counted]:
    """Who opened how many studies on their busiest day, where that is far beyond their past, or else that of all.

    Studies are pseudonyms: how many is known, never whose. Raises Refused.
    """
    begins, day = since - PAST, "floor(epoch(came) / 86400)"
    answer = events.expert(
        store,
        f"WITH days AS (SELECT {_WHO} AS who, {day} AS day, came >= {_at(since)} AS fresh, count(DISTINCT what) AS n "  # noqa: S608 -- instants and names of our own
        f"FROM events WHERE action = '{Action.STUDY_OPENED}' AND came >= {_at(begins)} AND came < {_at(until)} "
        "GROUP BY ALL), "
        "usual AS (SELECT who, median(n) AS m, count(*) AS known FROM days WHERE NOT fresh GROUP BY who) "
        "SELECT days.who, max(days.n) FROM days LEFT JOIN usual USING (who) "
        f"WHERE fresh AND who <> '' AND n >= {MANY_STUDIES} AND n >= {TIMES} * "
        f"CASE WHEN known >= {KNOWN_DAYS} THEN m ELSE (SELECT median(n) FROM days) END "
        f"GROUP BY ALL ORDER BY 2 DESC, 1 LIMIT {MOST}",
    )
    return [Counted("many_studies", "", "", who, int(count)) for who, count in answer.rows]


def many_readers(store: EventStore, since: datetime, until: datetime) -> list[Counted]:
    """Studies that many people opened: a patient whom colleagues are curious about. Raises Refused."""
    answer = events.expert(
        store,
        f"SELECT what, count(DISTINCT {_WHO}) FROM events WHERE action = '{Action.STUDY_OPENED}' AND what <> '' "  # noqa: S608 -- likewise
        f"AND came >= {_at(since)} AND came < {_at(until)} "
        f"GROUP BY what HAVING count(DISTINCT {_WHO}) >= {MANY_READERS} ORDER BY 2 DESC, 1 LIMIT {MOST}",
    )
    return [Counted("many_readers", what, "", "", int(count)) for what, count in answer.rows]


def elsewhere(store: EventStore, since: datetime, until: datetime, places: Mapping[str, str]) -> list[Counted]:
    """Who opened how many studies that otherwise mostly people of another place open; ``places``: of people, by name.

    A study is of the place of more than half of those who opened it within ``PAST``; of none where nobody has more
    than half. Raises Refused.
    """
    if len(set(places.values())) <= 1:
        return []
    known = ", ".join(f"({_quoted(who)}, {_quoted(place)})" for who, place in sorted(places.items()))
    answer = events.expert(
        store,
        f"WITH places(who, place) AS (VALUES {known}), "  # noqa: S608 -- instants, and quoted names of our own
        "opened AS (SELECT what, who, place, bool_or(fresh) AS fresh FROM (SELECT what, person AS who, "
        f"came >= {_at(since)} AS fresh FROM events WHERE action = '{Action.STUDY_OPENED}' AND what <> '' "
        f"AND came >= {_at(since - PAST)} AND came < {_at(until)}) JOIN places USING (who) GROUP BY ALL), "
        "counts AS (SELECT what, place, count(*) AS n FROM opened GROUP BY ALL), "
        "homes AS (SELECT what, arg_max(place, n) AS home FROM counts GROUP BY what HAVING 2 * max(n) > sum(n)) "
        "SELECT home, who, count(*) FROM opened JOIN homes USING (what) WHERE fresh AND place <> home "
        f"GROUP BY ALL ORDER BY 3 DESC, 2, 1 LIMIT {MOST}",
    )
    return [Counted("elsewhere", home, "", who, int(count)) for home, who, count in answer.rows]


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _at(instant: datetime) -> str:
    return f"TIMESTAMPTZ '{instant.astimezone(UTC):%Y-%m-%d %H:%M:%S+00}'"
