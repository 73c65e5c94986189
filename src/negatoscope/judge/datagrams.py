"""What hosts say in clear over UDP."""

from collections.abc import Mapping
from datetime import datetime

from negatoscope.judge.shapes import Said
from negatoscope.model.datagrams import ClearAnswer
from negatoscope.model.evidence import Seen
from negatoscope.model.hosts import Host
from negatoscope.model.judgement import Doubt, Finding

ASKED = (("snmp", 161), ("tftp", 69))


def in_clear(hosts: Seen[Host], answers: Seen[ClearAnswer], instead: Mapping[str, str], since: datetime) -> Said:
    """Hold silence for nothing: only a closed port, or an agent's own list of who may ask, clears a host."""
    told = {(one.host, one.protocol): one for one in answers.facts}
    for host in hosts.facts:
        known = [told.get((host.ref, protocol)) for protocol, _ in ASKED]
        if not any(known):
            yield Doubt(host.ref, "udp_never_told")
            continue
        for (protocol, port), one in zip(ASKED, known, strict=True):
            where: dict[str, str | int | float | bool | None] = {
                "protocol": protocol,
                "port": port,
                "instead": instead[protocol],
            }
            if one is None or one.answers is None:
                yield Doubt(host.ref, "udp_silent", where)
            elif one.answers:
                yield Finding(host.ref, "clear_udp", where)
            elif all(source.at < since for source in answers.sources.get(one.ref, ())):
                yield Doubt(host.ref, "udp_asked_long_ago", where)
