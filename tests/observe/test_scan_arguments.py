"""No argument list that nmap is started with can run a script, leave the declared networks or touch a spared host."""

import io
from collections.abc import Callable
from contextlib import suppress

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from negatoscope.observe.collector import Bounds, Look, Unreachable
from negatoscope.observe.nmap import NMAP, Settings, _by_ports, bound
from negatoscope.observe.scan.arguments import (
    ALL_PORTS,
    CLINICAL_PORTS,
    INTRUSIVE_CATEGORIES,
    PATIENT_SCRIPTS,
    Pace,
    Refused,
    apart,
    declares,
    discovery,
    refuse_scripts,
    versions,
)
from negatoscope.observe.scan.frames import Header
from negatoscope.observe.scan.modalities import Shyness
from negatoscope.observe.scan.xml import Port, parse
from tests.observe.captures import HEALTHY_SCAN

PACE = Pace(1000, 60, connect=False)
SCRIPTED = [
    "-sC", "-sSC", "-sVC", "-sCV", "-A", "-nA", "-vvA", "--script", "--script=default", "--script-args=a=b", "-script",
    "--scrip", "--sc", "-sc", "--SCRIPT", "--script-updatedb", "--script-trace", " --script ", "dicom-brute",
    "dicom-cfind-ls", "vuln,safe", "x.nse", "http-title.nse", *PATIENT_SCRIPTS, *INTRUSIVE_CATEGORIES,
]  # fmt: skip


@pytest.mark.parametrize("argument", SCRIPTED)
def test_every_way_to_ask_for_a_script_is_refused(argument: str) -> None:
    with pytest.raises(Refused):
        refuse_scripts(["-n", argument, "10.77.0.0/24"])
    with pytest.raises(Refused):
        discovery(argument, (), ALL_PORTS, PACE)
    with pytest.raises(Refused):
        discovery("10.77.0.0/24", (), argument, PACE)
    with pytest.raises(Refused):
        versions([argument], [80], (), PACE)
    with pytest.raises((Refused, ValueError)):
        discovery("10.77.0.0/24", [argument], ALL_PORTS, PACE)


@given(
    target=st.sampled_from(["10.77.0.0/24", "10.77.0.5", "fd00::5"]) | st.sampled_from(SCRIPTED) | st.text(max_size=20),
    ports=st.sampled_from([ALL_PORTS, "22,80-90"]) | st.sampled_from(SCRIPTED) | st.text(max_size=20),
    spared=st.lists(st.sampled_from(["10.77.0.9", *SCRIPTED]) | st.text(max_size=20), max_size=3),
    connect=st.booleans(),
)
def test_whatever_the_settings_no_list_holds_a_script(
    target: str,
    ports: str,
    spared: list[str],
    connect: bool,  # noqa: FBT001
) -> None:
    pace = Pace(1000, 60, connect)
    builds: tuple[Callable[[], list[str]], ...] = (
        lambda: discovery(target, spared, ports, pace),
        lambda: versions([target], [22, 443], spared, pace),
    )
    for build in builds:
        with suppress(ValueError):
            arguments = build()
            assert not {"-sC", "-A"} & set(arguments)
            assert not any(word.startswith(("--script", "-script", "-iL", "--datadir")) for word in arguments)
            assert arguments[-1] in {"10.77.0.0/24", "10.77.0.5/32", "fd00::5/128"} or "/" in arguments[-1]


@pytest.mark.parametrize("spared", [(), ("10.77.0.9", "10.77.0.10"), ("fd00::9",)])
def test_no_address_of_the_practice_stands_in_the_list_of_processes(spared: tuple[str, ...]) -> None:
    plain, targets, left = apart(versions(["10.77.0.5", "10.77.0.6"], [22], spared, PACE))
    assert (targets, left) == (["10.77.0.5/32", "10.77.0.6/32"], list(spared))
    assert not [word for word in plain if "10.77" in word or "fd00" in word or "exclude" in word]


def test_the_two_passes_ask_what_they_should() -> None:
    first = discovery("10.77.0.0/24", ["10.77.0.9"], ALL_PORTS, PACE)
    assert first[0] == "-sS"
    assert "-sV" not in first
    assert first[first.index("--exclude") + 1] == "10.77.0.9"
    second = versions(["10.77.0.5"], [443, 22], ["10.77.0.9"], PACE)
    assert second[second.index("-p") + 1] == "22,443"
    assert {"-sV", "--version-light", "--exclude"} <= set(second)
    assert discovery("10.77.0.5", (), "22", Pace(1, 1, connect=True))[0] == "-sT"


@pytest.mark.parametrize("ports", ["", "0", "65536", "1-70000", "90-80", "-", "T:22", "22 --script", "http*", "22,"])
def test_ports_are_numbers_and_nothing_else(ports: str) -> None:
    with pytest.raises(Refused):
        discovery("10.77.0.0/24", (), ports, PACE)


@pytest.mark.parametrize(
    ("target", "inside"),
    [
        ("10.77.0.0/24", True),
        ("10.77.0.5", True),
        ("10.77.0.0/23", False),
        ("10.76.255.0/24", False),
        ("0.0.0.0/0", False),
        ("fd00:77::5", True),
        ("::ffff:10.77.0.5", False),
    ],
)
def test_a_target_is_inside_a_declared_network_or_not(target: str, inside: bool) -> None:  # noqa: FBT001
    assert declares(("10.77.0.0/24", "fd00:77::/64"), target) is inside


def refusal(target: str, settings: Settings) -> str:
    assert NMAP.capture is not None
    sink = io.BytesIO()
    with pytest.raises(Unreachable) as refused:
        NMAP.capture(settings, target, Look(sink))
    assert sink.getvalue() == b""
    return refused.value.why


def test_nothing_is_sent_outside_the_declared_networks() -> None:
    assert refusal("10.77.0.5", Settings()) == "outside_declared_networks"
    here = bound(Settings(declared=("0.0.0.0/0",)), Bounds(("10.77.0.0/24",), ()))
    for target in ("10.78.0.5", "10.77.0.0/16", "127.0.0.1", "8.8.8.8"):
        assert refusal(target, here) == "outside_declared_networks"
    for target in ("localhost", "-iL/etc/passwd", "10.77.0.1-9", "", "--script=vuln"):
        assert refusal(target, here) == "not_an_address"
    assert refusal("10.0.0.0/8", Settings(declared=("10.0.0.0/8",))) == "network_too_large"


def test_a_person_s_settings_cannot_free_a_spared_address() -> None:
    narrowed = bound(Settings(spared=()), Bounds(("10.77.0.0/24",), ("10.77.0.9",)))
    assert narrowed.spared == ("10.77.0.9",)


def test_a_target_that_is_spared_gets_no_packet_and_no_host_only_a_gap() -> None:
    assert NMAP.capture is not None
    sink = io.BytesIO()
    NMAP.capture(bound(Settings(), Bounds(("10.77.0.0/24",), ("10.77.0.9",))), "10.77.0.9", Look(sink))
    found = [(type(item).__name__, getattr(item, "why", None)) for item in NMAP.read(io.BytesIO(sink.getvalue()))]
    assert found == [("Gap", "modality_without_consent")]


def spoken_to(settings: Settings) -> list[str]:
    run = parse(io.BytesIO(HEALTHY_SCAN.read_bytes()))
    run.answers[0].ports |= {22: Port(22), 2762: Port(2762)}
    asked = Header("", "", (), settings.spared, classed=settings.classed, spared_macs=settings.spared_macs)
    return [host for hosts in _by_ports(run, Shyness.of(asked)).values() for host in hosts]


def test_a_host_with_a_port_of_imaging_is_not_spoken_to_until_somebody_classes_it() -> None:
    assert spoken_to(bound(Settings(classed=("10.77.0.5",)), Bounds((), ()))) == []
    assert spoken_to(bound(Settings(), Bounds((), (), ("10.77.0.5",)))) == ["10.77.0.5"]


def test_a_spared_modality_that_changed_its_address_is_not_spoken_to() -> None:
    moved = Bounds((), (), ("10.77.0.5",), ("8C:04:BA:4D:10:05",))
    assert spoken_to(bound(Settings(), moved)) == []


def test_a_pace_that_could_stop_a_device_is_refused_by_name() -> None:
    assert Settings().packets_per_second <= 300
    with pytest.raises(msgspec.ValidationError, match="packets_per_second"):
        msgspec.convert({"packets_per_second": 2001}, Settings)


def test_ports_of_imaging_protocols_are_named_where_they_are_left_alone() -> None:
    assert {104, 2575, 11112} <= CLINICAL_PORTS


@pytest.mark.parametrize("said", ["22,80;abc", "0", "1-70000", "http", "80-22"])
def test_a_port_list_that_nmap_would_not_understand_is_refused_as_a_setting(said: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"ports": said}, Settings)
