"""R1: a precise, current map of the information system, kept off the network that it shows."""

from datetime import datetime, timedelta

from negatoscope.judge.exits import Traces
from negatoscope.judge.graph.saying import apart, copied, hung, seated
from negatoscope.judge.rule import Rule
from negatoscope.judge.shapes import Said, unread
from negatoscope.judge.unlisted import listed
from negatoscope.model.atlas import GHOST_AFTER, MapEntry, Standing
from negatoscope.model.carrying import COPY_STANDS, ConsoleSeat, SealedCopy
from negatoscope.model.evidence import Seen
from negatoscope.model.gateways import RuleBase
from negatoscope.model.hosts import COMPUTERS, Host, HostClass, Interface
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.networks import Network
from negatoscope.model.software import SoftwareCensus
from negatoscope.model.traffic import Route
from negatoscope.model.zones import InternetAccess, Partner, Zone

APPLIANCES = frozenset({HostClass.MODALITY, HostClass.PRINTER, HostClass.NETWORK})
RULE = Rule("R1", fresh=timedelta(days=7))
PLACEHOLDERS = frozenset({
    "", "0", "na", "none", "null", "unknown", "other", "defaultstring", "notspecified", "notapplicable",
    "systemproductname", "systemname", "productname", "tobefilledbyoem", "allseries", "oem",
})  # fmt: skip
"""What makers leave in the place of a model, letters and digits only."""


@RULE.measured("R1.1")
def hardware_has_its_model(hosts: Seen[Host]) -> Said:
    """List each host with its model."""
    for host in hosts.facts:
        if host.model is None:
            yield unread(host.ref, "model")
        elif "".join(filter(str.isalnum, host.model)).casefold() in PLACEHOLDERS:
            yield Finding(host.ref, "model_empty", {"model": host.model})


@RULE.measured("R1.2", on=COMPUTERS)
def software_has_its_version(censuses: Seen[SoftwareCensus]) -> Said:
    """List the software of each computer with its version."""
    for census in censuses.facts:
        if census.unversioned:
            yield Finding(census.ref, "unversioned", {"count": census.unversioned, "total": census.total})
        elif not census.total:
            yield Doubt(census.ref, "no_software")


@RULE.measured("R1.3", on=APPLIANCES)
def appliances_have_their_version(hosts: Seen[Host]) -> Said:
    """Know the version installed on modalities, printers and network devices, from them or from their record."""
    for host in hosts.facts:
        if host.os_version is None:
            yield unread(host.ref, "installed_version")
        elif not any(map(str.isdigit, host.os_version)):
            yield Finding(host.ref, "version_empty", {"version": host.os_version})


@RULE.measured("R1.4")
def the_drawing_shows_who_is_joined_to_what(hosts: Seen[Host], standings: Seen[Standing], now: datetime) -> Said:
    """Each host hangs on the drawing by a link that was seen, in one zone, and a gateway leads out of its network."""
    yield from hung(hosts, standings, now, RULE.fresh)


@RULE.measured("R1.5")
def accesses_and_links_are_listed(  # noqa: PLR0913, PLR0917 -- one parameter a kind compared
    accesses: Seen[InternetAccess], partners: Seen[Partner], bases: Seen[RuleBase], routes: Seen[Route],
    hosts: Seen[Host], zones: Seen[Zone], cards: Seen[Interface], now: datetime,
) -> Said:  # fmt: skip
    """List every way out to the Internet and every link with a partner that gateways and hosts show."""
    told = Traces(hosts.facts, cards.facts, routes.facts, bases.facts, zones.facts, accesses.facts)
    yield from listed(told, partners.facts, bases, now)


RULE.attested("R1.6")


@RULE.measured("R1.7")
def the_map_follows_reality(hosts: Seen[Host], entries: Seen[MapEntry], now: datetime) -> Said:
    """Everything seen is declared, everything declared is seen, and nothing is contradicted."""
    stands = {entry.host: entry for entry in entries.facts}
    for host in hosts.facts:
        entry = stands.get(host.ref, MapEntry(host.ref, declared=True))
        if not entry.declared:
            yield Finding(host.ref, "unknown")
        yield from (Finding(host.ref, "drifted", {"what": name}) for name in entry.drifted or ())
        yield from _last_seen(host, entry, now)


def _last_seen(host: Host, entry: MapEntry, now: datetime) -> Said:
    """Sought in vain for long, never seen, or not lately. A modality may not be sought: doubted."""
    last = entry.seen_at or entry.told_at
    if last is not None and entry.sought_at is not None and now - last > GHOST_AFTER:
        values = {"last": f"{last:%Y-%m-%d}", "sought": f"{entry.sought_at:%Y-%m-%d}"}
        spared = host.host_class is HostClass.MODALITY
        yield Doubt(host.ref, "spared") if spared else Finding(host.ref, "ghost", values)
    elif entry.seen_at is None or (entry.declared and entry.drifted is None):
        yield Doubt(host.ref, "never_seen")
    elif now - entry.seen_at > RULE.fresh:
        yield Doubt(host.ref, "seen_long_ago", {"on": f"{entry.seen_at:%Y-%m-%d}"})


@RULE.measured("R1.8")
def the_map_is_kept_off_the_network(
    copies: Seen[SealedCopy],
    seats: Seen[ConsoleSeat],
    networks: Seen[Network],
    standings: Seen[Standing],
    now: datetime,
) -> Said:
    """A sealed copy was made not long ago, and the console stands on no network that the map shows."""
    yield from copied(copies, now, COPY_STANDS)
    yield from seated(seats, now, RULE.fresh)
    yield from apart(seats, networks, standings)


RULE.attested("R1.9")
