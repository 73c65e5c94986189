"""Each kind of file gives its records, one by one, and what is torn is told and not dropped."""

import csv
import gzip
import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from negatoscope.intake.events.raw import MOST_DATA
from negatoscope.intake.files import objects as cutting
from negatoscope.intake.files import unpacking
from negatoscope.intake.files.objects import objects, xml_events
from negatoscope.intake.files.piece import MOST_RECORD, Flaw, Piece
from negatoscope.intake.files.shapes import Shape, records, shape_of
from negatoscope.intake.files.unpacking import Parts, pieces
from negatoscope.watch.source import Line, normalise
from tests.conftest import START
from tests.kit.test_archive import listing
from tests.watch.shared import shared


def put(folder: Path, name: str, data: bytes) -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def told(path: Path) -> tuple[list[bytes], list[Flaw]]:
    found = list(records(path, path.name))
    return [one.data for one in found if one.flaw is None], [one.flaw for one in found if one.flaw]


def unpacked(path: Path, work: Path, parts: Parts | None = None) -> tuple[list[bytes], list[Flaw]]:
    found = list(pieces(path, path.name, work, (parts or Parts(())).begun))
    assert list(work.glob(".unpacked-*")) == []
    return [one.data for one in found if one.flaw is None], [one.flaw for one in found if one.flaw]


def products(data: list[bytes]) -> set[str]:
    return {normalise(Line(one, START, "text", "x"), b"key").product for one in data}


@pytest.mark.parametrize(
    ("name", "head", "shape"),
    [
        ("a", b"ElfFile\x00...", Shape.EVTX), ("a.log", b"Nov  2 08:00:00 srv sshd[1]: x\n", Shape.LINES),
        ("a", b'{"a": 1}\n{"a": 2}\n', Shape.LINES), ("a", b'{\n "a": 1\n}\n', Shape.OBJECTS),
        ("a", b' [ {"a": 1}, ', Shape.OBJECTS), ("a", b'{"@odata.context": "x", "value": [ {"a":', Shape.OBJECTS),
        ("a.csv", b"a,b\n1,2\n", Shape.TABLE), ("a.csv.gz", b"a,b\n1,2\n", Shape.TABLE),
        ("a.LOG", b"#Software: Microsoft Exchange Server\r\n#Fields: date-time,client-ip\r\n", Shape.TABLE),
        ("a", b"#Software: IIS\n#Fields: date time s-ip\n", Shape.LINES), ("a", b"<Events><Event>", Shape.XML),
        ("a", b"<?xml version='1.0'?><Event xmlns='x'>", Shape.XML), ("a", b"__CURSOR=s=1\n", Shape.JOURNAL),
        ("a", b"\xff\xfe<\x00", Shape.WIDE), ("a", b"\x1f\x8b\x08", Shape.GZIP), ("a", b"PK\x03\x04", Shape.ZIP),
        ("a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Shape.NO_LOG), ("a", b'{"a": ' + b"1" * 100, Shape.LINES),
        ("a", b"{broken}\n", Shape.OBJECTS), ("a", b"", Shape.LINES),
    ],
)  # fmt: skip
def test_a_file_is_known_by_how_it_begins(name: str, head: bytes, shape: Shape) -> None:
    assert shape_of(head, name) is shape


def test_lines_are_taken_whole_and_a_long_one_is_cut_and_said(tmp_path: Path) -> None:
    path = put(tmp_path, "a.log", b"one\r\n\n" + b"x" * (3 * MOST_DATA) + b"\ntwo")
    found = list(records(path, "a.log"))
    assert [(one.data[:3], one.size) for one in found] == [(b"one", None), (b"xxx", 3 * MOST_DATA + 1), (b"two", None)]


@given(
    st.lists(st.dictionaries(st.text(max_size=5), st.recursive(st.text() | st.integers(), st.lists, max_leaves=5))),
    st.sampled_from([None, 1, 4]),
    st.integers(1, 40),
)
@settings(max_examples=40)
def test_objects_are_cut_where_they_end_whatever_they_hold(
    values: list[dict[str, object]], indent: int | None, step: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(cutting, "READ", step)
        text = json.dumps(values, indent=indent, ensure_ascii=False).encode("utf-8", "surrogatepass")
        found = list(objects(io.BytesIO(text)))
    assert [json.loads(one.data) for one in found if one.size is None] == values


def test_a_torn_object_and_one_without_end_are_told_in_bounded_memory() -> None:
    assert list(objects(io.BytesIO(b'[{"a": 1}, {"b": '))) == [Piece(b'{"a": 1}'), Piece(b"", None, Flaw.UNREADABLE)]
    large = b'{"a": "' + b"x" * (2 * MOST_RECORD) + b'"}, {"b": 2}'
    assert [(one.data, one.flaw) for one in objects(io.BytesIO(large))] == [(b"", Flaw.TOO_LONG), (b'{"b": 2}', None)]


def test_events_in_xml_are_cut_with_or_without_an_element_around_them(tmp_path: Path) -> None:
    one = b"<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System>%d</System></Event>"
    path = put(tmp_path, "a.xml", b"<Events>" + one % 1 + b"\n" + one % 2 + b"</Events>")
    assert told(path) == ([one % 1, one % 2], [])
    assert told(put(tmp_path, "b.xml", one % 1 + b"<Event>")) == ([one % 1], [Flaw.UNREADABLE])
    huge = io.BytesIO(b"<Event>" + b"x" * (2 * MOST_RECORD) + b"</Event></Event>" + one % 3)
    assert [(each.data, each.flaw) for each in xml_events(huge)] == [
        (b"", Flaw.TOO_LONG), (b"", Flaw.UNREADABLE), (one % 3, None),
    ]  # fmt: skip


def test_a_journal_exported_is_read_with_its_binary_fields(tmp_path: Path) -> None:
    entry = (
        b"__CURSOR=s=1\n__REALTIME_TIMESTAMP=1793606400000000\n_HOSTNAME=srv\nSYSLOG_IDENTIFIER=sshd\n"
        b"MESSAGE\n" + (31).to_bytes(8, "little") + b"Failed password for root\nfrom a\n"
    )
    long = b"__CURSOR=s=2\nMESSAGE\n" + (MOST_RECORD + 5).to_bytes(8, "little") + b"x" * (MOST_RECORD + 5) + b"\n"
    wide = b"__CURSOR=s=3\nMESSAGE=" + b"y" * (MOST_RECORD + 70_000) + b"\n"
    path = put(tmp_path, "a.export", entry + b"\n" + long + b"\n" + wide + b"\n\n__CURSOR=s=4\nMESSAGE=end")
    data, flaws = told(path)
    assert [json.loads(one).get("MESSAGE") for one in data] == ["Failed password for root\nfrom a", "end"]
    assert flaws == [Flaw.TOO_LONG, Flaw.TOO_LONG]
    assert products(data[:1]) == {"linux"}


def test_tables_name_their_columns(tmp_path: Path) -> None:
    path = put(tmp_path, "a.csv", '\ufeff#TYPE x\r\nUser;Résultat\r\n"Du\nrand";ok\r\n;\r\n'.encode())
    assert [json.loads(one) for one in told(path)[0]] == [{"User": "Du\nrand", "Résultat": "ok"}]
    assert told(put(tmp_path, "b.csv", b"a,b\n" + b'"' + b"x" * 200_000 + b"\n1,2\n"))[1] == [Flaw.UNREADABLE]
    assert told(put(tmp_path, "c.csv", b"#a\n")) == ([], [])


def test_what_offices_export_is_read_by_its_normaliser(tmp_path: Path) -> None:
    audit = {"CreationTime": "2026-11-02T07:00:00", "Operation": "UserLoggedIn", "Workload": "AzureActiveDirectory",
             "UserId": "a@b.fr", "ClientIP": "203.0.113.5"}  # fmt: skip
    out = io.StringIO()
    csv.writer(out).writerows([["RecordId", "AuditData"], ["1", json.dumps(audit, indent=1)]])
    assert products(told(put(tmp_path, "audit.csv", out.getvalue().encode()))[0]) == {"m365"}
    tracking = (
        b"#Software: Microsoft Exchange Server\r\n#Fields: date-time,client-ip,server-ip,source,event-id,message-id,"
        b"recipient-address,total-bytes,sender-address\r\n2026-11-02T07:00:00.000Z,10.0.0.1,10.0.0.2,SMTP,SEND,<1@a>,"
        b"b@c.fr,1200,a@b.fr\r\n"
    )
    assert products(told(put(tmp_path, "MSGTRK.LOG", tracking))[0]) == {"exchange"}


def test_archives_give_what_their_members_hold_and_each_plain_file_once(tmp_path: Path) -> None:
    work, bundle = tmp_path / "work", tmp_path / "a.zip"
    with zipfile.ZipFile(bundle, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.mkdir("logs")
        archive.writestr("logs/a.log", b"one\ntwo\n")
        archive.writestr("b.log.gz", gzip.compress(b"one\ntwo\n"))
        archive.writestr("c.xml", "<Events><Event a='é'></Event></Events>".encode("utf-16"))
        archive.writestr("inner.zip", b"PK\x05\x06" + b"\0" * 18)
    parts = Parts(())
    data, flaws = unpacked(bundle, work, parts)
    assert data == [b"one", b"two", "<Event a='é'></Event>".encode()]
    assert flaws == [Flaw.NESTED]
    assert (len(parts.met), parts.repeated) == (2, 1)
    assert unpacked(put(tmp_path, "again.log", b"one\ntwo\n"), work, Parts(frozenset(parts.met))) == ([], [])


def test_bombs_are_refused_and_damage_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = tmp_path / "work"
    monkeypatch.setattr(unpacking, "SMALL", 1 << 20)
    monkeypatch.setattr(unpacking, "RATIO", 100)
    bomb = gzip.compress(b"\n" * (8 << 20))
    assert unpacked(put(tmp_path, "a.gz", bomb), work) == ([], [Flaw.TOO_LARGE])
    with zipfile.ZipFile(tmp_path / "b.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", b"\n" * (8 << 20))
        archive.writestr("fine", b"fine\n")
    assert unpacked(tmp_path / "b.zip", work) == ([b"fine"], [Flaw.TOO_LARGE])
    assert unpacked(put(tmp_path, "c.gz", gzip.compress(b"one\n" * 9999)[:-20]), work)[1] == [Flaw.DAMAGED]
    assert unpacked(put(tmp_path, "d.zip", b"PK\x03\x04junk"), work) == ([], [Flaw.DAMAGED])
    assert unpacked(put(tmp_path, "e.gz", gzip.compress(gzip.compress(b"x"))), work) == ([], [Flaw.NESTED])
    locked = bytearray((tmp_path / "b.zip").read_bytes())
    place = locked.index(b"PK\x01\x02")
    locked[place + 8] |= 1
    assert unpacked(put(tmp_path, "f.zip", bytes(locked)), work) == ([b"fine"], [Flaw.LOCKED])
    monkeypatch.setattr(unpacking, "MOST_MEMBERS", 1)
    assert unpacked(tmp_path / "b.zip", work) == ([], [Flaw.TOO_LARGE, Flaw.TOO_LARGE])
    assert unpacked(listing(tmp_path / "h.zip", 200_000), work) == ([], [Flaw.TOO_LARGE])
    monkeypatch.setattr(unpacking, "SPARE", 1 << 60)
    with pytest.raises(unpacking.NoRoom):
        unpacked(put(tmp_path, "g.gz", gzip.compress(b"one\n")), work)


def test_a_picture_is_no_log_and_a_torn_event_file_is_damaged(tmp_path: Path) -> None:
    assert told(put(tmp_path, "a.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")) == ([], [Flaw.NO_LOG])
    assert told(put(tmp_path, "a.evtx", b"ElfFile\x00torn")) == ([], [Flaw.DAMAGED])


def test_real_files_are_read_to_their_end(tmp_path: Path) -> None:
    spray = shared() / "evtx" / "Credential_Access" / "kerberos_pwd_spray_4771.evtx"
    data, flaws = told(spray)
    assert (products(data), flaws) == ({"windows"}, [])
    assert len(data) > 10
    packed = put(tmp_path, "spray.evtx.gz", gzip.compress(spray.read_bytes()))
    assert unpacked(packed, tmp_path / "work") == (data, [])
    for path in sorted((shared() / "logs").rglob("*.log")):
        lines, flaws = told(path)
        assert len(lines) == sum(bool(line.strip()) for line in path.read_bytes().split(b"\n"))
        assert flaws == []
