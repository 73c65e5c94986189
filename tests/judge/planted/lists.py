"""Flaws of lists that people keep: the files as they are handed over, through the spreadsheet's own reader."""

from dataclasses import replace
from io import BytesIO
from pathlib import Path

from negatoscope.model.evidence import Ref
from negatoscope.observe.collector import Item
from negatoscope.observe.spreadsheet.cells import name as folded
from negatoscope.observe.spreadsheet.collector import Header, capture, read
from negatoscope.observe.spreadsheet.families import BY_KIND
from tests.judge.cases.healthy.people import CASE, TODAY, given_back
from tests.judge.memory import World, of
from tests.judge.planted.people import said as said_at_console
from tests.judge.planted.plant import Plant

LISTS = Path(__file__).parents[2] / "captures" / "lists"
RECORD = "3" * 64
FILES = {
    "persons": "staff", "rooms": "rooms", "doors": "doors", "providers": "providers", "keys": "keys",
    "alarm-codes": "alarm-codes", "handovers": "handovers", "media": "media", "restore-drills": "restore-drills",
    "calls": "calls", "absences": "absences", "contacts": "contacts", "call-drills": "call-drills",
    "crisis-exercises": "crisis-exercises",
}  # fmt: skip
"""The recorded file of each family, in an order in which each names only what stands in an earlier one."""

KARIM = replace(CASE, person="person/kmoreau")
GIVEN_BACK = replace(given_back("badge"), case=KARIM.ref)


def practice(family: str = "", said: str = "", instead: str = "") -> World:
    """Every list, declared complete, and the case of who left; in one list something else is said."""
    items: list[Item] = said_at_console(KARIM, GIVEN_BACK)
    names: dict[str, dict[str, Ref | None]] = {"Document": {RECORD: RECORD}}
    for name, file in FILES.items():
        text = (LISTS / f"{file}.csv").read_text("utf-8").replace("{empreinte}", RECORD)
        if name == family:
            assert said in text
            text = text.replace(said, instead)
        links = {kind: known for kind, known in names.items() if kind != "Person"}
        header = Header(name, f"{file}.csv", TODAY, holders=names.get("Person", {}), links=links)
        told = list(read(BytesIO(capture(header, text.encode()))))
        for item in told:
            kind = type(item).__name__
            if kind in BY_KIND:
                names.setdefault(kind, {})[folded(BY_KIND[kind].label(item))] = item.ref  # type: ignore[union-attr]
        items += told
    return of(items)


def plant(family: str, said: str, instead: str) -> Plant:
    return Plant(practice, lambda: practice(family, said, instead))


PLANTS: dict[str, Plant] = {
    "R3.6": plant("handovers", "rendu;01/10/2026", "en main;"),
    "R32.1": plant("doors", "badge;MIFARE DESFire EV2;15/10/2026;oui", "libre;;;"),
    "R33.1": plant("handovers", "rendu;01/10/2026", "en main;"),
    "R33.2": plant("alarm-codes", "01/10/2026", "01/02/2026"),
    "R33.3": plant("handovers", "30/11/2026", "10/11/2026"),
    "R35.4": plant("media", "gardé;Coffre du local technique", "jeté;"),
    "R36.4": plant("restore-drills", "base RIS;15/09/2026;réussi", "base RIS;15/09/2026;échoué"),
    "R37.3": plant("calls", ";jpetit;01/09", ";kmoreau;01/09"),
    "R37.4": plant("call-drills", "14/09/2026", "14/09/2025"),
    "R37.9": plant("call-drills", ";2;2", ";2;1"),
    "R37.10": plant("crisis-exercises", ";17;15;0;", ";17;15;2;"),
    "R37.5": plant("calls", "05 00 00 00 01", "06 00 00 00 01"),
    "R37.6": plant("absences", "jpetit;05/12/2026", "jpetit;26/11/2026"),
    "R37.7": plant("contacts", "01/09/2026", "01/09/2025"),
}
