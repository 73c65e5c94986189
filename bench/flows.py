"""Flow records reduced to the talk graph: rows a second, memory; nfdump aggregates the same records in the same run.

``python bench/flows.py [millions]``: 50 by default (3 GB in ``/var/tmp`` meanwhile). Ours reads a table of text, in a
process of its own whose peak of memory is told; nfdump its own binary file, which holds at most ``PEER`` million
records, and the ratio is taken on these. Without nfdump (``apt-get install nfdump``) its line says so.
"""

import csv
import json
import os
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from negatoscope.observe.flows import reduce, tables
from negatoscope.observe.flows.datagrams import V5_HEADER, V5_RECORD

PEER = 2
HOSTS, OUTSIDE = 2000, 30


def make(path: Path, rows: int) -> None:
    """A practice of 2,000 hosts: images to the PACS, pages outside, the directory, mail; both ways of each."""
    with reduce.columns() as (database, _folder):
        database.execute(
            f"""COPY (
              SELECT strftime(to_timestamp(1795300000 + i % 86400), '%Y-%m-%d %H:%M:%S') AS ts,
                if(i % 2 = 0, client, server) AS sa, if(i % 2 = 0, server, client) AS da,
                if(i % 2 = 0, high, port) AS sp, if(i % 2 = 0, port, high) AS dp, 'TCP' AS pr,
                (random() * 90000)::INT AS ibyt
              FROM (
                SELECT i, '10.77.' || (i // 2 % {HOSTS} // 250) || '.' || (i // 2 % {HOSTS} % 250 + 1) AS client,
                  CASE WHEN random() < 0.4 THEN '10.78.0.' || (random() * 20)::INT
                    ELSE '93.184.' || (i // 2 % {HOSTS} % 200) || '.' || (random() * {OUTSIDE})::INT END AS server,
                  32768 + (random() * 28000)::INT AS high,
                  [104, 443, 80, 389, 11112, 993][1 + (random() * 5)::INT] AS port
                FROM range({rows}) t(i)
              )
            ) TO '{path}' (HEADER, DELIMITER ',')"""
        )


def ours(path: Path) -> dict[str, float]:
    """Seconds, conversations, and the peak of memory of a process that does nothing else."""
    done = subprocess.run([sys.executable, __file__, str(path)], check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def act(path: Path) -> None:
    """Inside the child."""
    started = time.perf_counter()
    with path.open(encoding="ascii") as file:
        headed, row = tables.headed(file.readline()), file.readline()
    assert headed
    with reduce.columns() as (database, _folder):
        talk = reduce.reduce(database, tables.rows(path, headed, row), "bench", ())
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps({"seconds": seconds, "talks": len(talk.conversations), "peak": peak}))


def binary(path: Path, folder: Path) -> Path:
    """The same records in nfcapd's own file, by way of NetFlow 5 datagrams on loopback."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    line = ["nfcapd", "-l", str(folder), "-p", str(port), "-b", "127.0.0.1", "-t", "3600", "-B", "33554432"]
    catcher = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        time.sleep(1)
        send(path, port)
        time.sleep(2)
    finally:
        catcher.terminate()
        catcher.wait(20)
    (file,) = folder.glob("nfcapd.2*")
    return file


def send(path: Path, port: int) -> None:
    batch: list[bytes] = []
    sequence = 0
    with path.open(encoding="ascii") as file, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        for said in csv.DictReader(file):
            source, target = socket.inet_aton(said["sa"]), socket.inet_aton(said["da"])
            ports = int(said["sp"]), int(said["dp"])
            octets = int(said["ibyt"])
            batch.append(V5_RECORD.pack(source, target, b"", 0, 0, 1, octets, 0, 0, *ports, 0, 24, 6, 0, 0, 0, 0, 0, 0))
            if len(batch) == 30:
                head = V5_HEADER.pack(5, 30, 1000, 1_795_300_000, 0, sequence, 0, 0, 0)
                sender.sendto(head + b"".join(batch), ("127.0.0.1", port))
                sequence, batch = sequence + 30, []
                if sequence % 9000 == 0:
                    time.sleep(0.02)


def theirs(file: Path) -> tuple[float, int]:
    started = time.perf_counter()
    line = ["nfdump", "-r", str(file), "-A", "srcip,dstip,proto,dstport", "-o", "csv", "-N", "-q"]
    with subprocess.Popen(line, stdout=subprocess.PIPE) as told:
        lines = sum(1 for _ in told.stdout or ())
    return time.perf_counter() - started, lines


def compare(folder: Path) -> None:
    """Both on the same records, or ours alone."""
    make(folder / "peer.csv", PEER * 1_000_000)
    mine = ours(folder / "peer.csv")
    print(f"{PEER} million records: ours {mine['seconds']:.1f} s to {mine['talks']} conversations, from text, direction"
          f" found; peak memory {mine['peak']} MiB")  # fmt: skip
    if not (shutil.which("nfdump") and shutil.which("nfcapd")):
        print("nfdump is not installed here: no peer measured")
        return
    file = binary(folder / "peer.csv", folder)
    told = subprocess.run(["nfdump", "-r", str(file), "-I"], capture_output=True, check=True, text=True).stdout
    held = int(told.partition("Flows:")[2].split()[0])
    peer, lines = theirs(file)
    ratio = mine["seconds"] / PEER / 1e6 / (peer / held)
    print(f"nfdump -A {peer:.1f} s to {lines} lines, {held} records, its own binary, no direction:"
          f" ours takes {ratio:.2f} times as long a record")  # fmt: skip


def main() -> None:
    millions = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    with tempfile.TemporaryDirectory(dir="/var/tmp") as text:
        folder = Path(text)
        compare(folder)
        make(folder / "whole.csv", millions * 1_000_000)
        size = (folder / "whole.csv").stat().st_size
        took = ours(folder / "whole.csv")
    speed = millions * 1e6 / took["seconds"]
    print(f"{millions} million records ({size >> 20} MiB of text): {took['seconds']:.1f} s, {speed:,.0f} rows/s,"
          f" {took['talks']} conversations kept, peak memory"
          f" {took['peak']} MiB, {os.cpu_count()} processors")  # fmt: skip


if __name__ == "__main__":
    act(Path(sys.argv[1])) if len(sys.argv) > 1 and not sys.argv[1].isdecimal() else main()
