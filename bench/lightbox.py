"""The light box at 50, 500 and 5,000 hosts: server time and number of queries, independent of rows."""

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

SIZES = (50, 500, 5000)
ROUNDS = 15


def measure(hosts: int) -> dict[str, float]:
    """One size, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"NEGATOSCOPE_DATA": folder}
        command = [sys.executable, __file__, str(hosts)]
        done = subprocess.run(command, env=environment, check=True, capture_output=True, text=True)
        return dict(json.loads(done.stdout))


def act(hosts: int) -> None:
    """Inside the child: fill, judge, then ask for the page again and again."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "negatoscope.settings"
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client
    from practice import NOW, fill

    from negatoscope.flows.admitting import Newcomer, add_user
    from negatoscope.flows.opening import lay_out
    from negatoscope.flows.registering import StoredRegister
    from negatoscope.judge.catalogue import RULES
    from negatoscope.judge.judge import judge
    from negatoscope.model.journal import Judged
    from negatoscope.store import judgements
    from negatoscope.store.roles import Role

    console = lay_out(settings.CONFIG, lambda: NOW)
    fill(console.practice, console.site, hosts)
    told = judge(StoredRegister(console.practice), RULES, NOW)
    judgements.keep(console.practice, Judged(hosts + 9, NOW, "0" * 64, "bench"), told)
    client = Client(headers={"host": "localhost"})
    add_user(console, "bench", Newcomer("Bench", "bench", "only-for-this-measure", Role.READER))
    client.force_login(get_user_model().objects.get(username="bench"), "django.contrib.auth.backends.ModelBackend")
    client.get("/")
    queries = []

    def count(execute: Any, *rest: Any) -> Any:
        queries.append(rest[0])
        return execute(*rest)

    with connection.execute_wrapper(count):
        assert client.get("/").status_code == 200
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        client.get("/")
        times.append(time.perf_counter() - start)
    print(json.dumps({"milliseconds": statistics.median(times) * 1000, "queries": len(queries)}))


def main() -> None:
    """Print a row a size."""
    print("hosts  median ms  queries")
    for hosts in SIZES:
        row = measure(hosts)
        print(f"{hosts:5d} {row['milliseconds']:10.1f} {row['queries']:8.0f}")
    print("no peer measured: the page is this product's own")


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    act(int(sys.argv[1])) if len(sys.argv) > 1 else main()
