"""Lists of people and accounts, read from real bytes."""

from datetime import date, datetime
from io import BytesIO
from typing import Any

import pytest
from openpyxl import load_workbook

from negatoscope.model.accounts import Account, AccountKind
from negatoscope.model.directory import DirectoryAccount
from negatoscope.model.evidence import Gap, Retraction, Sweep
from negatoscope.model.family import Family
from negatoscope.model.people import Person
from negatoscope.model.presence import Presence, spans
from negatoscope.model.presence import said as written
from negatoscope.observe.catalogue import COLLECTORS
from negatoscope.observe.collector import Unreadable
from negatoscope.observe.spreadsheet.families import FAMILIES, PERSONS, columns
from negatoscope.observe.spreadsheet.rows import Known, Problem, listed
from negatoscope.observe.spreadsheet.template import template
from negatoscope.observe.spreadsheet.words import book, file, problem
from tests.observe.spreadsheets import facts, items, xlsx

COMPLETE = date(2026, 11, 1)
CLAIRE = Person("martin.claire", "Claire Martin", "Manipulatrice", date(2021, 9, 1), None, "c@cabinet.example")
ROWS = (
    "Identifiant;Nom;Prénom;Fonction;Arrivée;Départ;Courriel\n"
    "martin.claire;Martin;Claire;Manipulatrice;01/09/2021;;c@cabinet.example\n"
)


def problems(text: str, family: str = "persons", known: Known | None = None) -> list[Problem]:
    return listed(text.encode(), FAMILIES[family], known or Known()).problems


def test_it_is_in_the_catalogue_and_goes_nowhere() -> None:
    one = next(collector for collector in COLLECTORS if collector.name == "spreadsheet")
    assert one.capture is None
    assert one.voice == "declared"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_encoding_that_excel_writes_is_read(encoding: str) -> None:
    assert items(ROWS.encode(encoding)) == [CLAIRE]


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_every_separator_is_found(separator: str) -> None:
    assert items(ROWS.replace(";", separator).encode()) == [CLAIRE]


def test_headings_are_understood_in_both_languages_whatever_the_case_and_accents() -> None:
    english = "IDENTIFIER,NAME,first name,Role,Arrived on,left ON,E-Mail\n" + ROWS.split("\n")[1].replace(";", ",")
    french = ROWS.replace("Prénom", "PRENOM").replace("Arrivée", "date d’entrée").replace("Courriel", "adresse e-mail")
    assert items(english.encode()) == items(french.encode()) == [CLAIRE]


def test_a_workbook_says_the_same_as_a_csv() -> None:
    head = ROWS.split("\n", maxsplit=1)[0].split(";")
    row = ["martin.claire", "Martin", "Claire", "Manipulatrice", datetime(2021, 9, 1), None, "c@cabinet.example"]  # noqa: DTZ001 -- Excel knows no zone
    assert items(xlsx(head, row)) == [CLAIRE]


def test_a_title_above_the_headings_and_empty_rows_do_no_harm() -> None:
    assert items(xlsx(["Liste du personnel"], [], ["Identifiant", "Nom"], [], [1234.0, "Durand"])) == [
        Person("1234", "Durand")
    ]


@pytest.mark.parametrize("written", ["31/12/2026", "31-12-2026", "31.12.2026", "2026-12-31"])
def test_dates_are_read_as_the_french_write_them_and_as_iso(written: str) -> None:
    (person,) = facts(items(f"identifiant;nom;départ\np;P;{written}\n".encode()), Person)
    assert person.left_on == date(2026, 12, 31)


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        (";Durand;;;", "missing", "ident"),
        ("p;;;;", "missing", "name"),
        ("p;P;12/31/2026;;", "not_a_date", "arrived_on"),
        ("p;P;bientôt;;", "not_a_date", "arrived_on"),
        ("p;P;01/01/1026;;", "date_out_of_range", "arrived_on"),
        ("p;P;02/01/2026;01/01/2026;", "days_reversed", "left_on"),
        ("p;P;;;peut-être", "yes_or_no", "delete"),
        ("=SUM(A1);P;;;", "formula", "ident"),
        (f"p;{'x' * 501};;;", "too_long", "name"),
    ],
)
def test_a_bad_row_is_explained_and_the_good_ones_are_taken(row: str, code: str, column: str) -> None:
    text = f"identifiant;nom;arrivée;départ;supprimer\n{row}\nq;Q;;;\n"
    told = listed(text.encode(), PERSONS, Known())
    assert [(one.row, one.code, one.column) for one in told.problems] == [(2, code, column)]
    assert [line.fact for line in told.lines] == [Person("q", "Q")]
    assert problem(told.problems[0], PERSONS, "fr") != problem(told.problems[0], PERSONS, "en") != code


def test_an_email_is_known_by_its_shape() -> None:
    assert problems("identifiant;nom;mail\np;P;pas une adresse\n") == [
        Problem(2, "not_an_email", "email", "pas une adresse")
    ]


def test_a_second_row_on_the_same_person_is_refused_even_in_another_case() -> None:
    assert problems("identifiant;nom\nMDurand;A\nmdurand;B\n") == [Problem(3, "duplicate", "ident", "2")]


def test_a_formula_in_a_workbook_is_shown_and_never_computed() -> None:
    told = listed(xlsx(["Identifiant", "Nom"], ["p", "=1+1"], ["q", "Q"]), PERSONS, Known())
    assert told.problems == [Problem(2, "formula", "name", "=1+1")]
    assert [line.fact.ref for line in told.lines] == ["person/q"]


def test_a_formula_in_a_column_nobody_reads_does_no_harm() -> None:
    told = listed(xlsx(["Identifiant", "Nom", "Ancienneté"], ["p", "P", "=TODAY()-A1"]), PERSONS, Known())
    assert (told.problems, told.ignored) == ([], ("Ancienneté",))


@pytest.mark.parametrize("ticked", ["oui", "X", "yes", "1"])
def test_a_ticked_delete_column_withdraws(ticked: str) -> None:
    assert items(f"identifiant;nom;supprimer\np;P;{ticked}\nq;Q;\n".encode()) == [
        Retraction("Person", "person/p"),
        Person("q", "Q"),
    ]


def test_a_list_declared_complete_closes_the_population() -> None:
    assert items(ROWS.encode(), complete_on=COMPLETE) == [CLAIRE, Sweep("Person")]
    assert items(ROWS.encode()) == [CLAIRE]


def test_a_list_with_a_row_left_out_closes_nothing() -> None:
    for data, skipped in ((ROWS + ";Sans Identifiant\n", ()), (ROWS + "q;Q\n", (3,))):
        found = items(data.encode(), complete_on=COMPLETE, skipped=skipped)
        assert facts(found, Sweep) == []
        assert facts(found, Gap) == [Gap("Person", "rows_left_out", None, {"rows": 1})]


def test_an_empty_list_declared_complete_closes_nothing() -> None:
    assert items(b"identifiant;nom\n", complete_on=COMPLETE) == [Gap("Person", "nobody_listed", None, {"rows": 0})]


def test_a_list_of_accounts_never_closes_anything() -> None:
    found = items("système;compte\nRIS;pm\n".encode(), "accounts", complete_on=COMPLETE)
    assert found == [Account(host=None, realm="RIS", name="pm")]


def test_an_account_belongs_to_a_known_host_or_else_to_an_application() -> None:
    text = (
        "système;compte;titulaire;nature;usage\n"
        "SRV-PACS;root;Claire  MARTIN;service;sauvegarde\nRIS;cm;martin.claire;nominatif;\n"
    )
    said: dict[str, Any] = {
        "hosts": {"srv-pacs": "host/srv-pacs"},
        "holders": {"claire martin": "person/martin.claire", "martin.claire": "person/martin.claire"},
    }
    assert items(text.encode(), "accounts", **said) == [
        Account("host/srv-pacs", "root", kind=AccountKind.SERVICE, holder="person/martin.claire", purpose="sauvegarde"),
        Account(None, "cm", realm="RIS", kind=AccountKind.PERSON, holder="person/martin.claire"),
    ]


def test_an_account_of_a_known_directory_is_stated_as_such_and_no_longer_as_an_application_s() -> None:
    text = "annuaire;compte;nature;usage;supprimer\nCABINET.LAN;svc-pacs;service;archives;\ncabinet.lan;vieux;;;oui\n"
    said: dict[str, Any] = {"links": {"Directory": {"cabinet.lan": "directory/cabinet.lan"}}}
    assert items(text.encode(), "accounts", **said) == [
        Retraction("DirectoryAccount", "account/cabinet.lan/vieux"),
        Retraction("Account", "account/cabinet.lan/svc-pacs"),
        Retraction("Account", "account/cabinet.lan/vieux"),
        DirectoryAccount("directory/cabinet.lan", "svc-pacs", kind=AccountKind.SERVICE, purpose="archives"),
    ]
    both = Known({"cabinet.lan": "host/cabinet.lan"}, {}, said["links"])
    assert problems(text.split("\ncab", maxsplit=1)[0] + "\n", "accounts", both) == [
        Problem(2, "system_ambiguous", "system", "CABINET.LAN")
    ]


def test_names_that_stand_for_nobody_or_for_several_are_refused() -> None:
    known = Known({"srv": None}, {"anne martin": None})
    text = "système;compte;titulaire;nature\nRIS;a;Inconnue;\nRIS;b;Anne Martin;\nsrv;c;;\nRIS;d;;robot\n"
    assert problems(text, "accounts", known) == [
        Problem(2, "holder_unknown", "holder", "Inconnue"),
        Problem(3, "holder_ambiguous", "holder", "Anne Martin"),
        Problem(4, "system_ambiguous", "system", "srv"),
        Problem(5, "not_a_choice", "kind", "robot"),
    ]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (b"  \n", "empty"),
        (b"bonjour", "no_headings"),
        (b"nom;fonction\nA;b\n", "column_missing"),
        (b"identifiant;nom;name\np;P;Q\n", "heading_twice"),
        (b'identifiant;nom\np;"P\n', "truncated"),
        (b'identifiant;nom\np;"P"x\n', "not_csv"),
        (b"identifiant;nom\np;\x81\n", "encoding"),
        (b"identifiant;nom\np;P\0\n", "not_text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "old_excel"),
        (b"identifiant;nom\n" + b"p;P\n" * 100_001, "too_many_rows"),
        (b"identifiant;nom\np;P" + b";x" * 60 + b"\n", "too_many_columns"),
        (b"x" * (10 * 1024 * 1024 + 1), "too_large"),
    ],
)
def test_what_is_no_list_says_why_and_where(data: bytes, why: str) -> None:
    with pytest.raises(Unreadable) as told:
        items(data)
    assert told.value.why == why
    assert told.value.position
    assert file(why, told.value.position, PERSONS, "fr") != file(why, told.value.position, PERSONS, "en")


def test_every_code_has_a_sentence_in_both_languages() -> None:
    for section in ("problems", "files"):
        for said in book()[section].values():
            assert said.keys() == {"fr", "en"}


@pytest.mark.parametrize("lang", ["fr", "en"])
@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_the_template_is_read_back_as_an_empty_list(family: Family, lang: str) -> None:
    data = template(family.name, lang)
    told = listed(data, family, Known())
    assert (told.lines, told.problems, told.ignored) == ([], [], ())
    book_ = load_workbook(BytesIO(data))
    list_, notes = book_.worksheets
    assert [cell.value for cell in list_[1]] == [column.heading(lang) for column in columns(family)]
    assert list_.data_validations.dataValidation
    assert notes.max_row == len(columns(family)) + 1


@pytest.mark.parametrize(
    ("cell", "hours"),
    [
        ("08:00–12:30 ; 14:00–18:00", "08:00–12:30; 14:00–18:00"),
        ("8h-12h30, 14h à 18h", "08:00–12:30; 14:00–18:00"),
        ("8h30 à 17h", "08:30–17:00"),
        ("22:00-06:00", "22:00–06:00"),
        ("18h–24h", "18:00–00:00"),
        ("–", "–"),
        ("Absente", "–"),
    ],
)
def test_hours_are_read_as_people_write_them(cell: str, hours: str) -> None:
    told = listed(f'Personne;Lundi\nanna;"{cell}"\n'.encode(), FAMILIES["presence"], Known({}, {"anna": "person/anna"}))
    (line,) = told.lines
    assert line.fact == Presence("person/anna", hours)
    assert line.fact.on(date(2026, 11, 16)) == spans(hours)
    assert line.fact.on(date(2026, 11, 17)) is None
    assert written(spans(hours)) == hours


@pytest.mark.parametrize("cell", ["le matin", "8", "08:00–08:00", "14:00–18:00 ; 08:00–12:00", "26:00–27:00", "夜"])
def test_hours_that_say_nothing_sure_are_refused(cell: str) -> None:
    (one,) = problems(f'Personne;Lundi\nanna;"{cell}"\n', "presence", Known({}, {"anna": "person/anna"}))
    assert (one.code, one.column) == ("not_hours", "monday")


def test_a_manager_may_stand_in_the_same_list() -> None:
    text = "Identifiant;Nom;Prénom;Site;Responsable\nb;Roy;Luc;Gare;Anna Petit\na;Petit;Anna;Gare;\nc;Petit;Anna;;b\n"
    told = listed(text.encode(), PERSONS, Known())
    assert [line.fact for line in told.lines] == [
        Person("a", "Anna Petit", site="Gare"),
        Person("c", "Anna Petit", manager="person/b"),
    ]
    assert [(one.row, one.code) for one in told.problems] == [(2, "link_ambiguous")]
    assert problems(text.replace("Anna Petit", "Nul"))[0].code == "link_unknown"
