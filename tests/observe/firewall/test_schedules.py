"""When lines hold, and whether a gateway opens by itself: as each maker writes it, or not known."""

import pytest

from negatoscope.model.evidence import Gap
from negatoscope.model.gateways import AutoOpening, RuleBase
from negatoscope.observe.handed import HANDLE
from tests.observe.firewall.test_readers import BY_NAME, data_of

NIGHT = """config firewall schedule recurring
    edit "nuit"
        set day monday tuesday
        set start 22:00
        set end 02:00
    next
    edit "jours"
        set day saturday sunday
    next
    edit "jamais"
        set day none
    next
    edit "faux"
        set day monday
        set start 29:99
    next
end
"""
DAYS = "<schedules><schedule><name>midi</name><timerange>{ranges}</timerange></schedule></schedules>"
MORNING = "<position>1,3</position><hour>8:00-12:30</hour>"
LATER = "</timerange><timerange><position>1</position><hour>14:00-18:00</hour>"
NONE = ("–",) * 5
UPNP = b"<installedpackages><miniupnpd><config><enable>on</enable><enable_upnp>on</enable_upnp></config></miniupnpd>"
RULE = (
    b"<rule><type>pass</type><interface>wan</interface><protocol>tcp</protocol><source><address>bloques</address></source>"
    b"<destination><any/></destination></rule>"
)
FETCHED = (
    b"<alias><name>bloques</name><type>urltable</type><url>https://liste.example/ip</url><address></address></alias>"
)


def ended(name: str, more: bytes, data: bytes | None = None) -> bytes:
    """A file with this at its end."""
    root = b"</" + name.encode() + b">"
    return (data or data_of(name)).replace(root, more + root)


def ruled(name: str, rule: bytes) -> bytes:
    """A file whose first rule begins with this."""
    data = data_of(name)
    first = data.index(b"<rule>", data.index(b"<filter>"))
    return data[:first] + rule + data[first:]


def base(name: str, data: bytes) -> RuleBase:
    (told,) = [one for one in BY_NAME[name].read(data, HANDLE) if isinstance(one, RuleBase)]
    return told


def weeks(name: str, data: bytes) -> set[tuple[str, ...] | None]:
    lines = [rule for chain in base(name, data).chains or () for rule in chain.rules]
    return {rule.week for rule in lines if "schedule" in (rule.match.unread or "")}


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("nuit", ("22:00–02:00", "22:00–02:00", *NONE)),
        ("jours", (*NONE, "00:00–23:59", "00:00–23:59")),
        ("jamais", None),
        ("faux", None),
        ("inconnu", None),
    ],
)
def test_a_fortigate_schedule_that_comes_back_is_read(named: str, expected: tuple[str, ...] | None) -> None:
    data = data_of("fortigate").replace(b'set schedule "maintenance"', f'set schedule "{named}"'.encode())
    assert weeks("fortigate", data + NIGHT.encode()) == {expected}


@pytest.mark.parametrize("name", ["pfsense", "opnsense"])
@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        (MORNING, ("08:00–12:30", "–", "08:00–12:30", "–", "–", "–", "–")),
        (MORNING + LATER, ("08:00–12:30; 14:00–18:00", "–", "08:00–12:30", "–", "–", "–", "–")),
        ("<month>12</month><day>24</day><hour>8:00-12:30</hour>", None),
        ("<position>1</position><hour>matin</hour>", None),
        ("", None),
    ],
)
def test_a_schedule_of_pf_is_read_where_it_comes_back_every_week(
    name: str, ranges: str, expected: tuple[str, ...] | None
) -> None:
    timed = ruled(name, RULE.replace(b"<rule>", b"<rule><sched>midi</sched>"))
    assert weeks(name, ended(name, DAYS.format(ranges=ranges).encode(), timed)) == {expected}


@pytest.mark.parametrize("name", ["pfsense", "opnsense"])
def test_a_gateway_told_to_open_on_request_says_so_and_its_openings_are_a_gap(name: str) -> None:
    items = list(BY_NAME[name].read(ended(name, UPNP + b"</installedpackages>"), HANDLE))
    assert AutoOpening(HANDLE, upnp=True, nat_pmp=False) in items
    assert Gap("PortMapping", "upnp_list_unread", HANDLE) in items
    assert AutoOpening(HANDLE, upnp=False, nat_pmp=False) in list(BY_NAME[name].read(data_of(name), HANDLE))


@pytest.mark.parametrize("name", ["pfsense", "opnsense"])
@pytest.mark.parametrize("aliases", [b"", b"<aliases>" + FETCHED + b"</aliases>"])
def test_a_table_that_the_file_only_names_is_never_taken_as_empty(name: str, aliases: bytes) -> None:
    """A table fetched from an address, or kept by pf itself: whom it holds is not known, so what it lets is not."""
    lines = base(name, ended(name, aliases, ruled(name, RULE))).chains or ()
    assert any("sources bloques" in (line.match.unread or "") for chain in lines for line in chain.rules)
