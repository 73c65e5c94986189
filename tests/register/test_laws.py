"""Laws of the register: in any order, twice, and with nothing lost."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from negatoscope.model.evidence import Ref
from negatoscope.model.hosts import Host
from negatoscope.register.identity import Conflict, identify
from tests.register.known import Listed

CARDS = ("00:1e:c9:00:00:01", "00:1e:c9:00:00:02", "00:1e:c9:00:00:03")


def merge(captures: Iterable[Host]) -> tuple[dict[int, Ref], list[Host], list[Conflict]]:
    """One capture a host: the name that each got, every statement kept, every question asked."""
    names: dict[int, Ref] = {}
    told: list[Host] = []
    asked: list[Conflict] = []
    for capture in captures:
        found = identify([capture], Listed(told))
        names[id(capture)] = name = found.names[capture.ref]
        told.append(replace(capture, ref=name))
        asked += found.conflicts
    return names, told, asked


def parts(captures: Sequence[Host], names: dict[int, Ref]) -> set[frozenset[int]]:
    """Which captures were told of one host."""
    hosts: dict[Ref, set[int]] = {}
    for capture in captures:
        hosts.setdefault(names[id(capture)], set()).add(id(capture))
    return {frozenset(one) for one in hosts.values()}


LIFELONG = st.lists(
    st.builds(
        Host,
        ref=st.just("host/@"),
        machine_id=st.sampled_from(["m1", "m2", "m3"]),
        addresses=st.sampled_from([("10.0.0.1",), ("10.0.0.2",), None]),
    ),
    max_size=7,
)
ANY = st.lists(
    st.builds(
        Host,
        ref=st.just("host/@"),
        hostname=st.sampled_from(["a", "a.lan", None]),
        serial=st.sampled_from(["S001", "S002", None]),
        machine_id=st.sampled_from(["m1", "m2", None]),
        macs=st.sampled_from([CARDS[:1], CARDS[1:2], CARDS[1:], None]),
        addresses=st.sampled_from([("10.0.0.1",), ("10.0.0.2",), None]),
    ),
    max_size=6,
)


@given(captures=LIFELONG, data=st.data())
def test_lifelong_marks_give_the_same_hosts_in_any_order(captures: list[Host], data: st.DataObject) -> None:
    shuffled = data.draw(st.permutations(captures))
    assert parts(captures, merge(captures)[0]) == parts(captures, merge(shuffled)[0])


@given(captures=ANY)
def test_nothing_is_lost_each_statement_is_told_of_exactly_one_host(captures: list[Host]) -> None:
    names, told, _ = merge(captures)
    assert len(told) == len(captures)
    assert {host.ref for host in told} == set(names.values())


@given(captures=ANY)
def test_a_capture_that_comes_again_changes_no_name(captures: list[Host]) -> None:
    firm = [one for one in captures if one.serial or one.machine_id]
    _, told, _ = merge(firm)
    again = [identify([one], Listed(told)).names["host/@"] for one in told_again(told)]
    assert set(again) <= {host.ref for host in told}


def told_again(told: Sequence[Host]) -> list[Host]:
    """The statements as a look brings them back: under a handle."""
    return [replace(one, ref="host/@") for one in told]
