"""Flaws of people: lists through the spreadsheet's reader, what is said at the console through its own."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from negatoscope.model.accounts import Account, AccountKind
from negatoscope.model.cases import RoleTemplate
from negatoscope.model.directory import Directory, DirectoryAccount, DirectoryGroup
from negatoscope.model.evidence import Sweep
from negatoscope.model.papers import PaperKind
from negatoscope.observe.collector import Item
from negatoscope.observe.declared import declaration
from negatoscope.observe.declared import read as read_declared
from negatoscope.observe.spreadsheet.collector import Header, capture
from negatoscope.observe.spreadsheet.collector import read as read_list
from tests.judge.cases.healthy.people import CHARTER, POLICY, TODAY, signature
from tests.judge.cases.people import NEWER, REVIEW
from tests.judge.memory import AT, World, of
from tests.judge.planted.computers import MARIE, local
from tests.judge.planted.plant import Plant

LIST = (Path(__file__).parents[2] / "captures" / "lists" / "personnel.csv").read_text("utf-8")
SIGNED = tuple(
    replace(signature(kind, version), person=MARIE.ref)
    for kind, version in ((PaperKind.POLICY, 2), (PaperKind.CHARTER, 2), (PaperKind.TRAINING, None))
)


def staff(left: str = "") -> list[Item]:
    """The recorded list of persons, Marie's departure filled in."""
    header = Header("persons", "personnel.csv", TODAY)
    return list(read_list(BytesIO(capture(header, LIST.replace("{départ}", left).encode()))))


def said(*facts: Any) -> list[Item]:  # noqa: ANN401 -- any fact
    """What somebody said at the console, through its reader."""
    return list(read_declared(BytesIO(declaration(facts))))


def practice(left: str = "", facts: Iterable[Any] = ()) -> World:
    """A computer whose account is Marie's, the list, and what was said."""
    items = [
        replace(item, holder=MARIE.ref if item.name == "mdurand" else None) if isinstance(item, Account) else item
        for item in local(())
    ]
    return of([*items, Sweep("Host"), *staff(left), *said(*facts)])


def plant(healthy: tuple[Any, ...], flawed: tuple[Any, ...]) -> Plant:
    return Plant(lambda: practice(facts=healthy), lambda: practice(facts=flawed))


MEMBER = DirectoryAccount(
    "directory/cabinet.lan",
    "mdurand",
    kind=AccountKind.PERSON,
    holder=MARIE.ref,
    enabled=True,
    groups=("Manips", "Utilisateurs du domaine"),
)

GROUPS = tuple(
    DirectoryGroup(MEMBER.directory, name, f"S-1-5-21-1-2-3-{rid}")
    for name, rid in (("Manips", 1105), ("Utilisateurs du domaine", 513), ("Comptabilité", 1106))
)


def directory(account: DirectoryAccount, left: str = "") -> World:
    """A directory with one account, the list of persons through its reader, and the template of her role."""
    place = Directory("cabinet.lan")
    kinds = ("DirectoryAccount", "DirectoryGroup")
    looked = (Sweep("Directory"), *(Sweep(kind, place.ref) for kind in kinds), Sweep("Host"))
    template = RoleTemplate("manipulatrice", groups=("Manips",))
    return of([place, account, *GROUPS, *looked, *staff(left), *said(template)])


PAPERS = (POLICY, CHARTER, *SIGNED)
PLANTS: dict[str, Plant] = {
    "R0.1": plant((POLICY,), (replace(POLICY, signed_at=AT - timedelta(days=400)),)),
    "R0.2": plant(PAPERS, (replace(POLICY, version=3, signed_at=NEWER), *SIGNED)),
    "R0.3": plant((replace(REVIEW, on=TODAY),), (REVIEW,)),
    "R3.4": Plant(practice, lambda: practice("13/11/2026")),
    "R3.3": Plant(lambda: directory(MEMBER), lambda: directory(replace(MEMBER, groups=("Manips", "Comptabilité")))),
    "R3.5": Plant(lambda: directory(MEMBER), lambda: directory(MEMBER, "13/11/2026")),
    "R39.8": plant(PAPERS, (CHARTER, *SIGNED[2:])),
}
