"""Which marks make one host of two statements, which make two, and which only ask."""

import pytest

from negatoscope.model.hosts import Host
from negatoscope.model.marks import flat, full, marks, short
from negatoscope.register.likeness import Confidence, Fit, compare, lent

BURNED, OTHER_CARD, DOCK = "00:1e:c9:00:00:01", "00:1e:c9:00:00:02", "00:50:b6:00:00:09"


def host(**marked: object) -> Host:
    return Host("host/a", **marked)  # type: ignore[arg-type]  # fields of a host


def seen(**marked: object) -> Host:
    return Host("host/@", **marked)  # type: ignore[arg-type]  # fields of a host


SAME, DOUBT, OTHER = Fit.SAME, Fit.DOUBT, Fit.OTHER
CASES = [
    (SAME, {"serial": "ABC-1234"}, {"serial": "abc1234"}),
    (OTHER, {"serial": "To be filled by O.E.M."}, {"serial": "To be filled by O.E.M."}),
    (OTHER, {"serial": "0"}, {"serial": "0"}),
    (SAME, {"machine_id": "m1"}, {"machine_id": "M1", "hostname": "renamed"}),
    (DOUBT, {"machine_id": "m1", "macs": (BURNED,)}, {"machine_id": "m1", "macs": (OTHER_CARD,)}),
    (SAME, {"machine_id": "m1", "agent_id": "a"}, {"machine_id": "m1", "agent_id": "b"}),
    (SAME, {"serial": "S123", "macs": (BURNED,), "machine_id": "m1"},
     {"serial": "S123", "macs": (BURNED,), "machine_id": "m2"}),
    (DOUBT, {"serial": "S123", "machine_id": "m1"}, {"serial": "S123", "machine_id": "m2"}),
    (DOUBT, {"macs": (BURNED,), "machine_id": "m1"}, {"macs": (BURNED,), "machine_id": "m2"}),
    (OTHER, {"macs": (BURNED, DOCK), "machine_id": "m1"}, {"macs": (OTHER_CARD, DOCK), "machine_id": "m2"}),
    (OTHER, {"macs": (BURNED,), "addresses": ("10.0.0.1",)}, {"macs": (OTHER_CARD,), "addresses": ("10.0.0.1",)}),
    (SAME, {"addresses": ("10.0.0.1",)}, {"addresses": ("10.0.0.1",), "macs": (BURNED,)}),
    (SAME, {"macs": ("52:54:00:aa:bb:cc",)}, {"macs": ("52:54:00:aa:bb:cc",)}),
    (OTHER, {"macs": ("02:42:ac:11:00:02",)}, {"macs": ("02:42:ac:11:00:02",)}),
    (SAME, {"macs": ("da:a1:19:00:00:01",), "machine_id": "m1"}, {"macs": ("da:a1:19:00:00:02",), "machine_id": "m1"}),
    (SAME, {"hostname": "poste-1.cabinet.lan"}, {"hostname": "POSTE-1.cabinet.lan."}),
    (OTHER, {"hostname": "poste-1.cabinet.lan"}, {"hostname": "poste-1.autre.lan"}),
    (DOUBT, {"hostname": "poste-1"}, {"hostname": "poste-1"}),
    (SAME, {"hostname": "poste-1.cabinet.lan", "directory_id": "g1"}, {"hostname": "poste-1", "machine_id": "m1"}),
    (OTHER, {"hostname": "localhost"}, {"hostname": "localhost"}),
    (OTHER, {"hostname": "a"}, {"hostname": "b"}),
    (SAME, {"ae_titles": ("CT1",), "addresses": ("10.0.0.1",)}, {"ae_titles": ("CT1",), "addresses": ("10.0.0.1",)}),
]  # fmt: skip


@pytest.mark.parametrize(("fit", "known", "other"), CASES)
def test_marks_decide(fit: Fit, known: dict[str, object], other: dict[str, object]) -> None:
    assert compare([host(**known)], [seen(**other)]).fit is fit
    assert compare([seen(**other)], [host(**known)]).fit is fit


def test_a_name_in_the_register_is_believed_unless_a_firm_mark_contradicts() -> None:
    assert compare([host(serial="S123")], [host(serial="S124")]).fit is SAME
    assert compare([host(macs=(BURNED,))], [host(macs=(OTHER_CARD,))]).fit is OTHER


def test_confidence_says_how_surely() -> None:
    assert compare([host(serial="S123")], [seen(serial="S123")]).confidence is Confidence.CERTAIN
    assert compare([host(macs=(BURNED,))], [seen(macs=(BURNED,))]).confidence is Confidence.STRONG
    assert compare([host(addresses=("10.0.0.1",))], [seen(addresses=("10.0.0.1",))]).confidence is Confidence.WEAK


def test_a_docking_station_s_card_is_no_mark() -> None:
    docked = [Host(f"host/{n}", machine_id=f"m{n}", macs=(DOCK,)) for n in (1, 2)]
    told = {one.ref: [one] for one in docked}
    assert lent({f"mac:{DOCK}": set(told), "ip:10.0.0.1": set(told)}, told, {}) == {f"mac:{DOCK}"}
    assert compare([docked[0]], [seen(macs=(DOCK,))], {f"mac:{DOCK}"}).fit is OTHER
    assert lent({f"mac:{DOCK}": set(told)}, told, {"host/2": "host/1"}) == set()


def test_a_router_s_card_before_many_hosts_is_no_mark() -> None:
    told = {f"host/{n}": [Host(f"host/{n}", macs=(BURNED,))] for n in range(3)}
    assert lent({f"mac:{BURNED}": set(told)}, told, {}) == {f"mac:{BURNED}"}


def test_an_address_as_a_name_is_no_name() -> None:
    named = Host("host/x", "10.0.0.1")
    assert (short(named), full(named), full(Host("host/x"))) == ("10.0.0.1", None, None)


def test_a_card_that_cannot_be_read_is_a_weak_mark() -> None:
    assert marks(Host("host/x", macs=("??:??",))) == {"lent_mac": {"??:??"}}
    assert list(flat({"ip": {"b", "a"}})) == ["ip:a", "ip:b"]
