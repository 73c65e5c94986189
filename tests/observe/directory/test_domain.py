"""A real Active Directory: each planted flaw of the closed list is found and named, and none is invented."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import ldap3
import pytest

from negatoscope.flows import containing, disabling, responding, scheduling
from negatoscope.flows.alerting import Handler
from negatoscope.flows.console import Console
from negatoscope.flows.declaring import Said, declare
from negatoscope.flows.responding import Beginning, Line
from negatoscope.judge.catalogue import RULES
from negatoscope.judge.judge import judge
from negatoscope.kit.clock import utc_now
from negatoscope.model.containing import Contained, Turn
from negatoscope.model.directory import DirectoryPrivilege
from negatoscope.model.evidence import Gap, Sweep
from negatoscope.model.incident import Hit, Touched, What
from negatoscope.model.networks import Network
from negatoscope.model.verdict import Verdict
from negatoscope.observe.collector import Login
from negatoscope.observe.directory import switching
from negatoscope.observe.directory.read import read
from negatoscope.observe.directory.switching import NotDone
from negatoscope.respond.incident import Refused
from tests.flaws import Flaw, found, listed, settle
from tests.judge.memory import World, of
from tests.judge.planted import directory as recorded
from tests.observe.directory import flaws, practice
from tests.observe.directory.domain import ADMINISTRATOR, PASSWORD, READER, REALM, Domain, domain
from tests.observe.directory.look import Brought, look_at

pytestmark = [pytest.mark.server, pytest.mark.root]
ANNA = Handler("user:anna", "Anna Petit (anna)")
SUSPECT, READING = "compte.pris", practice.READING
PLANTED = listed(Path(__file__).with_name("flaws.toml"))
CONTROLS = frozenset(flaw.control for flaw in PLANTED) | recorded.PLANTS.keys()
BY_NATURE = {
    Flaw("R13.4", "account/cabinet.lan/administrator"),
    Flaw("R13.1", "account/cabinet.lan/administrator"),
    Flaw("R20.15", "directory/cabinet.lan"),
}
"""What a Samba that is administered with a password cannot be: healthy as far as possible."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Domain]:
    with domain(tmp_path_factory.mktemp("domain")) as made:
        made.connected(practice.fill)
        yield made


@pytest.fixture(scope="module")
def healthy(server: Domain) -> Brought:
    """What the reading account sees before anything is planted."""
    return look_at(server)


@pytest.fixture(scope="module")
def flawed(server: Domain, healthy: Brought) -> Brought:
    assert healthy.why is None
    server.connected(flaws.plant)
    return look_at(server)


def told(brought: Brought) -> World:
    """The register after this look and the staff list, now."""
    assert brought.why is None
    items = [recorded.spoken_for(item) for item in read(BytesIO(brought.data))]
    return of([*items, *practice.listed(), Sweep("Person"), Sweep("Directory")], utc_now())


def seen(world: World) -> set[Flaw]:
    return found(world, utc_now())


def test_a_healthy_domain_is_judged_healthy_as_far_as_it_is(healthy: Brought) -> None:
    world = told(healthy)
    assert seen(world) == BY_NATURE
    unsettled = {
        control.id: control.doubts
        for rule in judge(world, RULES, utc_now()).rules
        for control in rule.controls
        if control.id in CONTROLS and control.verdict is Verdict.UNPROVEN
    }
    assert unsettled == {}


def test_each_planted_flaw_is_found_and_none_is_invented(
    flawed: Brought, record_property: Callable[[str, object], None]
) -> None:
    settle("Active Directory (Samba)", PLANTED, seen(told(flawed)) - BY_NATURE, record_property)


def test_a_path_to_privilege_is_told_step_by_step(flawed: Brought) -> None:
    paths = [fact.path for fact in told(flawed).seen(DirectoryPrivilege).facts if fact.account == "elise.moreau"]
    assert ("support", "equipe-admin", "Domain Admins") in paths


def test_no_secret_is_kept(flawed: Brought) -> None:
    assert PASSWORD.encode() not in flawed.data
    for word in (b"unicodePwd", b"userPassword", b"ntPwdHistory", b"dBCSPwd"):
        assert word.lower() not in flawed.data.lower()


def test_a_plain_account_sees_all_but_the_finer_policies(server: Domain, flawed: Brought) -> None:
    plain = look_at(server, READER)
    gaps = [item for item in read(BytesIO(plain.data)) if isinstance(item, Gap)]
    assert [(gap.what, gap.why) for gap in gaps] == [("DirectoryPolicy", "finer_policies_hidden")]
    assert {flaw for flaw in seen(told(flawed)) if flaw[0].startswith("R20.2")} <= seen(told(plain))


def test_starttls_brings_the_same(server: Domain, flawed: Brought) -> None:
    again = look_at(server, mode="starttls")
    assert seen(told(again)) == seen(told(flawed))


@pytest.mark.parametrize(
    ("why", "settings"),
    [
        ("bad_password", {"password": "faux"}),
        ("certificate_not_verified", {"ca": "system"}),
        ("certificate_of_another", {"certificate_name": "autre.cabinet.lan"}),
        ("nothing_answers", {"port": 6636}),
        ("tls_refused", {"port": 389}),
        ("outside_declared_networks", {"declared": ["10.0.0.0/8"]}),
        ("modality_without_consent", {"spared": ["127.0.0.1"]}),
    ],
)
def test_a_refusal_names_its_origin(server: Domain, why: str, settings: dict[str, object]) -> None:
    assert look_at(server, **settings) == Brought(b"", why)  # type: ignore[arg-type]  # a password or a setting


def test_a_locked_or_disabled_reader_is_told_apart(server: Domain) -> None:
    server.connected(lambda one: practice.account(one, "lecteur2", practice.NORMAL | 0x2))
    assert look_at(server, "lecteur2@cabinet.lan").why == "account_disabled"


@pytest.fixture
def number(console: Console, server: Domain) -> int:
    """An incident that touches an account, in a practice that looked at this domain."""
    server.connected(lambda one: practice.account(one, SUSPECT, practice.NORMAL))
    declare(console, Said("console", "register"), [Network("127.0.0.0/8")])
    settings = {"servers": ["127.0.0.1"], "credential": "lecture", "ca": server.authority}
    scheduling.ask(console, scheduling.Asked("directory", REALM, ANNA.operator, settings))
    number = responding.open_incident(console, Beginning("compte pris"), ANNA)
    for name in (SUSPECT, "administrator", "krbtgt", "absent*", READING):
        touched = f"account/{REALM}/{name}"
        responding.say(console, number, Line(Touched(What.ACCOUNT, touched, Hit.SUSPECTED)), ANNA)
        containing.say(console, number, Line(Contained("disable", touched, Turn.APPROVED, "Dr Colin")), ANNA)
    return number


def test_an_account_is_disabled_and_enabled_again(
    console: Console, server: Domain, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def act(name: str = SUSPECT, writer: str = ADMINISTRATOR) -> disabling.Act:
        return disabling.Act(number, f"account/{REALM}/{name}", Login(writer, PASSWORD))

    def refused(code: str, asked: disabling.Act) -> None:
        with pytest.raises((NotDone, Refused)) as told:
            server.inside(lambda: disabling.disable(console, asked, ANNA))
        assert isinstance(told.value, NotDone | Refused)
        assert told.value.code == code

    before = server.connected(flags)
    assert look_at(server, f"{SUSPECT}@{REALM}").why is None
    server.inside(lambda: disabling.disable(console, act(), ANNA))
    assert look_at(server, f"{SUSPECT}@{REALM}").why == "account_disabled"
    assert server.connected(flags) == before | 2
    word = responding.incident(console, number).contained[-1].word
    assert isinstance(word, Contained)
    assert (word.turn, word.way) == (Turn.DONE, f"ldaps://127.0.0.1 ({ADMINISTRATOR})")
    refused("not_approved", act())
    server.inside(lambda: disabling.enable(console, act(), ANNA))
    assert look_at(server, f"{SUSPECT}@{REALM}").why is None
    assert server.connected(flags) == before
    refused("write_refused", replace(act(READING), login=Login(f"{SUSPECT}@{REALM}", PASSWORD)))
    refused("ourselves", act("administrator"))
    refused("of_the_system", act("krbtgt"))
    refused("account_missing", act("absent*"))
    refused("no_measure", act("nobody"))
    moved = switching.Account(practice.user_dn(READING), before ^ 0x10000, 1000)
    monkeypatch.setattr(switching, "_account", lambda _connection, _base, _name: moved)
    refused("changed_meanwhile", act(READING))


def flags(connection: ldap3.Connection) -> int:
    connection.search(practice.user_dn(SUSPECT), "(objectClass=user)", attributes=["userAccountControl"])
    return int((connection.response or [])[0]["raw_attributes"]["userAccountControl"][0])


def test_a_stopped_server_is_a_gap(server: Domain, flawed: Brought) -> None:
    server.stop()
    try:
        assert look_at(server).why == "nothing_answers"
    finally:
        server.start()
