"""nmap's answers, read: what is open, what was not looked at; a hostile file is refused with its place."""

import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negatoscope.model.evidence import Gap, Sweep
from negatoscope.model.hosts import Host
from negatoscope.model.networks import Service
from negatoscope.observe.collector import Item, Unreadable
from negatoscope.observe.scan.read import read
from tests.observe.captures import HEALTHY_SCAN, TWO_PASSES

PLAIN = HEALTHY_SCAN.read_bytes()
FRAMED = TWO_PASSES.read_bytes()


def items(data: bytes) -> list[Item]:
    return list(read(io.BytesIO(data)))


def changed(old: str, new: str, data: bytes = PLAIN) -> list[Item]:
    assert old.encode() in data
    return items(data.replace(old.encode(), new.encode()))


@pytest.mark.parametrize("data", [PLAIN, FRAMED], ids=["imported", "two passes"])
def test_a_whole_network_scanned_closes_the_population(data: bytes) -> None:
    found = items(data)
    assert Host("host/10.77.0.5", card_maker="Dell", macs=("8c:04:ba:4d:10:05",), addresses=("10.77.0.5",)) in found
    assert Service(
        "host/10.77.0.5", "tcp", 2762, name="dicom-tls", encrypted=True, reachable=True
    ) in found  # fmt: skip
    assert Sweep("Host", network="10.77.0.0/24") in found
    assert Sweep("Service", host="host/10.77.0.5") in found
    assert not [item for item in found if isinstance(item, Gap)]


def test_no_name_and_no_class_is_taken_from_a_scan() -> None:
    found = changed("<hostnames>", '<hostnames><hostname name="srv" type="PTR"/>')
    assert {(item.hostname, item.host_class) for item in found if isinstance(item, Host)} == {(None, None)}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('exit="success"', 'exit="error"'),
        ('total="256"', 'total="200"'),
        ("10.77.0.0/24", "10.77.0.5"),
        ("-oX - 10.77.0.0/24", "-oX - -&#45;excludefile a 10.77.0.0/24"),
    ],
)
def test_a_network_not_wholly_asked_is_not_closed(old: str, new: str) -> None:
    assert not [item for item in changed(old, new) if isinstance(item, Sweep) and item.kind == "Host"]


@pytest.mark.parametrize(
    "option", ["--exclude 10.77.0.9", "--exclude=10.77.0.9", "-exclu 10.77.0.9", "--excludefile a"]
)
def test_an_address_left_out_elsewhere_leaves_the_network_open(option: str) -> None:
    told = f"-oX - {option} 10.77.0.0/24".replace("-", "&#45;")
    found = items(PLAIN.replace(b"-oX - 10.77.0.0/24", told.encode()).replace(b'total="256"', b'total="255"'))
    assert not [item for item in found if isinstance(item, Sweep) and item.kind == "Host"]
    assert Gap("Host", "network_not_all_scanned", None, {"network": "10.77.0.0/24", "asked": 255}) in found


def test_a_modality_left_alone_in_our_own_look_is_known_and_does_not_open_the_network() -> None:
    data = FRAMED.replace(b'"spared":[]', b'"spared":["10.77.0.9"]').replace(b'total="256"', b'total="255"')
    assert Sweep("Host", network="10.77.0.0/24") in items(data)


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('numservices="65535"', 'numservices="1000"', "ports_not_all_scanned"),
        ('count="65534"', 'count="999"', "ports_not_all_scanned"),
        ("<host starttime", '<host timedout="true" starttime', "host_timeout"),
    ],
)
def test_a_host_not_wholly_asked_leaves_a_gap(old: str, new: str, why: str) -> None:
    found = changed(old, new)
    assert [item.why for item in found if isinstance(item, Gap)] == [why]
    assert not [item for item in found if isinstance(item, Sweep) and item.kind == "Service"]


OPEN, SILENT = '<state state="open" reason="syn-ack"', 'extraports state="filtered"'


@pytest.mark.parametrize(
    ("edits", "why"),
    [
        ([('type="syn"', 'type="ack"'), (SILENT, 'extraports state="unfiltered"')], "scan_cannot_tell"),
        ([('type="syn"', 'type="fin"'), (SILENT, 'extraports state="open|filtered"')], "scan_cannot_tell"),
        ([('type="syn"', 'type="window"'), (SILENT, 'extraports state="closed"')], "scan_cannot_tell"),
        ([("<verbose", '<scaninfo type="udp" protocol="udp" numservices="65535"/><verbose')], "scan_cannot_tell"),
        ([(SILENT, 'extraports state="unfiltered"')], "ports_not_all_scanned"),
        ([(SILENT, 'extraports state="open|filtered"')], "ports_not_all_scanned"),
        ([(OPEN, OPEN.replace("open", "filtered"))], "ports_filtered"),
        ([('reason="arp-response"', 'reason="echo-reply"')], "ports_filtered"),
    ],
)
def test_ports_whose_state_the_scan_cannot_tell_close_no_host(edits: list[tuple[str, str]], why: str) -> None:
    data = PLAIN.decode()
    for old, new in edits:
        assert old in data
        data = data.replace(old, new)
    services = [item for item in items(data.encode()) if getattr(item, "kind", getattr(item, "what", "")) == "Service"]
    assert [getattr(item, "why", "swept") for item in services] == [why]


def test_ports_closed_beyond_a_router_are_closed() -> None:
    data = PLAIN.replace(b'reason="arp-response"', b'reason="echo-reply"').replace(
        SILENT.encode(), b'extraports state="closed"'
    )
    assert Sweep("Service", host="host/10.77.0.5") in items(data)


@pytest.mark.parametrize(
    ("bounds", "why"),
    [
        (b'"classed":[]', "maybe_modality"),
        (b'"classed":["10.77.0.6"]', "maybe_modality"),
        (b'"classed":["10.77.0.5"]', None),
        (b'"classed":["10.77.0.5"],"spared_macs":["8C:04:BA:4D:10:05"]', "modality_without_consent"),
    ],
)
def test_a_host_that_may_be_a_modality_leaves_a_gap(bounds: bytes, why: str | None) -> None:
    found = items(FRAMED.replace(b'"spared":[]', b'"spared":[],' + bounds))
    gaps = [item for item in found if isinstance(item, Gap)]
    assert gaps == ([Gap("Service", why, "host/10.77.0.5")] if why else [])
    assert (Sweep("Service", host="host/10.77.0.5") in found) is (why is None)


def test_what_a_modality_that_moved_answers_is_not_taken_but_its_new_address_is() -> None:
    found = items(FRAMED.replace(b'"spared":[]', b'"spared":[],"spared_macs":["8c:04:ba:4d:10:05"]'))
    assert not [item for item in found if isinstance(item, Service)]
    assert ("10.77.0.5",) in [item.addresses for item in found if isinstance(item, Host)]


def test_a_connect_scan_says_so_and_closes_nothing() -> None:
    found = changed('scaninfo type="syn"', 'scaninfo type="connect"')
    assert Gap("Host", "connect_scan", None, {"network": "10.77.0.0/24"}) in found
    assert not [item for item in found if isinstance(item, Sweep) and item.kind == "Host"]


@pytest.mark.parametrize(
    ("service", "encrypted"),
    [
        ('<service name="https" method="table" conf="3"/>', None),
        ('<service name="http" tunnel="ssl" method="probed" conf="10"/>', True),
        ('<service name="ssh" product="OpenSSH" version="9.2p1" method="probed" conf="10"/>', True),
        ('<service name="telnet" method="probed" conf="10"/>', False),
        ("", None),
    ],
)
def test_encryption_is_known_only_where_nmap_recognised_it(service: str, encrypted: bool | None) -> None:  # noqa: FBT001
    found = changed('<service name="dicom-tls" tunnel="ssl" method="table" conf="3"/>', service)
    assert [item.encrypted for item in found if isinstance(item, Service)] == [encrypted]


def test_a_port_that_nobody_spoke_to_has_no_name() -> None:
    spoken = '<service name="dicom-tls" tunnel="ssl" method="table" conf="3"/>'
    for said, name in [
        (spoken, "dicom-tls"),
        ('<service name="netbus" method="table" conf="3"/>', None),
        ('<service name="http" method="probed" conf="10"/>', "http"),
    ]:
        assert [item.name for item in changed(spoken, said) if isinstance(item, Service)] == [name]


@pytest.mark.parametrize(
    ("status", "known"), [("401\\x20Unauthorized", ("http", False)), ("400\\x20Bad\\x20Request", (None, None))]
)
def test_a_server_that_nmap_does_not_know_is_known_by_how_it_answers(status: str, known: object) -> None:
    """Orthanc's own web server; a TLS port answers 400 to who speaks in clear."""
    spoken = '<service name="dicom-tls" tunnel="ssl" method="table" conf="3"/>'
    answer = f"SF-Port8042-TCP:V=7.93%I=2%r(GetRequest,94,&quot;HTTP/1\\.1\\x20{status}\\r\\n&quot;);"
    said = f'<service name="fs-agent" method="table" conf="3" servicefp="{answer}"/>'
    (found,) = [item for item in changed(spoken, said) if isinstance(item, Service)]
    assert (found.name, found.encrypted) == known


def test_closed_and_filtered_ports_are_no_services() -> None:
    assert not [item for item in changed('<state state="open"', '<state state="filtered"') if isinstance(item, Service)]


def test_a_spared_address_is_a_gap_and_no_host() -> None:
    data = FRAMED.replace(b'"spared":[]', b'"spared":["10.77.0.9","10.99.0.1"]')
    gaps = [item for item in items(data) if isinstance(item, Gap) and item.what == "Service"]
    assert gaps == [Gap("Service", "modality_without_consent", "host/10.77.0.9")]


HEAD = b'<?xml version="1.0"?><!DOCTYPE nmaprun '
LAUGHS = (
    HEAD + b'[<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(10))
    + b']><nmaprun scanner="nmap" args="&k;"/>'
)  # fmt: skip


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (HEAD + b'[<!ENTITY x SYSTEM "file:///etc/passwd">]><nmaprun args="a">&x;</nmaprun>', "forbidden_xml"),
        (LAUGHS, "forbidden_xml"),
        (b"", "malformed"),
        (b"\x00\x01\x02", "malformed"),
        (b"<html/>", "not_nmap"),
        (b'<nmaprun scanner="masscan"/>', "not_nmap"),
        (b"<nmaprun>" + b"<a>" * 50 + b"</a>" * 50 + b"</nmaprun>", "too_deep"),
        (b"<nmaprun>" + b"<a>" * 200_000, "too_deep"),
        (b'<?xml version="1.0" encoding="klingon"?><nmaprun/>', "wrong_encoding"),
        (b'<?xml version="1.0" encoding="utf-16"?><nmaprun/>', "malformed"),
        (PLAIN.replace(b"Dell", b"D\xe9ll"), "malformed"),
        (PLAIN.replace(b'portid="2762"', b'portid="99999"'), "malformed"),
        (PLAIN.replace(b'portid="2762"', b'portid="' + b"9" * 5000 + b'"'), "malformed"),
        (PLAIN.replace(b'addr="10.77.0.5"', b'addr="poste"'), "malformed"),
        (b"{}\n", "not_a_scan"),
        (b'{"format":"negatoscope-nmap/9","target":"10.0.0.0/8"}\n', "unknown_format"),
        (b'{"format":"negatoscope-nmap/1","target":"poste"}\n{"of":"end","size":0}\n', "malformed"),
        (b'{"format":"negatoscope-nmap/1","target":"10.0.0.1"}\n{"of":"open_ports","size":99}\n<nmap', "truncated"),
        (b'{"format":"negatoscope-nmap/1","target":"10.0.0.1"}\n', "malformed"),
        (FRAMED + b"more", "too_long"),
    ],
)
def test_a_hostile_or_broken_file_is_refused(data: bytes, why: str) -> None:
    with pytest.raises(Unreadable) as refused:
        items(data)
    assert refused.value.why == why
    assert refused.value.position


def test_a_document_type_kept_elsewhere_is_never_fetched() -> None:
    assert items(HEAD + b'SYSTEM "http://192.0.2.1/x.dtd"><nmaprun/>') == []


@pytest.mark.parametrize("data", [PLAIN, FRAMED], ids=["imported", "two passes"])
def test_a_truncated_scan_is_refused(data: bytes) -> None:
    for part in (0.1, 0.5, 0.9, 0.999):
        with pytest.raises(Unreadable):
            items(data[: int(len(data) * part)])


def test_more_elements_than_any_practice_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("negatoscope.observe.scan.xml.MAX_ELEMENTS", 1000)
    with pytest.raises(Unreadable, match="too_many_elements"):
        items(b"<nmaprun>" + b"<a/>" * 2000 + b"</nmaprun>")


@given(st.binary(max_size=400) | st.text(max_size=200).map(str.encode))
def test_any_bytes_are_read_or_refused(noise: bytes) -> None:
    with suppress(Unreadable):
        items(noise)


@given(data=st.data())
def test_a_scan_with_bytes_changed_is_read_or_refused(data: st.DataObject) -> None:
    whole = bytearray(data.draw(st.sampled_from([PLAIN, FRAMED])))
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(whole) - 1))
        whole[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=6))
    with suppress(Unreadable):
        items(bytes(whole))
