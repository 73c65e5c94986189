"""``POST /_bulk``: what is answered *created* is on the disk, once; hostile posts cost little and are counted."""

import base64
import gzip
import http.client
import json
import resource
import socket
import threading
import time
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import pytest
from elasticsearch import Elasticsearch, helpers
from hypothesis import given
from hypothesis import strategies as st

from negatoscope.intake.events import bulk
from negatoscope.intake.events import http as talk
from negatoscope.intake.events import spool as spooling
from negatoscope.intake.events.http import Unspeakable, parse
from negatoscope.intake.events.items import NotBulk, items
from tests.intake.events.standing import HOST, OTHER_TOKEN, TOKEN, Standing, standing, until
from tests.intake.events.test_syslog_doors import rsyslog
from tests.peak import growth

BEARER = {"Authorization": f"Bearer {TOKEN}", "User-Agent": "essai"}


def body(*records: dict[str, Any], act: str = "create", ids: list[str] | None = None) -> bytes:
    lines = []
    for number, record in enumerate(records):
        place = {"_index": "logs"} | ({"_id": ids[number]} if ids else {})
        lines += [json.dumps({act: place}), json.dumps(record)]
    return "\n".join([*lines, ""]).encode()


def asked(here: Standing, data: bytes, method: str = "POST", path: str = "/_bulk", **fields: str) -> tuple[int, Any]:
    """Status and answer."""
    call = http.client.HTTPConnection(HOST, here.bulk, timeout=20)
    try:
        call.request(method, path, data, BEARER | {name.replace("_", "-"): value for name, value in fields.items()})
        said = call.getresponse()
        assert said.headers["X-Elastic-Product"] == "Elasticsearch"
        text = said.read()
        return said.status, json.loads(text) if text else None
    finally:
        call.close()


def test_what_is_created_is_kept_and_each_item_is_answered(tmp_path: Path) -> None:
    with standing(tmp_path) as here:
        status, said = asked(here, body({"a": 1}, {"a": 2}))
        assert (status, said["errors"]) == (200, False)
        assert [one["create"]["status"] for one in said["items"]] == [201, 201]
        records = here.records()
    assert [json.loads(raw.data) for raw in records] == [{"a": 1}, {"a": 2}]
    assert {(raw.sender, raw.format) for raw in records} == {("token:essai", "json")}


def test_a_post_sent_again_is_kept_once_with_and_without_identities(tmp_path: Path) -> None:
    with standing(tmp_path) as here:
        for act, ids in (("create", None), ("create", ["x", "y"]), ("index", ["x", "z"])):
            data = body({"a": 1}, {"a": 1}, act=act, ids=ids)
            first, second = asked(here, data)[1], asked(here, data)[1]
            assert [one[act]["result"] for one in first["items"]] == (
                ["created", "created"] if act == "create" else ["noop", "created"]
            )
            again = [one[act]["status"] for one in second["items"]]
            assert again == ([409, 409] if ids and act == "create" else [201, 201] if not ids else [200, 200])
        assert len(here.records()) == 5
        assert here.lost()["duplicate"] == 7


def test_items_that_are_no_new_records_are_refused_one_by_one(tmp_path: Path) -> None:
    data = b"\n".join([
        b'{"index":{}}', b'{"a":1}', b'{"delete":{"_id":"1"}}', b'{"update":{"_id":"1"}}', b'{"doc":{}}',
        b'{"create":{}}', b"no json", b'{"create":{"_id":"' + b"x" * 600 + b'"}}', b"{}",
        b'{"index":{"_index":"own","_id":7}}', b'{"b":2}', b"",
    ])  # fmt: skip
    with standing(tmp_path) as here:
        status, said = asked(here, data, path="/logs/_bulk")
        told = [(name, one["_index"], one["status"]) for item in said["items"] for name, one in item.items()]
        assert told == [
            ("index", "logs", 201), ("delete", "logs", 400), ("update", "logs", 400), ("create", "logs", 400),
            ("create", "logs", 400), ("index", "own", 201),
        ]  # fmt: skip
        assert (status, said["errors"], said["items"][5]["index"]["_id"]) == (200, True, "7")
        assert [raw.data for raw in here.records()] == [b'{"a":1}', b'{"b":2}']
        assert here.lost()["not_taken"] == 4


@pytest.mark.parametrize(
    ("field", "status"),
    [
        (f"Bearer {TOKEN}", 200),
        (f"ApiKey {TOKEN}", 200),
        ("ApiKey " + base64.b64encode(f"id:{TOKEN}".encode()).decode(), 200),
        ("Basic " + base64.b64encode(f"beat:{TOKEN}".encode()).decode(), 200),
        ("Basic " + base64.b64encode(TOKEN.encode()).decode(), 401),
        ("Basic nothing", 401),
        ("Bearer wrong", 401),
        ("Digest x", 401),
        ("", 401),
    ],
)
def test_a_token_opens_in_each_of_three_ways(tmp_path: Path, field: str, status: int) -> None:
    with standing(tmp_path) as here:
        assert asked(here, body({"a": 1}), Authorization=field)[0] == status
        assert asked(here, b"", "GET", "/", Authorization=field)[0] == status
        assert len(here.records()) == (status == 200)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("HEAD", "/", 200),
        ("GET", "/_license", 200),
        ("GET", "/_xpack", 200),
        ("GET", "/_cluster/health", 200),
        ("HEAD", "/_index_template/filebeat-8.17.0", 200),
        ("PUT", "/_index_template/filebeat-8.17.0", 200),
        ("PUT", "/_ilm/policy/filebeat", 200),
        ("HEAD", "/logs", 200),
        ("PUT", "/_data_stream/filebeat-8.17.0", 200),
        ("GET", "/_bulk", 405),
        ("GET", "/_search", 404),
        ("DELETE", "/logs", 404),
    ],
)
def test_what_clients_ask_before_they_send_is_answered(tmp_path: Path, method: str, path: str, status: int) -> None:
    with standing(tmp_path) as here:
        told, said = asked(here, b"", method, path, Accept="application/vnd.elasticsearch+json; compatible-with=8")
        assert told == status
        if (method, path) == ("GET", "/"):
            assert said["version"]["number"].startswith("8.")


def test_gzip_and_chunks_are_read_and_many_posts_go_over_one_connection(tmp_path: Path) -> None:
    with standing(tmp_path) as here:
        call = http.client.HTTPConnection(HOST, here.bulk, timeout=20)
        for number in range(3):
            call.request("POST", "/_bulk", gzip.compress(body({"n": number})), BEARER | {"Content-Encoding": "gzip"})
            said = call.getresponse()
            assert (said.status, json.loads(said.read())["errors"]) == (200, False)
        pieces = iter([b'{"index":{}}\n', b'{"n":3}\n'])
        call.request("POST", "/_bulk", pieces, BEARER | {"Expect": "100-continue"}, encode_chunked=True)
        assert call.getresponse().status == 200
        call.close()
        assert [json.loads(raw.data)["n"] for raw in here.records()] == [0, 1, 2, 3]


BOMB = gzip.compress(bytes(200 * 1024 * 1024), 1)


@pytest.mark.parametrize(
    ("data", "fields", "status", "why"),
    [
        (BOMB, {"Content_Encoding": "gzip"}, 413, "too_large"),
        (b"\x1f\x8bgarbage", {"Content_Encoding": "gzip"}, 400, "not_inflatable"),
        (b"", {"Content_Length": "99999999999999999999"}, 413, "too_large"),
        (b"", {"Content_Length": "-5"}, 400, "content_length"),
        (b"", {"Content_Length": "5", "Transfer_Encoding": "chunked"}, 400, "transfer_encoding"),
        (b"", {"Transfer_Encoding": "gzip"}, 501, "transfer_encoding"),
        (b"x\n", {"Content_Encoding": "br"}, 415, "content_encoding"),
        (b"no action\n", {}, 400, "action_not_understood"),
        (b"{}\n{}\n", {}, 400, "action_missing"),
        (b"[" * 100_000 + b"\n", {}, 400, "action_not_understood"),
    ],
)
def test_hostile_bodies_are_refused_and_counted(
    tmp_path: Path, data: bytes, fields: dict[str, str], status: int, why: str
) -> None:
    with standing(tmp_path) as here:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        assert asked(here, data, **fields)[0] == status
        assert here.lost()[why] == 1
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 128 * 1024
        assert asked(here, body({"a": 1}))[0] == 200


@pytest.mark.parametrize(
    "head",
    [
        b"GET / HTTP/1.1\r\nA: " + b"x" * 200_000,
        b"GET / HTTP/1.1\r\n" + b"A: x\r\n" * 100 + b"\r\n",
        b"\x16\x03\x01\x02\x00\r\n\r\n",
        b"GET / HTTP/1.1\r\nA : x\r\n\r\n",
        b"GET / HTTP/1.1\r\n folded\r\n\r\n",
        b"GET  / HTTP/1.1\r\n\r\n",
        b"POST /_bulk HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
    ],
)
def test_what_is_no_http_ends_the_talk(tmp_path: Path, head: bytes) -> None:
    with standing(tmp_path) as here, socket.create_connection((HOST, here.bulk)) as one:
        with suppress(OSError):
            one.sendall(head)
        with suppress(ConnectionResetError):
            said = one.recv(100)
            assert said.startswith(b"HTTP/1.1 4")
        until(lambda: sum(here.lost().values()) >= 1)


def test_who_drips_a_body_is_shown_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "BODY_SECONDS", 0.2)
    monkeypatch.setattr(bulk, "HEAD_SECONDS", 0.3)
    with standing(tmp_path) as here, socket.create_connection((HOST, here.bulk)) as one:
        one.sendall(f"POST /_bulk HTTP/1.1\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: 100\r\n\r\nx".encode())
        assert one.recv(10) == b""
        assert here.lost()["too_slow"] == 1
        with socket.create_connection((HOST, here.bulk)) as silent:
            assert silent.recv(10) == b""


def test_bodies_wait_for_room_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST_HELD", talk.MOST_BODY)
    with standing(tmp_path) as here:
        posts = [
            threading.Thread(target=asked, args=(here, body({"n": number}, {"pad": "x" * 3_000_000})))
            for number in range(12)
        ]
        for one in posts:
            one.start()
        for one in posts:
            one.join()
        assert len(here.records()) == 24


def test_who_drips_bodies_keeps_no_other_token_waiting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "MOST_HELD", 2 * talk.MOST_BODY)
    head = f"POST /_bulk HTTP/1.1\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: {talk.MOST_BODY}\r\n\r\nx"
    with standing(tmp_path) as here:
        slow = [socket.create_connection((HOST, here.bulk)) for _ in range(3)]
        for one in slow:
            one.sendall(head.encode())
        time.sleep(0.3)
        assert asked(here, body({"a": 1}), Authorization=f"Bearer {OTHER_TOKEN}")[0] == 200
        (raw,) = here.records()
        for one in slow:
            one.close()
    assert raw.sender == "token:autre"


def test_a_full_spool_asks_to_come_again_and_keeps_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spooling, "MOST_BYTES", -1)
    with standing(tmp_path) as here:
        data = body({"a": 1}, ids=["x"])
        assert asked(here, data)[0] == 429
        assert here.lost()["spool_full"] == 1
        monkeypatch.setattr(spooling, "MOST_BYTES", 10**9)
        monkeypatch.setattr(spooling, "MEASURED_EVERY", 0)
        assert asked(here, data)[1]["items"][0]["create"]["status"] == 201
        assert len(here.records()) == 1


RSYSLOG = """
global(workDirectory="{folder}")
module(load="imfile")
module(load="omelasticsearch")
input(type="imfile" file="{folder}/said.log" tag="essai:" readMode="0")
template(name="json" type="list" option.jsonf="on") {{
  property(outname="@timestamp" name="timereported" dateFormat="rfc3339" format="jsonf")
  property(outname="message" name="msg" format="jsonf") }}
action(type="omelasticsearch" server="127.0.0.1" serverport="{port}" searchIndex="journal" searchType=""
  bulkmode="on" template="json" uid="rsyslog" pwd="{token}" errorfile="{folder}/errors.json"
  action.resumeInterval="1" action.resumeRetryCount="-1" queue.type="linkedList" queue.dequeueBatchSize="100")
"""


@pytest.mark.server
@pytest.mark.parametrize("how", ["bearer_auth", "basic_auth", "api_key"])
def test_the_official_client_is_served_and_what_it_sends_again_is_known(tmp_path: Path, how: str) -> None:
    shown: dict[str, Any] = {how: ("x", TOKEN) if how == "basic_auth" else TOKEN}
    with standing(tmp_path) as here, closing(Elasticsearch(f"http://{HOST}:{here.bulk}", **shown)) as client:
        assert client.info()["tagline"]
        told = [{"_op_type": "create", "_index": "logs", "_id": f"{number}", "n": number} for number in range(600)]
        assert helpers.bulk(client, told) == (600, [])
        taken, refused = helpers.bulk(client, told[:3], raise_on_error=False)
        assert isinstance(refused, list)
        assert (taken, [one["create"]["status"] for one in refused]) == (0, [409, 409, 409])
        assert helpers.bulk(client, ({"_index": "logs", "own": number} for number in range(5))) == (5, [])
        assert len({raw.key for raw in here.arrived(605, 60)}) == 605


def test_rsyslog_delivers_every_line_once_also_after_it_was_asked_to_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "said.log").write_text("".join(f"ligne {number}\n" for number in range(400)))
    monkeypatch.setattr(spooling, "MOST_BYTES", -1)
    monkeypatch.setattr(spooling, "MEASURED_EVERY", 0)
    with (
        standing(tmp_path / "spool") as here,
        rsyslog(tmp_path, RSYSLOG.format(folder=tmp_path, port=here.bulk, token=TOKEN)),
    ):
        until(lambda: here.lost()["spool_full"] >= 1)
        monkeypatch.setattr(spooling, "MOST_BYTES", 10**9)
        records = here.arrived(400)
    said = [json.loads(raw.data)["message"].strip() for raw in records]
    assert sorted(said) == sorted(f"ligne {number}" for number in range(400))
    assert not (tmp_path / "errors.json").exists()


@pytest.mark.parametrize("line", [b"\n", b"ab\n", b" " * 99 + b"\n"], ids=["empty", "tiny", "blank"])
def test_millions_of_tiny_lines_cost_no_more_than_their_octets(tmp_path: Path, line: bytes) -> None:
    packed = gzip.compress(line * (bulk.MOST_INFLATED // len(line)), 1)
    with standing(tmp_path) as here, growth() as grown:
        asked(here, packed, Content_Encoding="gzip")
        assert asked(here, body({"a": 1}))[0] == 200
    assert grown.mib < 3 * bulk.MOST_INFLATED >> 20


def test_a_name_that_each_answer_repeats_is_no_longer_than_names_are(tmp_path: Path) -> None:
    """A hundred thousand items under an index of fifteen thousand signs would be answered with 1.5 GB."""
    with standing(tmp_path) as here, growth() as grown:
        status, said = asked(here, b'{"create":{}}\n{}\n' * 20_000, path=f"/{'x' * 15_000}/_bulk")
        assert here.lost()["not_taken"] == 20_000
        assert here.records() == []
    assert (status, len(said["items"])) == (200, 20_000)
    assert {(one["create"]["error"]["reason"], len(one["create"]["_index"])) for one in said["items"]} == {
        ("index_too_long", 255)
    }
    assert grown.mib < 150


@given(st.lists(st.sampled_from([b"", b" ", b"{}", b'{"a":1}', b'{"index":{}}', b'{"delete":{}}']), max_size=12))
def test_items_are_those_of_the_lines(lines: list[bytes]) -> None:
    """As if the body had been cut at once."""
    left, wanted = list(lines), list[bytes | None]()
    try:
        for number, item in enumerate(items(b"\n".join(lines), None)):
            while not left[0].strip():
                left.pop(0)
            act = left.pop(0)
            wanted.append(None if act == b'{"delete":{}}' else left.pop(0) if left else None)
            assert (item.act, item.data) == (act[2:-5].decode(), wanted[number])
    except NotBulk:
        assert next(one for one in left if one.strip()) not in {b'{"index":{}}', b'{"delete":{}}'}
    else:
        assert not any(one.strip() for one in left)


@given(st.binary(max_size=200))
def test_no_head_and_no_body_breaks_it(data: bytes) -> None:
    with suppress(Unspeakable):
        _ = parse(b"POST /_bulk HTTP/1.1\r\n" + data + b"\r\n\r\n").length
    with suppress(Unspeakable):
        parse(data + b"\r\n\r\n")
    with suppress(NotBulk):
        list(items(data, None))
    for scheme in (b"Basic ", b"ApiKey ", b"Bearer ", b""):
        bulk.token((scheme + data).decode("latin-1"))
