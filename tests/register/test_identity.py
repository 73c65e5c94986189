"""Which host a capture speaks of: the same on every replay, and never two hosts in one."""

from hypothesis import given
from hypothesis import strategies as st

from negatoscope.model.hosts import Host
from negatoscope.register.identity import identify
from tests.register.known import Listed

WORKSTATION = Host("host/poste-1", "poste-1", machine_id="m1", macs=("a8:00:00:00:00:01",), addresses=("10.0.0.5",))


def name_of(seen: Host, *known: Host) -> str:
    return identify([seen], Listed(known)).names[seen.ref]


def test_a_machine_id_is_recognised_whatever_else_changed() -> None:
    assert name_of(Host("host/@", "renamed", machine_id="m1", addresses=("10.0.0.9",)), WORKSTATION) == "host/poste-1"


def test_a_burned_in_address_is_recognised() -> None:
    assert name_of(Host("host/10.0.0.9", macs=("a8:00:00:00:00:01",)), WORKSTATION) == "host/poste-1"


def test_an_ip_address_is_recognised_when_nothing_stronger_is_known() -> None:
    assert name_of(Host("host/10.0.0.5", addresses=("10.0.0.5",)), WORKSTATION) == "host/poste-1"


def test_a_person_may_call_a_host_by_its_name_in_the_register() -> None:
    assert name_of(Host("host/poste-1"), WORKSTATION) == "host/poste-1"


def test_an_unknown_host_is_named_after_its_hostname_without_accents() -> None:
    assert name_of(Host("host/@", "Échographe Salle 2")) == "host/echographe-salle-2"


def test_an_unknown_host_without_hostname_is_named_after_its_address() -> None:
    assert name_of(Host("host/x", addresses=("10.0.0.7",))) == "host/10.0.0.7"


def test_an_unknown_host_with_nothing_is_named_after_its_handle() -> None:
    assert name_of(Host("host/@")) == "host/host"


def test_two_hosts_of_one_hostname_stay_two() -> None:
    assert name_of(Host("host/@", "poste-1", machine_id="m2"), WORKSTATION) == "host/poste-1~2"


def test_two_of_one_hostname_in_one_capture_stay_two() -> None:
    found = identify([Host("host/a", "scan", machine_id="a"), Host("host/b", "scan", machine_id="b")], Listed())
    assert set(found.names.values()) == {"host/scan", "host/scan~2"}


def test_an_address_lent_again_is_not_taken_for_its_former_holder() -> None:
    moved = Host("host/10.0.0.9", macs=("a8:00:00:00:00:01",), addresses=("10.0.0.9",))
    intruder = Host("host/10.0.0.5", macs=("b8:00:00:00:00:02",), addresses=("10.0.0.5",))
    found = identify([moved, intruder], Listed([WORKSTATION]))
    assert found.names["host/10.0.0.9"] == "host/poste-1"
    assert found.names["host/10.0.0.5"] == "host/10.0.0.5"
    assert found.conflicts == ()


def test_two_clones_with_one_machine_id_stay_two() -> None:
    clone = Host("host/@", "poste-1", machine_id="m1", macs=("a8:00:00:00:00:09",), addresses=("10.0.0.9",))
    found = identify([clone], Listed([WORKSTATION]))
    assert found.names["host/@"] == "host/poste-1~2"
    assert [(one.host, one.other) for one in found.conflicts] == [("host/poste-1~2", "host/poste-1")]


def test_one_card_behind_several_addresses_is_several_hosts_the_same_at_each_look() -> None:
    behind = [Host(f"host/10.0.0.{n}", macs=("cc:00:00:00:00:01",), addresses=(f"10.0.0.{n}",)) for n in (1, 2, 3)]
    first = identify(behind, Listed())
    assert len(set(first.names.values())) == 3
    known = [Host(first.names[host.ref], macs=host.macs, addresses=host.addresses) for host in behind]
    again = identify(list(reversed(behind)), Listed(known))
    assert dict(again.names) == dict(first.names)


def test_identifiers_that_point_at_two_hosts_are_a_conflict_and_the_strongest_wins() -> None:
    other = Host("host/poste-2", addresses=("10.0.0.6",))
    seen = Host("host/@", machine_id="m1", addresses=("10.0.0.6",))
    found = identify([seen], Listed([WORKSTATION, other]))
    assert found.names["host/@"] == "host/poste-1"
    assert [(one.host, one.other) for one in found.conflicts] == [("host/poste-1", "host/poste-2")]


HOSTS = st.builds(
    Host,
    ref=st.sampled_from([f"host/h{n}" for n in range(6)]),
    hostname=st.sampled_from(["a", "b", None]),
    machine_id=st.sampled_from(["m1", "m2", None]),
    addresses=st.sampled_from([("10.0.0.1",), ("10.0.0.2", "10.0.0.3"), None]),
)
DISTINCT = st.lists(HOSTS, max_size=5, unique_by=lambda host: host.ref)


@given(seen=DISTINCT, known=DISTINCT)
def test_every_handle_gets_a_name_and_the_same_one_each_time(seen: list[Host], known: list[Host]) -> None:
    first = identify(seen, Listed(known))
    assert set(first.names) == {host.ref for host in seen}
    assert identify(seen, Listed(known)) == first


MARKED = st.lists(
    HOSTS.filter(lambda host: host.machine_id or host.addresses), max_size=5, unique_by=lambda host: host.ref
)


@given(seen=MARKED)
def test_a_second_look_recognises_every_host(seen: list[Host]) -> None:
    names = identify(seen, Listed()).names
    known = [
        Host(names[host.ref], host.hostname, machine_id=host.machine_id, addresses=host.addresses) for host in seen
    ]
    again = identify(seen, Listed(known)).names
    assert set(again.values()) <= set(names.values())
