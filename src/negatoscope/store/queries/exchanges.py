"""Who exchanged with whom, as events tell it, reduced in columns to what rule 38's questions read."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from negatoscope.model.administration import BY_PORT
from negatoscope.model.evidence import Ref
from negatoscope.store.events import EventStore
from negatoscope.store.queries.events import answered, asked

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
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
_MOVES = f"""(port IN {LATERAL_PORTS} OR protocol IN {LATERAL}
    OR (action = 'logon' AND coalesce(protocol NOT IN {NOT_A_SESSION}, true)))"""


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
    question = """SELECT epoch_us(happened) // 3600000000 AS hour, count(*) AS n, max(happened) AS last,
        bool_or(host_ref = $ref) AS mine, bool_or(action = 'connection') AS talks,
        bool_or(action = 'connection' AND (source_ref = $ref OR target_ref = $ref)) AS my_talks
        FROM events WHERE happened >= $since AND happened < $until GROUP BY hour ORDER BY hour"""
    values = {"ref": whom.host, "since": since, "until": until}
    rows = answered(store, since, lambda database: asked(database, question, values))
    return [{**row, "hour": EPOCH + timedelta(hours=row["hour"])} for row in rows]


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


@dataclass(frozen=True, slots=True)
class Moves:
    """Exchanges between hosts of the register that can carry something on. Rows: source, target, protocol, port."""

    told: list[tuple[Ref, Ref, str | None, int | None, datetime, datetime]]
    """With their first and last instants, part of the window by part."""
    before: list[tuple[Ref, Ref, str | None, int | None]]
    """Those of the same hosts before the window."""
    heard: bool
    """Anything was told before the window."""
    joined: bool
    """There were too many: each pair of hosts is one span."""
    cut: int
    """Pairs left out even so, the latest."""


def moves(store: EventStore, since: datetime, until: datetime) -> Moves:
    """What can carry something on, in a window. Raises Refused."""
    width = max(SHORTEST, int((until - since).total_seconds() / PARTS))
    part = f"floor((epoch(happened) - epoch($since)) / {width})::INTEGER"
    inside, before = {"since": since, "until": until}, {"since": since - HABIT, "until": since}

    def work(database: "DuckDBPyConnection") -> Moves:
        database.execute(_pairs(part), inside)
        database.execute(f"CREATE TEMP TABLE earlier AS SELECT DISTINCT {_ENDS} {_MOVED}", before)
        number, parts = database.execute("SELECT count(*), coalesce(sum(parts), 0) FROM pairs").fetchall()[0]
        joined = number > MOST_SPANS or parts > MOST_SPANS
        told = database.execute(*((_JOINED, {"most": MOST_SPANS}) if joined else (_parts(part), inside))).fetchall()
        earlier = database.execute(_EARLIER).fetchall()
        heard = database.execute("SELECT count(*) > 0 FROM earlier").fetchall()[0][0]
        instants = [(*row[:4], _instant(row[4]), _instant(row[5])) for row in told]
        return Moves(instants, earlier, heard, joined, max(0, number - MOST_SPANS))

    return answered(store, since - HABIT, work)


def _instant(microseconds: int) -> datetime:
    return EPOCH + timedelta(microseconds=microseconds)


_ENDS = f"source_ref AS source, {_DST} AS target, protocol, port"
_MOVED = f"""FROM events WHERE happened >= $since AND happened < $until AND source_ref IS NOT NULL
    AND ok IS DISTINCT FROM false AND {_MOVES} AND {_DST} IS NOT NULL AND {_DST} <> source_ref"""
_JOINED = """SELECT source, target, protocol, port, epoch_us(first), epoch_us(last) FROM pairs
    ORDER BY first, source, target, port, protocol LIMIT $most"""
_EARLIER = "SELECT * FROM earlier SEMI JOIN pairs USING (source, target)"


def _pairs(part: str) -> str:
    """Who to whom by what, from when to when, and in how many parts of the window."""
    return f"""CREATE TEMP TABLE pairs AS SELECT {_ENDS}, min(happened) AS first, max(happened) AS last,
        bit_count(bit_or(1::HUGEINT << {part})) AS parts {_MOVED} GROUP BY ALL"""


def _parts(part: str) -> str:
    return f"""SELECT {_ENDS}, epoch_us(min(happened)) AS first, epoch_us(max(happened)) AS last, {part} AS part
        {_MOVED} GROUP BY ALL ORDER BY first, source, target, port, protocol"""


def sessions(store: EventStore, since: datetime, until: datetime) -> Rows:
    """Which account came in on which host, and when last; at most ``MOST_ROWS``. Raises Refused."""
    question = f"""SELECT {_DST} AS host, account, count(*) AS n, max(happened) AS last
        FROM events WHERE happened >= $since AND happened < $until AND action = 'logon' AND ok AND account IS NOT NULL
        AND {_DST} IS NOT NULL AND coalesce(protocol NOT IN {NOT_A_SESSION}, true)
        GROUP BY ALL ORDER BY last DESC LIMIT {MOST_ROWS}"""  # noqa: S608 -- constants
    return answered(store, since, lambda database: asked(database, question, {"since": since, "until": until}))


def opened(store: EventStore, since: datetime, until: datetime) -> Rows:
    """What each account was seen to open, by the host where it lies; at most ``MOST_ROWS``. Raises Refused."""
    question = f"""SELECT account, action, coalesce(target_ref, host_ref) AS host,
        CASE WHEN action = 'mailbox_opened' THEN what END AS what, count(*) AS n, max(happened) AS last
        FROM events WHERE happened >= $since AND happened < $until AND account IS NOT NULL
        AND action IN ('study_opened', 'study_sent', 'file_opened', 'mailbox_opened') AND ok IS DISTINCT FROM false
        GROUP BY ALL ORDER BY last DESC LIMIT {MOST_ROWS}"""  # noqa: S608 -- constants
    return answered(store, since, lambda database: asked(database, question, {"since": since, "until": until}))


_DOORS = f"""SELECT CASE WHEN action IN ('logon', 'connection') THEN {_DST} ELSE host_ref END AS host, action AS kind,
    coalesce(source, what) AS origin, zone, username AS who, protocol, coalesce(ok, true) AS ok, happened,
    CASE WHEN action = 'logon' AND NOT ok THEN json_extract_string(fields, '$.src_port') END AS src_port,
    coalesce(action = 'logon' AND NOT ok AND json_extract_string(fields, '$.ends') = 'true', false) AS ends
    FROM events WHERE happened >= $before AND happened < $until"""  # noqa: S608 -- constants


def happened(
    store: EventStore, hosts: Collection[Ref], outside: Sequence[str], since: datetime, until: datetime
) -> Rows:
    """What may have opened a door on these hosts, by kind, origin and user; those before the window make a habit.

    The end of a connection is a refused attempt only where nothing else was refused in it (``watch.entry.ENDS``).
    At most ``MOST_ROWS``, from outside first. Connections are asked for apart from all else, by the zones one by one:
    parts of files that hold no such zone are not read then. Raises Refused.
    """
    named = {f"zone_{number}": zone for number, zone in enumerate(outside)}
    zones = ", ".join(f"${name}" for name in named)
    question = f"""WITH told AS ({_DOORS} AND action IN ('logon', 'medium_plugged', 'rights_changed', 'account_changed',
            'log_cleared') UNION ALL {_DOORS} AND action = 'connection' AND zone IN ({zones})),
    here AS (SELECT * FROM told WHERE list_contains($hosts, host)
        QUALIFY NOT ends OR count(*) FILTER (NOT ok AND NOT ends) OVER (PARTITION BY host, origin, src_port) = 0),
    done AS (SELECT host, kind, origin, bool_or(coalesce(zone IN ({zones}), false)) AS outside, who, protocol,
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
        "since": since, "until": until, "before": since - HABIT, "hosts": sorted(hosts), **named,
    }  # fmt: skip
    return answered(store, since - HABIT, lambda database: asked(database, question, values))
