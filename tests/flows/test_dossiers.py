"""Dossiers in an incident: saved whole or not at all, two at once lose nothing, what left is kept as it left."""

import io
import re
from datetime import date, timedelta
from io import BytesIO

import pytest
from pypdf import PdfReader
from tests.conftest import START, TickingClock

from negatoscope.flows import custody_paper, dossier_papers, dossiers, exercising, responding
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.dossiers import Collided, Filling, Leaving, Misfilled
from negatoscope.flows.responding import Beginning, Document, Line
from negatoscope.model.continuity import Call, Contact
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.incident import Answered, Filled, Hit, Moment, Named, Role, Sent, Stage, Struck, Touched, What
from negatoscope.model.people import Person
from negatoscope.model.providers import Contract, Provider
from negatoscope.respond import wall
from negatoscope.respond.dossier import Held, forms
from negatoscope.respond.incident import Refused
from negatoscope.store import practice
from negatoscope.store.models import LedgerRow
from negatoscope.store.queries import incidents as held

ANNA = Handler("user:anna", "Anna Petit (anna)")
LUC = Handler("user:luc", "Luc Moreau (luc)")


def begun(console: Console) -> int:
    return responding.open_incident(console, Beginning("rançon sur le poste 3", "écran rouge"), ANNA)


def fill(console: Console, number: int, seen: int | None = None, once: str | None = None, **values: str) -> int | None:
    told = Filling("CNIL", {name: [value] for name, value in values.items()}, seen, once)
    return dossiers.save(console, number, told, ANNA)


def field(console: Console, number: int, ident: str, duty: str = "CNIL") -> Held:
    found = dossiers.dossier(console, number, duty)
    return next(one for one in found.every if one.field.id == ident)


def text_of(paper: bytes) -> str:
    pages = (page.extract_text() for page in PdfReader(BytesIO(paper)).pages)
    return solid("\n".join(pages))


def solid(text: str) -> str:
    """A text without what breaks lines."""
    return re.sub(r"[\s\u200b-]", "", text)


def test_a_part_is_one_line_of_the_log_with_its_entry(console: Console) -> None:
    number = begun(console)
    before = len(held.entries(console.practice, number))
    place = fill(console, number, siren="123 456 789", people_count="1 200")
    log = held.entries(console.practice, number)
    assert (place, log[-1].word) == (
        before + 1, Filled("CNIL", {"siren": ("123 456 789",), "people_count": ("1200",)}),
    )  # fmt: skip
    assert LedgerRow.objects.filter(kind="incident_filled").count() == 1
    assert fill(console, number) is None


def test_nothing_is_written_where_a_field_is_wrong(console: Console) -> None:
    number = begun(console)
    before = len(held.entries(console.practice, number))
    with pytest.raises(Misfilled) as wrong:
        fill(console, number, siren="12", people_count="3")
    assert wrong.value.codes == {"siren": "pattern"}
    with pytest.raises(Refused, match="field"):
        fill(console, number, weather="beau")
    with pytest.raises(Refused, match="duty"):
        dossiers.dossier(console, number, "WEATHER")
    with pytest.raises(Refused, match="unknown"):
        dossiers.dossier(console, 999, "CNIL")
    assert len(held.entries(console.practice, number)) == before


def test_two_at_once_lose_nothing(console: Console) -> None:
    number = begun(console)
    seen = responding.incident(console, number).last
    fill(console, number, seen, siren="123456789")
    dossiers.save(console, number, Filling("CNIL", {"address": ["1 rue du Parc"]}, seen), LUC)
    dossiers.save(console, number, Filling("ANS", {"siren": ["987654321"]}, seen), LUC)
    dossiers.save(console, number, Filling("CNIL", {"siren": ["123456789"]}, seen), LUC)
    with pytest.raises(Collided) as others:
        dossiers.save(console, number, Filling("CNIL", {"siren": ["987654321"], "staff": ["3"]}, seen), LUC)
    assert {ident: entry.name for ident, entry in others.value.entries.items()} == {"siren": LUC.name}
    assert field(console, number, "staff").values == ()
    now = responding.incident(console, number).last
    dossiers.save(console, number, Filling("CNIL", {"siren": ["987654321"]}, now), LUC)
    assert field(console, number, "siren").values == ("987654321",)


def test_a_form_sent_twice_is_one_line(console: Console) -> None:
    number = begun(console)
    seen = responding.incident(console, number).last
    first = fill(console, number, seen, "a", siren="123456789")
    assert fill(console, number, seen, "a", siren="123456789") == first
    leaving = Leaving(console.clock(), Stage.INITIAL, once="b")
    place = dossiers.send(console, number, "CNIL", leaving, ANNA)
    assert dossiers.send(console, number, "CNIL", leaving, ANNA) == place


def test_what_left_is_kept_as_it_left_with_its_copy(console: Console, clock: TickingClock) -> None:
    number = begun(console)
    fill(console, number, people_count="10")
    copy = Document("recu.pdf", io.BytesIO(b"recu"), "accusé")
    at = console.clock()
    leaving = Leaving(at, Stage.INITIAL, "Anna", "FR-1", text="par le site", copy=copy)
    dossiers.send(console, number, "CNIL", leaving, ANNA)
    one = responding.incident(console, number)
    word = one.sent[0].word
    assert isinstance(word, Sent)
    assert (word.stage, word.by, word.receipt, word.told["people_count"]) == (Stage.INITIAL, "Anna", "FR-1", ("10",))
    log = held.entries(console.practice, number)
    assert word.copy is not None
    attached = log[word.copy - 1].word
    with console.vault.open(getattr(attached, "digest", "")) as stream:
        assert stream.read() == b"recu"
    assert one.frozen
    cnil = next(clock for clock in wall.clocks(one) if clock.duty.id == "CNIL")
    assert (cnil.sent, cnil.receipt, cnil.awaited) == (at, "FR-1", at + timedelta(hours=72))
    fill(console, number, people_count="20")
    changed = dossiers.dossier(console, number, "CNIL").changed
    assert [(each.field.id, each.before, each.values) for each in changed] == [("people_count", ("10",), ("20",))]
    dossiers.send(console, number, "CNIL", Leaving(console.clock(), Stage.COMPLEMENT), ANNA)
    assert dossiers.dossier(console, number, "CNIL").changed == ()


def test_a_refused_notification_leaves_no_line(console: Console) -> None:
    number = begun(console)
    before = len(held.entries(console.practice, number))
    copy = Document("recu.pdf", io.BytesIO(b"recu"))
    with pytest.raises(Refused, match="no_first"):
        dossiers.send(console, number, "CNIL", Leaving(console.clock(), Stage.COMPLEMENT, copy=copy), ANNA)
    assert len(held.entries(console.practice, number)) == before


def test_late_the_reasons_are_asked_and_told(console: Console, clock: TickingClock) -> None:
    number = begun(console)
    clock.advance(timedelta(hours=80))
    assert dossiers.dossier(console, number, "CNIL").late
    with pytest.raises(Refused, match="late"):
        dossiers.send(console, number, "CNIL", Leaving(console.clock(), Stage.COMPLETE), ANNA)
    dossiers.send(console, number, "CNIL", Leaving(console.clock(), Stage.COMPLETE, reasons="injoignable"), ANNA)
    word = responding.incident(console, number).sent[0].word
    assert isinstance(word, Sent)
    assert (word.reasons, word.told["late_reasons"]) == ("injoignable", ("injoignable",))
    assert field(console, number, "late_reasons").values == ("injoignable",)


def test_reasons_of_the_dossier_are_enough(console: Console, clock: TickingClock) -> None:
    number = begun(console)
    clock.advance(timedelta(hours=80))
    fill(console, number, late_reasons="portail fermé")
    dossiers.send(console, number, "CNIL", Leaving(console.clock(), Stage.COMPLETE), ANNA)
    word = responding.incident(console, number).sent[0].word
    assert isinstance(word, Sent)
    assert word.reasons == "portail fermé"


def furnished(console: Console) -> int:
    practice.rename(console.practice, "Imagerie du Parc")
    anna = Person("anna", "Anna Petit", role="Gérante", email="anna@parc.example")
    luc = Person("luc", "Luc Moreau", phone="06 00 00 00 02")
    said = (
        anna, luc, Person("eve", "Eve Roy", left_on=START.date() - timedelta(days=9)),
        Call("person/anna", 1, "06 00 00 00 01"), Contact("Cabinet Données", "DPO du cabinet", "01 55 66 77 88"),
        Contact("Assureur", "sinistre"), Provider("Éditeur RIS", "RIS", phone="04 70 00 03 99"),
        Host("srv-ris", host_class=HostClass.SERVER),
        Contract("RIS 2024", "provider/Éditeur RIS", ends_on=date(2027, 12, 31), health_data=True),
        Contract("Ménage", "provider/Parti"),
    )  # fmt: skip
    declare(console, Said("user:anna"), said)
    number = begun(console)
    for word in (
        Named(Role.DECLARATIONS, "anna petit"), Named(Role.TECHNICAL, "Luc Moreau"),
        Touched(What.HOST, "host/srv-ris", Hit.COMPROMISED),
    ):  # fmt: skip
        responding.say(console, number, Line(word), ANNA)
    return number


def test_the_register_fills_what_it_knows(console: Console) -> None:
    number = furnished(console)
    expected = {
        "org_name": "Imagerie du Parc", "staff": "2", "declarant_name": "anna petit", "declarant_role": "Gérante",
        "declarant_phone": "06 00 00 00 01", "declarant_email": "anna@parc.example",
        "dpo": "Cabinet Données, 01 55 66 77 88", "others_involved": "Éditeur RIS, 04 70 00 03 99",
        "supports": "server", "systems": "srv-ris (touché)",
    }  # fmt: skip
    found = {ident: field(console, number, ident).values for ident in expected}
    assert found == {ident: (value,) for ident, value in expected.items()}
    agreed = field(console, number, "contract", "PRESTATAIRE")
    assert (agreed.values, agreed.given.doubt) == (
        ("Ménage, Parti\nRIS 2024, Éditeur RIS, jusqu’au 31/12/2027, données de santé",),
        True,
    )
    letter = solid(dossier_papers.text(dossiers.dossier(console, number, "PRESTATAIRE"), "fr"))
    assert solid("À Éditeur RIS, 04 70 00 03 99") in letter
    assert solid("Gardez, sans rien effacer, les traces") in letter
    assert field(console, number, "technical", "ANS").values == ("Luc Moreau, 06 00 00 00 02",)


def test_what_stays_the_same_is_carried_to_the_next_incident_unless_it_was_struck(console: Console) -> None:
    first, second = begun(console), begun(console)
    fill(console, first, siren="123456789", people_count="4")
    assert field(console, second, "siren").given.where == "earlier"
    assert field(console, second, "people_count").values == ()
    assert field(console, second, "siren", "ANS").values == ("123456789",)
    place = responding.incident(console, first).filled[0].place
    responding.say(console, first, Line(Struck(place), "faux"), ANNA)
    assert field(console, second, "siren").values == ()


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_paper_tells_every_field_what_is_missing_and_what_left(console: Console, lang: str) -> None:
    number = furnished(console)
    fill(console, number, address="1 rue du Parc\n31000 Toulouse", people_count="10")
    dossiers.send(console, number, "CNIL", Leaving(console.clock(), Stage.INITIAL, "Anna", "FR-1"), ANNA)
    fill(console, number, people_count="20")
    told, one = dossiers.dossier(console, number, "CNIL"), responding.incident(console, number)
    paper = text_of(dossier_papers.printed(console, told, one, "fr" if lang == "fr" else "en"))
    for each in told.every:
        assert not each.asked or solid(each.field.label["fr" if lang == "fr" else "en"]) in paper
    for said in ("Imagerie du Parc", "FR-1", "31000 Toulouse", "notifications.cnil.fr"):
        assert solid(said) in paper


@pytest.mark.parametrize("duty", sorted(forms()))
def test_a_blank_form_bears_every_choice(duty: str) -> None:
    paper = text_of(dossier_papers.blank(forms()[duty], "fr", START))
    for each in forms()[duty].fields:
        for said in (each.label.fr, *(option.fr for option in each.options)):
            assert solid(said) in paper


def test_a_letter_is_printed_with_its_sender(console: Console) -> None:
    number = furnished(console)
    told = Filling("ASSUR", {"address": ["1 rue du Parc\n31000 Toulouse"], "policy": ["CY-77"]})
    dossiers.save(console, number, told, ANNA)
    paper = text_of(dossier_papers.letter(console, dossiers.dossier(console, number, "ASSUR"), "fr"))
    for said in ("Imagerie du Parc", "31000 Toulouse", "CY-77", "À Assureur", "anna petit", "Signature"):
        assert solid(said) in paper


def test_what_is_prepared_in_an_exercise_says_so_on_paper_and_in_data(console: Console) -> None:
    number = exercising.begin(console, "ransomware", 1, ANNA)
    for name in ("personal_data", "malicious"):
        responding.say(console, number, Line(Answered(name, "yes")), ANNA)
    told, one = dossiers.dossier(console, number, "CNIL"), responding.incident(console, number)
    assert told.exercise
    for paper in (
        dossier_papers.printed(console, told, one, "fr"),
        dossier_papers.letter(console, dossiers.dossier(console, number, "ASSUR"), "fr"),
        custody_paper.printed(console, number, "fr"),
    ):
        assert solid("EXERCICE – rien n’est réel") in text_of(paper)
    assert dossier_papers.text(dossiers.dossier(console, number, "ASSUR"), "en").startswith(
        "EXERCISE – nothing is real"
    )
    assert dossier_papers.as_data(number, told, "fr")["exercise"] is True
    real = dossiers.dossier(console, furnished(console), "CNIL")
    assert dossier_papers.as_data(number, real, "fr")["exercise"] is False


def test_data_for_programs_say_where_each_value_is_from(console: Console) -> None:
    number = furnished(console)
    fill(console, number, nature="availability")
    dossiers.send(console, number, "CNIL", Leaving(console.clock(), Stage.INITIAL, receipt="FR-1"), ANNA)
    data = dossier_papers.as_data(number, dossiers.dossier(console, number, "CNIL"), "fr")
    rows = {row["field"]: row for row in data["fields"]}
    assert (rows["nature"]["values"], rows["nature"]["from"]) == (["availability"], "said")
    assert rows["nature"]["list"]["name"] == "cnil_nature"
    assert rows["siren"]["list"] is None
    assert rows["siren"]["before"] == []
    assert data["sent"][0]["receipt"] == "FR-1"
    assert "siren" in data["missing"]
    assert rows["aware_at"]["values"] == rows["aware_at"]["before"]
    assert responding.incident(console, number).moment(Moment.AWARE) is not None
