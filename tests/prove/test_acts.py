"""Paper and light box give the same advice about the same state."""

from pathlib import Path

import pytest
from django.utils.translation import override
from tests.prove.test_paper import observed, text_of
from tests.web.furnished import furnish

from negatoscope.flows import proving
from negatoscope.flows.console import Console
from negatoscope.flows.judging import judge_now
from negatoscope.kit.bilingual import Lang
from negatoscope.kit.clock import utc_now
from negatoscope.prove.report import acts
from negatoscope.store.queries import judgements
from negatoscope.web import advice


def agreed(console: Console, lang: Lang) -> int:
    """How many acts both told, after the same words and numbers were found on paper in the light box's order."""
    said = text_of(proving.report_pdf(console, lang))
    with override(lang):
        box = judgements.light_box(console.practice)
        told = advice.actions(console.practice, box, console.clock())[: acts.SHOWN]
    said = said.partition("À faire d’abord" if lang == "fr" else "What to do first")[2]
    for number, action in enumerate(told, start=1):
        many = len(action.films)
        plural = "s" if many > 1 else ""
        moves = f"concerne {many} règle{plural}" if lang == "fr" else f"concerns {many} rule{plural}"
        assert said.startswith(f" {number}. {action.text} {moves}")
        said = said.removeprefix(f" {number}. {action.text} {moves}")
    return len(told)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_paper_and_light_box_agree_on_a_furnished_console(db: None, tmp_path: Path, lang: Lang) -> None:
    console = furnish(tmp_path, utc_now())
    assert agreed(console, lang) == acts.SHOWN


def test_they_agree_before_anything_was_looked_at(console: Console) -> None:
    judge_now(console, "amelie")
    assert agreed(console, "fr") == acts.SHOWN
    said = text_of(proving.report_pdf(console, "fr"))
    assert said.index("Observer cet équipement") < said.index("Déclarer vos réseaux") < said.index("Attester ")


def test_they_agree_once_a_host_and_a_network_are_known(console: Console) -> None:
    observed(console)
    judge_now(console, "amelie")
    assert agreed(console, "fr") == acts.SHOWN
