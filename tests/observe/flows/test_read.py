"""What real exporters sent, and tables that programs wrote, become conversations."""

import struct
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negatoscope.kit.framing import frame, frames
from negatoscope.model.evidence import Gap
from negatoscope.model.traffic import INTERNET, Conversation, FlowWatch
from negatoscope.observe.collector import Item, Unreadable
from negatoscope.observe.flows import reduce
from negatoscope.observe.flows.datagrams import MAX_WAITING, Decoder
from negatoscope.observe.flows.read import SORTS, TEMPLATES, TOLD, header, read
from negatoscope.observe.handed import FORMAT, Header, wrapped
from tests.needs import needs_program
from tests.observe.flows.exporters import CLIENT, SERVER

CAPTURES = Path(__file__).parents[2] / "captures" / "flows"
NET = "10.77.0.0/24"
CSV = b"sa,da,sp,dp,pr,ibyt,ts\n"


def told(exporter: str) -> bytes:
    return (CAPTURES / f"{exporter}.bin").read_bytes()


def items(frames: bytes, *networks: str) -> list[Item]:
    return list(read(BytesIO(header("10.77.0.1", networks or (NET,)) + frames)))


def table(text: bytes) -> list[Item]:
    (sort,) = [one for one in SORTS if one.recognises(text)]
    return list(read(BytesIO(wrapped(Header(FORMAT, sort.name, "host/fw"), sort.scrub(text)))))


def talks(found: list[Item]) -> dict[tuple[str, str, str, int], Conversation]:
    return {(one.source, one.target, one.protocol, one.port): one for one in found if isinstance(one, Conversation)}


def gaps(found: list[Item]) -> dict[str, object]:
    return {one.why: one.values["count"] for one in found if isinstance(one, Gap)}


@pytest.mark.parametrize("exporter", ["v5", "v9", "v10"])
def test_what_an_exporter_saw_is_who_asked_whom(exporter: str) -> None:
    found = items(told(exporter))
    image = talks(found)[CLIENT, SERVER, "tcp", 104]
    assert (image.octets, image.octets_out, image.answered, image.flows) == (4541, 273, True, 2)
    assert talks(found)[CLIENT, SERVER, "tcp", 443].octets == 561
    (watch,) = [one for one in found if isinstance(one, FlowWatch)]
    assert (watch.networks, watch.lost, watch.sampled) == ((NET,), 0, 1)
    assert watch.first is not None
    assert watch.first.year == 2026
    assert gaps(found) == {}


def test_nfdumps_table_says_the_same() -> None:
    found = table((CAPTURES / "nfdump.csv").read_bytes())
    assert talks(found)[CLIENT, SERVER, "tcp", 104].octets == 2 * 4541
    (watch,) = [one for one in found if isinstance(one, FlowWatch)]
    assert (watch.lost, watch.sampled) == (None, None)


def test_a_file_of_nfcapd_is_read_through_nfdump() -> None:
    needs_program("nfdump")
    assert talks(table((CAPTURES / "nfcapd").read_bytes()))[CLIENT, SERVER, "tcp", 104].octets == 2 * 4541


def test_times_without_a_zone_are_those_of_france() -> None:
    (one,) = talks(table(CSV + b"10.77.0.20,10.77.0.30,50000,104,TCP,10,2026-07-01 12:00:00\n")).values()
    assert one.first is not None
    assert one.first.hour == 10
    (zoned,) = talks(table(CSV + b"10.77.0.20,10.77.0.30,50000,104,6,10,2026-07-01T12:00:00Z\n")).values()
    assert zoned.first is not None
    assert zoned.first.hour == 12


def test_rows_that_say_nothing_are_counted() -> None:
    found = table(CSV + b"10.77.0.20,10.77.0.30,50000,104,TCP,10,1\n,,,,,,\nSummary\n10.77.0.20,x,1,2,TCP,1,1\n")
    assert len(talks(found)) == 1
    assert gaps(found) == {"flow_rows_unread": 3}


def test_outside_addresses_that_begin_stand_together() -> None:
    rows = b"".join(b"93.184.0.%d,10.77.0.30,50000,443,TCP,10,1\n" % n for n in range(50))
    (one,) = talks(table(CSV + rows)).values()
    assert (one.source, one.flows) == (INTERNET, 50)


def test_a_host_that_talks_with_half_the_world_names_whom_it_told_most() -> None:
    rows = b"".join(b"10.77.0.20,93.184.%d.%d,50000,443,TCP,%d,1\n" % (n // 250, n % 250, n) for n in range(300))
    found = talks(table(CSV + rows))
    assert len(found) == 101
    assert sum(one.octets or 0 for one in found.values()) == sum(range(300))
    assert (CLIENT, "93.184.1.49", "tcp", 443) in found


def test_groups_and_strangers_among_themselves_are_nobodys_talk() -> None:
    rows = b"10.77.0.20,239.1.1.1,5000,1900,UDP,10,1\n8.8.8.8,9.9.9.9,53,53,UDP,10,1\n10.77.0.20,bad,1,2,TCP,1,1\n"
    assert not talks(table(CSV + rows))


def test_two_servers_of_one_port_are_one_talk_both_ways() -> None:
    rows = b"10.77.0.20,10.77.0.30,123,123,UDP,10,1\n10.77.0.30,10.77.0.20,123,123,UDP,20,1\n"
    (one,) = talks(table(CSV + rows)).values()
    assert (one.octets, one.answered) == (30, True)


def one_way(source: str, target: str, source_port: int, target_port: int, flags: int) -> bytes:
    ends = b"".join(bytes(map(int, one.split("."))) for one in (source, target))
    rest = struct.pack("!4sHHIIIIHHBBBB8s", b"", 0, 0, 1, 40, 0, 0, source_port, target_port, 0, flags, 6, 0, b"")
    head = struct.pack("!HHIIIIBBH", 5, 1, 0, 1_800_000_000, 0, 0, 0, 0, 0)
    return frame(TOLD, 1_800_000_000, head + ends + rest)


@pytest.mark.parametrize(("flags", "answered"), [(0x14, False), (0x04, False), (0x12, True), (0x1F, True), (0, True)])
def test_a_closed_port_refuses_and_answers_nothing(flags: int, *, answered: bool) -> None:
    asked, said = (CLIENT, SERVER, 50_000, 23), (SERVER, CLIENT, 23, 50_000)
    found = talks(items(one_way(*asked, 0x02) + one_way(*said, flags)))
    assert found[CLIENT, SERVER, "tcp", 23].answered is answered


def test_templates_told_before_the_capture_read_what_follows() -> None:
    whole = [message for _, message in frames(BytesIO(told("v9")), frozenset({TOLD}))]
    first = b"".join(frame(TEMPLATES, 0, one) for one in whole)
    rest = b"".join(frame(TOLD, 0, one) for one in whole)
    assert talks(items(first + rest)) == talks(items(rest))


def test_records_whose_template_never_came_are_a_gap() -> None:
    body = struct.pack("!HH", 300, 8) + b"\0" * 4
    one = struct.pack("!HHIIII", 9, 1, 0, 1, 1, 0) + body
    found = items(told("v5") + frame(TOLD, 0, one))
    assert gaps(found) == {"flow_template_missing": 1}
    decoder = Decoder()
    for _ in range(MAX_WAITING + 5):
        decoder.decode(one)
    assert decoder.waiting == MAX_WAITING + 5


def test_lost_records_are_counted_and_sampling_is_multiplied() -> None:
    (message,) = [one for _, one in frames(BytesIO(told("v5")), frozenset({TOLD}))]
    later = message[:16] + struct.pack("!I", 105) + message[20:22] + struct.pack("!H", 0x4000 | 10) + message[24:]
    found = items(frame(TOLD, 0, message) + frame(TOLD, 0, later))
    (watch,) = [one for one in found if isinstance(one, FlowWatch)]
    assert (watch.lost, watch.sampled) == (100, 10)
    assert talks(found)[CLIENT, SERVER, "tcp", 104].octets == 2 * 4541 * 10


def test_listening_counts_from_the_latest_instant_told() -> None:
    marks = [frame(b"S", 0, struct.pack("!d", at)) for at in (1_700_000_000, 1_700_000_900, 1_700_000_100)]
    (watch,) = [one for one in items(b"".join(marks) + told("v5")) if isinstance(one, FlowWatch)]
    assert watch.first == datetime.fromtimestamp(1_700_000_900, UTC)


@pytest.mark.parametrize("mark", [b"", b"\0" * 7, struct.pack("!d", float("nan")), struct.pack("!d", 1e300)])
def test_an_instant_that_is_none_is_unreadable(mark: bytes) -> None:
    with pytest.raises(Unreadable):
        items(frame(b"S", 0, mark) + told("v5"))


@pytest.mark.parametrize("exporter", ["v5", "v9", "v10"])
def test_addresses_taken_a_few_at_a_time_say_the_same(exporter: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half the Internet may be in a capture: never all of it in memory."""
    whole = items(told(exporter))
    monkeypatch.setattr(reduce, "FETCHED", 2)
    assert items(told(exporter)) == whole


def test_what_is_no_address_is_counted_whatever_it_says() -> None:
    row = b"10.77.0.9,1,443,TCP,5,2026-11-20 10:00:00\n"
    found = table(CSV + b'"a,""b",' + row + b"<script>," + row + b"10.77.0.5," + row.replace(b",1,", b",40000,"))
    assert [one.flows for one in found if isinstance(one, Conversation)] == [1]
    assert gaps(found) == {"flow_rows_unread": 2}


def test_an_empty_capture_is_a_gap() -> None:
    assert gaps(items(b"")) == {"flow_empty": 0}


def test_a_datagram_cut_short_loses_only_itself() -> None:
    assert talks(items(told("v5") + frame(TOLD, 0, told("v9"))[:40])) == talks(items(told("v5")))


@pytest.mark.parametrize(
    "capture",
    [b"", b"{}\n", b'{"format": "other/1", "exporter": "x"}\n', header("x", ()) + b"Z" * 40,
     wrapped(Header(FORMAT, "flow_table", "host/fw"), b"name;age\n1;2\n"),
     wrapped(Header(FORMAT, "nfcapd", "host/fw"), b"\x0c\xa5 cut")],
)  # fmt: skip
def test_what_is_no_capture_is_unreadable(capture: bytes) -> None:
    with pytest.raises(Unreadable):
        list(read(BytesIO(capture)))


@given(st.sampled_from(["v5", "v9", "v10"]), st.data())
def test_no_datagram_stops_the_decoder(exporter: str, data: st.DataObject) -> None:
    """Bytes of real datagrams are changed, cut and doubled; whatever comes out is a flow."""
    decoder = Decoder()
    for _, message in frames(BytesIO(told(exporter)), frozenset({TOLD})):
        hurt = bytearray(message)
        for place, value in data.draw(
            st.lists(st.tuples(st.integers(0, len(hurt) - 1), st.integers(0, 255)), max_size=6)
        ):
            hurt[place] = value
        cut = data.draw(st.integers(0, len(hurt)))
        for flow in decoder.decode(bytes(hurt[:cut])):
            assert 0 <= flow.octets <= 2**62


@given(st.binary(max_size=400))
def test_noise_after_any_version_is_no_flow(noise: bytes) -> None:
    for version in (5, 9, 10):
        Decoder().decode(version.to_bytes(2, "big") + noise)


def test_more_than_a_console_holds_is_said_to_be_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reduce, "MEMORY", "1MB")
    with pytest.raises(Unreadable) as refused:
        items(told("v9"))
    assert refused.value.why == "too_large"
