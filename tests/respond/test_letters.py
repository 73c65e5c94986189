"""Letters: all that the law asks to say is in them, what is missing shows, what nobody said is not claimed."""

import re

import pytest

from negatoscope.model.incident import Clue, Decided, Filled, Marked, Noted, Sent, Struck
from negatoscope.respond.dossier import LONG, forms
from negatoscope.respond.facts import Facts
from negatoscope.respond.filling import fill
from negatoscope.respond.letter import PLACE, paragraphs
from tests.respond.incidents import Log, aware

LETTERS = sorted(duty for duty, form in forms().items() if form.letter)


def letter(log: Log, duty: str) -> tuple[str, ...]:
    return paragraphs(fill(forms()[duty], Facts(log.one, log.entries, log.now)), "fr")


def value(log: Log, duty: str, ident: str) -> str:
    dossier = fill(forms()[duty], Facts(log.one, log.entries, log.now))
    return next("".join(one.values) for one in dossier.every if one.field.id == ident)


@pytest.mark.parametrize("duty", LETTERS)
def test_a_letter_names_known_fields_alike_in_both_languages(duty: str) -> None:
    form = forms()[duty]
    for said in form.letter:
        assert set(PLACE.findall(said.fr)) == set(PLACE.findall(said.en)) <= {field.id for field in form.fields}


@pytest.mark.parametrize("duty", LETTERS)
def test_every_required_field_is_in_its_letter(duty: str) -> None:
    form = forms()[duty]
    told = {name for said in form.letter for name in PLACE.findall(said.fr)}
    header = {"address", "controllers"}
    assert {field.id for field in form.fields if field.required} - told <= header


def test_the_letter_to_persons_says_all_of_article_34() -> None:
    log = aware()
    log.say(
        Filled(
            "ART34",
            {
                "what_plain": ("Un inconnu a lu l’agenda.",),
                "data_plain": ("Votre nom.",),
                "consequences_plain": ("De faux appels.",),
                "measures_plain": ("Mots de passe changés.",),
                "advice_plain": ("Méfiez-vous.\nSignalez.",),
                "dpo": ("Cabinet Données\n01 55 66 77 88",),
                "org_name": ("Imagerie du Parc",),
                "signatory": ("Anna",),
            },
        )
    )
    text = "\n".join(letter(log, "ART34"))
    for said in (
        "le 2 novembre 2026", "Un inconnu a lu l’agenda.", "Votre nom.", "De faux appels.", "Mots de passe changés.",
        "\nMéfiez-vous.\nSignalez.", "Cabinet Données, 01 55 66 77 88.", "ne vous demande rien", "Imagerie du Parc",
    ):  # fmt: skip
        assert said in text
    assert "compléter" not in text
    assert "n’est pas touché" not in text
    log.say(Filled("ART34", {"not_touched": ("Vos images.",)}))
    assert "Ce qui n’est pas touché. Vos images." in letter(log, "ART34")


def test_what_must_be_said_and_is_missing_shows() -> None:
    text = "\n".join(letter(Log(), "ART34"))
    assert text.count("[à compléter") == 9
    assert re.search(r"constaté \[à compléter.: Quand, en mots simples\]", text)


def test_the_complaint_tells_what_was_noted_found_and_declared() -> None:
    log = aware()
    log.say(Noted(), "Jean débranche")
    wrong = log.say(Noted(), "c’est l’imprimante")
    log.say(Struck(wrong), "mal vu")
    log.say(Decided("couper Internet"), "par prudence")
    log.say(Marked(Clue.ADDRESS, "203.0.113.7"))
    log.say(Sent("CNIL", log.now, "FR-1"))
    text = "\n".join(letter(log, "PLAINTE"))
    for said in ("Jean débranche", "couper Internet", "203.0.113.7", "FR-1", "rançon sur poste-3", "323-1"):
        assert said in text
    assert "imprimante" not in text
    assert "Notre soupçon" not in text


def test_a_chronology_of_any_length_fits_its_field() -> None:
    log = aware()
    for number in range(60):
        log.say(Noted(), f"{number} " + "mot " * 60)
    told = value(log, "PLAINTE", "chronology")
    assert (len(told), told[-1]) == (LONG, "…")
    log.say(Filled("PLAINTE", {"chronology": (told,)}))


def test_closed_lists_stand_in_a_letter_in_words() -> None:
    log = aware()
    log.say(Filled("RT", {"nature": ("confidentiality", "availability")}))
    (said,) = (part for part in letter(log, "RT") if part.startswith("Nature."))
    assert said == "Nature.\nPerte de la confidentialité\nPerte de la disponibilité"
