"""Who talks with whom, in what, and who can be reached from where: seen or tried, beside what is allowed."""

from collections.abc import Iterator

from negatoscope.judge.graph.ground import network_of, ref_of
from negatoscope.judge.graph.known import Known
from negatoscope.judge.graph.partners import whose
from negatoscope.model.clear import REPLACED, spoken
from negatoscope.model.drawing import OUTSIDE, Layer, Link, Way
from negatoscope.model.evidence import Ref, Source
from negatoscope.model.imaging import DicomNode
from negatoscope.model.networks import Service
from negatoscope.model.traffic import INTERNET, Conversation, Reach
from negatoscope.model.zones import AllowedFlow, Zone, ZoneKind

DICOM = frozenset({104, 2761, 2762, 4242, 11112})
"""Ports of DICOM: assigned by IANA (104, 2761, 2762, 11112), and Orthanc's."""
CLEAR = frozenset(REPLACED)
SHOWN = 6
"""Services named on one line; more are counted."""
_Gathered = dict[tuple[Ref, Ref, Layer, Way], tuple[list[str], list[Source]]]


def clear(found: Known) -> dict[Ref, tuple[str, ...]]:
    """Hosts that answer without encryption, and in what."""
    told: dict[Ref, list[str]] = {}
    for service in found.register.seen(Service).facts:
        protocol = spoken(service.name, service.protocol, service.port)
        if protocol in CLEAR and not service.encrypted and service.reachable is not False:
            told.setdefault(service.host, []).append(f"{protocol} {service.port}")
    return {host: tuple(names) for host, names in told.items()}


def talks(found: Known) -> Iterator[Link]:
    """Conversations, a line a pair and a layer: DICOM, what is in clear, and the rest."""
    seen = found.register.seen(Conversation)
    nodes = {(node.host, node.port): node for node in found.register.seen(DicomNode).facts}
    sealed = {(one.host, one.port) for one in found.register.seen(Service).facts if one.encrypted}
    lines: _Gathered = {}
    for one in seen.facts:
        source, target = _end(found, one.source), _end(found, one.target)
        if source is None or target is None or source == target or one.answered is False:
            continue
        place, protocol = (target, one.port), spoken(None, one.protocol, one.port)
        dicom = place in nodes or (one.protocol == "tcp" and one.port in DICOM)
        layers = [Layer.DICOM if dicom else Layer.TALK]
        if protocol in CLEAR and place not in sealed and not (place in nodes and nodes[place].encrypted):
            layers.append(Layer.CLEAR)
        for layer in layers:
            name = protocol if layer is Layer.CLEAR else one.protocol
            _gather(lines, (source, target, layer, Way.TALK), f"{name}/{one.port}", seen.sources.get(one.ref, ()))
    yield from _lines(lines, measured=True)


def reached(found: Known) -> Iterator[Link]:
    """What answered a look made from another network, or from outside."""
    seen = found.register.seen(Reach)
    lines: _Gathered = {}
    for one in seen.facts:
        net = network_of(one.origin)
        inside = ref_of(net) if net is not None and net in found.ground.names else None
        origin = OUTSIDE if one.origin == INTERNET else inside or whose(found, net)
        target = found.by_address.get(one.address)
        if origin is not None and target is not None:
            sources = seen.sources.get(one.ref, ())
            _gather(lines, (origin, target, Layer.REACH, Way.REACH), f"{one.protocol}/{one.port}", sources)
    yield from _lines(lines, measured=True)


def allowed(found: Known) -> Iterator[Link]:
    """What one zone may say to another, as people declared it."""
    seen = found.register.seen(AllowedFlow)
    zones = {zone.ref: zone for zone in found.register.seen(Zone).facts}
    lines: _Gathered = {}
    for flow in seen.facts:
        ends = [_zone(zones.get(end)) for end in (flow.source, flow.target)]
        if ends[0] is None or ends[1] is None:
            continue
        ports = {int(port) for port in flow.service.partition("/")[2].split(",") if port.strip().isdecimal()}
        layer = Layer.DICOM if ports and ports <= DICOM else Layer.REACH
        _gather(lines, (ends[0], ends[1], layer, Way.ALLOWED), flow.service, seen.sources.get(flow.ref, ()))
    yield from _lines(lines, measured=False)


def _zone(zone: Zone | None) -> Ref | None:
    return None if zone is None else OUTSIDE if zone.kind is ZoneKind.INTERNET else zone.ref


def _end(found: Known, address: str) -> Ref | None:
    """Whose address it is: a host's, a partner's, the outside's; an unknown address inside has nothing to hang on."""
    if address == INTERNET:
        return OUTSIDE
    host = found.by_address.get(address)
    if host is not None or found.ground.net(address) is not None:
        return host
    return whose(found, network_of(address)) or OUTSIDE


def _gather(lines: _Gathered, key: tuple[Ref, Ref, Layer, Way], said: str, sources: tuple[Source, ...]) -> None:
    names, behind = lines.setdefault(key, ([], []))
    names.append(said)
    behind += sources


def _lines(lines: _Gathered, *, measured: bool) -> Iterator[Link]:
    for (source, target, layer, way), (names, sources) in lines.items():
        distinct = sorted(dict.fromkeys(names))
        more = f" +{len(distinct) - SHOWN}" if len(distinct) > SHOWN else ""
        behind = tuple(dict.fromkeys(sources))
        yield Link(source, target, layer, way, measured, ", ".join(distinct[:SHOWN]) + more, behind)
