"""Agents that mean no good: none stalls a look, none is believed further than it goes."""

import random
import time
from collections.abc import Callable
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negatoscope.model.evidence import Gap
from negatoscope.model.hosts import Host
from negatoscope.model.switching import SwitchPort
from negatoscope.observe.collector import Look, Unreachable, Unreadable
from negatoscope.observe.snmp import ber, knock, message, session
from negatoscope.observe.snmp.collector import Settings, capture
from negatoscope.observe.snmp.frames import FORMAT, Agent, End, Header, Knock, Part, Row, write
from negatoscope.observe.snmp.read import read
from negatoscope.observe.snmp.usm import Security, User
from tests.observe.snmp.agents import COMMUNITY, LENT, hostile

Answer = Callable[[bytes], list[bytes]]


@pytest.fixture(autouse=True)
def brisk(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(knock, "WAIT", 0.4)
    monkeypatch.setattr(session, "MAX_ROWS", 200)
    monkeypatch.setattr(session, "SECONDS", 0.3)


def said(data: bytes, *binds: tuple[str, int, bytes], error: int = 0) -> bytes:
    """An answer to this question of version 2c, whatever it was."""
    version, inner = message.opened(data)
    community = list(ber.elements(ber.first(data, ber.SEQUENCE)))[1][1]
    number = ber.to_integer(next(iter(ber.elements(ber.first(inner, inner[0]))))[1])
    rows = (ber.sequence(ber.oid(oid), ber.wrapped(tag, value)) for oid, tag, value in binds)
    pdu = ber.sequence(ber.integer(number), ber.integer(error), ber.integer(0), ber.sequence(*rows), tag=0xA2)
    return message.plain(version, community, pdu)


def wanted(data: bytes) -> str:
    """The place asked for."""
    _, inner = message.opened(data)
    fields = list(ber.elements(ber.first(inner, inner[0])))
    bind = ber.first(fields[3][1], ber.SEQUENCE)
    return ".".join(map(str, ber.to_oid(ber.first(bind, ber.OID))))


def lent(data: bytes) -> bool:
    with suppress(ber.Garbled, StopIteration):
        return COMMUNITY.encode() in data and message.opened(data)[0] == message.V2C
    return False


def meets(then: Answer) -> Answer:
    """Answers the first question as an honest agent would; ``then`` to the rest."""

    def answer(data: bytes) -> list[bytes]:
        if not lent(data):
            return []
        if wanted(data) == knock.DESCRIPTION and b"\xa0" in data:
            return [said(data, (knock.DESCRIPTION, 4, b"agent"))]
        return then(data)

    return answer


def endless(data: bytes) -> list[bytes]:
    place = wanted(data)
    last = int(place.rpartition(".")[2])
    base = place if place.count(".") < 11 else place.rpartition(".")[0]
    start = 1 if base == place else last + 1
    return [said(data, *((f"{base}.{start + step}", 4, b"x") for step in range(20)))]


HOSTILE: dict[str, tuple[Answer, str]] = {
    "never answers": (lambda _: [], "snmp_silent"),
    "answers noise": (lambda _: [b"\x30\x82\xff\xff" + bytes(40), b"", b"\x30\x80"], "snmp_silent"),
    "repeats itself": (lambda data: [said(data, (wanted(data), 4, b"x"))], "snmp_looping"),
    "goes backwards": (lambda data: [said(data, (f"{wanted(data)}.2", 4, b"x"), (f"{wanted(data)}.1", 4, b"x"))],
                       "snmp_looping"),
    "never ends": (endless, "snmp_endless"),
    "sends too much": (lambda data: [said(data, (f"{wanted(data)}.1", 4, bytes(30_000)))], "snmp_huge"),
    "refuses": (lambda data: [said(data, error=5)], "snmp_silent"),
    "errs": (lambda data: [said(data, (f"{wanted(data)}.1", 4, b""), error=5)], "snmp_refused"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_agent_is_a_gap_in_time(name: str) -> None:
    answer, why = HOSTILE[name]
    began = time.monotonic()
    with hostile(meets(answer)) as agent:
        items = agent.told("communaute", host_seconds=5, packets_per_second=2000)
    assert time.monotonic() - began < 9
    gaps = {item.why for item in items if isinstance(item, Gap) and item.what == "SwitchPort"}
    assert gaps <= {why, "snmp_time_limit"}
    assert not [item for item in items if isinstance(item, SwitchPort)]


def test_time_runs_out_before_the_agents_do() -> None:
    kept = BytesIO()
    with hostile(meets(lambda _: [])) as agent:
        settings = Settings(credential="communaute", declared=("127.0.0.0/8",), udp=(agent.port, agent.closed))
        capture(settings, agent.address, Look(kept, login=LENT.__getitem__, remaining=lambda: 2.0))
    kept.seek(0)
    (gap,) = [item for item in read(kept) if isinstance(item, Gap)]
    assert (gap.what, gap.why, gap.values) == ("Host", "snmp_not_reached", {"count": 1})


def test_a_stranger_who_answers_for_another_is_not_heard() -> None:
    """Wrong number, wrong version, wrong kind: none counts as an answer."""

    def liar(data: bytes) -> list[bytes]:
        with suppress(ber.Garbled, StopIteration):
            honest = said(data, (knock.DESCRIPTION, 4, b"agent"))
            number = honest.find(b"\xa2") + 5
            return [honest[:number] + bytes([honest[number] ^ 0x55]) + honest[number + 1 :], honest[:-2], data]
        return [data, b"\0\5"]

    with hostile(liar) as agent:
        items = agent.told("communaute")
    assert not [item for item in items if isinstance(item, SwitchPort)]


@given(st.binary(max_size=300))
def test_noise_is_garbled_or_read_never_a_crash(data: bytes) -> None:
    for reader in (message.opened, message.answered, Security(User("x", "sha1", "phrase", "des", "phrase")).open):
        with suppress(ber.Garbled):
            reader(data)


@given(st.integers(-(1 << 60), 1 << 60), st.lists(st.integers(0, (1 << 32) - 1), max_size=20))
def test_what_is_encoded_is_read_back(number: int, arcs: list[int]) -> None:
    assert ber.to_integer(ber.first(ber.integer(number), ber.INTEGER)) == number
    place = (1, 3, *arcs)
    assert ber.to_oid(ber.first(ber.oid(".".join(map(str, place))), ber.OID)) == place


def capture_of(*lines: object) -> BytesIO:
    return BytesIO(b"".join(write(line) for line in lines))  # type: ignore[arg-type]


def test_a_capture_cut_short_or_altered_is_unreadable() -> None:
    head, end = Header(FORMAT, "10.0.0.1"), End()
    for lines in ((), (head,), (end,), (head, head, end), (head, end, end), (Header("x", ""), end)):
        with pytest.raises(Unreadable):
            list(read(capture_of(*lines)))
    with pytest.raises(Unreadable):
        list(read(BytesIO(write(head) + b'["row",1,2,3]\n' + write(end))))
    with pytest.raises(Unreadable):
        list(read(BytesIO(write(head) + b'["row","' + b"1." * 50_000 + b'"]\n')))


def test_values_of_the_wrong_type_were_not_said() -> None:
    """Each column in turn filled with every type of value: read without a crash, in a capture that is whole."""
    from negatoscope.observe.snmp.columns import COLUMNS  # noqa: PLC0415

    random.seed(4)
    tails = ("0", "1", "1.2.3", "10.10.0.0.0.0", "1.4.10.0.0.0.8.2.0.0.1.4.10.0.0.1", "10.0.0.0.255.0.0.0.0.10.0.0.1")
    values = (
        (2, b""),
        (2, bytes(12)),
        (4, b"\xff\xfe\0"),
        (4, bytes(6)),
        (6, b"\x80"),
        (64, b"\1"),
        (5, b""),
        (66, b"\2"),
    )
    rows: list[object] = [
        Row(f"{column}.{tail}", *random.choice(values)) for column in COLUMNS.values() for tail in tails
    ]
    for _ in range(40):
        random.shuffle(rows)
        parts = [Part(name, "whole") for name in COLUMNS]
        items = list(read(capture_of(Header(FORMAT, "10.0.0.1"), Agent("10.0.0.1", "3"), *rows[:200], *parts, End())))
        assert isinstance(items[0], Host)


def test_who_is_only_spoken_for_is_not_there() -> None:
    lines = (Header(FORMAT, "10.0.0.1"), Knock("10.0.0.1", 161, "snmp", "filtered"), End())
    assert list(read(capture_of(*lines))) == []


def test_a_look_stops_when_asked() -> None:
    with pytest.raises(Unreachable, match="time_limit"):
        capture(Settings(declared=("127.0.0.0/8",)), "127.0.0.1", Look(BytesIO(), remaining=lambda: 0.0))
