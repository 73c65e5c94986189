"""Hosts joined, told apart and retired by decision: nothing lost, undone when withdrawn, the same after a replay."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import START, TickingClock

from negatoscope.flows import reconciling
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.observing import Delivery, deliver
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.replaying import replay
from negatoscope.model.atlas import MapEntry
from negatoscope.model.hosts import Host, HostClass, Interface
from negatoscope.model.networks import Consent, Service
from negatoscope.model.people import Waiver
from negatoscope.model.software import SoftwareCensus
from negatoscope.store.models import (
    ChangeRow,
    FactRow,
    GapRow,
    JudgementRow,
    LedgerRow,
    MarkRow,
    ObservationRow,
    RuleResultRow,
    SoftwareRow,
    SubjectRow,
    SweepRow,
)
from negatoscope.store.queries import differences, register, subjects
from negatoscope.store.queries.paging import Ask

CAPTURES = Path(__file__).parents[1] / "captures"
WHO = "user:test"
SEEN, TOLD = "host/srv-essai", "host/serveur-du-fond"


@pytest.fixture
def looked(console: Console) -> Console:
    """A host that a look saw, and the same that a person declared under another name."""
    deliver(console, Delivery("local", "", WHO, "observation", (CAPTURES / "local/server-as-root.jsonl").read_bytes()))
    declare(console, Said(WHO), (Host(TOLD, "serveur-du-fond", vendor="Dell", model="T40"),))
    declare(console, Said(WHO, "waiver"), (Waiver("R10.1", TOLD, "Anne", "rien", START + timedelta(days=9)),))
    return console


def hosts(console: Console) -> dict[str, Host]:
    return {host.ref: host for host in StoredRegister(console.practice).seen(Host).facts}


def everything(console: Console) -> list[Any]:
    rows: list[Any] = sorted(
        FactRow.objects.values_list("kind", "ref", "host", "body", "voice", "declared", "own", "told")
    )
    rows += sorted(SoftwareRow.objects.values_list("host", "name", "own"), key=str)
    rows += sorted(SweepRow.objects.values_list("kind", "host", "network", "own"))
    rows += sorted(GapRow.objects.values_list("what", "why", "host", "own"))
    rows += sorted(SubjectRow.objects.values_list("kind", "ref", "body", "search"))
    return rows + sorted(set(MarkRow.objects.values_list("mark", "host")))


def test_two_hosts_joined_are_told_as_one_and_nothing_is_lost(looked: Console) -> None:
    before = FactRow.objects.count()
    reconciling.join(looked, WHO, TOLD, SEEN)
    assert set(hosts(looked)) == {TOLD}
    assert hosts(looked)[TOLD].vendor == "Dell"
    assert FactRow.objects.count() == before + 1
    known = StoredRegister(looked.practice)
    assert {one.host for one in known.seen(Interface).facts} == {TOLD}
    assert {one.host for one in known.seen(Service).facts} == {TOLD}
    assert {one.host for one in known.seen(SoftwareCensus).facts} == {TOLD}
    assert not SweepRow.objects.filter(host=SEEN).exists()
    assert {row.ref for row in subjects.page(looked.practice, ["Host"], Ask(), subjects.Within()).rows} == {TOLD}
    assert differences.joined(looked.practice, TOLD) == [SEEN]


def test_software_that_two_looks_name_is_listed_once(looked: Console) -> None:
    once = register.software_count(looked.practice, SEEN)
    capture = (CAPTURES / "local/server-as-root.jsonl").read_bytes()
    deliver(looked, Delivery("ssh", "192.0.2.7", WHO, "observation", capture))
    assert SoftwareRow.objects.filter(host=SEEN).count() == 2 * once > 0
    assert register.software_count(looked.practice, SEEN) == once
    assert register.software(looked.practice, SEEN, Ask()).total == once


def test_a_later_look_speaks_of_the_joined_host(looked: Console) -> None:
    reconciling.join(looked, WHO, TOLD, SEEN)
    total = SoftwareRow.objects.count()
    capture = (CAPTURES / "local/server-as-root.jsonl").read_bytes()
    deliver(looked, Delivery("local", "", WHO, "observation", capture))
    assert set(hosts(looked)) == {TOLD}
    assert SoftwareRow.objects.filter(host=TOLD).count() == SoftwareRow.objects.count() >= total // 2


def test_withdrawing_the_decision_gives_each_back_what_was_told_of_it(looked: Console) -> None:
    before = [row for row in everything(looked) if "SameHost" not in str(row)]
    reconciling.join(looked, WHO, SEEN, TOLD)
    assert FactRow.objects.get(kind="Waiver").ref == f"waiver/R10.1/{SEEN}"
    reconciling.part_again(looked, WHO, TOLD)
    assert [row for row in everything(looked) if "SameHost" not in str(row)] == before


def test_a_replay_comes_to_the_same_register(looked: Console) -> None:
    reconciling.join(looked, WHO, SEEN, TOLD)
    deliver(looked, Delivery("nmap", "10.77.0.0/24", WHO, "observation", (CAPTURES / "nmap/healthy.xml").read_bytes()))
    reconciling.confirm(looked, WHO, SEEN, HostClass.SERVER)
    live = everything(looked)
    for table in (ChangeRow, MarkRow, SubjectRow, FactRow, SoftwareRow, SweepRow, GapRow, RuleResultRow, JudgementRow):
        table.objects.all().delete()
    ObservationRow.objects.all().delete()
    LedgerRow.objects.all().delete()
    replay(looked, "console")
    assert everything(looked) == live


def test_a_question_answered_is_asked_no_more(console: Console) -> None:
    declare(console, Said(WHO), (Host("host/pc-1", "pc-1", serial="ABC1234", macs=("00:1e:c9:00:00:01",)),))
    declare(console, Said(WHO), (Host("host/x", "pc-2", serial="ABC1234", macs=("00:1e:c9:00:00:02",)),))
    (asked,) = differences.questions(1)
    assert (asked.host, asked.other, asked.agreed, asked.differs) == (
        "host/pc-2",
        "host/pc-1",
        ("serial",),
        ("mac", "name"),
    )
    reconciling.tell_apart(console, WHO, asked.host, asked.other)
    assert differences.questions(1) == []
    assert differences.told_apart(1, "host/pc-1") == ["host/pc-2"]
    declare(console, Said(WHO), (Host("host/x", "pc-2", serial="ABC1234", macs=("00:1e:c9:00:00:02",)),))
    assert differences.questions(1) == []
    assert len(hosts(console)) == 2
    reconciling.join(console, WHO, "host/pc-1", "host/pc-2")
    assert set(hosts(console)) == {"host/pc-1"}
    assert differences.told_apart(1, "host/pc-1") == []
    reconciling.tell_apart(console, WHO, "host/pc-1", "host/pc-2")
    assert len(hosts(console)) == 2


def test_the_same_capture_twice_changes_nothing(looked: Console) -> None:
    deliver(looked, Delivery("local", "", WHO, "observation", (CAPTURES / "local/server-as-root.jsonl").read_bytes()))
    first, changed = everything(looked), ChangeRow.objects.count()
    deliver(looked, Delivery("local", "", WHO, "observation", (CAPTURES / "local/server-as-root.jsonl").read_bytes()))
    assert everything(looked) == first
    assert ChangeRow.objects.count() == changed


def test_a_retired_host_leaves_with_all_it_holds_and_a_look_brings_it_back(looked: Console) -> None:
    gone = reconciling.retire(looked, WHO, SEEN)
    assert gone.facts > 5
    assert gone.software == 0 or not SoftwareRow.objects.filter(host=SEEN).exists()
    assert set(hosts(looked)) == {TOLD}
    assert not SubjectRow.objects.filter(host=SEEN).exists()
    with pytest.raises(reconciling.NoSuchHost):
        reconciling.held(looked, SEEN)
    deliver(looked, Delivery("local", "", WHO, "observation", (CAPTURES / "local/server-as-root.jsonl").read_bytes()))
    assert SEEN in hosts(looked)


def test_unknown_ghost_and_drifted_are_told_and_confirmed(looked: Console, clock: TickingClock) -> None:
    assert [one.fact.ref for one in differences.unknown(1, 9)[0]] == [SEEN]
    reconciling.confirm(looked, WHO, SEEN)
    assert differences.unknown(1, 9) == ([], 0)
    declare(
        looked, Said(WHO), (Host(SEEN, os_name="Windows"), Host("host/fantome", "fantome", addresses=("10.77.0.99",)))
    )
    (drifted,), many = differences.drifted(1, 9)
    assert (drifted.ref, drifted.names, many) == (SEEN, ("os_name",), 1)
    reconciling.confirm(looked, WHO, SEEN)
    assert differences.drifted(1, 9) == ([], 0)
    clock.advance(timedelta(days=40))
    assert reconciling.ghosts(looked)[0] == []
    deliver(looked, Delivery("nmap", "10.77.0.0/24", WHO, "observation", (CAPTURES / "nmap/healthy.xml").read_bytes()))
    found, dark = reconciling.ghosts(looked)
    assert [one.host.fact.ref for one in found] == ["host/fantome"]
    assert TOLD in [one.fact.ref for one in dark]


def test_a_modality_that_nothing_may_probe_is_no_ghost(looked: Console, clock: TickingClock) -> None:
    modality = Host("host/irm", "irm", HostClass.MODALITY, addresses=("10.77.0.98",))
    declare(looked, Said(WHO), (modality,))
    clock.advance(timedelta(days=40))
    deliver(looked, Delivery("nmap", "10.77.0.0/24", WHO, "observation", (CAPTURES / "nmap/healthy.xml").read_bytes()))
    assert modality.ref not in [one.host.fact.ref for one in reconciling.ghosts(looked)[0]]
    declare(looked, Said(WHO), (Consent(modality.ref, "Dr Petit", clock() + timedelta(days=9)),))
    assert modality.ref in [one.host.fact.ref for one in reconciling.ghosts(looked)[0]]


def test_what_changed_of_a_host_is_told(looked: Console) -> None:
    declare(looked, Said(WHO), (Host(TOLD, "serveur-du-fond", vendor="HP", model="T40"),))
    (change,) = subjects.changes(1, TOLD)
    assert change.values == {"vendor": ("Dell", "HP")}
    assert change.operator == WHO


def test_the_judge_reads_the_map_from_what_looks_and_people_say(looked: Console) -> None:
    def stands() -> dict[str, MapEntry]:
        return {one.host: one for one in StoredRegister(looked.practice).seen(MapEntry).facts}

    found = stands()
    assert found.keys() == {SEEN, TOLD}
    assert (found[SEEN].declared, found[SEEN].seen_at is not None, found[SEEN].drifted) == (False, True, None)
    assert (found[TOLD].declared, found[TOLD].seen_at, found[TOLD].told_at is not None) == (True, None, True)
    reconciling.join(looked, WHO, TOLD, SEEN)
    (one,) = stands().values()
    assert one.declared
    assert one.seen_at is not None
    assert one.drifted == ("hostname",)
    reconciling.confirm(looked, WHO, TOLD)
    (one,) = stands().values()
    assert one.drifted == ()
    assert len(StoredRegister(looked.practice).seen(MapEntry).sources[TOLD]) > 1
