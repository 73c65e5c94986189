"""The register: inventories of 200 programmes merged one by one, then its pages at 50, 500 and 5,000 hosts.

``python bench/register.py`` prints, for each size, what one capture costs when the register is empty, and when it is
full; rows a second; peak memory; then the server time and number of queries of each list.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SIZES = (50, 500, 5000)
ROUNDS = 7
LAST = 50
COLUMNS = (("first", 25), ("last", 9), ("again", 9))
ACTIONS = 2000
FIRST = 100
"""Of the inventories' observations: those before are the plan's."""
PAGES = {
    "hosts": "/equipements/",
    "hosts, sorted, searched": "/equipements/?tri=-os&q=optiplex",
    "hosts, last page": "/equipements/?page={hosts_pages}",
    "accounts": "/comptes/",
    "accounts, middle page": "/comptes/?tri=-holder&page={accounts_middle}",
    "accounts, last page": "/comptes/?tri=-holder&page={accounts_pages}",
    "persons": "/personnes/",
    "software of a host": "/equipements/h00001/logiciels/?tri=version",
    "one host": "/equipements/h00001/",
    "one account": "/sujets/account/h00001/root/",
    "differences": "/ecarts/",
    "differences, last page": "/ecarts/?page={hosts_pages}",
    "plan": "/actions/",
    "plan, last page": "/actions/?page=40",
    "plan, searched": "/actions/?q=h00042&etat=open",
    "one action": "/actions/R10.2/host/h00001/",
    "deadlines": "/echeances/",
    "messages": "/messages/",
    "cases": "/mouvements/",
    "reviews": "/revues/",
    "attestations": "/attestations/",
    "directories": "/annuaires/",
    "networks": "/reseaux/",
    "register": "/registre/",
    **{
        f"family {name}": f"/registre/{name}/"
        for name in ("sites", "rooms", "presence", "absences", "backups", "contracts")
    },
}


def measure(hosts: int) -> dict[str, Any]:
    """One size, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"NEGATOSCOPE_DATA": folder}
        command = [sys.executable, __file__, str(hosts)]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
        return dict(json.loads(done.stdout.splitlines()[-1]))


def act(hosts: int) -> None:
    """Inside the child: merge so many inventories, then ask for each page again and again."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "negatoscope.settings"
    import django

    django.setup()
    from django.conf import settings
    from practice import NOW, SOFTWARE

    from negatoscope.flows.opening import lay_out

    console = lay_out(settings.CONFIG, lambda: NOW)
    plan(console, hosts)
    times, spent, facts, queries = merge(console, hosts)
    again, spent_again, _, _ = merge(console, min(LAST, hosts), first=hosts + FIRST)
    told = {
        "facts": facts,
        "rows_per_second": facts / sum(times),
        "first_ms": statistics.median(times[:LAST]) * 1000,
        "last_ms": statistics.median(times[-LAST:]) * 1000,
        "again_ms": statistics.median(again) * 1000,
        "first_cpu_ms": statistics.fmean(spent[:LAST]) * 1000,
        "last_cpu_ms": statistics.fmean(spent[-LAST:]) * 1000,
        "again_cpu_ms": statistics.fmean(spent_again) * 1000,
        "queries": queries,
        "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "software": SOFTWARE,
        "pages": pages(console),
    }
    print(json.dumps(told))


def merge(console: Any, hosts: int, first: int = FIRST) -> tuple[list[float], list[float], int, int]:
    """Merge an inventory a host, each in its own transaction.

    Seconds of each, and seconds of the processor; facts in all; queries of the last.
    """
    from django.db import connection, transaction
    from practice import NOW, inventory

    from negatoscope.kit.canonical import sha256
    from negatoscope.model.journal import Observed
    from negatoscope.register.identity import Decisions
    from negatoscope.register.merge import changes
    from negatoscope.store import aliases, marks, observations
    from negatoscope.store.observations import Reading

    times, spent, facts, queries = [], [], 0, []

    def count(execute: Any, *rest: Any) -> Any:
        queries.append(rest[0])
        return execute(*rest)

    for number in range(hosts):
        items = list(inventory(number))
        target = f"agent-{number}"
        entry = Observed(
            first + number, "agent", target, NOW, NOW, NOW, sha256(f"{first} {target}".encode()), "bench",
            "observation", {}, complete=True,
        )  # fmt: skip
        queries.clear()
        start, before = time.perf_counter(), time.process_time()
        with connection.execute_wrapper(count), transaction.atomic():
            decisions = Decisions(aliases.leading(console.practice), marks.apart(console.practice))
            found = changes(items, marks.KnownHosts(console.practice, decisions.leaders), decisions)
            reading = Reading(f"agent/{target}", False, found.facts, found.sweeps, found.gaps)
            facts += observations.write(console.practice, console.site, entry, reading)
        times.append(time.perf_counter() - start)
        spent.append(time.process_time() - before)
    return times, spent, facts, len(queries)


def plan(console: Any, hosts: int) -> None:
    """Promise repairs, all for days of the coming month, and say by which server it is told."""
    from datetime import timedelta

    from practice import NOW

    from negatoscope.flows import acting
    from negatoscope.store import notices

    notices.set_mail(console.practice, {"host": "localhost", "sender": "c@cabinet.example", "to": "d@cabinet.example"})
    for number in range(30):
        some = [f"host/h{each % hosts:05d}" for each in range(number, ACTIONS // 2, 30)]
        promise = acting.Promise(f"Personne {number}", (NOW + timedelta(days=number)).date(), 100, "mardi")
        for control in ("R10.2", "R10.4"):
            acting.plan(console, "bench", control, some, promise)


def pages(console: Any) -> dict[str, tuple[float, float, int]]:
    """Milliseconds (median), those of the processor, and queries of each page."""
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client

    from negatoscope.store.queries import subjects

    client = Client(headers={"host": "localhost"})
    user = get_user_model().objects.create(username="bench", practice_id=console.practice, is_superuser=True)
    allow(user)
    client.force_login(user)
    told = {}
    count_of = {kind: subjects.count(console.practice, kind) for kind in ("Host", "Account")}
    last = {
        "hosts_pages": -(-count_of["Host"] // 50),
        "accounts_pages": -(-count_of["Account"] // 50),
        "accounts_middle": -(-count_of["Account"] // 100),
    }
    for name, pattern in PAGES.items():
        address = pattern.format(**last)
        if client.get(address).status_code != 200:
            print(f"{address}: not there", file=sys.stderr)
            continue
        queries: list[str] = []

        def count(execute: Any, *rest: Any, queries: list[str] = queries) -> Any:
            queries.append(rest[0])
            return execute(*rest)

        with connection.execute_wrapper(count):
            client.get(address)
        times, spent = [], []
        for _ in range(ROUNDS):
            start, before = time.perf_counter(), time.process_time()
            client.get(address)
            times.append(time.perf_counter() - start)
            spent.append(time.process_time() - before)
        told[name] = (statistics.median(times) * 1000, statistics.median(spent) * 1000, len(queries))
    return told


def allow(user: Any) -> None:
    """Give the role that opens every page."""
    from negatoscope.store.models import GrantRow, Role

    GrantRow.objects.create(user=user, practice_id=user.practice_id, role=Role.ADMINISTRATOR)


def main() -> None:
    """Print a row a size, growth, then the pages."""
    sizes = tuple(map(int, sys.argv[2:])) or SIZES
    rows = {size: measure(size) for size in sizes}
    print("hosts     facts   rows/s  first ms  last ms  again ms  queries  peak MiB")
    for size, row in rows.items():
        print(
            f"{size:5d} {row['facts']:9d} {row['rows_per_second']:8.0f} {row['first_ms']:9.1f} {row['last_ms']:8.1f}"
            f" {row['again_ms']:9.1f} {row['queries']:8d} {row['peak_mib']:9.0f}"
        )
    small, large = rows[sizes[0]], rows[sizes[-1]]
    print("processor, ms a capture:  first     last    again")
    for size, row in rows.items():
        print(f"{size:5d}" + "".join(f"{row[f'{name}_cpu_ms']:{wide}.1f}" for name, wide in COLUMNS))
    growth, cpu = (large[name] / small[name] for name in ("last_ms", "last_cpu_ms"))
    again = large["again_cpu_ms"] / small["again_cpu_ms"]
    print(
        f"growth of one capture: {growth:.2f} times (processor {cpu:.2f}; repeated {again:.2f})"
        f" for {sizes[-1] // sizes[0]} times the hosts"
    )
    print(f"{'page':28}" + "".join(f"{size:>8d} ms  cpu ms  queries" for size in sizes))
    for name in large["pages"]:
        told = [row["pages"].get(name, (0, 0, 0)) for row in rows.values()]
        print(f"{name:28}" + "".join(f"{ms:11.1f} {cpu:7.1f} {queries:8d}" for ms, cpu, queries in told))
    print("no peer measured: inventories that keep where each fact comes from and every version of it are not known")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    main() if len(sys.argv) < 2 or sys.argv[1] == "--sizes" else act(int(sys.argv[1]))
