"""Several processes write in one incident, one of them is killed: no word that was acknowledged is lost."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

from tests import databases
from tests.journeys.conftest import Run

WRITERS, LINES = 3, 12
WORK = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "negatoscope.settings"
import django
django.setup()
from negatoscope.cli.desk import console
from negatoscope.flows import responding
from negatoscope.flows.alerting import Handler
from negatoscope.model.incident import Noted
desk = console()
who, number, lines = Handler("user:" + sys.argv[1], sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
print("ready", flush=True)
sys.stdin.readline()
for n in range(lines):
    responding.say(desk, number, responding.Line(Noted(), f"{sys.argv[1]} {n}"), who)
    print(n, flush=True)
"""


def writer(environment: dict[str, str], name: str, number: int, lines: int) -> "subprocess.Popen[str]":
    told = [sys.executable, "-c", WORK, name, str(number), str(lines)]
    return subprocess.Popen(
        told, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )


def test_an_incident_is_told_by_many_and_survives_a_kill(
    negatoscope: Run, environment: dict[str, str], data: Path, tmp_path: Path
) -> None:
    opened = negatoscope("incident", "open", "rançon sur le poste 3", "--words", "écran rouge", "--json")
    assert opened.returncode == 0, opened.stderr
    number = json.loads(opened.stdout)["incident"]
    children = {f"w{n}": writer(environment, f"w{n}", number, LINES) for n in range(WRITERS)}
    children["victim"] = writer(environment, "victim", number, 100_000)
    for child in children.values():
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
    for child in children.values():
        assert child.stdin is not None
        child.stdin.write("go\n")
        child.stdin.flush()
    for name, child in children.items():
        if name != "victim":
            child.communicate(timeout=120)
            assert child.returncode == 0
    victim = children["victim"]
    os.killpg(victim.pid, signal.SIGKILL)
    assert victim.stdin is not None
    assert victim.stdout is not None
    victim.stdin.close()
    with victim.stdout:
        acknowledged = len(victim.stdout.read().splitlines())
    victim.wait()
    noted = negatoscope("incident", "note", str(number), "le prestataire arrive", "--element", "accueil")
    assert noted.returncode == 0, noted.stderr
    shown = json.loads(negatoscope("incident", "show", str(number), "--json").stdout)
    log = shown["log"]
    assert [line["place"] for line in log] == list(range(1, len(log) + 1))
    texts = [line["text"] for line in log]
    for name in (f"w{n}" for n in range(WRITERS)):
        assert [text for text in texts if text.startswith(f"{name} ")] == [f"{name} {n}" for n in range(LINES)]
    mine = [text for text in texts if text.startswith("victim ")]
    assert mine == [f"victim {n}" for n in range(len(mine))]
    assert acknowledged <= len(mine) <= acknowledged + 1
    assert log[-1]["element"] == "accueil"
    rows = databases.rows(data, "select count(*) as n from store_ledgerrow where kind like 'incident_%'")
    assert rows[0]["n"] == len(log)
    export = tmp_path / "export.jsonl"
    assert negatoscope("ledger", "export", str(export)).returncode == 0
    assert json.loads(negatoscope("ledger", "verify", str(export), "--json").stdout)["sound"]
