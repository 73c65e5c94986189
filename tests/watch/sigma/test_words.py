"""What a rule looks for, in words: each kind of clause, what is said together or left out, every public rule."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from negatoscope.kit.bilingual import Lang
from negatoscope.watch.sigma.correlations import OPERATORS
from negatoscope.watch.sigma.keep import ruleset_of
from negatoscope.watch.sigma.tree import Compare, Moment, Same, Where
from negatoscope.watch.sigma.words import PARTS, VALUES, Line, Speaker, words, written
from tests.watch.sigma.written import one, rule, ruleset

ARCHIVE = Path(__file__).parents[4] / "shared" / "data" / "sigma_rules_2026-08-05.zip"


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


def said(detection: dict[str, Any], lang: Lang = "fr", text: str = "") -> Any:  # noqa: ANN401 -- nested lists of words
    """The points of a rule, nested as they are."""
    return nested(Speaker(lang, text).rule(one(detection), {}))


def nested(line: Line) -> Any:  # noqa: ANN401 -- nested lists of words
    return [plain(line.text), *map(nested, line.parts)] if line.parts else plain(line.text)


@pytest.mark.parametrize(
    ("selection", "french", "english"),
    [
        ({"Image": "a.exe"}, "le programme (image) est « a.exe »", "the program (image) is “a.exe”"),
        ({"Odd|contains": ["a", "b", "c"]}, "le champ « odd » contient « a », « b » ou « c »", None),
        ({"Odd|contains|all": ["a", "b"]}, "le champ « odd » contient à la fois « a » et « b »", None),
        ({"Odd|startswith": "a"}, "le champ « odd » commence par « a »", "the field “odd” begins with “a”"),
        ({"Odd|endswith": ["a", "b"]}, "le champ « odd » finit par « a » ou « b »", None),
        (
            {"Odd": ["a*b", "c?d"]},
            "le champ « odd » a la forme « a*b » ou « c?d » (* : n’importe quoi, ? : un caractère)",
            "the field “odd” looks like “a*b” or “c?d” (*: anything, ?: one character)",
        ),
        ({"Odd|re": "^a+$"}, "le champ « odd » suit le modèle « ^a+$ »", None),
        ({"Odd|cidr": "10.0.0.0/8"}, "le champ « odd » est une adresse du réseau « 10.0.0.0/8 »", None),
        ({"Odd|gte": 5}, "le champ « odd » vaut 5 au moins", "the field “odd” is 5 at least"),
        ({"Odd|exists": True}, "le champ « odd » est rempli", None),
        ({"Odd": None}, "le champ « odd » est absent ou vide", "the field “odd” is absent or empty"),
        ({"Odd": ""}, "le champ « odd » est vide", "the field “odd” is empty"),
        ({"Odd|contains|cased": "Ab"}, "le champ « odd » contient « Ab », majuscules et minuscules comprises", None),
        ({"Odd|fieldref": "User"}, "le champ « odd » est égal à un autre champ : le compte (user)", None),
        ({"Odd|hour": 3}, "l’heure, dans le champ « odd », est 3", None),
        (["a", "b"], "l’événement contient, où que ce soit, « a » ou « b »", "the event holds, anywhere, “a” or “b”"),
        ({"|all": ["a", "b"]}, "l’événement contient, où que ce soit, à la fois « a » et « b »", None),
        ({"|re": "a+"}, "l’événement contient, où que ce soit, un texte du modèle « a+ »", None),
        (["a*b"], "l’événement contient, où que ce soit, un texte de la forme « *a*b* »", None),
    ],
)
def test_each_clause_is_a_sentence(selection: Any, french: str, english: str | None) -> None:  # noqa: ANN401
    detection = {"one": selection, "condition": "one"}
    assert said(detection) == french
    assert english is None or said(detection, "en") == english


def test_exceptions_come_last_and_say_what_they_are_about() -> None:
    detection = {
        "filter_none": {"User": None},
        "filter_main": {"User|startswith": "NT", "Image": "b"},
        "filter_one": {"User": "jean"},
        "one": {"Image": "a"},
        "condition": "not filter_main and not filter_none and not filter_one and one",
    }
    both = [
        "sauf si tout ceci est vrai à la fois :",
        "le programme (image) est « b »",
        "le compte (user) commence par « nt »",
    ]
    assert said(detection) == [
        "tout ceci est vrai à la fois :", "le programme (image) est « a »", both,
        "sauf si le compte (user) est absent ou vide", "sauf si le compte (user) est « jean »",
    ]  # fmt: skip
    assert (
        said({"one": {"User": "jean"}, "condition": "not one"}) == "il n’est pas vrai que le compte (user) est « jean »"
    )
    detection = {"one": {"User": "jean"}, "two": {"Image": "a"}, "condition": "one or not two"}
    assert said(detection, "en") == [
        "one of these at least is true:", "the account (user) is “jean”",
        "it is not true that the program (image) is “a”",
    ]  # fmt: skip


def test_fields_are_named_as_the_rule_writes_them() -> None:
    detection = {"one": [{"CommandLine|contains": "x"}, {"TargetOdd": "y"}], "condition": "one"}
    text = yaml.safe_dump(rule(detection))
    assert written("  - 'Odd Name|contains|all': x\nImage: y\n# Not: this") == {
        "odd name": "Odd Name",
        "image": "Image",
    }
    assert said(detection, "fr", text) == [
        "l’un au moins de ces points est vrai :", "la commande tapée (CommandLine) contient « x »",
        "le champ « TargetOdd » est « y »",
    ]  # fmt: skip


def test_what_is_long_is_cut_and_says_by_how_much() -> None:
    many = {"Image": [f"v{number}" for number in range(VALUES + 2)]}
    assert said({"one": many, "condition": "one"}).endswith("« v7 » ou 2 autres")
    assert "x…" in said({"one": {"Image": "x" * 500}, "condition": "one"})
    points = {f"f{number}": "x" for number in range(PARTS + 3)}
    told = said({"one": points, "condition": "one"})
    assert (len(told), told[-1]) == (PARTS + 2, "… et 3 autres points, dans le texte de la règle")


@pytest.mark.parametrize(
    ("correlation", "french"),
    [
        (
            {"type": "event_count", "group-by": ["User", "Host"], "timespan": "10m", "condition": {"gte": 5}},
            "au moins 5 événements en 10 minutes, avec le même User et Host, de ce que cherche :",
        ),
        (
            {"type": "value_count", "timespan": "1d", "condition": {"gt": 1, "field": "User"}},
            "plus de 1 valeur différente de user en 1 jour, dans ce que cherche :",
        ),
        (
            {"type": "temporal", "timespan": "90s", "group-by": ["User"]},
            "chacune de ces choses en moins de 90 secondes, avec le même User :",
        ),
        (
            {"type": "temporal_ordered", "timespan": "2h"},
            "chacune de ces choses, dans cet ordre, en moins de 2 heures :",
        ),
    ],
)  # fmt: skip
def test_a_correlation_says_how_many_in_how_long_of_what(correlation: dict[str, Any], french: str) -> None:
    parts = [rule({"a": {"Image": name}, "condition": "a"}, id=f"0000000{n}-0000-4000-8000-000000000000", title=name)
             for n, name in enumerate("ab")]  # fmt: skip
    asked = {**correlation, "rules": [part["id"] for part in parts]}
    read = ruleset(*parts, {"title": "Many", "id": "00000009-0000-4000-8000-000000000000", "correlation": asked})
    assert not read.refused
    known = {each.id: each for each in read.every}
    told = nested(Speaker("fr").rule(read.counted[0], known))
    assert told == [french, ["a", "le programme (image) est « a »"], ["b", "le programme (image) est « b »"]]
    assert nested(Speaker("fr").rule(read.counted[0], known, 0)) == [french, "a", "b"]
    assert nested(Speaker("fr").rule(read.counted[0], {})) == french


def test_every_word_that_may_be_needed_is_there() -> None:
    needed = {f"same_{where}" for where in Where} | {str(where) for where in Where} | {f"n_{one}" for one in OPERATORS}
    assert needed <= words().phrases.keys()
    speaker = Speaker("en")
    for part in ("minute", "hour", "day", "week", "month", "year"):
        assert speaker.line(Moment("a", part, 2026)).text.endswith("is 2026")
    for order in ("lt", "lte", "gt", "gte"):
        assert "1.5" in speaker.line(Compare("a", order, 1.5)).text
    for where in Where:
        assert "the account (user)" in speaker.line(Same("a", where, "user", cased=True)).text
    for name, phrase in words().phrases.items():
        holes = [sorted(re.findall(r"\{(\w+)\}", phrase[lang])) for lang in ("fr", "en")]
        assert holes[0] == holes[1], name


@pytest.mark.skipif(not ARCHIVE.exists(), reason=f"needs {ARCHIVE}: the public rules, not ours to ship")
def test_every_public_rule_is_said_in_both_languages(tmp_path: Path) -> None:
    read = ruleset_of([ARCHIVE], tmp_path)
    known = {each.id: each for each in read.every}
    assert len(known) > 3_000

    def texts(line: Line) -> list[str]:
        return [line.text, *(text for part in line.parts for text in texts(part))]

    for each in read.every:
        french, english = (texts(Speaker(lang).rule(each, known)) for lang in ("fr", "en"))
        assert all(text.strip() and len(text) < 3_000 for text in (*french, *english)), each.title
        assert len(french) == len(english) <= 400
        assert not any(mark in text for text in french for mark in ("{field}", "{values}", "{said}", "\uf8ff"))
