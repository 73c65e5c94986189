"""Several processes write at once, and no place is lost or taken twice; a database that is away is said to be."""

import json
import subprocess
import sys
from pathlib import Path

from tests import databases
from tests.journeys.conftest import Run
from tests.postgresql import free_port

WRITERS, CHANGES = 4, 6
WORK = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "negatoscope.settings"
import django
django.setup()
from contextlib import suppress
from negatoscope.cli.desk import console
from negatoscope.flows import scheduling
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.judging import judge_now
from negatoscope.flows.recording import record
from negatoscope.model.journal import Observed
from negatoscope.model.people import Person
from negatoscope.observe.declared import declaration
desk = console()
print("ready", flush=True)
sys.stdin.readline()

def observed(place):
    at, digest = desk.clock(), desk.vault.put(declaration([Person("nobody", "Nobody")]))
    return Observed(place, "declared", "register", at, at, at, digest, "amelie", "edit", {}, complete=True)

def fails(entry):
    raise ZeroDivisionError

for number in range(int(sys.argv[2])):
    declare(desk, Said("amelie"), [Person(f"p{sys.argv[1]}-{number}", "Anne")])
    scheduling.ask(desk, scheduling.Asked("local", "", "amelie", {}))
    with suppress(ZeroDivisionError):
        record(desk, observed, fails)
judge_now(desk, "amelie")
"""


def test_writers_at_the_same_time_follow_one_another(
    negatoscope: Run, environment: dict[str, str], data: Path, tmp_path: Path
) -> None:
    children = [
        subprocess.Popen(
            [sys.executable, "-c", WORK, str(number), str(CHANGES)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(WRITERS)
    ]
    for child in children:
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children:
        child.communicate("go\n", timeout=120)
        assert child.returncode == 0
    done = WRITERS * (CHANGES + 1)
    tables = ("store_observationrow", "store_judgementrow")
    places = [row["sequence"] for table in tables for row in databases.rows(data, f"select sequence from {table}")]
    assert sorted(places) == list(range(1, done + 1))
    assert len(list((data / "vault" / "journal").glob("*.json"))) == done
    (waiting,) = databases.rows(data, "select count(*) as n from store_jobrow")
    assert waiting["n"] == 1
    export = tmp_path / "export.jsonl"
    assert negatoscope("ledger", "export", str(export)).returncode == 0
    assert json.loads(negatoscope("ledger", "verify", str(export), "--json").stdout)["sound"]
    databases.set_aside(data)
    assert negatoscope("replay", "--ledger", str(export)).returncode == 0


def test_the_vault_replays_on_the_embedded_database_to_the_same_verdicts(negatoscope: Run, data: Path) -> None:
    assert negatoscope("observe", "local").returncode == 0
    assert negatoscope("judge").returncode in {0, 3}
    told = "select sequence, digest from store_judgementrow order by sequence"
    digests = databases.rows(data, told)
    databases.set_aside(data)
    (data / "negatoscope.toml").unlink(missing_ok=True)  # from here on, the embedded one
    done = negatoscope("replay")
    assert done.returncode == 0, done.stderr
    assert databases.embedded_rows(data, told) == digests


def test_a_database_that_does_not_answer_is_said_in_one_sentence(negatoscope: Run, tmp_path: Path, data: Path) -> None:
    data.mkdir(exist_ok=True)
    (data / "negatoscope.toml").write_text(f'database = "postgresql://x@127.0.0.1:{free_port()}/x"\n')
    refused = negatoscope("ledger", "export", str(tmp_path / "x.jsonl"))
    assert refused.returncode == 1
    assert "Traceback" not in refused.stderr
    assert "127.0.0.1" in refused.stderr
