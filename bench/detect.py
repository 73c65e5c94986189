"""Sigma rules against logs: events a second, stages, memory, two processes; Zircolite on the same work in the same run.

``[ZIRCOLITE=/checkout] [ZIRCOLITE_PYTHON=/its/python] [DATA=/folder] python bench/detect.py [rounds] [copies]``:
1 round and 32 copies (100,000 events) by default. ``DATA`` holds ``evtx/`` and ``sigma_rules_2026-08-05.zip``; beside
the repository it is ``../shared/data``. Three works: the event files as they are; copies of them; their events as JSON
lines whose command lines, scripts and paths are all different. Seconds are user CPU of one process, rules read before,
on both sides; rounds are interleaved, and each tells its ratio. Only rules whose source both sides map are taken.
"""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import orjson
from differences import Case, explain
from evtx import PyEvtxParser

from negatoscope.watch.sigma.engine import Engine
from negatoscope.watch.sigma.flat import flattened
from negatoscope.watch.sigma.keep import ruleset_of
from negatoscope.watch.sigma.sources import ways
from negatoscope.watch.sigma.tree import Source

DATA = Path(os.environ.get("DATA") or Path(__file__).parents[2] / "shared" / "data")
PATHS = (
    "Image", "ParentImage", "TargetFilename", "TargetObject", "ImageLoaded", "SourceImage", "TargetImage",
    "NewProcessName", "ParentProcessName", "ServiceFileName", "ImagePath",
)  # fmt: skip
LINES = ("CommandLine", "ParentCommandLine", "ScriptBlockText", "Payload")
AUDITED = ("process_creation", "registry_event", "registry_set", "registry_add")
"""What the peer's second pipeline maps."""


def told(path: Path) -> list[str]:
    """The events of one file, as JSON text."""
    records, found = PyEvtxParser(str(path), number_of_threads=1).records_json(), []
    while True:
        try:
            found.append(next(records)["data"])
        except StopIteration:
            return found
        except RuntimeError:
            continue


def lay(folder: Path, copies: int) -> list[str]:
    """The event files, their copies as further links, and the JSON lines."""
    texts: list[str] = []
    for name in ("few", "many", "lines"):
        (folder / name).mkdir()
    for number, path in enumerate(sorted((DATA / "evtx").rglob("*.evtx"))):
        few = folder / "few" / f"{number}.evtx"
        shutil.copyfile(path, few)
        texts += told(few)
        for copy in range(copies):
            os.link(few, folder / "many" / f"{copy}_{number}.evtx")
    number = 0
    with (folder / "lines" / "unique.json").open("wb") as out:
        for _ in range(copies):
            for text in texts:
                number += 1
                out.write(orjson.dumps(unique(orjson.loads(text), number)) + b"\n")
    return texts


def unique(event: dict[str, Any], number: int) -> dict[str, Any]:
    data = event["Event"].get("EventData")
    for name, value in (data if isinstance(data, dict) else {}).items():
        if name in PATHS and isinstance(value, str) and "\\" in value:
            before, after = value.rsplit("\\", 1)
            data[name] = f"{before}\\{number:x}\\{after}"
        elif name in LINES and isinstance(value, str):
            data[name] = f"{value} {number:x}"
    return event


def rules(folder: Path) -> tuple[Path, Path]:
    """The rules that both sides map, and those of them that are mapped twice."""
    both, twice = folder / "rules", folder / "audited"
    both.mkdir()
    twice.mkdir()
    with zipfile.ZipFile(DATA / "sigma_rules_2026-08-05.zip") as archive:
        for name in archive.namelist():
            if name.endswith(".yml"):
                text = archive.read(name)
                source = sourced(text.decode())
                if source.product == "windows" and source != Source("windows") and ways(source):
                    (both / name.replace("/", "__")).write_bytes(text)
                    if source.category in AUDITED:
                        (twice / name.replace("/", "__")).write_bytes(text)
    return both, twice


def sourced(text: str) -> Source:
    said: dict[str, str] = {}
    for line in text.partition("\nlogsource:")[2].splitlines()[1:]:
        if line and not line.startswith((" ", "#")):
            break
        name, _, value = line.strip().partition(":")
        said[name] = value.strip()
    return Source(said.get("product"), said.get("service"), said.get("category"))


def timed(line: list[str], **more: Any) -> tuple[float, int]:
    """User CPU of a child, and its peak memory in MB."""
    child = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
    _, status, used = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise subprocess.CalledProcessError(child.returncode, line)
    return used.ru_utime, used.ru_maxrss >> 10


def ours(both: Path, logs: Path, out: Path) -> tuple[float, int]:
    line = f'"{sys.executable}" -m negatoscope detect "{both}" "{logs}" --json --jobs 1 > "{out}"'
    return timed(["/bin/sh", "-c", f"exec {line}"])


class Peer:
    """Zircolite, its rules converted once."""

    def __init__(self, home: str, folder: Path, both: Path, twice: Path) -> None:
        self.home = folder / "peer"  # it writes beside itself
        names = ("venv", ".git", "docs", "pics", "gui", "rules")
        shutil.copytree(home, self.home, ignore=shutil.ignore_patterns(*names))
        self.python = (
            os.environ.get("ZIRCOLITE_PYTHON") or shutil.which("python3", path=f"{home}/venv/bin") or "python3"
        )
        self.one = folder / "one"
        self.one.mkdir()
        shutil.copy(next((folder / "few").iterdir()), self.one)
        found = [*self.converted(both, "sysmon"), *self.converted(twice, "windows-audit")]
        kept = {(one["id"], json.dumps(one["rule"])): one for one in found}
        self.ids = {one["id"] for one in found}
        self.queries = {
            rule: [query for one in found if one["id"] == rule for query in one["rule"]] for rule in self.ids
        }
        self.rules = folder / "peer.json"
        self.rules.write_text(json.dumps(list(kept.values())))
        print(f"peer: {len(kept)} queries of {len(self.ids)} rules")

    def run(self, *words: str) -> tuple[float, int]:
        return timed([self.python, f"{self.home}/zircolite.py", "-q", *words], cwd=self.home)

    def converted(self, folder: Path, pipeline: str) -> list[dict[str, Any]]:
        before = set(self.home.glob("ruleset-*.json"))
        self.run("-e", str(self.one), "-r", str(folder), "-p", pipeline, "windows-logsources", "-sr", "-o", "none.json")
        (made,) = set(self.home.glob("ruleset-*.json")) - before
        found: list[dict[str, Any]] = json.loads(made.read_text())
        return found

    def detect(self, logs: Path, out: Path) -> tuple[float, int]:
        out.unlink(missing_ok=True)
        return self.run(
            "-e", str(logs), *(["-j"] if logs.name == "lines" else []), "-r", str(self.rules), "-o", str(out)
        )


def compared(folder: Path, peer: Peer) -> None:
    """Which matches each has that the other lacks, on the event files as they are, and why."""
    mine, theirs = folder / "few.mine", folder / "few.theirs"
    own = {(one["rule"], Path(one["file"]).name, one["record"]) for one in map(json.loads, mine.open())}
    own = {key for key in own if key[0] in peer.ids}
    others = {
        (rule["id"], Path(str(match.get("OriginalLogfile"))).name, match.get("EventRecordID"))
        for rule in json.loads(theirs.read_text())
        for match in rule["matches"]
    }
    print(f"matches: both {len(own & others)}, ours alone {len(own - others)}, theirs alone {len(others - own)}")
    titles = {one["rule"]: one["title"] for one in map(json.loads, mine.open())}
    titles |= {one["id"]: one["title"] for one in json.loads(theirs.read_text())}
    for rule, number in Counter(key[0] for key in others - own).most_common(30):
        print(f"  theirs alone: {number:4} {titles[rule]}")
    fields = {(path.name, one["EventRecordID"]): one for path in (folder / "few").iterdir() for one in laid_flat(path)}
    alone = [Case(rule, titles[rule], fields[file, record], peer.queries[rule]) for rule, file, record in own - others]
    explain(alone, set().union(*fields.values()))


def laid_flat(path: Path) -> list[dict[str, Any]]:
    return [flattened(orjson.loads(text))[0] for text in told(path)]


def stages(texts: list[str], engine: Engine) -> None:
    """Microseconds an event of each step, and of micro-batches of 1,000."""
    source = Source("windows")

    def step(name: str, act: Any, values: list[Any]) -> list[Any]:
        started = time.process_time()
        found = [act(value) for value in values]
        print(f"  {name:<10} {(time.process_time() - started) / len(values) * 1e6:6.1f} µs")
        return found

    engine.match_batch([(flattened(orjson.loads(text))[0], source) for text in texts])
    decoded = step("decode", orjson.loads, texts)
    fields = step("flatten", lambda one: flattened(one)[0], decoded)
    step("match", lambda one: engine.match(one, source), fields)
    several = [(one, source) for one in fields]
    took = []
    for start in range(0, len(several) - 1000, 250):
        started = time.perf_counter()
        engine.match_batch(several[start : start + 1000])
        took.append((time.perf_counter() - started) * 1000)
    took.sort()
    print(f"  batches of 1,000: median {took[len(took) // 2]:.0f} ms, p95 {took[int(len(took) * 0.95)]:.0f} ms")


def main() -> int:
    rounds, copies = (int(word) for word in (*sys.argv[1:3], *("1", "32")[len(sys.argv[1:3]) :]))
    if not (DATA / "evtx").is_dir():
        print(f"not run: needs {DATA}")
        return 0
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name, contextlib.suppress(KeyboardInterrupt):
        folder = Path(name)
        os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
        texts = lay(folder, copies)
        both, twice = rules(folder)
        cold = ours(both, folder / "few", folder / "mine.jsonl")
        print(f"{len(texts)} events, {copies} copies; rules read anew: {cold[0]:.1f} s")
        peer = Peer(os.environ["ZIRCOLITE"], folder, both, twice) if os.environ.get("ZIRCOLITE") else None
        for number in range(rounds):
            for work in ("few", "many", "lines"):
                measure(folder, work, (both, peer), len(texts) * (1 if work == "few" else copies))
                if peer and not number and work == "few":
                    compared(folder, peer)
        two(both, folder)
        print("stages, warm, an event:")
        stages(texts, Engine(ruleset_of([both], folder / "cache" / "negatoscope" / "sigma")))
    return 0


def measure(folder: Path, work: str, sides: tuple[Path, Peer | None], events: int) -> None:
    both, peer = sides
    seconds, memory = ours(both, folder / work, folder / f"{work}.mine")
    line = f"{work:<6} {events:7} events: ours {seconds:6.2f} s, {events / seconds:7.0f}/s, {memory} MB"
    if peer:
        other, much = peer.detect(folder / work, folder / f"{work}.theirs")
        line += f"; Zircolite {other:7.2f} s, {much} MB: {other / seconds:.1f} ×"
    print(line, flush=True)


def two(both: Path, folder: Path) -> None:
    """Wall time of one process and of two."""
    took = []
    for jobs in ("1", "2"):
        started = time.perf_counter()
        timed(
            [sys.executable, "-m", "negatoscope", "detect", str(both), str(folder / "many"), "--json", "--jobs", jobs]
        )
        took.append(time.perf_counter() - started)
    print(f"two processes: {took[0]:.2f} s → {took[1]:.2f} s of wall time, {took[0] / took[1]:.2f} ×")


if __name__ == "__main__":
    sys.exit(main())
