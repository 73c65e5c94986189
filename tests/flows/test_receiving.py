"""Agents speak with the console: what they send is kept, registered, and only then acknowledged."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from tests.conftest import TickingClock

from negatoscope.flows import receiving
from negatoscope.flows.console import Console
from negatoscope.flows.opening import lay_out
from negatoscope.flows.receiving import Sender
from negatoscope.flows.registering import StoredRegister
from negatoscope.flows.replaying import replay
from negatoscope.flows.tokens import NameTaken, make, revoke
from negatoscope.intake.body import Packing, inflate, pack
from negatoscope.intake.message import parse
from negatoscope.intake.refusal import Refused
from negatoscope.judge.catalogue import RULES
from negatoscope.judge.judge import judge
from negatoscope.kit.canonical import canonical
from negatoscope.model.accounts import Account, Privilege
from negatoscope.model.endpoints import AgentContact, WindowsSecurity
from negatoscope.model.hardening import Firewall, RemovableMedia
from negatoscope.model.hosts import Host
from negatoscope.store.models import FactRow, GapRow, ObservationRow, SoftwareRow, SweepRow, TokenRow

AGENT = Path(__file__).parents[1] / "captures" / "agent"
RECORDED = Path(__file__).parents[3] / "shared" / "data" / "agents"
SENDER = Sender(1, "essai")


def text(name: str, **changed: Any) -> bytes:  # noqa: ANN401 -- fields of a post
    said = json.loads((AGENT / f"{name}.inventory.json").read_bytes())
    return json.dumps({**said, **changed}).encode()


def send(console: Console, body: bytes, *, native: bool = True) -> bytes:
    return receiving.receive(console, SENDER, body, native=native).body


def collect(console: Console, name: str, stop_before: str = "") -> None:
    """Answer every job as an agent does, one request each."""
    told = json.loads((AGENT / f"{name}.collect.json").read_bytes())
    device = told["agent"]
    asked = {"action": "getConfig", "machineid": device}
    assert receiving.collect(console, SENDER, asked, "https://c/agent/x")["schedule"][0]["remote"]
    todo = receiving.collect(console, SENDER, {"action": "getJobs", "machineid": device}, "")["jobs"]
    for job in todo:
        rows = told["answers"][job["uuid"].partition("@")[0]]
        for number, row in enumerate(rows or [{}]):
            said = {"action": "setAnswer", "uuid": job["uuid"], "_cpt": str(len(rows) - number), **row}
            assert receiving.collect(console, SENDER, said, "") == {}
    for job in todo:
        if stop_before and job["uuid"].startswith(f"{stop_before}@"):
            return
        receiving.collect(console, SENDER, {"action": "jobsDone", "uuid": job["uuid"]}, "")


def visited(console: Console, device: str, sender: Sender = SENDER) -> str:
    """Begin a visit of *Collect*; returns its name."""
    asked = receiving.collect(console, sender, {"action": "getJobs", "machineid": device}, "")["jobs"]
    return str(asked[0]["uuid"].split("@")[1])


def hosts(console: Console) -> dict[str, Host]:
    return {host.ref: host for host in StoredRegister(console.practice).seen(Host).facts}


def test_a_post_is_in_the_register_when_it_is_acknowledged(console: Console) -> None:
    assert json.loads(send(console, text("pc-accueil-1")))["status"] == "ok"
    assert hosts(console)["host/pc-accueil-1"].agent_id == "pc-accueil-1-2026-02-22-09-21-12"
    assert SoftwareRow.objects.count() == 28
    assert {swept.sweep.host for swept in StoredRegister(1).seen(AgentContact).sweeps} == {"host/pc-accueil-1"}


@pytest.mark.parametrize("packing", list(Packing))
def test_an_answer_is_packed_as_its_question_was(console: Console, packing: Packing) -> None:
    prolog = b"<REQUEST><DEVICEID>pc-1</DEVICEID><QUERY>PROLOG</QUERY></REQUEST>"
    said = receiving.receive(console, SENDER, pack(prolog, packing), native=False)
    told, packed = inflate(said.body)
    assert b"<RESPONSE>SEND</RESPONSE>" in told
    assert packed is packing


def test_a_native_agent_is_answered_in_json_and_told_what_not_to_send(console: Console) -> None:
    prolog = b"<REQUEST><DEVICEID>pc-1</DEVICEID><QUERY>PROLOG</QUERY></REQUEST>"
    for body in (prolog, b'{"action":"contact","deviceid":"pc-1"}'):
        told = json.loads(send(console, body))
        assert (told["status"], told["expiration"]) == ("ok", 24)
        assert "environment" in told["tasks"]["inventory"]["no-category"]


def test_a_partial_post_replaces_only_what_it_carries(console: Console) -> None:
    send(console, text("pc-accueil-1"))
    before = FactRow.objects.filter(kind="Volume").values_list("body", flat=True).get()
    content = json.loads(text("pc-accueil-1"))["content"]
    fewer = {name: content[name] for name in ("hardware", "bios")} | {"softwares": content["softwares"][:9]}
    send(console, text("pc-accueil-1", partial=True, content=fewer))
    assert SoftwareRow.objects.count() == 9
    assert FactRow.objects.filter(kind="Volume").values_list("body", flat=True).get() == before
    host = hosts(console)["host/pc-accueil-1"]
    assert (host.os_name, host.addresses) == ("Microsoft Windows 11 Professionnel", ("10.77.10.21",))
    assert len(hosts(console)) == 1


def test_the_registry_joins_the_host_that_posted(console: Console) -> None:
    send(console, text("pc-accueil-1"))
    collect(console, "pc-accueil-1")
    assert set(hosts(console)) == {"host/pc-accueil-1"}
    known = StoredRegister(console.practice)
    assert [media.blocked for media in known.seen(RemovableMedia).facts] == [True]
    assert [(wall.active, wall.default_deny) for wall in known.seen(Firewall).facts] == [(True, True)]
    assert [windows.present for windows in known.seen(WindowsSecurity).facts] == [True]
    assert receiving.spool(console).lines("pc-accueil-1-2026-02-22-09-21-12") == []


def test_a_collection_cut_short_is_delivered_at_the_next_visit(console: Console) -> None:
    send(console, text("pc-accueil-1"))
    collect(console, "pc-accueil-1", stop_before="wdigest")
    assert not ObservationRow.objects.filter(collector="registry").exists()
    asked = {"action": "getJobs", "machineid": "pc-accueil-1-2026-02-22-09-21-12"}
    receiving.collect(console, SENDER, asked, "")
    assert ObservationRow.objects.filter(collector="registry").count() == 1


def test_half_the_answers_of_a_job_are_not_all_of_them(console: Console) -> None:
    told = json.loads((AGENT / "pc-accueil-1.collect.json").read_bytes())
    device = told["agent"]
    visit = visited(console, device)
    for job in ("build", "users"):
        for number, row in enumerate(told["answers"][job]):
            left = str(len(told["answers"][job]) - number)
            said = {"action": "setAnswer", "uuid": f"{job}@{visit}@{device}", "_cpt": left, **row}
            receiving.collect(console, SENDER, said, "")
    members = told["answers"]["members"]
    said = {"action": "setAnswer", "uuid": f"members@{visit}@{device}", "_cpt": str(len(members)), **members[0]}
    receiving.collect(console, SENDER, said, "")
    visited(console, device)
    known = StoredRegister(console.practice)
    assert [swept.sweep.host for swept in known.seen(Account).sweeps] == ["host/pc-accueil-1"]
    assert known.seen(Privilege).sweeps == ()
    assert {blind.gap.why for blind in known.seen(Privilege).gaps} == {"registry_not_collected"}
    assert len(receiving.spool(console).lines(device)) == 1


def test_a_liar_that_takes_anothers_name_overwrites_nothing(console: Console) -> None:
    send(console, text("pc-accueil-1"))
    said = json.loads(text("lecture-1"))
    said["deviceid"] = "pc-accueil-1-2026-02-22-09-21-12"
    send(console, json.dumps(said).encode())
    known = hosts(console)
    assert known["host/pc-accueil-1"].serial != known["host/lecture-1"].serial
    assert known["host/pc-accueil-1"].model == "OptiPlex 7020"
    assert GapRow.objects.filter(why="identity_conflict").exists()


def test_replaying_the_vault_gives_the_same_register(console: Console) -> None:
    for name in ("pc-accueil-1", "srv-pacs"):
        send(console, text(name))
        collect(console, name)
    send(console, (AGENT / "srv-sauvegarde.inventory.xml").read_bytes(), native=False)
    before = sorted(FactRow.objects.values_list("voice", "kind", "ref", "body"))
    swept = sorted(SweepRow.objects.values_list("voice", "kind", "host"))
    call_command("flush", interactive=False, verbosity=0)
    again = lay_out(console.config, console.clock)
    replay(again, "cli")
    assert sorted(FactRow.objects.values_list("voice", "kind", "ref", "body")) == before
    assert sorted(SweepRow.objects.values_list("voice", "kind", "host")) == swept


def test_recorded_posts_of_unmodified_agents_are_one_host(console: Console) -> None:
    for name in ("glpi-json/1.xml", "glpi-json/2.json", "glpi-json/3.json", "glpi-json/4.json"):
        if (RECORDED / name).exists():
            send(console, (RECORDED / name).read_bytes())
    assert set(hosts(console)) <= {"host/pc1"}


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"action": "getJobs", "machineid": "a b"}, "device_unnamed"),
        ({"action": "setAnswer", "uuid": "x@v@pc"}, "job_unknown"),
        ({"action": "setAnswer", "uuid": "build@v@pc"}, "job_unknown"),
        ({"action": "jobsDone", "uuid": "build@pc"}, "device_unnamed"),
        ({"action": "jobsDone"}, "job_unknown"),
        ({"action": "shutdown"}, "query_unknown"),
    ],
)
def test_a_step_that_nobody_asked_is_refused(console: Console, asked: dict[str, str], code: str) -> None:
    with pytest.raises(Refused, match=code):
        receiving.collect(console, SENDER, asked, "")


def test_a_token_opens_until_it_is_revoked_and_only_its_hash_is_kept(console: Console) -> None:
    token = make(console, "user:mdurand", "agent", "postes")
    assert replace(receiving.admitted(console, token), practice=0) == Sender(0, "postes")
    row = TokenRow.objects.get()
    assert token not in row.token_hash
    assert row.used_at is not None
    with pytest.raises(NameTaken):
        make(console, "user:mdurand", "agent", "postes")
    assert revoke(console, "user:mdurand", row.pk) == "postes"
    assert revoke(console, "user:mdurand", row.pk) is None
    for wrong in (token, "", "autre"):
        with pytest.raises(Refused, match="token_unknown"):
            receiving.admitted(console, wrong)


def looked_at(console: Console) -> datetime:
    (swept,) = StoredRegister(console.practice).seen(AgentContact).sweeps
    return swept.source.at


def written(name: str, on: str) -> bytes:
    said = json.loads(text(name))
    said["content"]["accesslog"] = {"logdate": on}
    return json.dumps(said).encode()


def test_an_inventory_sent_again_is_no_fresher(console: Console, clock: TickingClock) -> None:
    today = f"{clock():%Y-%m-%d %H:%M:%S}"
    send(console, written("pc-accueil-1", today))
    first, count = looked_at(console), ObservationRow.objects.count()
    clock.advance(timedelta(hours=5))
    assert json.loads(send(console, written("pc-accueil-1", today)))["status"] == "ok"
    assert (looked_at(console), ObservationRow.objects.count()) == (first, count)


def test_an_inventory_is_as_old_as_it_says_and_never_replaces_a_newer_one(
    console: Console, clock: TickingClock
) -> None:
    month_ago = clock() - timedelta(days=30)
    send(console, written("pc-accueil-1", f"{month_ago:%Y-%m-%d %H:%M:%S}"))
    assert abs(looked_at(console) - month_ago) < timedelta(hours=3)
    send(console, written("pc-accueil-1", f"{clock() + timedelta(days=300):%Y-%m-%d %H:%M:%S}"))
    now = looked_at(console)
    assert clock() - now < timedelta(minutes=1)
    with pytest.raises(Refused, match="post_older"):
        send(console, written("pc-accueil-1", f"{month_ago + timedelta(days=9):%Y-%m-%d %H:%M:%S}"))
    assert looked_at(console) == now


def test_a_date_that_nobody_can_read_is_none() -> None:
    for on in ("hier", "2026-13-01 00:00:00"):
        assert parse(written("pc-accueil-1", on)).dated is None
    assert parse(text("pc-accueil-1", content={"hardware": {"name": "x"}})).dated is None
    assert parse(text("pc-accueil-1", content={"accesslog": "x"})).dated is None


def test_answers_to_an_earlier_visit_are_not_taken_for_fresh_ones(console: Console) -> None:
    device = "pc-accueil-1-2026-02-22-09-21-12"
    before = visited(console, device)
    after = visited(console, device)
    said = {"action": "setAnswer", "uuid": f"build@{before}@{device}", "_cpt": "1", "CurrentBuildNumber": "26100"}
    with pytest.raises(Refused, match="job_unknown"):
        receiving.collect(console, SENDER, said, "")
    assert receiving.collect(console, SENDER, {**said, "uuid": f"build@{after}@{device}"}, "") == {}


def test_a_device_speaks_with_its_own_token_as_long_as_that_one_is_open(console: Console) -> None:
    for name in ("siege", "annexe"):
        make(console, "user:mdurand", "agent", name)
    receiving.receive(console, Sender(1, "siege"), text("pc-accueil-1"), native=True)
    device = "pc-accueil-1-2026-02-22-09-21-12"
    with pytest.raises(Refused, match="device_elsewhere"):
        receiving.receive(console, Sender(1, "annexe"), text("pc-accueil-1", partial=True), native=True)
    with pytest.raises(Refused, match="device_elsewhere"):
        visited(console, device, Sender(1, "annexe"))
    revoke(console, "user:mdurand", TokenRow.objects.get(name="siege").pk)
    receiving.receive(console, Sender(1, "annexe"), text("pc-accueil-1", partial=True), native=True)
    assert ObservationRow.objects.filter(collector="agent").count() == 2


def test_two_agents_that_speak_for_one_host_are_a_gap_until_one_is_silent(
    console: Console, clock: TickingClock
) -> None:
    def gaps() -> set[str]:
        return set(GapRow.objects.filter(why="second_agent", host="host/pc-accueil-1").values_list("what", flat=True))

    send(console, text("pc-accueil-1"))
    assert gaps() == set()
    send(console, text("pc-accueil-1", deviceid="pc-accueil-1-2026-11-01-10-00-00"))
    assert set(hosts(console)) == {"host/pc-accueil-1"}
    assert {"AgentContact", "Volume", "Software", "Account"} <= gaps()
    result = judge(StoredRegister(console.practice), RULES, clock())
    assert "second_agent" in canonical(result).decode()
    clock.advance(timedelta(days=3))
    said = json.loads(written("pc-accueil-1", f"{clock():%Y-%m-%d %H:%M:%S}"))
    send(console, json.dumps({**said, "deviceid": "pc-accueil-1-2026-11-01-10-00-00"}).encode())
    assert gaps() == set()
