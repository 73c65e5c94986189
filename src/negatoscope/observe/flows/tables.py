"""Flow tables that other programs write: nfdump, pmacct, and any with headings that say the same."""

import csv
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from io import StringIO
from pathlib import Path

from negatoscope.kit.clock import PARIS
from negatoscope.observe.child import Bounded, in_memory, run

HEADINGS: Mapping[str, tuple[str, ...]] = {
    "first": ("ts", "timestamp_start", "first", "start", "stime", "flow_start", "first_switched", "start_time"),
    "last": ("te", "timestamp_end", "last", "end", "ltime", "flow_end", "last_switched", "end_time"),
    "src": ("sa", "src_ip", "srcaddr", "src_addr", "source", "src", "source_ip", "ip_src"),
    "dst": ("da", "dst_ip", "dstaddr", "dst_addr", "destination", "dst", "destination_ip", "ip_dst"),
    "proto": ("pr", "protocol", "proto", "ip_proto"),
    "sport": ("sp", "src_port", "srcport", "sport", "source_port"),
    "dport": ("dp", "dst_port", "dstport", "dport", "destination_port"),
    "octets": ("ibyt", "bytes", "octets", "in_bytes", "byt", "doctets"),
    "flags": ("flg", "tcp_flags", "flags"),
}
"""What each column is called: nfdump ``-o csv``, pmacct, flow-export, spreadsheets."""
NEEDED = frozenset({"src", "dst", "proto", "dport", "sport"})
NUMBERS = {
    "tcp": 6,
    "udp": 17,
    "icmp": 1,
    "icmp6": 58,
    "icmpv6": 58,
    "ipv6-icmp": 58,
    "sctp": 132,
    "gre": 47,
    "esp": 50,
}
UNNAMED = 255
"""Any protocol told by a name that is not above: reserved by IANA."""
MOST_HEADING = 8192
NFCAPD = b"\x0c\xa5"
"""How files of nfcapd begin (nfdump 1.6 and 1.7, little-endian)."""
DUMP_SECONDS = 60.0
MOST_DUMPED = 64 * 1024 * 1024
"""Octets of a table: a small compressed file may hold any number of flows."""
_DAY = re.compile(r"20\d\d-\d\d-\d\d[ T]\d\d:\d\d")


@dataclass(frozen=True, slots=True)
class Headed:
    """In which place each column stands, how many cells a row has, and what separates them."""

    places: Mapping[str, int]
    width: int
    separator: str


def text(line: bytes) -> str:
    """A line of a table."""
    return line.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").rstrip("\r\n")


def dumped(data: bytes) -> bytes:
    """A file of nfcapd as the table that nfdump makes of it; the file itself where nfdump is not installed or fails.

    nfcapd compresses in several ways of its own: nfdump alone reads them all.
    """
    programme = shutil.which("nfdump")
    if programme is None:
        return data
    with tempfile.NamedTemporaryFile(prefix="negatoscope-nfcapd-") as file:
        file.write(data)
        file.flush()
        with in_memory() as out:
            command = [programme, "-r", file.name, "-N", "-o", "csv"]
            done = run(command, out, lambda: None, Bounded(DUMP_SECONDS, MOST_DUMPED))
            out.seek(0)
            told = out.read() if (done.ended, done.code) == ("itself", 0) else b""
    return told.partition(b"\nSummary\n")[0] + b"\n" if told else data


def headed(first_line: str) -> Headed | None:
    """Understand a heading line; ``None``: no table of flows."""
    separator = max(",;\t|", key=first_line.count)
    try:
        row = next(csv.reader(StringIO(first_line[:MOST_HEADING]), delimiter=separator), [])
    except csv.Error:
        return None
    names = tuple(cell.strip().lower().replace(" ", "_").removeprefix("#") for cell in row)
    places = {column: names.index(one) for column, known in HEADINGS.items() for one in names if one in known}
    return Headed(places, len(names), separator) if places.keys() >= NEEDED and len(set(names)) == len(names) else None


def rows(path: Path, told: Headed, first_row: str = "") -> str:
    """How to ask for the rows of such a file, in the terms of ``reduce``.

    Times without a zone are those of France, at the offset of the first row: such tables hold hours or days.
    """
    columns = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(told.width))
    said = {name: f"trim(c{place})" for name, place in told.places.items()}
    protocol = " ".join(f"WHEN '{name}' THEN '{number}'" for name, number in NUMBERS.items())
    offset = _offset(first_row)
    first, last = (_seconds(said.get(name, "NULL"), offset) for name in ("first", "last"))
    # Nothing that the file says enters the question: its columns go by their place.
    return f"""(
      SELECT {first} AS first, coalesce({last}, {first}) AS last,
        if(bad, '', {said["src"]}) AS src, if(bad, '', {said["dst"]}) AS dst,
        coalesce(proto, 0)::UTINYINT AS proto, coalesce(sport, 0)::USMALLINT AS sport,
        coalesce(dport, 0)::USMALLINT AS dport, coalesce(octets, 0)::UBIGINT AS octets, 0::UTINYINT AS flags
      FROM (
        SELECT *, TRY_CAST(CASE lower({said["proto"]}) {protocol} ELSE
            if(regexp_matches({said["proto"]}, '^[A-Za-z]'), '{UNNAMED}', {said["proto"]}) END AS UTINYINT) AS proto,
          TRY_CAST(split_part({said["sport"]}, '.', 1) AS USMALLINT) AS sport,
          TRY_CAST(split_part({said["dport"]}, '.', 1) AS USMALLINT) AS dport,
          TRY_CAST({said.get("octets", "'0'")} AS UBIGINT) AS octets,
          proto IS NULL OR dport IS NULL OR {said["src"]} IS NULL OR {said["dst"]} IS NULL AS bad
        FROM read_csv('{path}', header=true, auto_detect=false, delim='{told.separator}', quote='"', null_padding=true,
          ignore_errors=true, max_line_size=65536, columns={{{columns}}})
      )
    )"""


def _seconds(text: str, offset: float) -> str:
    """Seconds since 1970 of a number, or of a date and time."""
    shift = f"if(regexp_matches({text}, '(Z|[+-][0-9]{{2}}:?[0-9]{{2}})$'), 0, {offset})"
    return f"coalesce(TRY_CAST({text} AS DOUBLE), epoch(TRY_CAST({text} AS TIMESTAMP)) - {shift})"


def _offset(row: str) -> float:
    """Seconds by which French time is ahead of UTC on the day that this row names."""
    day = _DAY.search(row)
    try:
        at = datetime.fromisoformat(day[0]).replace(tzinfo=PARIS) if day else None
    except ValueError:
        at = None
    ahead = at.utcoffset() if at else None
    return ahead.total_seconds() if ahead else 0.0
