"""Ways out, and links with others, that no list names: what two rules ask alike."""

from collections.abc import Iterable
from datetime import datetime

from negatoscope.judge.boundaries import old
from negatoscope.judge.exits import Exits, Traces, exits, links
from negatoscope.judge.gateways import Told, gateways
from negatoscope.judge.shapes import Said
from negatoscope.model.evidence import Seen
from negatoscope.model.gateways import RuleBase
from negatoscope.model.judgement import Doubt, Finding
from negatoscope.model.zones import InternetAccess, Partner, Zone


def listed(told: Traces, partners: Iterable[Partner], bases: Seen[RuleBase], now: datetime) -> Said:
    """Say whether every access and every link that gateways and hosts show stands on its list."""
    yield from gateways(Told(told.bases, told.hosts, told.routes, told.zones, told.accesses)).doubts()
    yield from old(bases, now)
    yield from unlisted(exits(told), told.accesses, "exit_unlisted")
    yield from unlisted_links(told.bases, told.zones, partners)


def unlisted(found: Exits, accesses: Iterable[InternetAccess], reason: str) -> Said:
    """Say which ways out no declared access names, and which declared accesses nothing shows.

    An access whose router nobody named may be any one of the ways out: as many are doubted, and no more.
    """
    unnamed = [access for access in accesses if not access.router]
    undeclared = found.undeclared
    for one in undeclared:
        values = {"way": one.way.value, "via": one.label}
        if len(undeclared) > len(unnamed):
            yield Finding(one.subject, reason, values)
        else:
            yield Doubt(one.subject, "exit_unnamed", values)
    for route in found.nameless:
        yield Doubt(route.host, "router_nameless", {"address": route.gateway or route.interface})
    for access in found.unseen:
        yield Doubt(access.ref, "access_unseen" if access.router else "access_unnamed", {"router": access.router})


def unlisted_links(bases: Iterable[RuleBase], zones: Iterable[Zone], partners: Iterable[Partner]) -> Said:
    """Say which networks of others gateways lead to without a partner's name, and which links nothing shows.

    A partner whose networks nobody gave may be any one of these.
    """
    partners = tuple(partners)
    own = [network for zone in zones for network in zone.networks or ()]
    found = links(bases, own, partners)
    unnamed = [partner for partner in partners if partner.networks is None]
    unknown = [link for link in found if link.partner is None]
    for link in unknown:
        values = {"network": link.network, "interface": link.interface}
        if len(unknown) > len(unnamed):
            yield Finding(link.gateway, "link_unlisted", values)
        else:
            yield Doubt(link.gateway, "link_unnamed", values)
    shown = {link.partner.ref for link in found if link.partner}
    for partner in partners:
        if partner.networks and partner.ref not in shown:
            yield Doubt(partner.ref, "link_unseen", {"network": ", ".join(partner.networks)})
