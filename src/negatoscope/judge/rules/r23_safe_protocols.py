"""R23: only protocols that encrypt what they carry."""

from datetime import datetime, timedelta

from negatoscope.judge.datagrams import in_clear
from negatoscope.judge.encryption import encrypted_well, node_encrypted_well
from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, unread
from negatoscope.judge.talks import blocks_of, ends, outside, recent, unheard_within, unwatched
from negatoscope.model.clear import ALWAYS_CLEAR, IMAGING, INSTEAD, REPLACED, SURE, UNSURE, spoken
from negatoscope.model.datagrams import ClearAnswer
from negatoscope.model.encryption import TlsService
from negatoscope.model.evidence import Seen
from negatoscope.model.hosts import Host
from negatoscope.model.imaging import DicomNode
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.networks import Service
from negatoscope.model.traffic import Conversation, FlowWatch

RULE = Rule("R23", fresh=timedelta(days=7))


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
        protocol = spoken(name, service.protocol, service.port)
        if name in UNSURE and protocol not in instead:
            yield Doubt(service.ref, "service_unknown", {"port": service.port})
        elif protocol in instead and service.reachable is None:
            yield unread(service.ref, "reachable")
        elif protocol in instead and service.encrypted is None and protocol not in ALWAYS_CLEAR:
            yield unread(service.ref, "in_clear")
        elif protocol in instead:
            yield Finding(service.ref, "clear", {"protocol": protocol, "instead": instead[protocol]})


@RULE.measured("R23.3")
def no_exchange_in_clear_is_seen(
    hosts: Seen[Host], watches: Seen[FlowWatch], talks: Seen[Conversation], services: Seen[Service], now: datetime
) -> Said:
    """See no host exchange in clear. Pages read in clear outside are left out: certificates are checked that way."""
    yield from unwatched(hosts.facts, watches, talks, now, RULE.fresh)
    yield from unheard_within(hosts.facts, watches, talks, now, RULE.fresh)
    bearers, known = ends(hosts.facts), {service.ref: service for service in services.facts}
    blocks = blocks_of(hosts.facts)
    for talk in recent(talks, now, RULE.fresh):
        host = bearers.get(talk.target)
        ref = f"service/{host.removeprefix('host/')}/{talk.protocol}/{talk.port}" if host else talk.ref
        service = known.get(ref)
        protocol = spoken(service.name if service else None, talk.protocol, talk.port)
        page = protocol == "http" and host is None and outside(talk.target, blocks)
        if protocol not in REPLACED or page or (service and service.encrypted):
            continue
        values = {"source": talk.source, "target": talk.target, "protocol": protocol}
        if talk.answered is None:
            yield unread(ref, "answered")
        elif talk.answered and (protocol in SURE or (service and service.encrypted is False)):
            yield Finding(ref, "exchanged", {**values, "instead": REPLACED[protocol]})
        elif talk.answered:
            yield Doubt(ref, "exchanged_perhaps", values)


@RULE.measured("R23.4")
def services_are_encrypted_well(
    hosts: Seen[Host],  # noqa: ARG001 -- who was asked
    services: Seen[Service],
    offers: Seen[TlsService],
    now: datetime,
) -> Said:
    """Show a certificate that proves something and take no TLS that can be broken, wherever a service encrypts."""
    yield from encrypted_well(services.facts, offers, now)


@RULE.measured("R23.5")
def nothing_answers_in_clear_over_udp(hosts: Seen[Host], answers: Seen[ClearAnswer], now: datetime) -> Said:
    """Hold silence for nothing: only a closed port, or an agent's own list of who may ask, clears a host."""
    return in_clear(hosts, answers, INSTEAD, now - RULE.fresh)


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
            yield from node_encrypted_well(node, now)


def _carries_images(service: Service) -> bool:
    """Speaks DICOM, or may: on its ports, under a name that says nothing; what is known to be in clear is R23.2's."""
    return service.encrypted is not False and spoken(service.name, service.protocol, service.port) == "dicom"
