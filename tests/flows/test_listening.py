"""Flow exporters at the door: nothing that arrived is lost, nothing is counted twice."""

import os
import socket
import struct
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import msgspec
import pytest
from tests.conftest import START
from tests.observe.flows.exporters import SERVER, start, talk, talking

from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.listening import EVERY, deliver_closed, folder, open_door, refusals
from negatoscope.flows.registering import StoredRegister
from negatoscope.intake import netflow
from negatoscope.intake.netflow import Keeper
from negatoscope.kit.framing import frames
from negatoscope.model.networks import Network
from negatoscope.model.traffic import Conversation, FlowWatch
from negatoscope.observe.flows.read import FLOWS, header
from negatoscope.store.models import ObservationRow

CAPTURES = Path(__file__).parent.parent / "captures" / "flows"


KINDS = frozenset({b"D", b"T", b"S"})


def told(exporter: str) -> list[bytes]:
    return [one for _, one in frames(BytesIO((CAPTURES / f"{exporter}.bin").read_bytes()), frozenset({b"D"}))]


@pytest.fixture
def keeper(console: Console) -> Keeper:
    return Keeper(folder(console), lambda exporter: header(exporter, ("10.77.0.0/24",)), ("10.77.0.0/24",))


def delivered(console: Console) -> int:
    return ObservationRow.objects.filter(practice_id=console.practice, collector="flows").count()


def test_what_was_taken_becomes_conversations(console: Console, keeper: Keeper) -> None:
    for one in told("v9"):
        assert keeper.take("10.77.0.1", one, START) is None
    keeper.settle()
    keeper.close_all()
    assert deliver_closed(console, keeper) == 1
    talks = StoredRegister(console.practice).seen(Conversation).facts
    assert (SERVER, 104) in {(one.target, one.port) for one in talks}
    assert not list(folder(console).glob("*.*"))


def test_a_file_delivered_before_a_crash_is_not_counted_twice(console: Console, keeper: Keeper) -> None:
    keeper.take("10.77.0.1", told("v5")[0], START)
    keeper.close_all()
    (closed,) = folder(console).glob("*.closed")
    again = closed.read_bytes()
    deliver_closed(console, keeper)
    closed.write_bytes(again)
    assert deliver_closed(console, keeper) == 0
    assert delivered(console) == 1


def test_a_file_that_a_crash_left_open_is_delivered_by_the_next_console(console: Console, keeper: Keeper) -> None:
    keeper.take("10.77.0.1", told("v5")[0], START)
    keeper.settle()
    (left,) = folder(console).glob("*.open")
    left.write_bytes(left.read_bytes() + b"D\0\0")
    new = Keeper(folder(console), lambda exporter: header(exporter, ()))
    assert deliver_closed(console, new) == 1


def test_templates_told_once_read_the_files_that_follow(console: Console, keeper: Keeper) -> None:
    for one in told("v10"):
        keeper.take("10.77.0.1", one, START)
    keeper.close_all()
    deliver_closed(console, keeper)
    for one in told("v10"):
        if not netflow.templates_in(one):
            keeper.take("10.77.0.1", one, START + timedelta(minutes=20))
    keeper.close_all()
    for file in folder(console).glob("*.closed"):
        assert b"T" in {kind for kind, _ in frames(_after_header(file), KINDS)}


def _after_header(file: Path) -> BytesIO:
    stream = BytesIO(file.read_bytes())
    stream.readline()
    return stream


def watched(console: Console) -> FlowWatch:
    (watch,) = StoredRegister(console.practice).seen(FlowWatch).facts
    return watch


def hear(console: Console, keeper: Keeper, at: datetime, *messages: bytes) -> FlowWatch:
    for one in messages or told("v5"):
        keeper.take("10.77.0.1", one, at)
    keeper.settle()
    keeper.close_all()
    deliver_closed(console, keeper)
    return watched(console)


def test_listening_lasts_from_one_file_to_the_next_and_through_a_restart(console: Console, keeper: Keeper) -> None:
    quarter = timedelta(minutes=15)
    assert hear(console, keeper, START).first == START
    assert hear(console, keeper, START + quarter).first == START
    next_run = Keeper(folder(console), keeper.begun, keeper.networks)
    assert hear(console, next_run, START + 2 * quarter).first == START


def test_a_silence_of_an_hour_is_a_break_whoever_was_silent(console: Console, keeper: Keeper) -> None:
    hear(console, keeper, START)
    later = START + timedelta(hours=1)
    assert hear(console, keeper, later).first == later
    next_run = Keeper(folder(console), keeper.begun, keeper.networks)
    last = later + timedelta(hours=2)
    assert hear(console, next_run, last).first == last


def test_a_break_within_one_file_counts(console: Console, keeper: Keeper) -> None:
    later = START + timedelta(hours=1)
    for at in (START, later):
        keeper.take("10.77.0.1", told("v5")[0], at)
    keeper.close_all()
    deliver_closed(console, keeper)
    assert watched(console).first == later


def test_lost_records_begin_the_time_of_listening_anew(console: Console, keeper: Keeper) -> None:
    """Also in a file that was begun before anybody knew."""
    (message,) = told("v5")
    later = message[:16] + struct.pack("!I", 5000) + message[20:]
    hear(console, keeper, START)
    keeper.take("10.77.0.1", message, START + timedelta(minutes=15))
    keeper.take("10.77.0.1", later, START + timedelta(minutes=15))
    keeper.close_all()
    keeper.take("10.77.0.1", message, START + timedelta(minutes=16))
    deliver_closed(console, keeper)
    keeper.close_all()
    deliver_closed(console, keeper)
    first = watched(console).first
    assert first is not None
    assert START < first < console.clock()


def test_an_exporter_with_nothing_to_tell_is_still_listened_to(console: Console, keeper: Keeper) -> None:
    hear(console, keeper, START)
    template_alone = next(one for one in told("v9") if netflow.templates_in(one))[:20]
    assert hear(console, keeper, START + timedelta(minutes=15), template_alone).first == START
    assert hear(console, keeper, START + timedelta(minutes=30)).first == START


def test_what_the_spool_had_no_room_for_is_a_break(
    console: Console, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    hear(console, keeper, START)
    with monkeypatch.context() as full:
        full.setattr(netflow, "MOST_IN_ALL", -1)
        keeper.take("10.77.0.1", told("v5")[0], START + timedelta(minutes=5))
    later = START + timedelta(minutes=10)
    assert hear(console, keeper, later).first == later


def test_a_disk_that_fills_up_in_the_middle_of_a_datagram_spoils_nothing(
    console: Console, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    (message,) = told("v5")
    keeper.take("10.77.0.1", message, START)
    write = os.write
    with monkeypatch.context() as full:
        full.setattr("os.write", lambda handle, data: write(handle, data[:9]))
        with pytest.raises(OSError, match="space"):
            keeper.take("10.77.0.1", message, START)
        with pytest.raises(OSError, match="space"):
            keeper.take("10.77.0.2", message, START)
    keeper.take("10.77.0.1", message, START)
    keeper.close_all()
    deliver_closed(console, keeper)
    assert watched(console).records == 2 * told_records(message)
    assert not list(folder(console).glob("*.*"))


def told_records(message: bytes) -> int:
    return int(struct.unpack_from("!H", message, 2)[0])


def test_a_memory_of_listening_that_cannot_be_read_remembers_nobody(console: Console, keeper: Keeper) -> None:
    hear(console, keeper, START)
    (folder(console) / "listening").write_text("{")
    next_run = Keeper(folder(console), keeper.begun, keeper.networks)
    later = START + timedelta(minutes=15)
    assert hear(console, next_run, later).first == later


def test_strangers_noise_and_a_full_spool_are_counted(
    console: Console, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert keeper.take("8.8.8.8", told("v5")[0], START) == "exporter_outside"
    assert keeper.take("10.77.0.1", b"GET / HTTP/1.0", START) == "not_flows"
    keeper.take("127.0.0.1", told("v5")[0], START)
    monkeypatch.setattr(netflow, "MOST_IN_ALL", 10)
    assert keeper.take("127.0.0.1", told("v5")[0], START) == "spool_full"
    assert {name: one.count for name, one in refusals(console).items()} == {
        "exporter_outside": 1, "not_flows": 1, "spool_full": 1,
    }  # fmt: skip


def test_made_up_senders_push_no_exporter_out(
    console: Console, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """UDP: one machine can send under every address of its network, and each would hold a file open."""
    monkeypatch.setattr(netflow, "MOST_EXPORTERS", 3)
    assert keeper.take("10.77.0.1", told("v5")[0], START) is None
    said = [keeper.take(f"10.77.0.{made_up}", told("v5")[0], START) for made_up in range(2, 12)]
    assert said == [None, None, *["too_many_exporters"] * 8]
    assert keeper.take("10.77.0.1", told("v5")[0], START) is None
    assert refusals(console)["too_many_exporters"].count == 8
    assert len(list(folder(console).glob("*.open"))) == 3


def test_a_large_file_is_closed_at_once(console: Console, keeper: Keeper, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(netflow, "MOST_BYTES", 100)
    keeper.take("10.77.0.1", told("v5")[0], START)
    assert list(folder(console).glob("*.closed"))


def at_a_free_port(console: Console) -> Console:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    config = msgspec.structs.replace(console.config, flows=f"127.0.0.1:{port}")
    return replace(console, config=config)


def test_the_door_of_a_running_console_takes_what_comes(console: Console) -> None:
    opened = at_a_free_port(console)
    with open_door(opened, lambda: False) as door, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        assert door is not None
        assert opened.config.flow_door is not None
        sender.sendto(told("v5")[0], opened.config.flow_door)
        sender.sendto(struct.pack("!H", 7), opened.config.flow_door)
        _until(lambda: "not_flows" in refusals(opened))
        assert door.round() == 0
        door.next_at -= 2 * EVERY
        assert door.round() == 1
    assert delivered(console) == 1


def test_a_door_whose_address_is_taken_is_said_so(console: Console) -> None:
    opened = at_a_free_port(console)
    assert opened.config.flow_door is not None
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(opened.config.flow_door)
        with open_door(opened, lambda: False) as door:
            assert door is None
    assert "address_taken" in refusals(console)


def test_without_a_door_nobody_listens(console: Console) -> None:
    with open_door(console, lambda: False) as door:
        assert door is None


def test_a_real_exporter_is_heard_to_the_register(console: Console, tmp_path: Path) -> None:
    """pmacctd, IPFIX, in a network of its own: what two hosts said to one another stands in the register."""
    declare(console, Said("user:mdurand"), (Network("10.77.0.0/24"),))
    keeper = Keeper(folder(console), lambda exporter: header(exporter, ("10.77.0.0/24",)), ("10.77.0.0/24",))
    ended = threading.Event()
    with talking() as made:
        bound = made.inside(made.scanner, lambda: netflow.listen(made.gateway, 2055))
        listening = threading.Thread(target=netflow.receive, args=(bound, keeper, console.clock, ended.is_set))
        listening.start()
        try:
            made.run(made.scanner, start(tmp_path, "v10", made.gateway))
            _until(lambda: {104, 443} <= _said_again(console, lambda: talk(made)), seconds=60)
        finally:
            ended.set()
            listening.join()
            bound.close()
    keeper.close_all()
    deliver_closed(console, keeper)
    seen = StoredRegister(console.practice)
    assert {104, 443} <= {one.port for one in seen.seen(Conversation).facts if one.answered}
    (watch,) = seen.seen(FlowWatch).facts
    assert (watch.exporter, watch.networks, watch.lost) == ("10.77.0.1", ("10.77.0.0/24",), 0)


def _said_again(console: Console, talk: Callable[[], object]) -> set[int]:
    """Talk once more: an exporter starts when it can. Gives the answered ports that what was kept so far tells of."""
    talk()
    time.sleep(1.5)
    kept = [one.read_bytes() for one in folder(console).glob("*.open")]
    items = [item for data in kept for item in FLOWS.read(BytesIO(data))]
    return {item.port for item in items if isinstance(item, Conversation) and item.answered}


def _until(true: Callable[[], object], seconds: float = 5) -> None:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if true():
            return
        time.sleep(0.05)
    pytest.fail("too late")
