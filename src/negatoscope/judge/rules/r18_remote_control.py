"""R18: nobody takes control of a workstation from afar, wherever that can be avoided."""

from datetime import datetime, timedelta

from negatoscope.judge.boundaries import old
from negatoscope.judge.crossings import crossings
from negatoscope.judge.gateways import Told, gateways
from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, unread
from negatoscope.judge.talks import borne, ends, recent, unwatched
from negatoscope.judge.upkeep import Agreed, Openings, sessions, unheard
from negatoscope.model.evidence import Seen
from negatoscope.model.gateways import RuleBase
from negatoscope.model.hosts import CLIENTS, Host
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.networks import Service
from negatoscope.model.providers import RemoteWindow
from negatoscope.model.remote import BY_PORT, RELAYS
from negatoscope.model.software import SoftwareCensus
from negatoscope.model.traffic import Conversation, FlowWatch, Route
from negatoscope.model.zones import Zone

RULE = Rule("R18", fresh=timedelta(days=7))
BY_NAME = {
    "ssh": "SSH", "ms-wbt-server": "RDP", "rdp": "RDP", "vnc": "VNC", "vnc-http": "VNC", "vnc-1": "VNC", "x11": "X11",
    "teamviewer": "TeamViewer", "anydesk": "AnyDesk", "telnet": "Telnet", "login": "rlogin", "shell": "rsh",
    "exec": "rexec", "winrm": "WinRM", "wsman": "WinRM", "wsmans": "WinRM", "rfb": "VNC", "radmin": "Radmin",
    "nomachine": "NoMachine", "rustdesk": "RustDesk",
}  # fmt: skip
"""IANA service names, and nmap's where IANA has none."""
UNSURE = frozenset({None, "unknown", "tcpwrapped", "realserver"})
"""Names that nmap gives where it does not know; the last is its guess for the port that AnyDesk uses today."""


def tool_of(service: Service) -> str | None:
    """Name the remote-control tool behind a service, by its name or else by its port."""
    by_port = BY_PORT.get(service.port) if service.protocol == "tcp" and service.name in UNSURE else None
    return BY_NAME.get(service.name or "", by_port)


@RULE.measured("R18.1", on=CLIENTS)
def no_workstation_answers_remote_control(hosts: Seen[Host], services: Seen[Service]) -> Said:
    """Leave no remote-control port open on a workstation."""
    concerned = frozenset(host.ref for host in hosts.facts)
    for service in services.facts:
        if service.host not in concerned or service.reachable is False:
            continue
        tool = tool_of(service)
        if tool is None and service.name in UNSURE:
            yield Doubt(service.ref, "service_unknown", {"port": service.port})
        elif tool and service.reachable is None:
            yield unread(service.ref, "reachable")
        elif tool:
            yield Finding(service.ref, "remote_control_open", {"tool": tool, "port": service.port})


@RULE.measured("R18.2", on=CLIENTS)
def no_workstation_holds_remote_control_software(censuses: Seen[SoftwareCensus]) -> Said:
    """Install no remote-control software on a workstation."""
    for census in censuses.facts:
        if census.remote_control:
            yield Finding(census.ref, "remote_control_installed", {"tools": ", ".join(census.remote_control)})
        elif not census.total:
            yield Doubt(census.ref, "no_software")


@RULE.measured("R18.3", on=CLIENTS)
def no_workstation_talks_with_a_relay(
    hosts: Seen[Host],
    watches: Seen[FlowWatch],
    talks: Seen[Conversation],
    censuses: Seen[SoftwareCensus],
    now: datetime,
) -> Said:
    """See no workstation talk with a relay outside; a tool may hide in HTTPS, so that none may be there either."""
    yield from unwatched(hosts.facts, watches, talks, now, RULE.fresh)
    bearers = borne(hosts.facts)
    for talk in recent(talks, now, RULE.fresh):
        mine, tool = bearers.get(talk.source, frozenset()), RELAYS.get(talk.port)
        for host in sorted(mine) if tool and talk.target not in bearers else ():
            told = {"tool": str(tool), "target": talk.target}
            if len(mine) > 1:
                yield Doubt(host, "relay_of_one_of_them", {**told, "source": talk.source})
            else:
                yield Finding(host, "talks_to_relay", told)
    for census in censuses.facts:
        if census.remote_control:
            yield Doubt(census.ref, "may_relay", {"tools": ", ".join(census.remote_control)})


@RULE.measured("R18.4")
def providers_come_in_when_agreed(  # noqa: PLR0913, PLR0917 -- one parameter a kind compared
    hosts: Seen[Host],
    bases: Seen[RuleBase],
    routes: Seen[Route],
    zones: Seen[Zone],
    watches: Seen[FlowWatch],
    talks: Seen[Conversation],
    windows: Seen[RemoteWindow],
    now: datetime,
) -> Said:
    """From outside nobody takes a host over, and nothing stands open for it, beyond the time that was agreed."""
    yield from gateways(Told(bases.facts, hosts.facts, routes.facts, zones.facts)).doubts()
    yield from old(bases, now)
    yield from unwatched((), watches, talks, now, RULE.fresh)
    yield from unheard(hosts.facts, watches.facts, now, RULE.fresh)
    agreed, bearers, crossed = Agreed(windows.facts), ends(hosts.facts), crossings(zones.facts, bases.facts)
    yield from sessions(recent(talks, now, RULE.fresh), bearers, agreed, crossed.zoning)
    yield from Openings(crossed, bases, bearers, agreed).weighed()


RULE.attested("R18.5")
