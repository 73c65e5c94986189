"""Several statements on one subject become one; nothing observed is hidden by nothing."""

from dataclasses import fields

from hypothesis import given
from hypothesis import strategies as st

from negatoscope.model.evidence import Gap, Retraction, Sweep
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.networks import Network, Service
from negatoscope.model.people import Person
from negatoscope.register.merge import changes, combine
from tests.register.known import Listed

KNOWN = Host("host/poste-1", "poste-1", addresses=("10.0.0.5",))


def test_each_item_of_a_capture_takes_the_lasting_name_of_its_host() -> None:
    items = [
        Host("host/@", addresses=("10.0.0.5",)),
        Service("host/@", "tcp", 22),
        Sweep("Service", "host/@"),
        Gap("Account", "needs_root", "host/@"),
        Person("p1", "Anne Martin"),
        Network("10.0.0.0/24"),
        Retraction("Network", "network/10.9.0.0/24"),
    ]
    found = changes(items, Listed([KNOWN]))
    assert found.facts[1] == Service("host/poste-1", "tcp", 22)
    assert found.sweeps == (Sweep("Service", "host/poste-1"),)
    assert found.gaps == (Gap("Account", "needs_root", "host/poste-1"),)
    assert found.retractions == (Retraction("Network", "network/10.9.0.0/24"),)
    assert len(found.facts) == 4


def test_a_conflict_of_identity_is_left_as_a_gap() -> None:
    other = Host("host/poste-2", machine_id="m2")
    found = changes([Host("host/@", machine_id="m2", addresses=("10.0.0.5",))], Listed([KNOWN, other]))
    assert found.gaps == (
        Gap(
            "Host",
            "identity_conflict",
            "host/poste-2",
            {"other": "host/poste-1", "agreed": "ip", "differs": ""},
        ),
    )


def test_a_host_that_no_fact_of_the_capture_names_keeps_its_name() -> None:
    assert changes([Sweep("Service", "host/poste-1")], Listed([KNOWN])).sweeps == (Sweep("Service", "host/poste-1"),)


def test_what_was_measured_stands_before_what_was_declared() -> None:
    measured, declared = Service("h", "tcp", 80, encrypted=False), Service("h", "tcp", 80, "http", encrypted=True)
    assert combine([measured, declared]) == Service("h", "tcp", 80, "http", encrypted=False)


def test_a_host_answers_to_all_its_addresses() -> None:
    first = Host("h", addresses=("10.0.0.1",), macs=("aa",))
    second = Host("h", addresses=("10.0.0.2", "10.0.0.1"))
    assert combine([first, second]).addresses == ("10.0.0.1", "10.0.0.2")
    assert combine([first, second]).macs == ("aa",)


def test_whoever_calls_a_host_a_modality_is_believed() -> None:
    measured, declared = Host("h", host_class=HostClass.SERVER), Host("h", host_class=HostClass.MODALITY)
    assert combine([measured, declared]).host_class is HostClass.MODALITY
    assert combine([declared, measured]).host_class is HostClass.MODALITY


PERSONS = st.builds(
    Person,
    ident=st.just("p"),
    name=st.just("N"),
    role=st.sampled_from(["a", "b", None]),
    email=st.sampled_from(["e", None]),
)


@given(statements=st.lists(PERSONS, min_size=1, max_size=4))
def test_a_field_is_unknown_only_if_nobody_stated_it(statements: list[Person]) -> None:
    told = combine(statements)
    for field in fields(Person):
        stated = [getattr(one, field.name) for one in statements if getattr(one, field.name) is not None]
        assert getattr(told, field.name) == (stated[0] if stated else None)


@given(statements=st.lists(PERSONS, min_size=1, max_size=4))
def test_combining_twice_changes_nothing(statements: list[Person]) -> None:
    told = combine(statements)
    assert combine([told, *statements]) == told
