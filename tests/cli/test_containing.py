"""The verbs that contain, on a real gateway."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.flows.gateways import Gateway, gateway
from tests.journeys.conftest import Run

pytestmark = [pytest.mark.root, pytest.mark.server]
SETTING = """
import os, sys, django
os.environ["DJANGO_SETTINGS_MODULE"] = "negatoscope.settings"
django.setup()
from negatoscope.cli import desk
from tests.flows.test_containing import SUSPECT, approved, begun, host
if sys.argv[1] == "begin":
    begun(desk.console(), host("accueil-3", sys.argv[2]))
else:
    approved(desk.console(), int(sys.argv[2]), SUSPECT)
"""
"""What pages do, done without them."""


@pytest.fixture
def there(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with gateway(tmp_path_factory.mktemp("gateway")) as made:
        yield made


def test_a_host_is_blocked_once_somebody_decided(negatoscope: Run, environment: dict[str, str], there: Gateway) -> None:
    def said(*words: str) -> None:
        subprocess.run([sys.executable, "-c", SETTING, *words], env=environment, check=True)

    said("begin", there.address("suspect"))
    way: tuple[str, ...] = ("--host", "accueil-3", "--address", "127.0.0.1", "--port", str(there.port))
    way += ("--key-file", str(there.folder / "mine"))
    mark = re.search(r"SHA256:[\w+/]+", negatoscope("incident", "block", "1", *way, "--dry-run").stderr)
    assert mark is not None
    way += ("--host-key", mark[0])
    early = negatoscope("incident", "block", "1", *way, "--dry-run")
    assert (early.returncode, "doit d’abord décider" in early.stderr) == (2, True)
    said("approve", "1")
    tried = negatoscope("incident", "block", "1", *way, "--dry-run")
    assert (tried.returncode, there.address("suspect") in tried.stdout) == (0, True), tried.stderr
    assert there.passes("suspect", "server")
    done = negatoscope("incident", "block", "1", *way, "--json")
    assert done.returncode == 0, done.stderr
    assert not there.passes("suspect", "server")
    rows = [json.loads(line) for line in negatoscope("incident", "contain", "1", "--json").stdout.splitlines()]
    assert [row["turn"] for row in rows if row["measure"] == "block"] == ["done"]
    assert "Bloquer l’équipement au pare-feu – accueil-3" in negatoscope("incident", "contain", "1").stdout
    assert "Débloqué" in negatoscope("incident", "unblock", "1", *way).stdout
    assert there.passes("suspect", "server")
