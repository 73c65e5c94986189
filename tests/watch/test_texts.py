"""All that the five situations say is said in both languages, each as it is set."""

import ast
import re
from datetime import datetime, timedelta
from string import Formatter

import pytest

from negatoscope.kit.bilingual import Lang, Said
from negatoscope.watch import behaviours, texts
from negatoscope.watch.behaviours import five
from negatoscope.watch.detection import Detection, Kind, Level
from tests.watch.attacks import planted
from tests.watch.generated import Practice

HERE = texts.HERE / "behaviours"
LANGUAGES: tuple[Lang, ...] = ("fr", "en")
assert behaviours.__doc__


def everything() -> list[tuple[str, Said]]:
    told = texts.texts()
    tables = (told.behaviours, told.labels, told.words)
    pairs = [(key, said) for table in tables for key, said in table.items()]
    return pairs + [
        (f"{code} {name}", getattr(one, name)) for code, one in told.reasons.items() for name in ("title", "usual")
    ]


def fields(text: str) -> set[str]:
    return {field for _, field, _, _ in Formatter().parse(text) if field is not None}


def strings() -> set[str]:
    trees = [ast.parse(path.read_text("utf-8")) for path in HERE.glob("*.py")]
    return {
        node.value
        for tree in trees
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def test_every_situation_has_its_text_and_every_text_its_situation() -> None:
    assert set(texts.texts().behaviours) == set(five.CODES)
    written = strings()
    assert {code.removesuffix("_in") for code in texts.texts().reasons} <= written


def test_french_is_set_as_french_and_asks_for_the_same_values() -> None:
    for where, said in everything():
        assert not re.search(
            r"['\"]| [:;?!»]|« |\S[:;?!](?:\s|$)",
            said.fr.replace("\N{NO-BREAK SPACE}:", "").replace("\N{NARROW NO-BREAK SPACE};", ""),
        ), where
        assert fields(said.fr) == fields(said.en), where


def test_whatever_is_found_is_said_in_both_languages() -> None:
    practice = Practice(seed=4, people=24, flows=1)
    extra, wanted = planted(practice)
    known, memory, settings = practice.known(), five.Memory(), five.Settings()
    found = list(five.look(practice.events(extra), memory, known, settings))
    found += five.settle(max(one.came for one in extra) + timedelta(days=9), memory, known, settings)
    assert {one.reason for one in wanted} <= {one.reason for one in found}
    for one in found:
        for lang in LANGUAGES:
            said = texts.explain(one, lang)
            assert not re.search(r"[{}]|None|_", f"{said.title} {said.usual}"), one
            assert said.usual is not None or one.reason in {"outside_window", "clear_protocol"}, one
            assert said.seen
            assert all(label and value for label, value in said.seen)


def detection(**more: object) -> Detection:
    at = datetime.fromisoformat("2026-11-22T08:00:00+00:00")
    about = {
        "kind": Kind.BEHAVIOUR, "code": "transfers", "subject": "host/poste-1", "at": at, "came": at, "keys": ("a",),
        "level": Level.HIGH, "case": "x", "reason": "own_past", **more,
    }  # fmt: skip
    return Detection(**about)  # type: ignore[arg-type]


def test_values_are_said_in_the_language_of_the_page() -> None:
    usual = {"median": 12_400_000, "most": 2_400_000_000, "hours": 30}
    seen = {
        "bytes": 5_100_000_000,
        "to": "example.com",
        "day": "2026-11-22",
        "at": "2026-11-22T08:00:00Z",
        "why": "locked",
    }
    one = detection(usual=usual, seen=seen)
    french, english = (texts.explain(one, lang) for lang in LANGUAGES)
    assert french.title == "poste-1 envoie bien plus que d’habitude"
    assert "2,4\N{NO-BREAK SPACE}Go" in (french.usual or "")
    assert "2.4\N{NO-BREAK SPACE}GB" in (english.usual or "")
    assert [value for _, value in french.seen] == [
        "5,1\N{NO-BREAK SPACE}Go", "example.com", "22/11/2026", "22/11/2026 09:00:00", "compte verrouillé",
    ]  # fmt: skip
    assert [value for _, value in english.seen][2:4] == ["2026-11-22", "2026-11-22 09:00:00"]


def test_a_page_gives_its_own_names() -> None:
    said = texts.explain(detection(seen={"on": "host/srv"}), "fr", lambda ref: f"<{ref}>")
    assert said.title.startswith("<host/poste-1>")
    assert said.seen == (("sur", "<host/srv>"),)
    assert said.usual is None


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(10, "10\N{NO-BREAK SPACE}min"), (60, "1\N{NO-BREAK SPACE}h"), (10_080, "7\N{NO-BREAK SPACE}jours")],
)
def test_how_long(minutes: int, said: str) -> None:
    one = detection(code="attempts", reason="spraying", usual={"limit": 5, "minutes": minutes})
    assert said in (texts.explain(one, "fr").usual or "")


@pytest.mark.parametrize(
    ("ref", "shown"),
    [("account/srv/root", "root (srv)"), ("account/?/root", "root"), ("host/irm", "irm"), ("practice", "practice")],
)
def test_a_reference_reads(ref: str, shown: str) -> None:
    assert texts.plain(ref) == shown


def test_names_of_codes() -> None:
    assert texts.behaviour("bypass", "fr") == "Contournement de la politique de sécurité"
    assert texts.size(500, "fr") == "500\N{NO-BREAK SPACE}o"
    with pytest.raises(KeyError):
        texts.behaviour("sigma", "fr")
