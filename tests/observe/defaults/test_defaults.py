"""Factory log-ins tried on real servers and on hostile ones: which work, how few are sent, and no word of them kept."""

import hashlib
import io
import json
import re
import socket
import time
from base64 import b64encode
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path

import msgspec
import pytest

from negatoscope.model.defaults import LEFT_ALONE, NO_LOG_IN, UNRECOGNISED, FactoryLogin
from negatoscope.model.evidence import Gap
from negatoscope.model.hosts import HostClass
from negatoscope.observe.collector import Bounds, Cancelled, Earlier, Known, Subject, Unreachable, Unreadable
from negatoscope.observe.defaults import terminals
from negatoscope.observe.defaults.collector import Settings, bound
from negatoscope.observe.defaults.pairs import MOST, every, left, of
from negatoscope.observe.defaults.read import read
from negatoscope.observe.snmp import session
from negatoscope.observe.vantage.look import SNMP_WHO
from tests.needs import needs_program
from tests.observe.defaults.appliance import Appliance, serving
from tests.observe.defaults.trying import SWITCH, captured, settings, tried
from tests.observe.hostile import HERE, HOSTILE, listener
from tests.observe.nodes import free_port, program, wait_for

MISSING = b"HTTP/1.0 404 No\r\n\r\n"
CALVIN = b64encode(b"root:calvin")


@pytest.mark.server
def test_a_pacs_that_keeps_its_log_in_is_found_and_no_word_of_it_is_kept(tmp_path: Path) -> None:
    found = {}
    for users in ({"orthanc": "orthanc"}, {"orthanc": "changed"}):
        port = free_port()
        config = {
            "StorageDirectory": str(tmp_path / "db"), "IndexDirectory": str(tmp_path / "db"), "HttpPort": port,
            "DicomServerEnabled": False, "Plugins": [], "RegisteredUsers": users, "AuthenticationEnabled": True,
        }  # fmt: skip
        (tmp_path / "orthanc.json").write_text(json.dumps(config))
        with program(needs_program("Orthanc", "orthanc"), str(tmp_path / "orthanc.json")):
            wait_for(port)
            data = captured(settings(Known(HERE, port, "http"), words="Orthanc"))
        (login,) = [item for item in read(io.BytesIO(data)) if isinstance(item, FactoryLogin)]
        found[users["orthanc"]] = login.works
        assert login.pair == "orthanc"
        assert b64encode(b"orthanc:orthanc") not in data
    assert found == {"orthanc": True, "changed": False}


def agent_answers(port: int) -> None:
    """Wait until the agent says its name in version 3, as it says it to anybody."""
    end = time.monotonic() + 20
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line:
        line.settimeout(0.5)
        line.connect((HERE, port))
        while True:
            with suppress(OSError):
                line.send(SNMP_WHO)
                if line.recv(2048):
                    return
            assert time.monotonic() < end
            time.sleep(0.05)


@pytest.mark.server
def test_an_agent_that_keeps_its_community_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "TRIES", 1)
    snmpd, port = needs_program("snmpd"), free_port()
    (public,) = (one for one in of("SNMP", "snmp") if one.id == "snmp-public")
    for community, outcome in (("public", "works"), ("other", "refused")):
        (tmp_path / "snmpd.conf").write_text(f"rocommunity {community}\nagentaddress udp:{HERE}:{port}\n")
        words = (snmpd, "-f", "-C", "-c", str(tmp_path / "snmpd.conf"), "-Lf", "/dev/null")
        with program("env", f"SNMP_PERSISTENT_DIR={tmp_path}", *words):
            agent_answers(port)
            said = terminals.snmp(HERE, 0.7, public, lambda: None, port)
        assert said == outcome
    assert terminals.snmp(HERE, 0.7, public, lambda: None, port) == "refused"


def test_an_agent_that_no_way_leads_to_is_not_said_to_refuse() -> None:
    """The kernel refuses to send there; the host itself said nothing."""
    pair = next(iter(of("SNMP", "snmp")))
    assert terminals.snmp("255.255.255.255", 0.1, pair, lambda: None) == "unclear"


def digest(*words: str) -> str:
    return hashlib.md5(":".join(words).encode(), usedforsecurity=False).hexdigest()


def test_a_page_that_asks_by_digest_is_answered() -> None:
    def talk(client: socket.socket) -> None:
        asked = client.recv(4096).decode()
        (path,) = re.findall(r"^GET (\S+)", asked)
        given = dict(re.findall(r'(\w+)="([^"]*)"', asked))
        proof = digest(
            digest("root", "AXIS_1", "pass"), "n0", "00000001", given.get("cnonce", ""), "auth", digest("GET", path)
        )
        if given.get("response") == proof:
            client.sendall(b"HTTP/1.1 200 OK\r\n\r\n{}")
        else:
            head = b'WWW-Authenticate: Digest realm="AXIS_1", nonce="n0", qop="auth", algorithm=MD5, opaque="x"'
            client.sendall(b"HTTP/1.1 401 Unauthorized\r\n" + head + b"\r\n\r\n")

    with listener(talk) as port:
        assert tried(settings(Known(HERE, port, "http"), words="Axis")) == {"axis": True}


@pytest.mark.parametrize(
    ("answer", "works"),
    [
        (b"HTTP/1.1 429 Too Many\r\n\r\n", None), (b"HTTP/1.1 403 No\r\n\r\nAccount locked", None),
        (b'HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="iDRAC"\r\n\r\n', False),
        (b"HTTP/1.1 500 No\r\n\r\n", None), (b"HTTP/1.1 200 OK\r\n\r\n", True), (b"", None),
    ],
)  # fmt: skip
def test_a_sign_of_a_lock_ends_the_trial_of_the_host(answer: bytes, works: object) -> None:
    asked: list[bytes] = []

    def talk(client: socket.socket) -> None:
        asked.append(client.recv(4096))
        known = b'HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="iDRAC"\r\n\r\n'
        client.sendall(answer if CALVIN in asked[-1] else known)

    with listener(talk) as port:
        told = settings(Known(HERE, port, "http"), Known(HERE, port, "https", encrypted=False))
        data = captured(told)
    attempts = [one for one in asked if CALVIN in one]
    locked = Gap("FactoryLogin", "trial_locked", f"host/{HERE}") in list(read(io.BytesIO(data)))
    assert len(attempts) == (1 if locked else 2)
    assert next(one.works for one in read(io.BytesIO(data)) if isinstance(one, FactoryLogin)) is works


def test_what_is_not_recognised_is_not_guessed_at() -> None:
    asked: list[bytes] = []

    def page(answer: bytes) -> dict[str, bool | None]:
        def talk(client: socket.socket) -> None:
            asked.append(client.recv(4096))
            client.sendall(answer)

        with listener(talk) as port:
            return tried(settings(Known(HERE, port, "http")))

    open_page = b"HTTP/1.1 200 OK\r\n\r\n<title>Centre</title><p>Bienvenue au centre d'imagerie du port.</p>"
    assert page(b'HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="x"\r\n\r\n') == {UNRECOGNISED: None}
    assert page(open_page) == {NO_LOG_IN: False}
    assert page(b"") == {UNRECOGNISED: None}
    assert not [one for one in asked if b"Authorization" in one]


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("service", ["http", "telnet", "ftp", "ssh"])
def test_no_hostile_server_holds_a_trial_up(name: str, service: str) -> None:
    began = time.monotonic()
    with listener(HOSTILE[name]) as port:
        told = settings(Known(HERE, port, service), host_class=SWITCH, words="Cisco MikroTik", seconds=1)
        assert True not in tried(told).values()
    assert time.monotonic() - began < 6


def test_nobody_is_tried_but_whom_a_person_allowed() -> None:
    modality = (Subject(HERE, HostClass.MODALITY, ""),)
    for told, target, why in (
        (settings(declared=("10.0.0.0/8",)), HERE, "outside_declared_networks"),
        (settings(spared=(HERE,)), HERE, "modality_without_consent"),
        (settings(subjects=modality), HERE, "trial_not_allowed"),
        (settings(subjects=()), HERE, "trial_not_allowed"),
        (settings(tried=(HERE,)), HERE, "tried_already"),
        (settings(), "pacs.example", "not_an_address"),
    ):
        with pytest.raises(Unreachable, match=why):
            captured(told, target)
    bounds = Bounds(
        ("10.0.0.0/8",),
        ("10.0.0.1",),
        subjects=modality,
        tried=("10.0.0.9",),
        services=(Known(HERE, 80), Known("10.0.0.3", 80)),
    )
    given = bound(Settings(), bounds)
    assert (given.subjects, given.tried, given.services) == (modality, ("10.0.0.9",), (Known(HERE, 80),))


def test_every_published_log_in_has_its_source_and_shows_no_password() -> None:
    for one in every():
        assert one.source
        assert repr(one) == f"Pair({one.id!r})"
        accounts = Counter(pair.username for pair in of(one.product, one.protocol))
        assert accounts[""] <= MOST
        assert max((count for name, count in accounts.items() if name), default=0) <= 2
        assert one.product not in left()
    assert len({one.id for one in every()}) == len(every())


def refusing(client: socket.socket, sent: list[bytes], realm: bytes = b"cisco") -> None:
    said = client.recv(4096)
    if b"Authorization" in said:
        sent.append(said)
    client.sendall(b'HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm="%s"\r\n\r\n' % realm)


def test_no_account_is_tried_more_often_than_a_lock_allows_whatever_the_services() -> None:
    sent: list[bytes] = []

    with ExitStack() as stack:
        ports = sorted(stack.enter_context(listener(lambda client: refusing(client, sent))) for _ in range(4))
        told = settings(*(Known(HERE, port, "http") for port in ports), host_class=SWITCH, words="Cisco SG200")
        found = [item for item in read(io.BytesIO(captured(told))) if isinstance(item, FactoryLogin)]
        assert ([one.port for one in found], len(sent)) == (ports[:MOST], MOST)
        tomorrow = msgspec.structs.replace(
            told, earlier=tuple(Earlier(HERE, one.protocol, one.port, one.pair, one.works is False) for one in found)
        )
        found = [item for item in read(io.BytesIO(captured(tomorrow))) if isinstance(item, FactoryLogin)]
    assert ([one.port for one in found], len(sent)) == (ports[MOST:], 2 * MOST), "the next day goes on where it stopped"


def test_an_account_that_a_directory_holds_too_is_not_tried() -> None:
    sent: list[bytes] = []
    with listener(lambda client: refusing(client, sent)) as port:
        assert tried(settings(Known(HERE, port, "http"), words="Cisco", shared=("CISCO",))) == {"cisco-http": None}
    assert not sent


@pytest.mark.parametrize(("password", "works"), [("1111", True), ("changed", False)])
def test_a_page_with_a_form_is_tried_by_its_form_and_no_word_of_it_is_kept(password: str, works: object) -> None:
    does = Appliance(password=password)
    with serving(does) as port:
        data = captured(settings(Known(HERE, port, "http"), host_class=HostClass.PRINTER))
    assert [item.works for item in read(io.BytesIO(data)) if isinstance(item, FactoryLogin)] == [works]
    assert len(does.typed) == MOST
    assert b"1111" not in data


def test_a_path_that_a_product_has_not_is_no_refusal() -> None:
    def talk(client: socket.socket) -> None:
        first = client.recv(4096).startswith(b"GET / ")
        client.sendall(b"HTTP/1.0 200 Ok\r\n\r\n<p>Bienvenue au centre du port.</p>" if first else MISSING)

    with listener(talk) as port:
        assert tried(settings(Known(HERE, port, "http"), words="Orthanc")) == {UNRECOGNISED: None}


def test_a_product_that_one_attempt_may_lock_is_left_alone() -> None:
    sent: list[bytes] = []
    with listener(lambda client: refusing(client, sent, b"x")) as port:
        for service in ("http", "telnet"):
            assert tried(settings(Known(HERE, port, service), words="bizhub C754")) == {LEFT_ALONE: None}
    assert not sent


def test_a_trial_that_is_cancelled_or_out_of_time_stops() -> None:
    with listener(HOSTILE["tarpit"]) as port:
        told = settings(Known(HERE, port, "http"))
        with pytest.raises(Cancelled):
            captured(told, cancelled=lambda: True)
        with pytest.raises(Unreachable, match="time_limit"):
            captured(told, remaining=lambda: 0)


@pytest.mark.parametrize(
    "spoil", [b"", b"{}\n", b'{"format":"x","address":"y"}\n{"end":true}\n', b"\xff\n", b"x" * 9000]
)
def test_a_spoilt_capture_is_refused(spoil: bytes) -> None:
    with pytest.raises(Unreadable):
        list(read(io.BytesIO(spoil)))
