"""R18: nobody takes control of a workstation from afar, wherever that can be avoided."""

from datetime import timedelta

from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, unread
from negatoscope.model.evidence import Seen
from negatoscope.model.hosts import CLIENTS, Host
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.networks import Service
from negatoscope.model.software import SoftwareCensus

RULE = Rule("R18", fresh=timedelta(days=7))
BY_NAME = {
    "ssh": "SSH", "ms-wbt-server": "RDP", "rdp": "RDP", "vnc": "VNC", "vnc-http": "VNC", "vnc-1": "VNC", "x11": "X11",
    "teamviewer": "TeamViewer", "anydesk": "AnyDesk", "telnet": "Telnet", "login": "rlogin", "shell": "rsh",
    "exec": "rexec", "winrm": "WinRM", "wsman": "WinRM", "wsmans": "WinRM", "rfb": "VNC", "radmin": "Radmin",
    "nomachine": "NoMachine", "rustdesk": "RustDesk",
}  # fmt: skip
"""IANA service names, and nmap's where IANA has none."""
BY_PORT = {
    22: "SSH", 23: "Telnet", 512: "rexec", 513: "rlogin", 514: "rsh", 3389: "RDP", 4899: "Radmin",
    5938: "TeamViewer", 5985: "WinRM", 5986: "WinRM", 7070: "AnyDesk",
    **dict.fromkeys(range(5800, 5810), "VNC"), **dict.fromkeys(range(5900, 5910), "VNC"),
    **dict.fromkeys(range(6000, 6064), "X11"),
}  # fmt: skip

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


RULE.awaiting("R18.3", "flows", "firewall")
RULE.awaiting("R18.4", "firewall", "syslog")
RULE.attested("R18.5")
