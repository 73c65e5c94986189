"""kill -9 at any moment: after the restart either before or after, and the ledger verifies."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests import databases
from tests.journeys.conftest import Run

WORK = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "negatoscope.settings"
import django
django.setup()
from negatoscope.cli.desk import console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.judging import judge_now
from negatoscope.flows.observing import Order, observe
from negatoscope.model.networks import Network
from negatoscope.model.people import Person
desk = console()
print("ready", flush=True)
for number in range(10_000):
    people = [Person(f"p{os.getpid()}-{number}-{k}", f"Personne {k}") for k in range(300)]
    declare(desk, Said("amelie", "import"), people)
    print("import", number, flush=True)
    judge_now(desk, "amelie")
    print("judgement", number, flush=True)
    observe(desk, Order("local", "", "amelie"))
    print("observation", number, flush=True)
"""


def work_and_die(environment: dict[str, str], delay: float) -> list[str]:
    """Run the three writers over and over; kill after ``delay`` seconds of work; return what was acknowledged."""
    child = subprocess.Popen(
        [sys.executable, "-c", WORK], env=environment, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "ready\n"
    time.sleep(delay)
    os.killpg(child.pid, signal.SIGKILL)
    with child.stdout:
        said = child.stdout.read().splitlines()
    child.wait()
    return said


def acknowledged(said: list[str]) -> dict[str, int]:
    return {kind: sum(line.startswith(kind) for line in said) for kind in ("import", "judgement", "observation")}


def counted(data: Path, column: str, table: str) -> dict[Any, int]:
    told = databases.rows(data, f"select {column} as name, count(*) as n from {table} group by {column}")
    return {row["name"]: row["n"] for row in told}


def kept(data: Path) -> dict[str, int]:
    rows = counted(data, "kind", "store_ledgerrow")
    observations = counted(data, "act", "store_observationrow")
    judgements = sum(counted(data, "practice_id", "store_judgementrow").values())
    people = counted(data, "kind", "store_factrow").get("Person", 0)
    assert rows.get("import", 0) == observations.get("import", 0)
    assert rows.get("observation", 0) == observations.get("observation", 0)
    assert rows.get("judgement", 0) == judgements
    assert people == 300 * observations.get("import", 0)
    return {
        "import": observations.get("import", 0),
        "judgement": judgements,
        "observation": observations.get("observation", 0),
    }


def one_kill(negatoscope: Run, environment: dict[str, str], data: Path, delay: float) -> None:
    before = kept(data) if (data / "vault").exists() else {"import": 0, "judgement": 0, "observation": 0}
    said = acknowledged(work_and_die(environment, delay))
    export = data.parent / "export.jsonl"
    done = negatoscope("ledger", "export", str(export))
    assert done.returncode == 0, done.stderr
    after = kept(data)
    for kind, count in said.items():
        assert after[kind] - before[kind] in (count, count + 1)
    assert sum(after.values()) - sum(before.values()) - sum(said.values()) in (0, 1)
    verified = negatoscope("ledger", "verify", str(export), "--json")
    assert json.loads(verified.stdout)["sound"], verified.stdout
    leftovers = [path for path in data.rglob(".new-*") if path.parent.name == "journal"]
    assert leftovers == []


def the_vault_rebuilds_the_same(negatoscope: Run, data: Path) -> None:
    old = databases.set_aside(data)
    done = negatoscope("replay", "--json")
    assert done.returncode == 0, done.stderr
    told = "select sequence, digest from store_judgementrow order by sequence"
    assert databases.rows(data, told) == databases.rows(old, told)


@pytest.mark.parametrize("seed", [1, 2])
def test_kill_9_leaves_the_state_before_or_after(
    negatoscope: Run, environment: dict[str, str], data: Path, seed: int
) -> None:
    one_kill(negatoscope, environment, data, random.Random(seed).uniform(0.05, 2.5))
    the_vault_rebuilds_the_same(negatoscope, data)


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(10))
def test_kill_9_again_and_again(negatoscope: Run, environment: dict[str, str], data: Path, seed: int) -> None:
    chance = random.Random(1000 + seed)
    for _ in range(10):
        one_kill(negatoscope, environment, data, chance.uniform(0.0, 2.0))
    the_vault_rebuilds_the_same(negatoscope, data)
