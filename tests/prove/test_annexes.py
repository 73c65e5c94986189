"""The network's register on paper: on whose word and since when; what is missing, and what would fill it."""

import tomllib
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader
from tests.judge.graph.test_draw import FACTS, FW, SWITCH
from tests.judge.memory import AT, of

from negatoscope.judge.graph.draw import draw
from negatoscope.model.evidence import Gap, Sweep, Values
from negatoscope.model.gateways import RemoteAccess, Tunnel
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.printing import PrintQueue
from negatoscope.model.radio import AccessPoint
from negatoscope.model.switching import SwitchPort, WifiNetwork, WifiSecurity
from negatoscope.model.traffic import Reach
from negatoscope.model.zones import AllowedFlow, Partner, ZoneKind
from negatoscope.prove.annexes import paper as pages
from negatoscope.prove.annexes.content import Annex, Book, say
from negatoscope.prove.annexes.paper import annexes, paper
from negatoscope.prove.annexes.sheets import JOINED, SHEETS

MORE = (
    RemoteAccess(FW, "nomades", Tunnel.OPENVPN, certificates=True, second_factor=False, weak=()),
    WifiNetwork(SWITCH, "Cabinet", WifiSecurity.ENTERPRISE, vlan=20), AccessPoint("borne-1", "Accueil"),
    SwitchPort(SWITCH, "Gi1/0/3", alias="Prise 3", enabled=True, vlan=10, tagged=(20, 30)),
    SwitchPort(SWITCH, "Gi1/0/24", linked=True), Reach("internet", "192.0.2.1", "tcp", 443, administers=True),
    Host("host/imp", "imp", HostClass.PRINTER, addresses=("10.1.0.9",)),
    Host("host/imp-2", "imp-2", HostClass.PRINTER), PrintQueue("host/imp", "accueil", held=False),
    Partner("Centre", "VPN", "Examens", date(2026, 9, 1)),
    AllowedFlow("zone/A", "zone/B", "any", until=date(2027, 1, 2)),
)  # fmt: skip


def book(facts: object = (*FACTS, *MORE), lang: str = "fr", gap: Callable[[str, Values], str] | None = None) -> Book:
    world = of(facts)  # type: ignore[arg-type]  # facts, sweeps and gaps
    return Book(world, draw(world), lang, gap or (lambda why, _values: why), lambda at: f"{at:%d/%m/%Y}")


@pytest.fixture(scope="module")
def told() -> dict[str, Annex]:
    return {one.code: one for one in annexes(book())}


def row(annex: Annex, *begins: str) -> tuple[str, ...]:
    return next(one for one in annex.rows if one[: len(begins)] == begins)


def test_each_annex_has_rows_and_says_on_whose_word_and_when(told: dict[str, Annex]) -> None:
    assert [code for code, one in told.items() if not one.rows] == []
    for one in told.values():
        assert {len(cells) for cells in one.rows} == {len(one.headings)} == {len(one.widths)}
        assert all(cells[-1] == f"{AT:%d/%m/%Y}" for cells in one.rows), one.code
    assert row(told["ports"], "sw-1", "Gi1/0/3")[2:8] == ("Prise 3", "10 · 20, 30", "oui", "?", "?", "accueil")
    assert row(told["remote"], "fw-1")[1:7] == ("nomades", "OpenVPN", "oui", "non", "?", "aucune")
    assert row(told["partners"], "Laboratoire")[3] == "fw-1"
    assert row(told["partners"], "Centre")[1:6] == ("VPN", "?", "rien ne le montre", "Examens", "01/09/2026")
    assert row(told["partners"], "non déclaré")[2].startswith("10.44.0.0/16")
    assert row(told["exits"], "fw-1")[2] == "Fibre"
    assert row(told["printers"], "imp-2")[3] == "file non lue"
    assert row(told["open"], "192.0.2.1")[1:4] == ("tcp/443", "?", "oui")
    assert row(told["flows"], "A", "B")[5] == "02/01/2027"
    assert "2027-01-02" in row({one.code: one for one in annexes(book(lang="en"))}["flows"], "A", "B")


def test_people_and_instruments_are_told_apart(told: dict[str, Annex]) -> None:
    assert {cells[-2] for cells in told["hosts"].rows} == {"mesure"}


def test_what_nobody_looked_at_is_said_with_what_would_fill_it_and_what_was_found_empty_is_said_too() -> None:
    bare = {one.code: one for one in annexes(book(()))}
    assert [code for code, one in bare.items() if one.rows or not one.gaps] == []
    assert bare["wifi"].gaps[0].startswith("Rien n’en est encore connu. Lisez les réglages des bornes")
    swept = {one.code: one for one in annexes(book((Sweep("RemoteAccess"),)))}
    assert swept["remote"].gaps == (f"Regardé le {AT:%d/%m/%Y}\N{NO-BREAK SPACE}: il n’y en a pas.",)
    apart = {one.code: one for one in annexes(book((Sweep("RemoteAccess", host=SWITCH),)))}
    assert apart["remote"].gaps[0].startswith("Rien trouvé là où l’on a regardé")
    assert "Du reste, on ne sait rien. " in apart["remote"].gaps[0]
    many = [Gap("SwitchPort", f"refus {n}", SWITCH) for n in range(pages.GAPS + 3)]
    gaps = {one.code: one for one in annexes(book((*FACTS, *many)))}["ports"].gaps
    assert any(one.startswith("sw-1 · refus 0") for one in gaps)
    assert gaps[-1].startswith("et 3 autres")


def test_the_paper_numbers_its_pages_and_repeats_its_headings(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = [Host(f"host/poste-{n}", f"poste-{n}", addresses=(f"10.1.0.{n}",)) for n in range(1, 90)]
    tables = annexes(book((*FACTS, *MORE, *crowd)))
    read = PdfReader(BytesIO(paper(tables, "Cabinet <b>", "fr", AT, "22/11/2026")))
    texts = [page.extract_text() for page in read.pages]
    assert f"page 1 / {len(texts)}" in texts[0]
    hosts = [text for text in texts if "poste-" in text and "Équipements" in text]
    assert len(hosts) > 1
    assert all("N° de série" in text for text in hosts)
    assert "/MarkInfo" in read.trailer["/Root"]  # type: ignore[operator]  # a dictionary
    monkeypatch.setattr(pages, "TAGGED", 10)
    plain = PdfReader(BytesIO(paper(tables, "", "en", AT, "2026-11-22")))
    assert "/StructTreeRoot" not in plain.trailer["/Root"]  # type: ignore[operator]  # a dictionary


def test_every_code_has_its_words_in_both_languages() -> None:
    words = tomllib.loads((Path(pages.__file__).parent / "words.toml").read_text("utf-8"))
    assert all({*said} == {"fr", "en"} for texts in words.values() for said in texts.values())
    codes = {sheet.code for sheet in SHEETS}
    assert words["titles"].keys() == words["about"].keys() == words["fill"].keys() == codes
    used = {name for sheet in SHEETS for name, _ in sheet.columns} | {name for name, _ in pages.VOICES}
    assert words["columns"].keys() == used
    for section, values in {"zones": ZoneKind, "classes": HostClass, "tunnels": Tunnel, "wifi": WifiSecurity}.items():
        assert words[section].keys() == {value.value for value in values}, section
    assert words["ways"].keys() == {way.value for way in JOINED}
    assert say("ways", "inconnu", "fr") == "inconnu"
