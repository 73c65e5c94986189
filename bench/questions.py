"""Rule 38's questions on a made-up practice: seconds to answer each, and the same talk by plain SQL.

``questions.py [millions] [hosts] [days]``: 5 million connections, 500 hosts, 30 days by default; ``50 5000`` is the
largest practice that we aim at. Columns are made by DuckDB in the shape of ``store/columns.py``: each host talks with
twenty servers, a dozen neighbours and the outside, with each by one service; one row in 5,000 is a log-in.
"""

import os
import resource
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

LAST = datetime(2026, 11, 20, tzinfo=UTC)
HOST = "host/h00002"
ROWS = """
SELECT 'k' || i AS key, 'r1' AS sender, told_at AS came, told_at AS happened,
  CASE WHEN logon THEN 'linux' ELSE 'flux' END AS product, NULL::VARCHAR AS service, NULL::VARCHAR AS category,
  CASE WHEN logon THEN 'logon' ELSE 'connection' END AS action, (i % 97) > 0 AS ok, NULL::VARCHAR AS why,
  CASE WHEN logon THEN name(t) END AS host, CASE WHEN logon THEN 'u' || s END AS username,
  address(s) AS source,
  CASE WHEN logon THEN NULL WHEN away THEN '198.51.100.' || (t % 250) ELSE address(t) END AS target,
  CASE WHEN logon THEN 22 WHEN away THEN 443
  ELSE [445, 443, 3389, 104, 53, 80, 22, 389][1 + (t + s) % 8] END::INTEGER AS port,
  CASE WHEN logon THEN 'ssh' ELSE 'tcp' END AS protocol, (i * 37 % 90000)::BIGINT AS sent,
  (i * 91 % 900000)::BIGINT AS received, NULL::VARCHAR AS what, NULL::VARCHAR AS person,
  CASE WHEN logon THEN 'account/' || name(t) || '/user' || (s % 10) END AS account,
  CASE WHEN logon THEN 'host/' || name(t) END AS host_ref, 'host/' || name(s) AS source_ref,
  CASE WHEN NOT logon AND NOT away THEN 'host/' || name(t) END AS target_ref, 'zone/postes' AS zone,
  CASE WHEN away THEN 'zone/internet' ELSE 'zone/postes' END AS target_zone, '{}' AS fields
FROM (SELECT i, TIMESTAMPTZ '2026-11-20 00:00:00+00' - to_seconds(($last - i) * $step) AS told_at,
  i % 5000 = 0 AS logon, i % 3 = 0 AS away, (hash(i) % $hosts)::INTEGER AS s,
  (CASE WHEN i % 2 = 0 THEN hash(i, 1) % 20 ELSE (hash(i) % $hosts + 1 + hash(i, 2) % 12) % $hosts END)::INTEGER AS t
  FROM range($first, $last_of) AS r(i))
"""
TALK = """SELECT coalesce(target_ref, host_ref, target) AS peer, protocol, port, sum(sent), sum(received),
  min(happened), max(happened) FROM events
  WHERE happened >= $since AND happened < $until AND source_ref = $ref GROUP BY ALL UNION ALL
  SELECT source_ref, protocol, port, sum(received), sum(sent), min(happened), max(happened) FROM events
  WHERE happened >= $since AND happened < $until AND coalesce(target_ref, host_ref) = $ref GROUP BY ALL"""


def make(folder: Path, millions: float, hosts: int, days: int) -> None:
    """Write the connections, a file a day, as the store lays them."""
    import duckdb

    total = int(millions * 1_000_000)
    database = duckdb.connect(config={"memory_limit": "4GB", "threads": 2})
    database.execute("CREATE MACRO name(n) AS 'h' || lpad(n::VARCHAR, 5, '0')")
    database.execute("CREATE MACRO address(n) AS '10.' || n // 62500 || '.' || n // 250 % 250 || '.' || (n % 250 + 1)")
    for day in range(days):
        first, last = total * day // days, total * (day + 1) // days
        date = (LAST - timedelta(days=days - day)).date()
        place = folder / "site=1" / f"day={date}"
        place.mkdir(parents=True)
        values = {"first": first, "last_of": last, "last": total, "step": days * 86400 / total, "hosts": hosts}
        for kind, which in (("traffic", "action = 'connection'"), ("access", "action = 'logon'")):
            reader = database.sql(f"SELECT * FROM ({ROWS}) WHERE {which}", params=values).to_arrow_reader(50_000)
            _write(place / f"{kind}-000001-000001.parquet", reader)


def _write(path: Path, reader: Any) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from negatoscope.store.columns import SCHEMA

    with pq.ParquetWriter(path, SCHEMA, compression="zstd") as writer:
        for batch in reader:
            writer.write_table(pa.Table.from_batches([batch]).cast(SCHEMA), row_group_size=50_000)


def plain(folder: Path, since: datetime, until: datetime) -> tuple[float, int]:
    """The peer: the same exchanges by SQL over the same files, and nothing else; seconds and rows."""
    import duckdb

    start = time.perf_counter()
    database = duckdb.connect(config={"threads": 2})
    database.execute(f"CREATE VIEW events AS SELECT * FROM read_parquet('{folder}/*/*/*.parquet')")
    rows = database.sql(TALK, params={"since": since, "until": until, "ref": HOST}).to_arrow_table()
    return time.perf_counter() - start, rows.num_rows


def main() -> None:
    """Make, ask, print."""
    words = [*sys.argv[1:], *("5", "500", "30")[len(sys.argv) - 1 :]]
    millions, hosts, days = float(words[0]), int(words[1]), int(words[2])
    with tempfile.TemporaryDirectory() as folder:
        os.environ["NEGATOSCOPE_DATA"] = folder
        os.environ["DJANGO_SETTINGS_MODULE"] = "negatoscope.settings"
        import django

        from negatoscope.kit.settling import settle

        settle()
        django.setup()
        measure(Path(folder), millions, hosts, days)


def measure(folder: Path, millions: float, hosts: int, days: int) -> None:
    """Ask on what was made."""
    from practice import fill

    from negatoscope.config import Config
    from negatoscope.flows.opening import open_console
    from negatoscope.flows.questioning import NAMES, ask
    from negatoscope.respond.questions.answer import Window

    console = open_console(Config(data=folder), lambda: LAST)
    fill(console.practice, console.site, hosts)
    make(folder / "events", millions, hosts, days)
    since, until = LAST - timedelta(days=7), LAST
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    asked = ask(console, "bench", HOST, Window(since, until, until))
    print(
        f"{millions:g} million connections over {days} days, {hosts} hosts; asked about the last 7 days of one server"
    )
    whole = 0.0
    for name in NAMES:
        start = time.perf_counter()
        answer = getattr(asked, name)
        whole += (seconds := time.perf_counter() - start)
        print(f"  {name:<7} {seconds:6.2f} s  {len(answer.rows):5} rows, {answer.cut} more, {len(answer.blind)} blind")
    seconds, rows = plain(folder / "events", since, until)
    print(f"  all     {whole:6.2f} s; plain SQL for talk alone {seconds:.2f} s, {rows} rows")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"  peak memory {peak:.0f} MiB, of which {before:.0f} before the first question")


if __name__ == "__main__":
    main()
