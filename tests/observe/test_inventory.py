"""Posts and collections, read: what is told, what is not, and what stays dark."""

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from negatoscope.intake import keeping
from negatoscope.intake.message import parse
from negatoscope.model.accounts import Account, AccountKind, Privilege, SessionPolicy
from negatoscope.model.endpoints import AgentContact, Antivirus, WindowsSecurity
from negatoscope.model.evidence import Gap, Sweep
from negatoscope.model.hardening import Firewall, RemovableMedia, TimeSync, Volume
from negatoscope.model.hosts import Host, HostClass, Interface
from negatoscope.model.networks import Service
from negatoscope.model.software import Software, Updates
from negatoscope.observe.collector import Item, Unreadable
from negatoscope.observe.inventory.read import read as read_post
from negatoscope.observe.inventory.registry import read as read_registry

AGENT = Path(__file__).parents[1] / "captures" / "agent"
RECORDED = Path(__file__).parents[3] / "shared" / "data"
T = TypeVar("T")
Edit = Callable[[Any], object]


def kept(text: bytes) -> list[Item]:
    return list(read_post(BytesIO(keeping.capture(parse(text))[0])))


def post(name: str = "pc-accueil-1", edit: Edit | None = None) -> list[Item]:
    said = json.loads((AGENT / f"{name}.inventory.json").read_bytes())
    if edit:
        edit(said)
    return kept(json.dumps(said).encode())


def collection(name: str = "pc-accueil-1", **answers: list[dict[str, str]] | None) -> list[Item]:
    said = json.loads((AGENT / f"{name}.collect.json").read_bytes())
    for job, rows in answers.items():
        said["answers"][job] = rows
        if rows is None:
            del said["answers"][job]
    return list(read_registry(BytesIO(json.dumps(said).encode())))


def of(items: list[Item], kind: type[T]) -> list[T]:
    return [item for item in items if isinstance(item, kind)]


def one(items: list[Item], kind: type[T]) -> T:
    (found,) = of(items, kind)
    return found


def swept(items: list[Item]) -> set[str]:
    return {item.kind for item in of(items, Sweep)}


def gaps(items: list[Item]) -> dict[str, str]:
    return {gap.what: gap.why for gap in of(items, Gap)}


def test_a_windows_post_tells_the_host_and_leaves_the_registry_dark() -> None:
    items = post()
    host = one(items, Host)
    assert (host.hostname, host.host_class, host.os_name) == (
        "pc-accueil-1",
        HostClass.WORKSTATION,
        "Microsoft Windows 11 Professionnel",
    )
    assert (host.vendor, host.model, host.addresses) == ("Dell Inc.", "OptiPlex 7020", ("10.77.10.21",))
    assert host.agent_id == "pc-accueil-1-2026-02-22-09-21-12"
    assert swept(items) == {
        "AgentContact",
        "Interface",
        "Route",
        "Sighting",
        "Software",
        "Account",
        "Volume",
        "Antivirus",
    }
    assert one(items, AgentContact).client == "GLPI-Agent_v1.15"
    assert [interface.addresses for interface in of(items, Interface)] == [("10.77.10.21/24",)]
    assert gaps(items)["RemovableMedia"] == "registry_not_collected"
    assert one(items, Firewall) == Firewall("host/@", active=True)
    assert [(v.mount, v.encrypted) for v in of(items, Volume)] == [("C:", True)]
    assert not any(software.name.startswith("KB") for software in of(items, Software))


@pytest.mark.parametrize(
    ("name", "host_class"),
    [
        ("portable-astreinte", HostClass.LAPTOP),
        ("portable-direction", HostClass.LAPTOP),
        ("srv-pacs", HostClass.SERVER),
        ("lecture-1", HostClass.WORKSTATION),
    ],
)
def test_the_case_and_the_system_tell_the_class(name: str, host_class: HostClass) -> None:
    assert one(post(name), Host).host_class is host_class


def test_a_profile_that_is_off_is_enough() -> None:
    assert one(post("pc-accueil-2"), Firewall).active is False


def test_a_server_without_a_security_centre_proves_no_absence() -> None:
    assert gaps(post("srv-pacs"))["Antivirus"] == "not_decidable"


def test_remote_control_that_no_installer_left_counts_once() -> None:
    def without_installer(said: Any) -> None:  # noqa: ANN401 -- decoded JSON
        said["content"]["softwares"] = [s for s in said["content"]["softwares"] if "TeamViewer" not in s["name"]]

    assert "teamviewer" not in {software.name for software in of(post("pc-comptabilite"), Software)}
    assert "teamviewer" in {software.name for software in of(post("pc-comptabilite", without_installer), Software)}


def test_a_linux_post_is_honest_about_what_agents_do_not_see() -> None:
    items = kept((AGENT / "srv-sauvegarde.inventory.xml").read_bytes())
    assert one(items, Host).host_class is HostClass.SERVER
    assert of(items, Firewall) == []
    assert gaps(items) == {
        "agent": "secrets_dropped",
        "Privilege": "agent_without_sudo",
        "Route": "agent_without_routes",
        "Volume": "mounted_only",
        "Firewall": "agent_without_nftables",
    }
    assert {(p.account, p.via) for p in of(items, Privilege)} == {("root", "uid0"), ("kmoreau", "group:sudo")}
    assert one(items, WindowsSecurity).present is False
    assert {a.name: a.kind for a in of(items, Account)}["sauvegarde"] is AccountKind.SYSTEM
    assert one(items, Volume).encrypted is True


def test_an_absent_section_is_a_gap_and_never_an_empty_list() -> None:
    for section, kind in (("drives", "Volume"), ("softwares", "Software"), ("local_users", "Account")):
        items = post(edit=lambda said, section=section: said["content"].pop(section))  # type: ignore[misc]
        assert kind not in swept(items)
        assert gaps(items)[kind] == "section_absent"


def test_a_partial_post_is_silent_on_what_it_does_not_carry() -> None:
    def partial(said: Any) -> None:  # noqa: ANN401 -- decoded JSON
        said["partial"] = True
        said["content"] = {name: said["content"][name] for name in ("hardware", "bios", "softwares")}

    items = post(edit=partial)
    assert swept(items) == {"AgentContact", "Software"}
    assert gaps(items) == {}


def test_a_device_that_is_no_computer_is_told_as_such() -> None:
    items = post(edit=lambda said: said.update(itemtype="Phone"))
    assert [(gap.what, gap.why) for gap in of(items, Gap)] == [("Host", "not_a_computer")]


def test_the_registry_fills_what_the_post_leaves_dark() -> None:
    items = collection()
    assert one(items, RemovableMedia) == RemovableMedia("host/@", blocked=True, means="module", autorun=False)
    assert one(items, SessionPolicy) == SessionPolicy("host/@", graphical=True, autologin=False, lock_seconds=600)
    assert one(items, Firewall) == Firewall("host/@", active=True, default_deny=True)
    assert one(items, Updates).automatic is True
    assert one(items, TimeSync).synchronised is None
    assert of(items, Service) == []
    assert {(p.account, p.password_asked) for p in of(items, Privilege)} == {
        ("Administrateur", True),
        ("CABINET\\Admins du domaine", True),
        ("adm-local", True),
    }
    windows = one(items, WindowsSecurity)
    assert (windows.lsa_protected, windows.clear_logons, windows.old_sharing) == (True, False, False)
    assert (windows.local_password_managed, windows.recovery_escrowed) == (True, True)


@pytest.mark.parametrize(
    ("answers", "kind", "field", "value"),
    [
        ({"autologon": [{"AutoAdminLogon": "1"}]}, SessionPolicy, "autologin", True),
        ({"inactivity": []}, SessionPolicy, "lock_seconds", None),
        ({"usbstor": [{"Start": "0x00000003"}]}, RemovableMedia, "blocked", False),
        ({"usbstor": [{"Start": "3"}], "media_denied": [{"Deny_All": "1"}]}, RemovableMedia, "blocked", True),
        ({"usbstor": None}, RemovableMedia, "blocked", None),
        ({"autorun": []}, RemovableMedia, "autorun", True),
        ({"updates_off": [{"NoAutoUpdate": "1"}]}, Updates, "automatic", False),
        ({"updates_how": [{"AUOptions": "0x00000002"}]}, Updates, "automatic", False),
        ({"updates_how": None}, Updates, "automatic", None),
        ({"time_type": [{"Type": "NoSync"}]}, TimeSync, "synchronised", False),
        ({"firewall_public_on_policy": [{"EnableFirewall": "0"}]}, Firewall, "active", False),
        ({"firewall_public_in": [{"DefaultInboundAction": "0"}]}, Firewall, "default_deny", False),
        ({"firewall_public_in": None}, Firewall, "default_deny", None),
        ({"smb1": [{"SMB1": "1"}]}, WindowsSecurity, "old_sharing", True),
        ({"smb1": [], "build": [{"CurrentBuildNumber": "9600"}]}, WindowsSecurity, "old_sharing", True),
        ({"smb1_driver": [{"Start": "3"}]}, WindowsSecurity, "old_sharing", None),
        ({"smb1": None}, WindowsSecurity, "old_sharing", None),
        ({"wdigest": [{"UseLogonCredential": "1"}]}, WindowsSecurity, "clear_logons", True),
        ({"laps": [], "laps_cloud": []}, WindowsSecurity, "local_password_managed", False),
        ({"laps": None}, WindowsSecurity, "local_password_managed", None),
        ({"escrow": []}, WindowsSecurity, "recovery_escrowed", False),
    ],
)
def test_a_registry_value_means_what_windows_makes_of_it(
    answers: dict[str, Any], kind: type[Any], field: str, value: object
) -> None:
    assert getattr(one(collection(**answers), kind), field) is value


def test_remote_desktop_is_a_service_whose_reach_is_not_known() -> None:
    service = one(collection("pc-comptabilite"), Service)
    assert (service.port, service.name, service.reachable) == (3389, "ms-wbt-server", None)


def test_without_an_answer_that_every_windows_gives_nothing_is_an_absence() -> None:
    items = collection(build=[])
    assert gaps(items) == {"WindowsSecurity": "registry_unread"}
    assert swept(items) == set()


def test_accounts_come_with_their_state() -> None:
    states = {account.name: account.enabled for account in of(collection(), Account)}
    assert states == {
        "Administrateur": False,
        "Invité": False,
        "DefaultAccount": False,
        "WDAGUtilityAccount": False,
        "adm-local": False,
    }


@pytest.mark.parametrize("read", [read_post, read_registry])
@pytest.mark.parametrize("data", [b"", b"[]", b'{"format":"autre"}', b"\xff\xfe", b'{"a":' * 3000])
def test_what_is_not_a_capture_is_unreadable(read: Callable[[BytesIO], Any], data: bytes) -> None:
    with pytest.raises(Unreadable):
        list(read(BytesIO(data)))


ROWS = st.dictionaries(
    st.sampled_from(["name", "type", "letter", "id", "status", "ipaddress", "ipmask", "mac", "total", "member"]),
    st.none() | st.text(max_size=12) | st.integers() | st.booleans() | st.lists(st.text(max_size=5), max_size=2),
)


@given(
    st.dictionaries(st.sampled_from(sorted(keeping.KEPT)), ROWS | st.lists(ROWS, max_size=3), min_size=1),
    st.booleans(),
    st.sampled_from(["Windows 11", "Debian", "Windows Server", None]),
)
def test_no_content_breaks_the_reader(content: dict[str, Any], partial: bool, system: str | None) -> None:  # noqa: FBT001 -- drawn
    content["operatingsystem"] = {"name": system}
    said = {"action": "inventory", "deviceid": "a", "partial": partial, "content": content}
    assert kept(json.dumps(said).encode())


def recorded() -> list[Path]:
    """Posts of unmodified agents, kept beside the repository where they were recorded; elsewhere there are none."""
    names = ("agents/fusion/2.bin", "agents/glpi-xml/2.xml", "agents/glpi-json/2.json", "agents/glpi-json/4.json")
    found = [RECORDED / name for name in (*names, "vuln/inventory/computer_1.json")]
    return [path for path in found if path.exists()]


def test_recorded_posts_of_unmodified_agents_are_read() -> None:
    for path in recorded():
        host = one(kept(path.read_bytes()), Host)
        assert host.hostname in {"pc1", "glpixps"}
        if host.hostname == "glpixps":
            assert (host.host_class, host.model) == (HostClass.LAPTOP, "XPS 13 9350")


def test_antivirus_states_are_told() -> None:
    assert [(one.enabled, one.up_to_date) for one in of(post("pc-secretariat"), Antivirus)] == [
        (False, False),
        (True, False),
    ]


def test_one_profile_of_windows_that_is_on_is_no_filter_of_linux() -> None:
    """A partial post need not say what it runs: the names of the profiles do."""

    def one_profile(said: Any) -> None:  # noqa: ANN401 -- a post
        said["partial"] = True
        said["content"] = {"firewalls": [{"profile": "PublicProfile", "status": "on"}]}

    assert one(post(edit=one_profile), Firewall).active is None


def test_a_value_that_is_no_number_answers_nothing() -> None:
    told = collection(
        updates_how=[{"AUOptions": "?"}], firewall_public_in=[{"DefaultInboundAction": "x"}], wdigest=[{"a": "-"}]
    )
    assert one(told, Updates).automatic is None
    assert one(told, Firewall).default_deny is None
    assert one(told, WindowsSecurity).clear_logons is None


def card(name: str, mac: str, *, virtual: bool) -> dict[str, Any]:
    return {
        "description": name,
        "mac": mac,
        "ipaddress": "10.77.10.21",
        "ipmask": "255.255.255.0",
        "virtualdev": virtual,
    }


def test_a_container_is_known_by_its_card_and_a_computer_by_its_own_alone() -> None:
    def inside(said: Any) -> None:  # noqa: ANN401 -- a post
        end = card("eth0@if8", "00:16:3e:00:00:08", virtual=True)
        said["content"]["networks"] = [card("eth0", "00:16:3e:00:00:08", virtual=True), {**end, "ipaddress": None}]

    def beside(said: Any) -> None:  # noqa: ANN401
        said["content"]["networks"].append(card("tap3", "00:16:3e:00:00:09", virtual=True))

    contained = post(edit=inside)
    assert one(contained, Host).macs == ("00:16:3e:00:00:08",)
    assert one(contained, Host).addresses == ("10.77.10.21",)
    assert [(found.name, found.mac) for found in of(contained, Interface)] == [("eth0", "00:16:3e:00:00:08")]
    assert one(post(edit=beside), Host).macs == ("8c:04:ba:15:38:db",)
