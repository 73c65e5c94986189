"""``detect``: files, folders and archives in; every match out, what is no log counted; hostile files cost little."""

import json
import os
import resource
import subprocess
import sys
import time
import zipfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml

from negatoscope.watch.sigma.detect import Scan, Wanted
from negatoscope.watch.sigma.records import LINE, Asked, Record, read_log
from negatoscope.watch.sigma.tree import Source
from tests.watch.sigma.written import rule, ruleset

SHELL = rule({"a": {"Image|endswith": "\\cmd.exe"}, "condition": "a"}, title="A shell", level="high")
ROOT = rule({"a": ["session opened for user root"], "condition": "a"}, title="Root", logsource={"product": "linux"})
WEB = rule({"a": {"cs-uri-query|contains": "union select"}, "condition": "a"}, logsource={"category": "webserver"})
SYSMON: dict[str, Any] = {
    "Event": {
        "#attributes": {"xmlns": "x"},
        "System": {
            "Provider": {"#attributes": {"Name": "Microsoft-Windows-Sysmon"}},
            "EventID": {"#text": 1, "#attributes": {"Qualifiers": 0}},
            "Channel": "Microsoft-Windows-Sysmon/Operational",
            "TimeCreated": {"#attributes": {"SystemTime": "2026-11-02T08:00:00Z"}},
            "Security": {"#attributes": {"UserID": "S-1-5-18"}},
        },
        "EventData": {"Image": "C:\\Windows\\System32\\cmd.exe", "Data": {"#text": ["a", "b"]}},
    }
}
AUTH = "Nov  2 08:00:01 ris sshd[12]: pam_unix(sshd:session): session opened for user root by (uid=0)\n"
ACCESS = '10.0.0.9 - - [02/Nov/2026:08:00:00 +0100] "GET /a?q=union%20select HTTP/1.1" 200 12 "-" "curl"\n'


def records(
    path: Path, source: Source | None = None, *, named: bool = True
) -> tuple[list[Record] | None, Counter[str]]:
    counts: Counter[str] = Counter()
    with path.open("rb") as file:
        found = read_log(file, path.name, Asked(lambda _channel, _event: True, counts, source, named))
        return (None if found is None else list(found)), counts


def scanned(
    *paths: Path, jobs: int = 1, rules: Sequence[dict[str, Any]] = (SHELL, ROOT)
) -> tuple[list[tuple[str, str, int]], Counter[str]]:
    scan = Scan(ruleset(*rules), Wanted(jobs=jobs))
    return [(match.rule.title, Path(match.file).name, match.record) for match in scan.matches(paths)], scan.counts


def lay(folder: Path) -> Path:
    folder.mkdir()
    line = orjson.dumps(SYSMON)
    (folder / "a.jsonl").write_bytes(b"\n" + line + b"\nno json\n[1]\n" + line + b"\n")
    (folder / "b.json").write_bytes(b"\xef\xbb\xbf[" + line + b", 3]")
    (folder / "c.log").write_text(AUTH)
    (folder / "d.csv").write_text("Channel;EventID;Image\nMicrosoft-Windows-Sysmon/Operational;1;C:\\cmd.exe\n")
    (folder / "e.log").write_text(AUTH, encoding="utf-16")
    (folder / "image.png").write_bytes(b"\x89PNG\0\0\0")
    (folder / "notes.txt").write_text("Nothing of a log: session opened for user root\n")
    (folder / "empty").write_text("")
    return folder


EXPECTED = [
    ("A shell", "a.jsonl", 2),
    ("A shell", "a.jsonl", 5),
    ("A shell", "b.json", 1),
    ("Root", "c.log", 1),
    ("A shell", "d.csv", 2),
    ("Root", "e.log", 1),
]


def test_every_kind_of_log_is_read_and_the_rest_is_counted(tmp_path: Path) -> None:
    found, counts = scanned(lay(tmp_path / "logs"))
    assert found == EXPECTED
    assert counts == Counter(records=6, files=5, matches=6, no_log=3, unreadable=3)


def test_archives_and_several_processes_tell_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = lay(tmp_path / "logs")
    with zipfile.ZipFile(tmp_path / "logs.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(folder.iterdir()):
            archive.write(path, f"../{path.name}")
    assert [
        (title, name.rpartition("!")[2], record) for title, name, record in scanned(tmp_path / "logs.zip")[0]
    ] == EXPECTED
    monkeypatch.setattr("negatoscope.watch.sigma.detect.ALONE", 0)
    found, counts = scanned(folder, jobs=2)
    assert found == EXPECTED
    assert counts["no_log"] == 3


def test_a_text_that_somebody_named_is_a_log(tmp_path: Path) -> None:
    path = lay(tmp_path / "logs") / "notes.txt"
    assert scanned(path)[0] == []
    scan = Scan(ruleset(ROOT), Wanted(Source("linux", "sshd")))
    assert [match.rule.title for match in scan.matches([path])] == ["Root"]


def test_windows_events_lie_flat_under_the_names_that_rules_use(tmp_path: Path) -> None:
    shipped = {
        "@timestamp": "2026-11-02T08:00:00Z",
        "winlog": {"channel": "Security", "event_id": 4624, "event_data": {"TargetUserName": "x", "In": {"Deep": 1}}},
    }
    other = {"a": {"b": {"c": 1}}, "EventID": {"#text": 5}, "time": "now"}
    user = {
        "Event": {"System": {"EventID": 104, "Channel": "System"}, "UserData": {"LogFileCleared": {"Channel2": "x"}}}
    }
    path = tmp_path / "a.jsonl"
    path.write_bytes(b"\n".join(map(orjson.dumps, (SYSMON, shipped, other, user))))
    found, _ = records(path)
    assert found is not None
    assert found[0].fields == {
        "Image": "C:\\Windows\\System32\\cmd.exe", "Data": ["a", "b"], "EventID": 1, "UserID": "S-1-5-18",
        "Channel": "Microsoft-Windows-Sysmon/Operational", "Provider_Name": "Microsoft-Windows-Sysmon",
    }  # fmt: skip
    assert found[0].time == found[1].time == "2026-11-02T08:00:00Z"
    assert found[1].fields == {"TargetUserName": "x", "Deep": 1, "Channel": "Security", "EventID": 4624}
    assert (found[2].fields["a.b.c"], found[2].fields["EventID"], found[2].time) == (1, 5, "now")
    assert found[3].fields == {"Channel2": "x", "EventID": 104, "Channel": "System"}


def test_lines_tell_where_they_come_from(tmp_path: Path) -> None:
    path = tmp_path / "a.log"
    path.write_text(
        AUTH
        + "2026-11-02T08:00:00+01:00 ris sudo: root\n"
        + 'type=EXECVE msg=audit(1762070400.123:45): argc=2 a0="nc" a1=-l\n'
        + ACCESS
        + "[Mon Nov 02 08:00:00 2026] [error] [client 10.0.0.9] File does not exist\n"
        + "anything\n"
    )
    found, _ = records(path)
    assert found is not None
    assert [record.source for record in found] == [
        Source("linux", "sshd"), Source("linux", "sudo"), Source("linux", "auditd"),
        Source(None, "apache", "webserver"), Source(None, "apache", "webserver"), Source(),
    ]  # fmt: skip
    assert found[2].fields | {"a0": "nc", "a1": "-l", "type": "EXECVE"} == found[2].fields
    assert found[3].fields["cs-uri-stem"] == "/a"
    assert all(record.time for record in found[:5])
    web = rule(
        {"a": {"cs-uri-query|contains": "union%20select"}, "condition": "a"}, logsource={"category": "webserver"}
    )
    assert [number for _, _, number in scanned(path, rules=[web])[0]] == [4]


def test_what_windows_audits_itself_matches_rules_for_sysmon(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    event = {"Channel": "Security", "EventID": 4688, "NewProcessName": "C:\\cmd.exe", "SubjectUserName": "x"}
    path.write_bytes(orjson.dumps(event) + b"\n" + orjson.dumps(event | {"EventID": 4689}))
    assert scanned(path)[0] == [("A shell", "a.jsonl", 1)]


def test_a_line_without_end_costs_bounded_memory(tmp_path: Path) -> None:
    path = tmp_path / "long.jsonl"
    with path.open("wb") as file:
        file.write(b'{"a": "')
        file.writelines(b"x" * (1 << 20) for _ in range(64))
        file.write(b'"}\n' + orjson.dumps(SYSMON) + b"\n")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found, counts = scanned(path)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 10 * (LINE >> 10)
    assert found == [("A shell", "long.jsonl", 2)]
    assert counts["too_long"] == 1


def test_bombs_torn_and_strange_files_are_counted(tmp_path: Path) -> None:
    with (
        zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive,
        archive.open("bomb.jsonl", "w") as member,
    ):
        member.writelines(b" " * (1 << 20) for _ in range(80))
    (tmp_path / "torn.zip").write_bytes((tmp_path / "bomb.zip").read_bytes()[:500])
    (tmp_path / "torn.evtx").write_bytes(b"ElfFile\x00" + b"\x01" * 50)
    (tmp_path / "deep.json").write_bytes(b'{"a":' * 100_000)
    (tmp_path / "array.json").write_bytes(b"[{" * 10)
    before = time.process_time()
    found, counts = scanned(tmp_path)
    assert time.process_time() - before < 5
    assert found == []
    assert counts["too_large"] == 1
    assert counts["no_log"] == 2
    assert counts["unreadable"] == 2


def ran(*words: str | Path, folder: Path, lang: str = "C") -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"XDG_CACHE_HOME": str(folder / "cache"), "LC_ALL": lang}
    command = [sys.executable, "-m", "negatoscope", "detect", *map(str, words)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_the_verb_tells_one_object_a_match(tmp_path: Path) -> None:
    logs, rules = lay(tmp_path / "logs"), tmp_path / "rules"
    rules.mkdir()
    (rules / "a.yml").write_text(yaml.safe_dump(SHELL | {"id": "6f3e2987-db24-4c78-a860-b4f4095a7095"}))
    (rules / "b.yml").write_text(yaml.safe_dump(SHELL | {"logsource": {"product": "macos"}}))
    told = ran(rules, logs, "--json", "--refused", tmp_path / "refused.jsonl", folder=tmp_path, lang="en_GB.UTF-8")
    assert told.returncode == 0
    lines = [json.loads(line) for line in told.stdout.splitlines()]
    assert lines[0] == {
        "rule": "6f3e2987-db24-4c78-a860-b4f4095a7095", "title": "A shell", "level": "high",
        "file": str(logs / "a.jsonl"), "record": 2, "time": "2026-11-02T08:00:00Z",
    }  # fmt: skip
    assert len(lines) == 4
    assert "1 rules read; 1 cannot run" in told.stderr
    assert json.loads((tmp_path / "refused.jsonl").read_text())["values"] == {"product": "macos"}
    again = ran(rules, logs, folder=tmp_path, lang="fr_FR.UTF-8")
    assert "A shell" in again.stdout
    assert "1 règles lues" in again.stderr
    assert len(list((tmp_path / "cache").rglob("*.rules"))) == 1
    assert ran(rules, tmp_path / "none", folder=tmp_path).returncode == 1
    assert ran(rules, logs, "--source", "a/b/c/d", folder=tmp_path).returncode == 2


def test_no_match_is_no_failure(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text(yaml.safe_dump(WEB))
    (tmp_path / "a.log").write_text(AUTH)
    told = ran(tmp_path / "a.yml", tmp_path / "a.log", "--json", "--no-cache", folder=tmp_path)
    assert (told.returncode, told.stdout) == (0, "")
    assert not (tmp_path / "cache").exists()


def test_a_record_of_an_event_file_that_says_nothing_is_damaged_and_the_others_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [b'{"Event":null}', b"[]", b'{"Event":[]}', orjson.dumps({"Event": SYSMON["Event"]})]
    told = iter([{"data": data.decode(), "event_record_id": 1, "timestamp": "now"} for data in said])

    class Torn:
        def __init__(self, *_args: object, **_more: object) -> None: ...

        def records_json(self) -> Iterator[dict[str, object]]:
            return told

    monkeypatch.setattr("negatoscope.watch.sigma.records.PyEvtxParser", Torn)
    path = tmp_path / "a.evtx"
    path.write_bytes(b"ElfFile\0")
    found, counts = records(path)
    assert found is not None
    assert len(found) == 1
    assert (counts["damaged"], counts["records"]) == (3, 1)
