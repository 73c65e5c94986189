"""Everything the rules say exists in both languages, in the words of the house, in the typography of each."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from negatoscope.flows.catalogue import COLLECTORS
from negatoscope.judge import texts
from negatoscope.judge.catalogue import HERE, RULES
from negatoscope.judge.judge import judge
from negatoscope.kit.bilingual import Said
from negatoscope.model.families import FAMILIES
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.verdict import Proof, Verdict
from tests.judge.memory import AT, BY_ID, EVERY_KIND, World

NBSP = "\N{NO-BREAK SPACE}"
ENGLISH = re.compile(
    r"\b(the|and|with|is|are|of|host|user|password|from|not|this|log|logs|backup|firewall|scan|gap)\b", re.IGNORECASE
)
FRENCH = re.compile(r"[éèêàùçœ«»]|\b(le|les|une|est|du|aux|avec)\b", re.IGNORECASE)
BANNED = re.compile(
    r"\b(hôtes?|machines?|actifs?|utilisatrices?|tickets?|checklist|sondages?|lacunes?|anomalies?)\b", re.IGNORECASE
)
SENTENCE_END = re.compile(r"[.!?](?:\s|$)")


def said_by(rule_id: str) -> Iterator[tuple[str, Said]]:
    rule = texts.rule(rule_id)
    yield "short", Said(rule.short.fr, rule.short.en)
    yield "title", rule.title
    yield "why", rule.why
    yield "next", rule.next
    for ident, control in rule.controls.items():
        yield f"{ident} asks", control.asks
        yield f"{ident} fix", control.fix
    yield from rule.reasons.items()


def everything() -> Iterator[tuple[str, Said]]:
    for rule in RULES:
        for where, said in said_by(rule.id):
            yield f"{rule.id} {where}", said
    shared = texts.shared()
    tables = (shared.chapters, shared.reasons, shared.gaps, shared.kinds, *shared.words.values())
    yield from ((f"shared {key}", said) for table in tables for key, said in table.items())


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_every_control_says_what_it_asks_and_how_to_mend_it(rule: object) -> None:
    assert list(texts.rule(rule.id).controls) == list(rule.controls)  # type: ignore[attr-defined]


def test_why_takes_two_to_four_sentences() -> None:
    for rule in RULES:
        why = texts.rule(rule.id).why
        assert all(2 <= len(SENTENCE_END.findall(why[lang])) <= 4 for lang in ("fr", "en")), rule.id


def test_french_is_set_as_french() -> None:
    for where, said in everything():
        assert not re.search(r"['\"]| [:;?!»]|« |\S[:;?!](?:\s|$)", said.fr), where


def test_there_is_no_english_in_french_nor_french_in_english() -> None:
    for where, said in everything():
        assert not ENGLISH.search(re.sub(r"{\w+}", "", said.fr)), where
        assert not FRENCH.search(said.en), where


def test_one_word_has_one_meaning() -> None:
    for where, said in everything():
        assert not BANNED.search(said.fr), where


def test_both_languages_ask_for_the_same_values() -> None:
    for where, said in everything():
        assert texts.placeholders(said.fr) == texts.placeholders(said.en), where


def strings_of(tree: ast.AST) -> set[str]:
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_every_code_written_in_a_rule_has_its_text_and_every_text_its_code() -> None:
    """A code may also be written in what several rules share, one file up, or where rule bases are evaluated."""
    shared = [*HERE.parent.glob("*.py"), *HERE.parent.glob("segmentation/*.py")]
    beside = set().union(*(strings_of(ast.parse(path.read_text("utf-8"))) for path in shared))
    for path in sorted(HERE.glob("r*_*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        strings = strings_of(tree) | beside
        own = texts.rule(f"R{int(path.stem[1:3])}").reasons
        assert set(own) <= strings, path.name
        for call in ast.walk(tree):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in {"Finding", "Doubt"}:
                code = call.args[1]
                if isinstance(code, ast.Constant):
                    assert code.value in own or code.value in texts.shared().reasons, (path.name, code.value)


def test_every_awaited_collector_and_every_kind_has_a_name() -> None:
    collectors = texts.shared().words["collectors"]
    awaited = {name for _, control in BY_ID.values() for name in control.awaiting}
    assert awaited <= set(collectors)
    listed = {family.kind for family in FAMILIES}
    assert {kind.__name__ for kind in EVERY_KIND} - listed == set(texts.shared().kinds)
    assert all(
        texts.kind(kind, "fr") != texts.kind(kind, "en") or kind in {"Absence", "Site", "Contact"} for kind in listed
    )


def test_the_judge_says_nothing_that_cannot_be_said() -> None:
    for result in judge(World(), RULES, AT).rules:
        for doubt in (doubt for control in result.controls for doubt in control.doubts):
            assert doubt.reason in texts.shared().reasons
            assert "{" not in texts.sentence(doubt, result.rule, "fr") + texts.sentence(doubt, result.rule, "en")


def test_labels() -> None:
    assert len(texts.chapters("fr")) == 13
    assert texts.chapters("en")[0] == "Know the information system"
    assert {texts.verdict(verdict, "fr") for verdict in Verdict} == {
        "conforme",
        "non conforme",
        "non prouvé",
        "sans objet",
    }
    assert texts.proof(Proof.ATTESTED, "fr") == "attesté"
    assert texts.kind("Host", "en") == "hosts"
    assert texts.kind("cmd:sshd -T", "fr") == "cmd:sshd -T"
    assert texts.collector("snmp", "en").endswith("(SNMP)")
    assert texts.collector("unheard-of", "en") == "unheard-of"
    assert texts.rule("R15").short["fr"] == "Supports amovibles"
    assert texts.rule("R15").short["en"] == "Removable media"


@pytest.mark.parametrize(
    ("ref", "shown"),
    [
        ("host/srv-pacs", "srv-pacs"),
        ("account/srv-pacs/root", "root (srv-pacs)"),
        ("volume/srv-pacs/home/images", "/home/images (srv-pacs)"),
        ("volume/srv-pacs/", "/ (srv-pacs)"),
        ("volume/srv-pacs/C:", "C: (srv-pacs)"),
        ("service/srv/tcp/23", "tcp/23 (srv)"),
        ("network/10.0.0.0/24", "10.0.0.0/24"),
        ("practice", "le cabinet"),
        ("host/practice", "practice"),
        ("person/default", "default"),
        ("logkeeping/traffic", "trafic du réseau"),
    ],
)
def test_a_subject_has_a_readable_name(ref: str, shown: str) -> None:
    assert texts.subject(ref, "fr") == shown


def test_values_are_said_in_the_language_of_the_page() -> None:
    item = Doubt("host/a", "stale", {"kind": "Updates", "on": "2026-01-02"})
    assert texts.sentence(item, "R6", "fr") == f"a{NBSP}: le dernier relevé date du 02/01/2026 (mises à jour)."
    assert texts.sentence(item, "R6", "en") == "a: the last look dates from 2026-01-02 (updates)."
    assert texts.sentence(item, "R6", "en", name="PACS").startswith("PACS:")


def test_a_value_of_two_parts_keeps_its_own_name() -> None:
    item = Finding("account/pc/anna", "administers", {"via": "group:docker"})
    assert texts.sentence(item, "R30", "fr").endswith("par le groupe docker.")


def test_a_code_without_a_text_prints_as_code_and_values() -> None:
    item = Finding("host/a", "unheard_of", {"known": True, "off": False, "age": None, "days": 3})
    assert texts.sentence(item, "R6", "en") == "a: unheard_of (known: yes; off: no; age: ?; days: 3)"
    assert texts.sentence(item, "R6", "fr") == (
        f"a{NBSP}: unheard_of (known{NBSP}: oui{NBSP}; off{NBSP}: non{NBSP}; age{NBSP}: ?{NBSP}; days{NBSP}: 3)"
    )


def test_a_text_that_lacks_a_value_prints_as_code_and_values() -> None:
    assert texts.sentence(Finding("host/a", "list_old"), "R6", "en") == "a: list_old"


def test_a_value_with_braces_is_only_a_value() -> None:
    item = Finding("host/{0.__class__}", "list_old", {"on": "{subject}"})
    assert texts.sentence(item, "R6", "en") == "On {0.__class__} the list of updates dates from {subject}."


def test_a_gap_says_why_and_what_completes_it() -> None:
    item = Doubt("host/a", "gap", {"kind": "Host", "why": "command_missing", "install": "apt-get install nmap"})
    assert texts.sentence(item, "R6", "en") == (
        "Blind spot on a (hosts). A program it needs is not installed. (to install: apt-get install nmap)"
    )
    said = {"kind": "Account", "why": "needs_root", "fields": "password, enabled"}
    assert texts.gap("needs_root", said, "en") == (
        "Administrator rights are needed to read it. (the state of the password, whether the account is open)"
    )
    assert texts.gap("unheard_of", {"limit": 3}, "en") == "unheard_of (limit: 3)"
    assert texts.gap("unheard_of", {"host": "host/a"}, "en").endswith(": a)")


@pytest.mark.parametrize("ident", ["R00", "R41", "R1/../x", "r1", ""])
def test_an_unknown_rule_is_a_key_error(ident: str) -> None:
    with pytest.raises(KeyError):
        texts.rule(ident)


def test_an_unknown_field_in_a_text_is_refused() -> None:
    good = Path(HERE / "r01_map.toml").read_bytes()
    msgspec.toml.decode(good, type=texts.RuleText)
    for bad in (
        good + b"\n[extra]\nfr = 'x'\n",
        good.replace(b"chapter = 1", b"chapter = 14"),
        good.replace(b"en = ", b"de = "),
    ):
        with pytest.raises(msgspec.ValidationError):
            msgspec.toml.decode(bad, type=texts.RuleText)


def test_what_a_control_waits_for_is_not_built_yet() -> None:
    built = {name for name, one in COLLECTORS.items() if one.capture} | {"agent", "people", "premises"}
    waiting = {control.id: built & {*control.awaiting} for rule in RULES for control in rule.controls.values()}
    assert {ident: names for ident, names in waiting.items() if names} == {}
