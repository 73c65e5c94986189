"""Rules are read wholly or refused with a reason; nothing is dropped, and no document costs much."""

import json
import time
import zipfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from negatoscope.watch.sigma.engine import Engine
from negatoscope.watch.sigma.files import RULE_BYTES, rule_files
from negatoscope.watch.sigma.keep import digest_of, load, ruleset_of, save
from negatoscope.watch.sigma.reading import read_rules
from negatoscope.watch.sigma.sources import runs
from negatoscope.watch.sigma.tree import Ruleset, Source
from tests.watch.sigma.written import EVENT, PROCESS, one, rule, ruleset

PLAIN = {"a": {"Image|endswith": "\\cmd.exe"}, "condition": "a"}


def read(text: str | bytes) -> Ruleset:
    return read_rules([("rule.yml", text.encode() if isinstance(text, str) else text)], runs)


def codes(found: Ruleset) -> list[str]:
    return [refused.code for refused in found.refused]


@pytest.mark.parametrize(
    ("document", "code"),
    [
        (rule(PLAIN, logsource={"product": "aws", "service": "cloudtrail"}), "unmapped"),
        (rule(PLAIN, logsource={"product": "linux", "category": "process_creation", "service": "x"}), "unmapped"),
        (rule({"a": {"Image|expand": "%known%"}, "condition": "a"}), "placeholder"),
        (rule({"a": {"Image|re|expand": "x%known%"}, "condition": "a"}), "placeholder"),
        (rule({"a": {"Image|unheard": "x"}, "condition": "a"}), "unreadable"),
        (rule({"a": {"Image|re": "("}, "condition": "a"}), "unreadable"),
        (rule({"a": ["*"], "condition": "a"}), "modifier"),
        (rule({"a": {"|cidr": "10.0.0.0/8"}, "condition": "a"}), "modifier"),
        (rule({"a": PLAIN["a"], "condition": "a and"}), "condition"),
        (rule({"a": PLAIN["a"], "condition": "a or b"}), "condition"),
        (rule({"a": PLAIN["a"], "condition": "1 of b*"}), "condition"),
        (rule({"a": PLAIN["a"], "condition": "(a"}), "condition"),
        (rule({"a": PLAIN["a"], "condition": "a) a"}), "condition"),
        (rule({"a": PLAIN["a"], "condition": "a | count() > 5"}), "condition"),
        (rule({"a": PLAIN["a"], "condition": "(" * 500 + "a" + ")" * 500}), "condition"),
        (rule({"a": PLAIN["a"], "condition": "not " * 500 + "a"}), "condition"),
        ({"title": "No detection", "logsource": PROCESS}, "unreadable"),
        (
            {"title": "A filter", "logsource": PROCESS, "filter": {"rules": ["x"], "a": {"b": 1}, "condition": "a"}},
            "filter",
        ),
    ],
)
def test_what_cannot_run_is_refused_with_its_reason(document: dict[str, Any], code: str) -> None:
    found = ruleset(document, rule(PLAIN))
    assert codes(found) == [code]
    assert len(found.rules) == 1
    assert found.refused[0].title == document["title"]
    assert found.refused[0].path == "0.yml"


def test_why_a_rule_is_unmapped_is_told_by_its_values() -> None:
    found = ruleset(rule(PLAIN, logsource={"product": "aws", "service": "cloudtrail"}))
    assert found.refused[0].values == {"product": "aws", "service": "cloudtrail"}


def test_a_rule_read_twice_is_told() -> None:
    identity = "6f3e2987-db24-4c78-a860-b4f4095a7095"
    found = ruleset(rule(PLAIN, id=identity), rule(PLAIN, id=identity))
    assert [rule.id for rule in found.rules] == [identity]
    assert [(refused.code, refused.rule) for refused in found.refused] == [("twice", identity)]


def test_actions_lay_documents_over_one_another() -> None:
    documents = [
        {"action": "global", "title": "Both", "logsource": PROCESS, "detection": {"condition": "a"}},
        {"detection": {"a": {"Image": "x"}}},
        {"action": "repeat", "title": "Other", "detection": {"a": {"Image": "y"}}},
        {"action": "reset"},
        None,
        {"title": "Alone"},
    ]
    found = read(yaml.safe_dump_all(documents))
    engine = Engine(found)
    assert [[one.title for one in engine.match(EVENT | {"Image": name})] for name in "xy"] == [["Both"], ["Other"]]
    assert codes(found) == ["unreadable"]


def test_several_conditions_are_alternatives() -> None:
    found = ruleset(rule({"a": {"Image": "x"}, "b": {"Image": "y"}, "condition": ["a", "b"]}))
    assert [len(Engine(found).match(EVENT | {"Image": name})) for name in "xyz"] == [1, 1, 0]


HOSTILE: dict[str, str | bytes] = {
    "aliases": "a: &a [x,x]\n" + "".join(f"{b}: &{b} [{(f'*{a},') * 9}]\n" for a, b in pairwise("abcdefghi")),
    "itself": "title: x\ndetection: &a {b: *a}\n",
    "brackets": "a: " + "[" * 500_000,
    "braces": "{" * 500_000,
    "dashes": "- " * 400_000,
    "keys": "? " * 400_000,
    "indented": "".join(f"{' ' * number}a:\n" for number in range(1200)),
    "tags": "!!python/object/apply:os.system ['true']",
    "binary": b"\x00\xff\xfe" * 1000,
    "twice": "title: x\ntitle: y\n",
    "list": "- 1\n- 2\n",
    "date": "title: x\ndate: 2020-99-99\n",
    "names": "title: [x]\nlogsource: 4\ndetection: 5\n",
    "nested": yaml.safe_dump(rule({"a": json.loads("[" * 180 + '{"Image": "x"}' + "]" * 180), "condition": "a"})),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_document_is_refused_at_once(name: str) -> None:
    before = time.process_time()
    found = read(HOSTILE[name])
    assert time.process_time() - before < 2
    assert len(found.rules) + len(found.refused) >= 1
    assert name == "nested" or not found.rules


def test_files_folders_and_archives_give_the_same_rules(tmp_path: Path) -> None:
    folder = tmp_path / "rules" / "deep"
    folder.mkdir(parents=True)
    text = yaml.safe_dump(rule(PLAIN))
    (folder / "one.yml").write_text(text)
    (folder / "readme.md").write_text("no rule")
    (folder / "away.yml").symlink_to("/etc/passwd")
    with zipfile.ZipFile(tmp_path / "rules.zip", "w") as archive:
        archive.writestr("../../etc/one.yml", text)
        archive.writestr("README.md", "no rule")
    several = [ruleset_of([path], None) for path in (folder / "one.yml", tmp_path / "rules", tmp_path / "rules.zip")]
    assert [[rule.title for rule in found.rules] for found in several] == [["A rule"]] * 3
    assert [found.refused for found in several] == [()] * 3
    assert sorted(path.name for path in tmp_path.iterdir()) == ["rules", "rules.zip"]


def test_what_is_too_large_or_no_archive_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.yml", b" " * (RULE_BYTES * 40))
    (tmp_path / "torn.zip").write_bytes((tmp_path / "bomb.zip").read_bytes()[:200])
    (tmp_path / "long.yml").write_bytes(b"#" * (RULE_BYTES + 1))
    assert codes(read_rules(rule_files([tmp_path]), runs)) == ["too_large"] * 3
    with pytest.raises(FileNotFoundError):
        list(rule_files([tmp_path / "none"]))


def test_rules_are_kept_and_believed_only_from_our_own_hands(tmp_path: Path) -> None:
    (tmp_path / "rule.yml").write_text(yaml.safe_dump(rule(PLAIN)))
    folder, paths = tmp_path / "kept", [tmp_path / "rule.yml"]
    first = ruleset_of(paths, folder)
    kept = folder / f"{digest_of(paths)}.rules"
    assert load(kept) == first == ruleset_of(paths, folder)
    kept.chmod(0o666)
    assert load(kept) is None
    kept.chmod(0o600)
    kept.write_bytes(kept.read_bytes()[:-1] + b"\0")
    assert load(kept) is None
    assert ruleset_of(paths, folder) == first == load(kept)
    for number in range(12):
        save(folder / f"{number}.rules", first)
    assert len(list(folder.glob("*.rules"))) == 8
    (tmp_path / "rule.yml").write_text(yaml.safe_dump(rule(PLAIN, title="Another")))
    assert [rule.title for rule in ruleset_of(paths, folder).rules] == ["Another"]
    (tmp_path / "file").write_text("")
    assert ruleset_of(paths, tmp_path / "file" / "no folder").rules


def test_anchors_are_the_rarest_necessary_clause() -> None:
    found = one(
        {
            "a": {"Image|endswith": "\\powershell.exe", "CommandLine|contains": ["rarest thing", "other thing"]},
            "b": {"User": "x"},
            "condition": "a and not b",
        }
    )
    assert found.keys is not None
    assert {(key.how, key.field, key.text) for key in found.keys} == {
        ("has", "commandline", "rarest thing"),
        ("has", "commandline", "other thing"),
    }
    assert one({"a": {"Image|contains": ["a", "abc"]}, "condition": "a"}).keys is None
    assert one({"a": {"EventID": [1, 3], "Image": "x"}, "condition": "a"}).events == ("1", "3")
    assert one({"a": {"EventID": 1}, "b": {"Image": "x"}, "condition": "a or b"}).events is None
    for expression, texts in {
        "fo(car|bazaar)+q?": {"car", "bazaar"},
        "(?i)ABCd": {"abcd"},
        "(abc)*": None,
        "a{2}xyz[0-9]": {"xyz"},
        "[[:alpha:]]abc": None,
        "x|abc": None,
    }.items():
        keys = one({"a": {"Image|re": expression}, "condition": "a"}).keys
        assert (keys and {key.text for key in keys}) == texts


@pytest.mark.parametrize(
    ("source", "reached"),
    [
        (Source("windows"), True),
        (Source("windows", "security"), True),
        (Source("windows", "unheard"), False),
        (Source("windows", None, "process_creation"), True),
        (Source("linux"), True),
        (Source("linux", "sshd"), True),
        (Source("linux", None, "process_creation"), True),
        (Source("macos", None, "process_creation"), False),
        (Source(None, None, "webserver"), True),
        (Source(None, "nginx"), True),
        (Source(None, "unheard"), False),
        (Source("okta", "okta"), False),
    ],
)
def test_sources_that_can_reach_us_are_mapped(source: Source, reached: bool) -> None:  # noqa: FBT001 -- a table
    assert runs(source) is reached
