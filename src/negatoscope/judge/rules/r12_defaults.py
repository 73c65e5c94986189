"""R12: no device keeps the credentials it was sold with."""

from datetime import datetime, timedelta

from negatoscope.judge.factory import Tried, keep_none
from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, unread
from negatoscope.model.datagrams import ClearAnswer
from negatoscope.model.defaults import FactoryLogin
from negatoscope.model.evidence import Seen
from negatoscope.model.hosts import Host, HostClass
from negatoscope.model.imaging import DicomNode
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.networks import Service

RULE = Rule("R12", fresh=timedelta(days=7))
IMAGING_HOSTS = frozenset({HostClass.MODALITY, HostClass.SERVER})
DICOM_NAMES = frozenset({"dicom", "acr-nema"})
DICOM_PORTS = frozenset({104, 2762, 4242, 11112})
ASKED_STANDS = timedelta(days=31)
"""How long an answer stands: modalities are asked rarely, and only by consent."""


@RULE.measured("R12.1", on=frozenset({HostClass.NETWORK}))
def network_devices_keep_no_factory_login(
    hosts: Seen[Host], services: Seen[Service], logins: Seen[FactoryLogin], clear: Seen[ClearAnswer], now: datetime
) -> Said:
    """Let no published log-in work on switches, routers and access points."""
    yield from keep_none(hosts, services.facts, Tried(logins, clear), now)


@RULE.measured("R12.2", on=frozenset({HostClass.SERVER}))
def servers_keep_no_factory_login(
    hosts: Seen[Host], services: Seen[Service], logins: Seen[FactoryLogin], now: datetime
) -> Said:
    """Let no published log-in work on servers and imaging applications."""
    yield from keep_none(hosts, services.facts, Tried(logins), now)


@RULE.measured("R12.3", on=frozenset({HostClass.PRINTER}))
def printers_keep_no_factory_login(
    hosts: Seen[Host], services: Seen[Service], logins: Seen[FactoryLogin], clear: Seen[ClearAnswer], now: datetime
) -> Said:
    """Let no published log-in work on printers."""
    yield from keep_none(hosts, services.facts, Tried(logins, clear), now)


RULE.attested("R12.4")


@RULE.measured("R12.5", on=IMAGING_HOSTS)
def imaging_answers_declared_devices_alone(
    hosts: Seen[Host], services: Seen[Service], nodes: Seen[DicomNode], now: datetime
) -> Said:
    """Ask each DICOM port of a server or modality whether it answers a device whose name was made up."""
    known = {node.ref: node for node in nodes.facts}
    places = {host.ref for host in hosts.facts if host.host_class is not None}
    yield from (Doubt(host.ref, "class_unknown") for host in hosts.facts if host.host_class is None)
    shown = {service.ref for service in services.facts if service.host in places and _imaging(service)}
    asked = {node.ref for node in nodes.facts if node.host in places}
    for ref in sorted(shown | asked):
        node = known.get(ref)
        if node is None:
            yield Doubt(ref, "never_asked")
        elif node.any_calling is None:
            yield unread(ref, "any_calling")
        elif node.any_calling:
            yield Finding(ref, "answers_anyone")
        elif all(source.at < now - ASKED_STANDS for source in nodes.sources.get(node.ref, ())):
            yield Doubt(ref, "asked_long_ago")


def _imaging(service: Service) -> bool:
    return service.protocol == "tcp" and (service.name in DICOM_NAMES or service.port in DICOM_PORTS)
