"""Words: everything is said in English too, and one thing has one name."""

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.utils.translation import gettext, ngettext, override

from tests.web.messages import SOURCE, messages

TEMPLATES = sorted((SOURCE / "web" / "templates").rglob("*.html"))
BANNED = {
    r"\bscan(?!ner)\w*": "passage",
    r"\bassets?\b": "bien",
    r"\bmachines?\b": "équipement",
    r"\bpostes? informatiques?\b": "équipement",
    r"\butilisateurs? système\b": "compte",
    r"\bvulnérabilités?\b": "faille",
    r"\blog(s|gés?)?\b": "journal",
    r"\bdashboard\b|\btableau de bord\b": "négatoscope",
    r"\bcompliant\b|\bcompliance\b|\bconformité\b": "conforme",
    r"\bexceptions?\b": "dérogation",
    r"\bpatients? data\b": "données de patient",
    r"\be-?mails?\b|\bmails?\b": "courriel",
    r"\bpassword\b|\blogin\b": "mot de passe, connexion",
}


def catalogue(language: str) -> dict[object, object]:
    path = SOURCE / "locale" / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        return {message.id: message.string for message in read_po(file) if message.id}


def test_every_message_has_its_english() -> None:
    known = catalogue("en")
    untold = {said: place for said, place in messages().items() if not known.get(said) or known[said] == ("", "")}
    assert untold == {}


def test_french_counts_zero_as_one_wherever_something_is_counted() -> None:
    assert catalogue("fr") == {one: one for one in catalogue("en") if isinstance(one, tuple)}


def test_the_catalogue_holds_nothing_that_nobody_says() -> None:
    assert set(catalogue("en")) - set(messages()) == set()


@pytest.mark.parametrize("language", ["en", "fr"])
def test_a_translation_keeps_the_values_of_its_message(language: str) -> None:
    for said, told in catalogue(language).items():
        for ours, theirs in zip(_forms(said), _forms(told), strict=True):
            assert sorted(re.findall(r"%\(\w+\)[sd]", ours)) == sorted(re.findall(r"%\(\w+\)[sd]", theirs)), ours


def _forms(said: object) -> list[str]:
    return [said] if isinstance(said, str) else [str(one) for one in said]  # type: ignore[attr-defined]


def test_zero_is_singular_in_french_and_plural_in_english() -> None:
    with override("fr"):
        assert ngettext("%(n)d mois", "%(n)d mois", 0) == "%(n)d mois"
        assert ngettext("%(n)s constat", "%(n)s constats", 0) == "%(n)s constat"
    with override("en"):
        assert ngettext("%(n)s constat", "%(n)s constats", 0) == "%(n)s findings"
        assert gettext("Règles") == "Rules"


def _said_in(path: Path) -> str:
    """What a template says to people: its tags, comments and addresses apart."""
    text = path.read_text()
    translated = re.findall(r"{%\s*translate\s+([\"'])(.*?)\1", text)
    blocks = re.findall(r"{%\s*blocktranslate.*?%}(.*?){%\s*endblocktranslate", text, re.DOTALL)
    return "\n".join([said for _quote, said in translated] + blocks)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE / "web" / "templates")))
def test_one_thing_has_one_name(path: Path) -> None:
    found = {
        word: instead
        for word, instead in BANNED.items()
        if re.search(word, re.sub(r"{{.*?}}", "", _said_in(path)), re.IGNORECASE)
    }
    assert found == {}


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(SOURCE / "web" / "templates")))
def test_no_french_stands_outside_the_catalogue(path: Path) -> None:
    text = re.sub(r"{% block body_class %}.*?{% endblock %}", "", path.read_text())
    text = re.sub(
        r"{%\s*blocktranslate.*?endblocktranslate\s*%}|{%.*?%}|{{.*?}}|<code>.*?</code>", " ", text, flags=re.DOTALL
    )
    text = re.sub(r"<script.*?</script>", " ", text, flags=re.DOTALL)
    bare = re.sub(r"<[^>]*>", " ", text, flags=re.DOTALL)
    words = [word for word in re.findall(r"[A-Za-zÀ-ÿ]{3,}", bare) if word not in PROPER_NAMES]
    assert words == []


PROPER_NAMES = {"Négatoscope", "Français", "English", "PDF", "Excel", "JSON", "CSV", "SVG", "doctype", "html"}
PROPER_NAMES |= {"Signal", "Spam", "HTTP"}


def test_french_signs_are_preceded_by_a_space_that_does_not_break() -> None:
    loose = [
        said
        for message, place in messages().items()
        for said in _forms(message)
        if place.startswith("web/") and re.search(r"\w [:;?!»](\s|$)|« ", said)
    ]
    assert loose == []
