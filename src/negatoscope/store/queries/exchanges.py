"""Who exchanged with whom, as events tell it, reduced in columns to what rule 38's questions read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from negatoscope.model.administration import BY_PORT
from negatoscope.model.evidence import Ref
from negatoscope.store.events import EventStore
from negatoscope.store.queries.events import answered, asked

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

HABIT = timedelta(days=30)
"""How long before a window what happened there is taken as a habit."""
PARTS = 96
"""Into so many parts a window is cut: within one, exchanges of two hosts by one service are one span."""
SHORTEST = 60
"""Seconds of a part at least."""
MOST_SPANS, MOST_ROWS = 100_000, 20_000
LATERAL_PORTS = tuple(sorted({port for _, port in BY_PORT} | {21, 69, 111, 139, 445, 1433, 2049, 3283, 5900, 5901}))
"""Ports by which one host commands another, or lays a file on it."""
LATERAL = ("ssh", "rdp", "smb", "winrm", "vnc", "telnet", "rpc", "kerberos", "ntlm", "ftp", "nfs")
NOT_A_SESSION = ("imap", "pop3", "smtp", "http", "https", "ldap", "dicom")
"""A log-in by these opens a mailbox or a page, not the host."""
_DST = "coalesce(target_ref, CASE WHEN target IS NULL THEN host_ref END)"
_MOVES = (
    "(list_contains($ports, port) OR list_contains($lateral, protocol) "
    "OR (action = 'logon' AND NOT coalesce(list_contains($not_session, protocol), false)))"
)


@dataclass(frozen=True, slots=True)
class Whom:
    """The host asked about, in all the ways in which events name it, and the zones that are outside."""

    host: Ref
    addresses: tuple[str, ...]
    outside: tuple[str, ...]

    def values(self, **more: Any) -> dict[str, Any]:  # noqa: ANN401 -- values of a question
        """As values of a question."""
        return {"ref": self.host, "addresses": list(self.addresses), "outside": list(self.outside), **more}


Rows = list[dict[str, Any]]


def hours(store: EventStore, whom: Whom, since: datetime, until: datetime) -> Rows:
    """Each hour in which anything was told: how much, and whether by the host, or of connections. Raises Refused."""
    question = """SELECT date_trunc('hour', happened) AS hour, count(*) AS n, max(happened) AS last,
        bool_or(host_ref = $ref) AS mine, bool_or(action = 'connection') AS talks,
        bool_or(action = 'connection' AND (source_ref = $ref OR target_ref = $ref)) AS my_talks
        FROM events WHERE happened >= $since AND happened < $until GROUP BY hour ORDER BY hour"""
    values = {"ref": whom.host, "since": since, "until": until}
    return answered(store, since, lambda database: asked(database, question, values))


def exchanged(store: EventStore, whom: Whom, since: datetime, until: datetime) -> Rows:
    """With whom the host exchanged, by service and by who began; at most ``MOST_ROWS``. Raises Refused."""
    half = """SELECT {way} AS way, {peer} AS peer, {ref} AS host, {zone} AS zone, protocol, port,
        {out} AS sent, {back} AS received, ok, happened FROM events
        WHERE happened >= $since AND happened < $until AND source IS NOT NULL AND ({mine})"""
    began = "source_ref = $ref OR list_contains($addresses, source)"
    answers = f"{_DST} = $ref OR list_contains($addresses, target)"
    out = half.format(
        way="'out'",
        peer="coalesce(target, host)",
        ref=_DST,
        zone="target_zone",
        out="sent",
        back="received",
        mine=began,
    )
    back = half.format(
        way="'in'", peer="source", ref="source_ref", zone="zone", out="received", back="sent", mine=answers
    )
    question = f"""SELECT way, peer, host, bool_or(coalesce(list_contains($outside, zone), false)) AS outside,
        protocol, port, sum(sent)::BIGINT AS sent, sum(received)::BIGINT AS received, count(*) AS n,
        count(*) FILTER (ok = false) AS failed, min(happened) AS first, max(happened) AS last
        FROM ({out} UNION ALL {back}) WHERE peer IS NOT NULL AND host IS DISTINCT FROM $ref
        GROUP BY way, peer, host, protocol, port ORDER BY sum(sent) DESC NULLS LAST, n DESC LIMIT {MOST_ROWS}"""  # noqa: S608 -- constants
    values = whom.values(since=since, until=until)
    return answered(store, since, lambda database: asked(database, question, values))


def spans(store: EventStore, since: datetime, until: datetime) -> tuple[Rows, bool]:
    """Exchanges between hosts of the register that can carry something on, part of the window by part.

    ``first`` is empty for those before the window. The second value: there were too many, and each pair is one span.
    Raises Refused.
    """
    width = max(SHORTEST, int((until - since).total_seconds() / PARTS))
    values = {
        "since": since, "until": until, "before": since - HABIT, "ports": list(LATERAL_PORTS),
        "lateral": list(LATERAL), "not_session": list(NOT_A_SESSION),
    }  # fmt: skip

    def work(database: "DuckDBPyConnection") -> tuple[Rows, bool]:
        fine = asked(database, _spans(f"floor(epoch(happened) / {width})"), values)
        return (fine, False) if len(fine) <= MOST_SPANS else (asked(database, _spans("0"), values)[:MOST_SPANS], True)

    return answered(store, since - HABIT, work)


def _spans(part: str) -> str:
    return f"""SELECT source_ref AS source, {_DST} AS target, protocol, port,
        CASE WHEN happened < $since THEN NULL ELSE {part} END AS part,
        min(happened) FILTER (happened >= $since) AS first, max(happened) AS last
        FROM events WHERE happened >= $before AND happened < $until AND source_ref IS NOT NULL
        AND ok IS DISTINCT FROM false AND {_MOVES} AND {_DST} IS NOT NULL AND {_DST} <> source_ref
        GROUP BY ALL ORDER BY source, target, part, port LIMIT {MOST_SPANS + 1}"""  # noqa: S608 -- constants


def sessions(store: EventStore, since: datetime, until: datetime) -> Rows:
    """Which account came in on which host, and when last; at most ``MOST_ROWS``. Raises Refused."""
    question = f"""SELECT {_DST} AS host, account, count(*) AS n, max(happened) AS last
        FROM events WHERE happened >= $since AND happened < $until AND action = 'logon' AND ok AND account IS NOT NULL
        AND {_DST} IS NOT NULL AND NOT coalesce(list_contains($not_session, protocol), false)
        GROUP BY ALL ORDER BY last DESC LIMIT {MOST_ROWS}"""  # noqa: S608 -- constants
    values = {"since": since, "until": until, "not_session": list(NOT_A_SESSION)}
    return answered(store, since, lambda database: asked(database, question, values))


def opened(store: EventStore, since: datetime, until: datetime) -> Rows:
    """What each account was seen to open, by the host where it lies; at most ``MOST_ROWS``. Raises Refused."""
    question = f"""SELECT account, action, coalesce(target_ref, host_ref) AS host,
        CASE WHEN action = 'mailbox_opened' THEN what END AS what, count(*) AS n, max(happened) AS last
        FROM events WHERE happened >= $since AND happened < $until AND account IS NOT NULL
        AND action IN ('study_opened', 'study_sent', 'file_opened', 'mailbox_opened') AND ok IS DISTINCT FROM false
        GROUP BY ALL ORDER BY last DESC LIMIT {MOST_ROWS}"""  # noqa: S608 -- constants
    return answered(store, since, lambda database: asked(database, question, {"since": since, "until": until}))


def happened(
    store: EventStore, hosts: Collection[Ref], outside: Sequence[str], since: datetime, until: datetime
) -> Rows:
    """What may have opened a door on these hosts, by kind, origin and user; those before the window make a habit.

    The end of a connection is a refused attempt only where nothing else was refused in it (``watch.entry.ENDS``).
    At most ``MOST_ROWS``, from outside first. Raises Refused.
    """
    question = f"""WITH told AS (
        SELECT CASE WHEN action IN ('logon', 'connection') THEN {_DST} ELSE host_ref END AS host, action AS kind,
            coalesce(source, what) AS origin, coalesce(list_contains($outside, zone), false) AS outside,
            username AS who, protocol, coalesce(ok, true) AS ok, happened,
            CASE WHEN action = 'logon' AND NOT ok THEN json_extract_string(fields, '$.src_port') END AS src_port,
            coalesce(action = 'logon' AND NOT ok AND json_extract_string(fields, '$.ends') = 'true', false) AS ends
        FROM events WHERE happened >= $before AND happened < $until
        AND (action IN ('logon', 'medium_plugged', 'rights_changed', 'account_changed', 'log_cleared')
            OR (action = 'connection' AND list_contains($outside, zone)))),
    here AS (SELECT * FROM told WHERE list_contains($hosts, host)
        QUALIFY NOT ends OR count(*) FILTER (NOT ok AND NOT ends) OVER (PARTITION BY host, origin, src_port) = 0),
    done AS (SELECT host, kind, origin, bool_or(outside) AS outside, who, protocol,
            count(*) FILTER (ok AND happened >= $since) AS done, count(*) FILTER (NOT ok) AS failed,
            min(happened) FILTER (ok AND happened >= $since) AS first,
            max(happened) FILTER (ok AND happened >= $since) AS last,
            count(*) FILTER (ok AND happened < $since) > 0 AS before
        FROM here GROUP BY host, kind, origin, who, protocol),
    missed AS (SELECT host, origin, happened FROM here WHERE NOT ok AND kind = 'logon' AND happened >= $since),
    guessed AS (SELECT done.host, done.kind, done.origin, done.who, done.protocol, count(*) AS failed_before
        FROM done JOIN missed ON done.host = missed.host AND done.origin = missed.origin
        AND missed.happened < done.first WHERE done.kind = 'logon' GROUP BY ALL)
    SELECT done.*, coalesce(guessed.failed_before, 0) AS failed_before FROM done LEFT JOIN guessed
        ON done.host = guessed.host AND done.kind = guessed.kind AND done.origin = guessed.origin
        AND done.who IS NOT DISTINCT FROM guessed.who AND done.protocol IS NOT DISTINCT FROM guessed.protocol
    WHERE done.done > 0 ORDER BY outside DESC, before, first LIMIT {MOST_ROWS}"""  # noqa: S608 -- constants
    values = {
        "since": since, "until": until, "before": since - HABIT, "hosts": sorted(hosts), "outside": list(outside),
    }  # fmt: skip
    return answered(store, since - HABIT, lambda database: asked(database, question, values))
