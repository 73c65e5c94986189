"""Logs to the disk: syslog in TLS and ``POST /_bulk``, events a second until they are durable, and how long each waits.

``python bench/intake.py [thousands]``: 300 by default. The doors run in a process of their own, who sends in another,
on loopback. Beside syslog stands rsyslog (imtcp, gtls, omfile) with the same senders: it writes to a file and never
asks the disk to settle, we do before we go on. Without rsyslog (``apt-get install rsyslog rsyslog-gnutls``) its line
says so.
"""

import asyncio
import http.client
import json
import multiprocessing
import shutil
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from multiprocessing.connection import Connection
from pathlib import Path

from negatoscope.intake.events.bulk import Desk
from negatoscope.intake.events.committing import Committer, Told
from negatoscope.intake.events.counting import Counters
from negatoscope.intake.events.door import Door, House, listen
from negatoscope.intake.events.raw import Raw
from negatoscope.intake.events.spool import Spool
from negatoscope.intake.events.syslog import Stream, verifying
from negatoscope.kit.clock import utc_now
from negatoscope.kit.issuing import found

HOST, TOKEN = "127.0.0.1", "bench"
SENDERS, ROUNDS = 4, 3
BULK = 500
LINE = (
    b"<86>1 2026-11-22T10:00:00.000%03dZ srv-%d sshd %d - - Accepted publickey for jdupont from 10.77.3.%d port 51234 "
    b"ssh2: ED25519 SHA256:0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"
)


class Timed(Committer):
    """A committer that notes how long each offer waited."""

    waited: list[float]

    def offer(self, raws: Sequence[Raw], told: Told) -> None:
        began = time.perf_counter()

        def noted(outcome: object, already: frozenset[int]) -> None:
            self.waited.append(time.perf_counter() - began)
            told(outcome, already)  # type: ignore[arg-type]

        super().offer(raws, noted)


async def opens(token: str) -> str | None:
    return "bench" if token == TOKEN else None


def doors(folder: Path, papers: str, told: Connection) -> None:
    """Serve until told to stop; answers ``n`` with the number kept so far, and ``w`` with the waits."""
    counters = Counters()
    committer = Timed(Spool(folder), counters)
    committer.waited = []
    house = House(committer, utc_now, "bench", lambda _address: True)
    bound = [listen(HOST, 0, socket.SOCK_STREAM) for _ in range(2)]
    told.send([one.getsockname()[1] for one in bound])

    async def serve() -> None:
        tasks = [
            asyncio.create_task(Door(house, bound[0], Stream, verifying(papers, papers, None)).hold()),
            asyncio.create_task(Door(house, bound[1], Desk(house, opens).serve).hold()),
        ]
        await asyncio.to_thread(converse)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def converse() -> None:
        kept = 0
        while (asked := told.recv()) != "end":
            kept += sum(one.received for one in counters.take().values())
            if asked == "w":
                waits, committer.waited = committer.waited, []
                told.send(waits)
            else:
                told.send(kept)

    asyncio.run(serve())
    committer.close()


def pieces(events: int) -> list[bytes]:
    """What one sender sends, in pieces of some 64 KiB."""
    lines = [LINE % (n % 1000, n % 50, n, n % 250) for n in range(events)]
    framed = [b"%d %s" % (len(line), line) for line in lines]
    return [b"".join(framed[n : n + 350]) for n in range(0, events, 350)]


def in_parallel(work: Callable[[], None]) -> None:
    threads = [threading.Thread(target=work) for _ in range(SENDERS)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


def syslog(port: int, events: int, kept: Callable[[], int]) -> float:
    """Seconds until all is kept."""
    sent = pieces(events // SENDERS)
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE

    def send() -> None:
        with socket.create_connection((HOST, port)) as plain, context.wrap_socket(plain) as one:
            for piece in sent:
                one.sendall(piece)

    began, before = time.perf_counter(), kept()
    in_parallel(send)
    while kept() - before < events // SENDERS * SENDERS:
        time.sleep(0.005)
    return time.perf_counter() - began


def bulk(port: int, events: int) -> tuple[float, list[float]]:
    """Seconds until all is acknowledged, and what each request took."""
    took: list[float] = []
    posts = [
        b"".join(
            b'{"create":{"_index":"bench"}}\n{"@timestamp":"2026-11-22T10:00:00Z","message":"%s"}\n'
            % (LINE % (n % 1000, n % 50, n + first, n % 250))
            for n in range(BULK)
        )
        for first in range(0, events // SENDERS, BULK)
    ]

    def send() -> None:
        call = http.client.HTTPConnection(HOST, port)
        mark = str(threading.get_ident()).encode()
        for post in posts:
            began = time.perf_counter()
            fields = {"Authorization": f"Bearer {TOKEN}", "User-Agent": "bench"}
            call.request("POST", "/_bulk", post.replace(b'"bench"', b'"bench-%s"' % mark), fields)
            said = call.getresponse()
            assert not json.loads(said.read())["errors"]
            took.append(time.perf_counter() - began)
        call.close()

    began = time.perf_counter()
    in_parallel(send)
    return time.perf_counter() - began, took


def peer(folder: Path, papers: str, events: int) -> float | None:
    """Seconds that rsyslog takes to write the same to a file."""
    program = shutil.which("rsyslogd")
    if program is None or not list(Path("/usr/lib").glob("*/rsyslog/lmnsd_gtls.so")):
        return None
    with socket.socket() as one:
        one.bind((HOST, 0))
        port = one.getsockname()[1]
    (folder / "rsyslog.conf").write_text(
        f'global(workDirectory="{folder}" defaultNetstreamDriverCAFile="{folder}/authority.pem" '
        f'defaultNetstreamDriverCertFile="{papers}" defaultNetstreamDriverKeyFile="{papers}")\n'
        'module(load="imtcp" streamDriver.name="gtls" streamDriver.mode="1" streamDriver.authMode="anon")\n'
        f'input(type="imtcp" port="{port}" address="{HOST}")\n'
        f'action(type="omfile" file="{folder}/peer.log" template="RSYSLOG_SyslogProtocol23Format")\n'
    )
    command = [program, "-n", "-f", str(folder / "rsyslog.conf"), "-i", str(folder / "rsyslog.pid")]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    log = folder / "peer.log"

    def kept() -> int:
        return log.read_bytes().count(b"\n") if log.exists() else 0

    try:
        for _ in range(100):
            try:
                socket.create_connection((HOST, port)).close()
                break
            except OSError:
                time.sleep(0.05)
        return syslog(port, events, kept)
    finally:
        child.terminate()
        child.wait()
        log.unlink(missing_ok=True)


def quantiles(took: list[float]) -> str:
    cuts = statistics.quantiles(took, n=100)
    return " / ".join(f"{cuts[at - 1] * 1000:.1f}" for at in (50, 95, 99))


def main() -> None:
    events = int(sys.argv[1] if len(sys.argv) > 1 else 300) * 1000
    with tempfile.TemporaryDirectory(dir="/var/tmp") as place:
        folder = Path(place)
        authority = found(utc_now())
        (folder / "authority.pem").write_bytes(authority.pem)
        papers = folder / "server.pem"
        papers.write_bytes(authority.server(["localhost", HOST], utc_now()))
        mine, theirs = multiprocessing.Pipe()
        child = multiprocessing.Process(target=doors, args=(folder / "spool", str(papers), theirs))
        child.start()
        secured, posts = mine.recv()

        def ask(what: str) -> list[float]:
            mine.send(what)
            return mine.recv()

        def kept() -> int:
            mine.send("n")
            return int(mine.recv())

        for turn in range(ROUNDS):
            ask("w")
            took = syslog(secured, events, kept)
            waits = ask("w")
            print(f"round {turn + 1}  syslog-TLS {events / took:>9,.0f} events/s to the disk; read to disk p50/p95/p99 "
                  f"{quantiles(waits)} ms", flush=True)  # fmt: skip
            other = peer(folder, str(papers), events)
            beside = f"{events / other:>9,.0f} events/s to a file, not settled" if other else "absent"
            print(f"         rsyslog    {beside}")
            took, requests = bulk(posts, events)
            print(f"         _bulk      {events / took:>9,.0f} events/s acknowledged; {BULK} a request, p50/p95/p99 "
                  f"{quantiles(requests)} ms", flush=True)  # fmt: skip
        mine.send("end")
        child.join()


if __name__ == "__main__":
    main()
