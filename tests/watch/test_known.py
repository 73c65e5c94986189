"""What the register says, as the behaviours ask for it; days and names as people have them."""

from datetime import date
from pathlib import Path

import pytest

from negatoscope.model.people import Person, StaffKind
from negatoscope.model.presence import OnCall
from negatoscope.model.zones import Partner
from negatoscope.watch.behaviours import five
from negatoscope.watch.calendar import bare, day_class, local, named, region
from negatoscope.watch.known import FIELDS, Known
from tests.watch.made import paris


def test_a_register_is_asked_for_each_list_once() -> None:
    asked: list[type] = []

    def facts(kind: type) -> list[object]:
        asked.append(kind)
        return [Person("claire", "Claire")] if kind is Person else []

    assert Known.of(facts) == Known(people=(Person("claire", "Claire"),))
    assert asked == list(FIELDS.values())


def test_own_domains_are_those_of_the_staff() -> None:
    tele = Person("tele", "Mainteneur", email="t@editeur.example", kind=StaffKind.PROVIDER)
    known = Known(people=(Person("claire", "Claire", email="Claire@Cabinet.example"), tele))
    assert known.domains == {"cabinet.example"}
    assert known.providers == {tele.ref}


def test_partners_are_known_by_their_networks() -> None:
    known = Known(partners=(Partner("hopital", networks=("172.20.0.0/16",)), Partner("portail")))
    assert known.of_partner("172.20.3.4")
    assert not known.of_partner("172.21.3.4")
    assert not known.of_partner("pacs")


def test_a_duty_lasts_until_the_morning_after() -> None:
    known = Known(duties=(OnCall("person/claire", date(2026, 11, 9), date(2026, 11, 10)),))
    assert known.on_call("person/claire", date(2026, 11, 11), 7, 8)
    assert not known.on_call("person/claire", date(2026, 11, 11), 8, 8)
    assert not known.on_call("person/paul", date(2026, 11, 10), 7, 8)


@pytest.mark.parametrize(
    ("address", "where"),
    [
        ("1 place Kléber, 67000 Strasbourg", "6AE"), ("68100 Mulhouse", "6AE"), ("57000 Metz", "57"),
        ("97400 Saint-Denis", "974"), ("31000 Toulouse", None), ("Toulouse", None), (None, None),
    ],
)  # fmt: skip
def test_the_region_of_an_address(address: str | None, where: str | None) -> None:
    assert region(address) == where


@pytest.mark.parametrize(
    ("day", "where", "which"),
    [
        (date(2026, 11, 10), None, 0), (date(2026, 11, 14), None, 1), (date(2026, 11, 15), None, 2),
        (date(2026, 11, 11), None, 2), (date(2025, 12, 26), "6AE", 2), (date(2025, 12, 26), None, 0),
        (date(2026, 12, 20), "974", 2),
    ],
)  # fmt: skip
def test_the_class_of_a_day(day: date, where: str | None, which: int) -> None:
    assert day_class(day, where) == which


@pytest.mark.parametrize("when", ["2026-03-29 01:59", "2026-03-29 03:00", "2026-10-25 02:30", "2026-06-01 23:59"])
def test_local_time_on_both_nights_of_the_clock_change(when: str) -> None:
    day, hour, minute = local(paris(when))
    assert f"{day} {hour:02}:{minute:02}" == when


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("CABINET\\JDupont", "jdupont"), ("jdupont@cabinet.lan", "jdupont"), ("a/b\nc\x1b[31m", "abc[31m"), ("", "?"),
        ("x" * 500, "x" * 64),
    ],
)  # fmt: skip
def test_names_that_others_wrote_are_tamed(text: str, name: str) -> None:
    assert bare(text) == name
    assert len(named(text)) <= 64


def test_the_guide_names_every_setting() -> None:
    guide = (Path(__file__).parents[2] / "docs" / "behaviours.md").read_text("utf-8")
    for code in five.CODES:
        for name in type(getattr(five.Settings(), code)).__struct_fields__:
            assert f"`{code}.{name}`" in guide or f"`{name}`" in guide, name
