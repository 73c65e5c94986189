"""R23: only protocols that encrypt what they carry."""

from datetime import datetime, timedelta

from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, unread
from negatoscope.model.evidence import Seen
from negatoscope.model.hosts import Host
from negatoscope.model.imaging import DicomNode
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.networks import Service

RULE = Rule("R23", fresh=timedelta(days=7))
INSTEAD = {
    "telnet": "SSH", "ftp": "SFTP", "tftp": "SFTP", "pop3": "POP3S", "imap": "IMAPS", "smtp": "SMTPS", "http": "HTTPS",
    "rlogin": "SSH", "rsh": "SSH", "rexec": "SSH", "snmp": "SNMPv3", "ldap": "LDAPS", "vnc": "VNC over SSH",
}  # fmt: skip
"""What replaces each protocol in clear; the sentence is the reader's, the names are nobody's language."""
ALIASES = {
    "login": "rlogin", "shell": "rsh", "exec": "rexec", "imap2": "imap", "pop2": "pop3", "submission": "smtp",
    "http-alt": "http", "http-proxy": "http", "www": "http", "vnc-http": "vnc", "vnc-1": "vnc", "acr-nema": "dicom",
    "hl7-mllp": "hl7", "rfb": "vnc", "msft-gc": "ldap", "snmptrap": "snmp",
}  # fmt: skip
PORTS = {
    "tcp": {
        21: "ftp", 23: "telnet", 25: "smtp", 80: "http", 104: "dicom", 110: "pop3", 143: "imap", 389: "ldap",
        512: "rexec", 513: "rlogin", 514: "rsh", 587: "smtp", 2575: "hl7", 2762: "dicom", 3268: "ldap", 4242: "dicom",
        8000: "http", 8042: "http", 8080: "http", 11112: "dicom", **dict.fromkeys(range(5900, 5910), "vnc"),
    },
    "udp": {69: "tftp", 161: "snmp", 162: "snmp", 389: "ldap"},
}  # fmt: skip
ALWAYS_CLEAR = frozenset({"telnet", "tftp", "rlogin", "rsh", "rexec"})
"""Protocols that have no encrypted form under the same name."""
RECENT_TLS = frozenset({"TLSv1.2", "TLSv1.3"})
"""ANSSI, « Recommandations de sécurité relatives à TLS » v1.2, R3 and R4: 1.3 preferred, 1.2 tolerated, none older."""
IMAGING = {"dicom": "DICOM TLS", "hl7": "MLLP over TLS"}
UNSURE = frozenset({"", "unknown", "tcpwrapped"})
"""Names that nmap gives where it does not know."""


@RULE.measured("R23.1")
def no_protocol_speaks_in_clear(hosts: Seen[Host], services: Seen[Service]) -> Said:  # noqa: ARG001 -- who was asked
    """Let no host answer in a protocol that hides nothing."""
    yield from _in_clear(services, INSTEAD)


@RULE.measured("R23.2")
def images_and_results_travel_encrypted(hosts: Seen[Host], services: Seen[Service]) -> Said:  # noqa: ARG001 -- who was asked
    """Encrypt DICOM and HL7 between hosts."""
    yield from _in_clear(services, IMAGING)


def _in_clear(services: Seen[Service], instead: dict[str, str]) -> Said:
    for service in services.facts:
        if service.reachable is False or service.encrypted:
            continue
        name = service.name or ""
        by_port = PORTS.get(service.protocol, {}).get(service.port, "")
        protocol = by_port if name in UNSURE else ALIASES.get(name, name)
        if name in UNSURE and protocol not in instead:
            yield Doubt(service.ref, "service_unknown", {"port": service.port})
        elif protocol in instead and service.reachable is None:
            yield unread(service.ref, "reachable")
        elif protocol in instead and service.encrypted is None and protocol not in ALWAYS_CLEAR:
            yield unread(service.ref, "in_clear")
        elif protocol in instead:
            yield Finding(service.ref, "clear", {"protocol": protocol, "instead": instead[protocol]})


RULE.awaiting("R23.3", "flows")
RULE.awaiting("R23.4", "tls")
RULE.awaiting("R23.5", "snmp")


@RULE.measured("R23.6")
def images_are_encrypted_well(
    hosts: Seen[Host],  # noqa: ARG001 -- who was asked
    services: Seen[Service],
    nodes: Seen[DicomNode],
    now: datetime,
) -> Said:
    """Show a valid certificate and speak a recent TLS wherever images travel encrypted."""
    asked = {node.ref: node for node in nodes.facts}
    carrying = {
        service.ref for service in services.facts if service.reachable is not False and _carries_images(service)
    }
    for ref in sorted(carrying | asked.keys()):
        node = asked.get(ref)
        if node is None or node.encrypted is None:
            yield unread(ref, "tls_version")
        elif node.encrypted:
            yield from _encrypted_well(node, now)


def _carries_images(service: Service) -> bool:
    """Speaks DICOM, or may: on its ports, under a name that says nothing; what is known to be in clear is R23.2's."""
    name = service.name or ""
    by_port = PORTS.get(service.protocol, {}).get(service.port, "")
    return service.encrypted is not False and (by_port if name in UNSURE else ALIASES.get(name, name)) == "dicom"


def _encrypted_well(node: DicomNode, now: datetime) -> Said:
    if node.tls_version is None:
        yield unread(node.ref, "tls_version")
    elif node.tls_version not in RECENT_TLS:
        yield Finding(node.ref, "tls_old", {"version": node.tls_version})
    if node.certificate_until is None:
        yield unread(node.ref, "certificate_until")
    elif node.certificate_until < now:
        yield Finding(node.ref, "certificate_over", {"on": f"{node.certificate_until:%Y-%m-%d}"})
