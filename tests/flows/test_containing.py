"""A real gateway blocks a host that a person said to block; shut out or cut in the middle, it takes that back."""

import subprocess
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.flows.gateways import Gateway, gateway

from negatoscope.flows import containing, exercising, responding
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.containing import Act, Failed
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.responding import Beginning, Line
from negatoscope.model.containing import Contained, Turn
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.incident import Hit, Touched, What
from negatoscope.observe.ssh import session
from negatoscope.respond.containment import standing
from negatoscope.respond.incident import Refused

ANNA = Handler("user:anna", "Anna Petit (anna)")
WHO = Said("console", "register")
SUSPECT, OURS = "host/accueil-3", "host/console"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Gateway]:
    with gateway(tmp_path_factory.mktemp("gateway")) as made:
        yield made


@pytest.fixture
def there(made: Gateway, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gateway]:
    monkeypatch.setattr(session, "CONNECT_SECONDS", 3.0)
    monkeypatch.setattr(containing, "WAIT", 5)
    yield made
    words = ("ip", "netns", "exec", made.names["gateway"], "nft", "flush", "ruleset")
    subprocess.run(words, check=True)


def host(name: str, *addresses: str, what: HostClass | None = None) -> Host:
    return Host(f"host/{name}", name, host_class=what, addresses=addresses)


def begun(console: Console, *hosts: Host) -> int:
    declare(console, WHO, hosts)
    number = responding.open_incident(console, Beginning("rançon"), ANNA)
    for one in hosts:
        responding.say(console, number, Line(Touched(What.HOST, one.ref, Hit.COMPROMISED)), ANNA)
    return number


def approved(console: Console, number: int, target: str, care: str = "") -> None:
    word = Contained("block", target, Turn.APPROVED, "Dr Colin", care)
    containing.say(console, number, Line(word), ANNA)


@pytest.fixture
def number(console: Console, there: Gateway) -> int:
    return begun(console, host("accueil-3", there.address("suspect")))


def act(there: Gateway, number: int, target: str = SUSPECT) -> Act:
    assert there.door is not None
    return Act(number, target, there.door)


def test_a_host_is_blocked_and_let_through_again(console: Console, there: Gateway, number: int) -> None:
    approved(console, number, SUSPECT)
    assert there.passes("suspect", "server")
    lines = containing.tried(console, act(there, number))
    assert any("10.91.1.2" in line for line in lines)
    assert "negatoscope" not in there.table()
    containing.block(console, act(there, number), ANNA)
    assert not there.passes("suspect", "server")
    assert not there.passes("server", "suspect")
    assert there.passes("console", "server")
    time.sleep(containing.WAIT + 2)
    assert not there.passes("suspect", "server")  # nothing takes back what was kept
    one = responding.incident(console, number)
    assert standing(one, "block", SUSPECT) is Turn.DONE
    word = one.contained[-1].word
    assert isinstance(word, Contained)
    assert word.addresses == ("10.91.1.2",)
    assert word.way.startswith("ssh://root@127.0.0.1:")
    containing.unblock(console, act(there, number), ANNA)
    assert there.passes("suspect", "server")
    assert "negatoscope" not in there.table()
    assert standing(responding.incident(console, number), "block", SUSPECT) is Turn.UNDONE


def test_another_host_stays_blocked(console: Console, there: Gateway) -> None:
    hosts = [host("accueil-3", there.address("suspect")), host("srv", there.address("server"))]
    number = begun(console, *hosts)
    for one in hosts:
        approved(console, number, one.ref)
        containing.block(console, act(there, number, one.ref), ANNA)
    containing.unblock(console, act(there, number, "host/srv"), ANNA)
    assert "negatoscope" in there.table()
    assert not there.passes("suspect", "server")
    assert there.passes("console", "server")
    containing.unblock(console, act(there, number), ANNA)
    assert there.passes("suspect", "server")


def test_whoever_shuts_itself_out_is_let_in_again(console: Console, there: Gateway) -> None:
    number = begun(console, host("console", there.address("console")))
    approved(console, number, OURS)
    with pytest.raises(Failed) as told:
        containing.block(console, act(there, number, OURS), ANNA)
    assert told.value.code == "taken_back"
    assert standing(responding.incident(console, number), "block", OURS) is Turn.APPROVED
    end = time.monotonic() + 60
    while not there.passes("console", "server"):
        assert time.monotonic() < end
        time.sleep(0.5)
    assert "negatoscope" not in there.table()


def test_cut_in_the_middle_nothing_remains(
    console: Console, there: Gateway, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    approved(console, number, SUSPECT)
    real, asked = session.Session.run, []

    def cut(line: session.Session, argv: tuple[str, ...], seconds: float, most: int) -> session.Said:
        said = real(line, argv, seconds, most)
        asked.append(argv[:2])
        if argv[0] == "nft" and argv[1].startswith("add"):
            raise KeyboardInterrupt
        return said

    monkeypatch.setattr(session.Session, "run", cut)
    with pytest.raises(KeyboardInterrupt):
        containing.block(console, act(there, number), ANNA)
    assert asked[0] == ("nft", "-c")
    monkeypatch.undo()
    assert not there.passes("suspect", "server")
    end = time.monotonic() + 60
    while not there.passes("suspect", "server"):
        assert time.monotonic() < end
        time.sleep(0.5)


def test_a_gateway_that_does_not_take_it_is_told(console: Console, there: Gateway, number: int) -> None:
    approved(console, number, SUSPECT)
    words = ("ip", "netns", "exec", there.names["gateway"], "nft", "add set inet negatoscope held4 { type ipv6_addr; }")
    subprocess.run([*words[:4], "nft", "add table inet negatoscope"], check=True)
    subprocess.run(words, check=True)
    with pytest.raises(Failed) as told:
        containing.block(console, act(there, number), ANNA)
    assert told.value.code == "refused"
    assert there.passes("suspect", "server")


def test_what_may_not_be_blocked(console: Console, there: Gateway, number: int) -> None:
    asked = act(there, number)

    def refused(one: Act = asked) -> str:
        with pytest.raises(Refused) as told:
            containing.block(console, one, ANNA)
        return told.value.code

    assert refused() == "not_approved"
    approved(console, number, SUSPECT)
    declare(console, WHO, [host("accueil-3", "127.0.0.1")])
    assert refused() == "ourselves"
    assert refused(replace(asked, host="host/inconnu")) == "no_measure"
    other = begun(console, host("nu"))
    approved(console, other, "host/nu")
    assert refused(replace(asked, number=other, host="host/nu")) == "no_address"
    containing.say(console, number, Line(Contained("block", SUSPECT, Turn.DONE)), ANNA)
    with pytest.raises(Refused) as told:
        containing.unblock(console, asked, ANNA)
    assert told.value.code == "by_hand"
    played = exercising.begin(console, "ransomware", 10, ANNA)
    assert refused(replace(asked, number=played)) == "exercise"


def test_a_modality_and_what_it_needs_ask_for_care(console: Console) -> None:
    number = begun(console, host("scanner", "10.0.0.7", what=HostClass.MODALITY))
    with pytest.raises(Refused) as told:
        approved(console, number, "host/scanner")
    assert told.value.code == "care_unasked"
    approved(console, number, "host/scanner", care="Dr Roy, aucun examen en cours")
    drafts = containing.drafts(console, responding.incident(console, number))
    concerned = {draft.step.measure.id: draft.modalities for draft in drafts if draft.step.target == "host/scanner"}
    assert concerned == {"unplug": ("host/scanner",), "block": ("host/scanner",)}
