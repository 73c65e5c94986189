"""Sigma's own regression set: every rule finds what it was written for, in real event files."""

import re
import zipfile
from collections import Counter
from itertools import islice
from pathlib import Path

import msgspec
import pytest
import yaml

from negatoscope.watch.sigma.detect import Scan, Wanted
from negatoscope.watch.sigma.engine import Engine, gate_of
from negatoscope.watch.sigma.reading import read_rules
from negatoscope.watch.sigma.records import Asked, read_log
from negatoscope.watch.sigma.sources import concerns, runs
from negatoscope.watch.sigma.tree import Node, Ruleset
from negatoscope.watch.sigma.verify import holds, viewed

DATA = Path(__file__).parents[4] / "shared" / "data"
SET = DATA / "sigma_regression"
ARCHIVE = DATA / "sigma_rules_2026-08-05.zip"
EVENTS = DATA / "evtx"
IDENTITY = re.compile(r"^id: ([-0-9a-f]{36})", re.MULTILINE)

pytestmark = pytest.mark.skipif(not SET.exists(), reason=f"needs {SET}: Sigma's regression set, not ours to ship")


def cases() -> list[tuple[str, Path, int]]:
    """Rule, event file, and how many matches at least."""
    found = []
    for info in sorted(SET.rglob("info.yml")):
        said = yaml.safe_load(info.read_text())
        for test in said["regression_tests_info"]:
            file = info.parent / Path(test["path"]).name
            found += [(rule["id"], file, test.get("match_count", 1)) for rule in said["rule_metadata"]]
    return found


@pytest.fixture(scope="module")
def tested() -> Ruleset:
    """The rules of the set, out of the archive."""
    wanted = {rule for rule, _, _ in cases()}
    with zipfile.ZipFile(ARCHIVE) as archive:
        texts = [(name, archive.read(name)) for name in archive.namelist() if name.endswith(".yml")]
    return read_rules([(name, text) for name, text in texts if wanted & set(IDENTITY.findall(text.decode()))], runs)


def test_every_rule_of_the_set_finds_its_events(tested: Ruleset) -> None:
    assert not tested.refused
    scan = Scan(tested, Wanted())
    found: dict[tuple[str, str], int] = {}
    for match in scan.matches([SET]):
        key = (match.rule.id, match.file)
        found[key] = found.get(key, 0) + 1
    missed = [(rule, file.name) for rule, file, least in cases() if found.get((rule, str(file)), 0) < least]
    assert missed == []
    assert len(cases()) >= 90
    assert scan.counts["no_log"] == sum(1 for _ in SET.rglob("info.yml"))


def test_anchors_lose_no_match_on_real_events(tested: Ruleset) -> None:
    decode = msgspec.msgpack.Decoder(Node).decode
    nodes = [(rule, decode(rule.node)) for rule in tested.rules]
    engine, found = Engine(tested), 0
    for path in [*sorted(EVENTS.rglob("*.evtx"))[::12], *sorted(SET.rglob("*.evtx"))[::3]]:
        with path.open("rb") as file:
            records = read_log(file, path.name, Asked(lambda _channel, _event: True, Counter()))
            for record in islice(records or (), 40):
                gate, plan = gate_of(record.fields, record.source), engine.plan(record.fields, record.source)
                view = viewed(record.fields, plan.names)
                expected = [rule.id for rule, node in nodes if concerns(rule.source, gate) and holds(node, view)]
                assert [rule.id for rule in engine.match(record.fields, record.source)] == expected
                found += len(expected)
    assert found > 20


def test_a_torn_event_file_gives_what_is_whole(tmp_path: Path) -> None:
    whole = max(EVENTS.rglob("*.evtx"), key=lambda path: path.stat().st_size)
    data = whole.read_bytes()
    first = bytearray(data)
    first[4096 + 600 : 4096 + 4000] = b"\xff" * 3400
    told: list[Counter[str]] = []
    for number, content in enumerate((data, data[: 4096 + (1 << 16) + 30_000], bytes(first))):
        path = tmp_path / f"{number}.evtx"
        path.write_bytes(content)
        counts: Counter[str] = Counter()
        with path.open("rb") as file:
            list(read_log(file, path.name, Asked(lambda _channel, _event: True, counts)) or ())
        told.append(counts)
    assert told[0]["damaged"] == 0
    assert told[0]["records"] > told[1]["records"] > 50
    assert told[2]["damaged"]
    assert told[2]["records"] > told[0]["records"] // 2
