"""Parcels of probes: taken once, dated never too fresh, refused when they are not what they say."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from tests.conftest import TickingClock
from tests.probes import Parcel, Stand, enrolled, made

from negatoscope.config import Config
from negatoscope.flows import enrolling, observing, ordering, scheduling, unsealing
from negatoscope.flows.console import Console
from negatoscope.flows.enrolling import Newcomer, NotEnrolled
from negatoscope.flows.opening import finish_interrupted, open_console
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.replaying import replay
from negatoscope.flows.scheduling import Asked
from negatoscope.flows.unsealing import Arriving, WrongPlace, dated
from negatoscope.model.carrying import ConsoleSeat
from negatoscope.model.hosts import Host
from negatoscope.probe import messages
from negatoscope.probe.messages import Order, Progress
from negatoscope.probe.parcel import Manifest
from negatoscope.probe.signed import Refused
from negatoscope.store import jobs, observations, probes
from negatoscope.store.models import JobRow, ObservationRow, ParcelRow
from negatoscope.store.probes import ProbeRow
from negatoscope.store.vault import Vault

CAPTURE = Path("tests/captures/local/server-as-root.jsonl").read_bytes()


@pytest.fixture
def console(db: None, tmp_path: Path, clock: TickingClock) -> Console:
    return open_console(Config(data=tmp_path), clock)


def ordered(console: Console, probe: ProbeRow, collector: str = "local", target: str = "") -> Order:
    scheduling.ask(console, Asked(collector, target, "user:marie", {}, probe.pk))
    order = ordering.following(console, probe, ())
    assert order is not None
    return order


def arriving(console: Console, probe: ProbeRow, one: Parcel) -> Arriving:
    return Arriving(console, probes.bearing(probe.pk), one.number, one.head)


def deliver(console: Console, probe: ProbeRow, one: Parcel) -> object:
    there = arriving(console, probe, one)
    unsealing.append(there, there.size(), [one.data])
    return unsealing.finish(there)


def looked(console: Console, stand: Stand, probe: ProbeRow) -> Parcel:
    order = ordered(console, probe)
    return stand.seal(made(order, console.clock()), CAPTURE)


def test_a_parcel_becomes_one_observation_of_its_probe_and_ends_its_job(console: Console) -> None:
    stand, probe = enrolled(console)
    one = looked(console, stand, probe)
    assert deliver(console, probe, one) is not None
    row = ObservationRow.objects.get(parcel=f"{probe.ident}/1")
    assert (row.operator, row.target, row.collector) == ("probe:Sonde nord", "Sonde nord", "local")
    job = JobRow.objects.exclude(probe=None).get()
    assert (job.state, job.observation) == ("done", row.sequence)
    assert StoredRegister(console.practice).seen(Host).facts
    assert JobRow.objects.filter(collector=jobs.JUDGEMENT, state="waiting").count() == 1
    assert not list(unsealing.folder(console, probe).iterdir())


def test_a_probe_is_not_where_the_console_stands(console: Console) -> None:
    stand, probe = enrolled(console)
    deliver(console, probe, looked(console, stand, probe))
    seats = StoredRegister(console.practice).seen(ConsoleSeat)
    assert not seats.facts
    assert not seats.sweeps


def test_a_parcel_in_pieces_is_taken_once_it_is_whole(console: Console) -> None:
    stand, probe = enrolled(console)
    one = looked(console, stand, probe)
    there = arriving(console, probe, one)
    for start in range(0, len(one.data), 20_000):
        assert unsealing.finish(there) is None
        assert unsealing.append(there, start, [one.data[start : start + 20_000]]) == min(start + 20_000, len(one.data))
        with pytest.raises(WrongPlace):
            unsealing.append(there, start, [b"again"])
    assert unsealing.finish(there) is not None
    assert unsealing.registered(there)


class Killed(BaseException):
    """As kill -9 would: nothing after it runs."""


@pytest.mark.parametrize("step", ["keep", "note", "applied", "_settle"])
def test_a_console_that_dies_at_any_step_loses_nothing_and_takes_nothing_twice(
    console: Console, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    stand, probe = enrolled(console)
    one = looked(console, stand, probe)
    there = arriving(console, probe, one)
    unsealing.append(there, 0, [one.data])
    where: object = {"keep": Vault, "note": Vault, "applied": observing}.get(step, unsealing)
    before = getattr(where, step)

    def dies(*arguments: object, **named: object) -> object:
        before(*arguments, **named)
        raise Killed

    if step == "note":  # the journal holds it, the database does not, and nobody strikes it again
        monkeypatch.setattr(Vault, "strike", lambda *_: None)
    monkeypatch.setattr(where, step, dies)
    with pytest.raises(Killed):
        unsealing.finish(there)
    monkeypatch.undo()
    again = open_console(console.config, console.clock)
    finish_interrupted(again)
    assert unsealing.finish(arriving(again, probe, one)) is not None
    assert ObservationRow.objects.filter(parcel=f"{probe.ident}/1").count() == 1
    assert ParcelRow.objects.count() == 1
    assert JobRow.objects.exclude(probe=None).get().state == "done"


@pytest.mark.django_db(transaction=True)
def test_a_parcel_is_rebuilt_from_the_vault_alone(console: Console) -> None:
    stand, probe = enrolled(console, site="Albi")
    deliver(console, probe, looked(console, stand, probe))
    before = StoredRegister(console.practice).seen(Host)
    from django.core.management import call_command  # noqa: PLC0415 -- only here

    call_command("flush", verbosity=0, interactive=False)
    fresh = open_console_bare(console)
    assert replay(fresh, "terminal:essai").observations >= 1
    row = ObservationRow.objects.get(parcel=f"{probe.ident}/1")
    assert row.site.name == "Albi"
    assert StoredRegister(fresh.practice).seen(Host).facts == before.facts


def open_console_bare(console: Console) -> Console:
    from negatoscope.flows.opening import lay_out  # noqa: PLC0415 -- only here

    return lay_out(console.config, console.clock)


def refused(console: Console, probe: ProbeRow, one: Parcel) -> str:
    with pytest.raises(Refused) as error:
        deliver(console, probe, one)
    assert not ObservationRow.objects.filter(parcel=f"{probe.ident}/{one.number}").exists()
    return error.value.why


def test_a_parcel_that_is_not_what_it_says_is_refused_and_counted(console: Console) -> None:
    stand, probe = enrolled(console)
    order = ordered(console, probe)
    at = console.clock()
    other = Stand(enrolled=stand.enrolled)
    assert refused(console, probe, other.seal(made(order, at), CAPTURE)) == "signature"
    assert refused(console, probe, replace(stand).seal(made(order, at), CAPTURE, probe="0" * 16)) == "probe"
    assert refused(console, probe, replace(stand).seal(made(order, at, order=order.number + 1), CAPTURE)) == "order"
    assert refused(console, probe, replace(stand).seal(made(order, at, collector="declared"), b"{}")) == "order"
    assert refused(console, probe, replace(stand).seal(made(order, at, settings={"x": 1}), b"")) == "manifest"
    assert refused(console, probe, replace(stand).seal(made(order, at.replace(tzinfo=None)), b"")) == "manifest"
    good = replace(stand).seal(made(order, at), CAPTURE)
    flipped = bytearray(good.data)
    flipped[-1] ^= 1
    assert refused(console, probe, replace(good, data=bytes(flipped))) == "digest"
    assert refused(console, probe, replace(good, head="0" * 64)) == "head"
    row = probes.bearing(probe.pk)
    assert (row.refused, row.refused_why) == (8, "head")
    assert deliver(console, probe, good) is not None


def test_the_chain_shows_a_parcel_put_in_place_of_another(console: Console) -> None:
    stand, probe = enrolled(console)
    deliver(console, probe, looked(console, stand, probe))
    twin = replace(stand, previous="1" * 64)
    assert refused(console, probe, looked(console, twin, probe)) == "chain"
    second, third = looked(console, stand, probe), looked(console, stand, probe)
    assert deliver(console, probe, third) is not None  # out of order: the hole shows until it is filled
    assert [one.number for one in probes.parcels(probe)] == [1, 3]
    assert deliver(console, probe, second) is not None


def test_another_parcel_under_a_number_that_is_taken_is_refused(console: Console) -> None:
    stand, probe = enrolled(console)
    deliver(console, probe, looked(console, stand, probe))
    restored = Stand(stand.key, stand.enrolled)  # its disk put back from an older copy
    with pytest.raises(Refused, match=messages.DIFFERS):
        unsealing.registered(arriving(console, probe, looked(console, restored, probe)))


def test_a_probe_revoked_in_mid_delivery_is_not_registered(console: Console) -> None:
    stand, probe = enrolled(console)
    one = looked(console, stand, probe)
    there = arriving(console, probe, one)
    enrolling.revoke(console, "user:marie", probe.pk)
    unsealing.append(there, 0, [one.data])
    with pytest.raises(Refused, match=messages.REVOKED):
        unsealing.finish(there)
    assert not ObservationRow.objects.exists()
    assert probes.bearing(probe.pk).refused == 1


def test_a_look_stopped_here_is_kept_and_not_read(console: Console) -> None:
    stand, probe = enrolled(console)
    one = looked(console, stand, probe)
    job = JobRow.objects.get()
    scheduling.cancel(console, job.pk, "user:marie")
    assert ordering.follow(console, probe, job.pk, Progress(1, 2)).cancelled
    deliver(console, probe, one)
    assert not ObservationRow.objects.get().complete
    assert not StoredRegister(console.practice).seen(Host).facts


def test_an_order_that_is_done_makes_nothing_fresh_again(console: Console, clock: TickingClock) -> None:
    """A probe that nobody asks any more could otherwise keep what it said of old alive for ever."""
    stand, probe = enrolled(console)
    order = ordered(console, probe)
    deliver(console, probe, stand.seal(made(order, console.clock()), CAPTURE))
    done = JobRow.objects.exclude(probe=None).get().ended_at
    assert done is not None
    clock.advance(timedelta(days=40))
    deliver(console, probe, stand.seal(made(order, console.clock()), CAPTURE))
    again = ObservationRow.objects.get(parcel=f"{probe.ident}/2")
    assert again.ended <= done


NOW = datetime.fromisoformat("2026-11-02T12:00:00+00:00")


@pytest.mark.parametrize("wrong", [timedelta(hours=1), timedelta(days=30), -timedelta(hours=1), -timedelta(days=30)])
@pytest.mark.parametrize("mended", [True, False])
def test_a_wrong_clock_never_makes_a_look_fresher(wrong: timedelta, mended: bool) -> None:  # noqa: FBT001 -- a case
    """Asked at ten, made at eleven, delivered at noon by a clock that is wrong by so much, and mended or not."""
    asked, true = NOW - timedelta(hours=2), NOW - timedelta(hours=1)
    manifest = Manifest(1, "local", "", true + wrong - timedelta(minutes=5), true + wrong, {}, complete=True)
    told = [-wrong.total_seconds(), 0.0 if mended else -wrong.total_seconds()]
    started, ended = dated(manifest, min(told), asked, NOW)
    assert asked <= started <= ended <= true


def test_an_instant_that_no_calendar_holds_counts_from_the_order() -> None:
    manifest = Manifest(1, "local", "", datetime.max.replace(tzinfo=NOW.tzinfo), NOW, {}, complete=True)
    assert dated(manifest, 1e6, NOW, NOW) == (NOW, NOW)


def test_the_clock_of_a_probe_is_compared_at_each_contact(console: Console, clock: TickingClock) -> None:
    stand, probe = enrolled(console)
    behind = ordering.contact(probe, clock.at - timedelta(hours=1), clock.at)
    assert behind == 3600
    order = ordered(console, probe)
    clock.advance(timedelta(minutes=30))
    true = console.clock()
    one = stand.seal(made(order, true - timedelta(hours=1)), CAPTURE)
    deliver(console, probe, one)
    row = ObservationRow.objects.get()
    assert true - timedelta(seconds=5) <= row.ended <= true


def test_codes_stand_for_a_day_serve_once_and_die_of_five_wrong_tries(console: Console, clock: TickingClock) -> None:
    probe, text = enrolling.invite(console, "user:marie", Newcomer("A"))
    stand = Stand()
    told = stand.shows(text)
    with pytest.raises(NotEnrolled, match="name_taken"):
        enrolling.invite(console, "user:marie", Newcomer(" A "))
    assert enrolling.enrol(console, told).id == probe.ident
    with pytest.raises(NotEnrolled, match=messages.CODE_UNKNOWN):
        enrolling.enrol(console, told)
    late, text = enrolling.invite(console, "user:marie", Newcomer("B"))
    clock.advance(timedelta(hours=25))
    with pytest.raises(NotEnrolled, match=messages.CODE_UNKNOWN):
        enrolling.enrol(console, stand.shows(text))
    _probe, text = enrolling.invite_again(console, "user:marie", late.pk)
    wrong = msgspec.structs.replace(stand.shows(text), secret="00" * 10)
    for _ in range(5):
        with pytest.raises(NotEnrolled):
            enrolling.enrol(console, wrong)
    with pytest.raises(NotEnrolled, match=messages.CODE_UNKNOWN):
        enrolling.enrol(console, stand.shows(text))
    assert text.replace("-", "")[:16] not in str(ProbeRow.objects.values())


def test_a_bad_request_leaves_the_code_standing(console: Console) -> None:
    _probe, text = enrolling.invite(console, "user:marie", Newcomer("A"))
    stand = Stand()
    bad = msgspec.structs.replace(stand.shows(text), csr="-----BEGIN")
    with pytest.raises(NotEnrolled, match="not_a_request"):
        enrolling.enrol(console, bad)
    with pytest.raises(NotEnrolled, match=messages.PROTOCOL_UNKNOWN):
        enrolling.enrol(console, msgspec.structs.replace(stand.shows(text), protocol=2))
    assert enrolling.enrol(console, stand.shows(text)).recipients


def test_nothing_but_what_was_read_is_left_half_done(console: Console) -> None:
    stand, probe = enrolled(console)
    there = arriving(console, probe, looked(console, stand, probe))
    for number in range(unsealing.MOST_PIECES):
        unsealing.append(replace(there, number=100 + number), 0, [b"x"])
    with pytest.raises(Refused, match="too_many_pieces"):
        unsealing.append(there, 0, [b"x"])
    assert observations.of_parcel(console.practice, there.name) is None
