"""A network cut up as it should be: a gateway that was read, zones, what is allowed between them, one way out."""

from negatoscope.model.gateways import (
    Addresses,
    Does,
    FilterRule,
    Match,
    RuleBase,
)
from negatoscope.model.traffic import Reach, Route, Vantage
from negatoscope.model.zones import AllowedFlow, Partner, Zone, ZoneKind
from tests.judge.cases.healthy.computers import DESK, LAPTOP, READING
from tests.judge.cases.healthy.gateways import ANSWERS, REST, STUDIES, gateway
from tests.judge.cases.healthy.gateways import WEB as WEB_LINE
from tests.judge.cases.healthy.talks import between

INTERNET = Zone("Internet", ZoneKind.INTERNET)
USERS = Zone("Postes", ZoneKind.USERS, ("10.77.0.0/24",), gateway="fw-1")
IMAGING = Zone("Imagerie", ZoneKind.IMAGING, ("10.78.0.0/24",))
ADMINISTRATION = Zone("Administration", ZoneKind.ADMINISTRATION, ("10.79.0.0/24",))
PUBLISHED = Zone("Serveurs publics", ZoneKind.DMZ, ("10.80.0.0/24",))
IMAGES = AllowedFlow(USERS.ref, IMAGING.ref, "tcp/104,2762", "Lecture des images")
WEB = AllowedFlow(USERS.ref, INTERNET.ref, "tcp/80,443", "Sites et messagerie")
UPKEEP = AllowedFlow(ADMINISTRATION.ref, IMAGING.ref, "tcp/22", "Maintenance")
HOSPITAL = Partner("Hôpital du Port", "VPN", networks=("172.20.0.0/16",))


def line(label: str, *, source: str, target: str | None, ports: tuple[int, ...]) -> FilterRule:
    """A line that accepts TCP."""
    match = Match(
        Addresses((source,)),
        Addresses((target,)) if target else None,
        ("tcp",),
        target_ports=tuple((port, port) for port in ports),
    )
    return FilterRule(label, match, Does.ACCEPT, logged=True, packets=12)


def with_lines(*lines: FilterRule) -> RuleBase:
    """The healthy gateway with lines more, met first."""
    return gateway(*lines, ANSWERS, STUDIES, WEB_LINE, REST)


ROUTES = tuple(Route(host, "0.0.0.0/0", "10.77.0.1", "eth0") for host in (LAPTOP, DESK, READING))
LOOKS = (
    Vantage("10.77.0.0/24", "10.78.0.0/24", "10.77.0.5", "1-1024", complete=True),
    Vantage("10.77.0.0/24", "10.79.0.0/24", "10.77.0.5", "1-1024", complete=True),
)
ANSWERED = (Reach("10.77.0.0/24", "10.78.0.41", "tcp", 2762, "dicom", administers=False),)
FACTS = (
    INTERNET, USERS, IMAGING, ADMINISTRATION, PUBLISHED, IMAGES, WEB, UPKEEP, HOSPITAL,
    *ROUTES, *LOOKS, *ANSWERED, between("10.79.0.2", "10.79.0.1", 22),
)  # fmt: skip
