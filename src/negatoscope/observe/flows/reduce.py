"""Millions of flows into conversations: who began, who answered, how much, from when to when. In columns, on disk.

Flow records do not say who began. The side whose port is a service's is taken as the one that answered: a well-known
port before one that a maker chose, that before a port that systems hand out; of two alike the lower one.
"""

import csv
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any

from negatoscope.model.traffic import INTERNET, Conversation
from negatoscope.observe.flows.datagrams import Flow

if TYPE_CHECKING:
    import duckdb

MEMORY = "512MB"
MOST_CONVERSATIONS = 50_000
FETCHED = 50_000
"""Rows that are taken into memory at once."""
OUTSIDE_PER_HOST = 100
"""Addresses outside that one host talked with and that keep their name; the others stand together as ``internet``."""
HANDED_OUT = 32_768
"""Ports from here on are handed out by systems (Linux ``ip_local_port_range``; RFC 6335 names 49152)."""
EVERYBODY = "255.255.255.255"
PROTOCOLS = {1: "icmp", 6: "tcp", 17: "udp", 58: "icmpv6", 132: "sctp"}
COLUMNS = {
    "first": "DOUBLE", "last": "DOUBLE", "src": "VARCHAR", "dst": "VARCHAR", "proto": "UTINYINT", "sport": "USMALLINT",
    "dport": "USMALLINT", "octets": "UBIGINT", "flags": "UTINYINT",
}  # fmt: skip
"""What a row of flows says, whatever file it comes from."""
_PRIVATE = tuple(
    map(ip_network, (
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "100.64.0.0/10", "fc00::/7", "fe80::/10",
    ))
)  # fmt: skip
_RANK = "({port}::INTEGER + if({port} < 1024, 0, if({port} < {handed_out}, 65536, 131072)))"
"""The lower, the more a service's own port."""
_REFUSES = "(proto = 6 AND (flags & 4) <> 0 AND (flags & 11) = 0)"
"""A reset and nothing said before it: the port is closed, or somebody on the way refuses. No flags: not known."""
_WITHOUT_SIDES = f"""
CREATE TABLE talk AS
SELECT if(answers, dst, src) AS client, if(answers, src, dst) AS server, proto,
  if(ported, if(answers, sport, dport), 0) AS port, sum(octets::DOUBLE) AS octets,
  sum(if(answers, 0, octets)::DOUBLE) AS octets_out, count(*) AS flows, min(first) AS first,
  max(last) AS last, bool_or(answers AND NOT refuses) AS answered
FROM (
  SELECT *, proto IN (6, 17, 132) AS ported,
    {_REFUSES} AS refuses,
    ported AND (s < d OR (s = d AND src < dst)) AS answers
  FROM (
    SELECT *, {_RANK.format(port="sport", handed_out=HANDED_OUT)} AS s,
      {_RANK.format(port="dport", handed_out=HANDED_OUT)} AS d
    FROM {{flows}}
  )
)
GROUP BY ALL
"""
_ADDRESSES = "SELECT client FROM talk UNION SELECT server FROM talk"
_SORTED = """read_csv('{path}', header=false, auto_detect=false, delim=',', quote='"', escape='"',
  max_line_size=1048576, columns={{'sort': 'VARCHAR', 'address': 'VARCHAR'}})"""
_SENT = """
SELECT client FROM talk JOIN inside ON address = client
UNION SELECT server FROM talk JOIN inside ON address = server WHERE answered
"""
_NAMED = f"""
WITH told AS (
  SELECT talk.*, a.address IS NOT NULL AS from_inside, b.address IS NOT NULL AS to_inside
  FROM talk LEFT JOIN inside a ON a.address = client LEFT JOIN inside b ON b.address = server
  WHERE server NOT IN (FROM crowds)
), loud AS (
  SELECT client, server FROM told WHERE from_inside AND NOT to_inside GROUP BY client, server
  QUALIFY row_number() OVER (PARTITION BY client ORDER BY sum(octets) DESC, server) <= {OUTSIDE_PER_HOST}
)
SELECT if(from_inside, told.client, '{INTERNET}') AS client,
  if(to_inside OR loud.server IS NOT NULL, told.server, '{INTERNET}') AS server, proto, port,
  sum(octets), sum(octets_out), sum(flows), min(first), max(last), bool_or(answered)
FROM told LEFT JOIN loud USING (client, server)
WHERE from_inside OR to_inside
GROUP BY 1, 2, 3, 4 ORDER BY 5 DESC, 1, 2, 3, 4 LIMIT {MOST_CONVERSATIONS + 1}
"""


@dataclass(frozen=True, slots=True)
class Talk:
    """What was said between whom. ``cut``: there was more than is kept; the quietest are left out."""

    conversations: tuple[Conversation, ...]
    seen: tuple[str, ...]
    """Blocks of 256 addresses (IPv6: /64) of the practice of which one at least was seen to send."""
    first: datetime | None
    last: datetime | None
    records: int
    unread: int
    cut: bool


class Failed(Exception):  # noqa: N818 -- the file's fault, not the programme's
    """The rows could not be read; ``why``: ``malformed``, or ``too_large`` for what a console holds at once."""

    def __init__(self, why: str, said: str) -> None:
        """Keep the code, and what the database said."""
        super().__init__(said)
        self.why = why


@contextmanager
def columns() -> Iterator[tuple["duckdb.DuckDBPyConnection", Path]]:
    """A database for one reduction, and its folder, which ends with it: what does not fit in memory goes there.

    Raises Failed at its end for rows that the database could not read.
    """
    import duckdb  # noqa: PLC0415 -- takes a tenth of a second: who reduces no flows does not wait for it

    with tempfile.TemporaryDirectory(prefix="negatoscope-flows-") as folder:
        own: dict[str, str | bool | int | float | list[str]] = {
            "memory_limit": MEMORY, "threads": 2, "temp_directory": folder, "autoload_known_extensions": False,
               "autoinstall_known_extensions": False, "preserve_insertion_order": False,
        }  # fmt: skip
        database = duckdb.connect(str(Path(folder) / "talk.duckdb"), config=own)
        try:
            yield database, Path(folder)
        except duckdb.Error as error:
            why = "too_large" if isinstance(error, duckdb.OutOfMemoryException) else "malformed"
            raise Failed(why, str(error)) from error
        finally:
            database.close()


def write(flows: Iterable[Flow], path: Path) -> None:
    """Lay flows down as ``reduce`` reads them."""
    with path.open("w", newline="", encoding="ascii") as file:
        csv.writer(file).writerows(flows)


def of_flows(path: Path) -> str:
    """How to ask for the rows of a file that ``write`` made."""
    told = ", ".join(f"'{name}': '{kind}'" for name, kind in COLUMNS.items())
    return f"read_csv('{path}', header=false, auto_detect=false, delim=',', columns={{{told}}})"


def reduce(
    database: "duckdb.DuckDBPyConnection", rows: str, exporter: str, declared: Iterable[str], rate: int = 1
) -> Talk:
    """Reduce the rows that this expression of SQL gives. ``declared``: networks of the practice, beyond private ones.

    ``rate``: one packet in so many was counted; octets are multiplied by it. Rows without addresses are counted unread.
    """
    database.execute(f"CREATE VIEW flows AS SELECT * FROM {rows}")
    database.execute(_WITHOUT_SIDES.format(flows="(SELECT * FROM flows WHERE src <> '' AND dst <> '')"))
    _sort(database, declared)
    database.execute("DELETE FROM talk WHERE client IN (FROM nobody) OR server IN (FROM nobody)")
    total, records, first, last = database.execute(
        "SELECT (SELECT count(*) FROM flows), sum(flows)::BIGINT, min(first), max(last) FROM talk"
    ).fetchall()[0]
    said = database.execute(_NAMED).fetchall()
    seen = _blocks(_one_by_one(database, _SENT))
    return Talk(
        tuple(_conversation(exporter, row, rate) for row in said[:MOST_CONVERSATIONS]),
        seen,
        _instant(first),
        _instant(last),
        records or 0,
        total - (records or 0),
        len(said) > MOST_CONVERSATIONS,
    )


def _one_by_one(database: "duckdb.DuckDBPyConnection", question: str) -> Iterator[str]:
    """The one column of an answer that may be long: never all of it in memory."""
    asked = database.execute(question)
    while some := asked.fetchmany(FETCHED):
        yield from (one for (one,) in some)


def _sort(database: "duckdb.DuckDBPyConnection", declared: Iterable[str]) -> None:
    """Lay down the addresses of the practice; those that stand for many at once; and what is no address."""
    networks = (*_PRIVATE, *(ip_network(one, strict=False) for one in declared))
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", newline="", prefix="negatoscope-addresses-") as file:
        lines = csv.writer(file, lineterminator="\n")
        lines.writerows(_sorted(_one_by_one(database, _ADDRESSES), networks))
        file.flush()
        database.execute(f"CREATE TABLE sorts AS SELECT * FROM {_SORTED.format(path=file.name)}")
    for sort in ("inside", "crowds", "nobody"):
        database.execute(f"CREATE TABLE {sort} AS SELECT address FROM sorts WHERE sort = '{sort}'")


def _sorted(addresses: Iterable[str], networks: tuple[IPv4Network | IPv6Network, ...]) -> Iterator[tuple[str, str]]:
    """The sort of each address, but of those that are simply elsewhere."""
    for text in addresses:
        try:
            address = ip_address(text)
        except ValueError:
            yield "nobody", text
            continue
        if address.is_multicast or address.is_unspecified or text == EVERYBODY:
            yield "crowds", text
        elif any(address in network for network in networks):
            yield "inside", text


def _blocks(addresses: Iterable[str]) -> tuple[str, ...]:
    """Networks that hold these, those of one link left out: they are on every link."""
    found = {ip_network(f"{one}/{24 if '.' in one else 64}", strict=False) for one in addresses}
    found -= {one for one in found if one.is_link_local}
    return tuple(sorted(map(str, found)))


def _conversation(exporter: str, row: tuple[Any, ...], rate: int) -> Conversation:
    client, server, protocol, port, octets, out, flows, first, last, answered = row
    return Conversation(
        exporter, client, server, PROTOCOLS.get(protocol, str(protocol)), port, int(octets) * rate, int(out) * rate,
        int(flows), _instant(first), _instant(last), answered if port else None,
    )  # fmt: skip


def _instant(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(int(seconds), UTC)
