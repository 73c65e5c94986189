"""What an inventory tells of the network around: the next router, the radio network joined."""

from collections.abc import Iterator
from ipaddress import ip_address

from negatoscope.model.evidence import Gap, Sweep
from negatoscope.model.switching import Place, Sighting
from negatoscope.model.traffic import Route
from negatoscope.observe.cards import card
from negatoscope.observe.collector import Item
from negatoscope.observe.inventory.post import HOST, Post, text

EVERYWHERE = {4: "0.0.0.0/0", 6: "::/0"}


def routes(post: Post) -> Iterator[Item]:
    """Default routers of a Windows host. On other systems agents name the router of a card's own network, or none."""
    if not post.windows:
        yield Gap("Route", "agent_without_routes", HOST)
        return
    found = {}
    for row in post.rows("networks"):
        try:
            gateway = ip_address((text(row, "ipgateway") or "").partition("%")[0])
        except ValueError:
            continue
        if not gateway.is_unspecified:
            one = Route(HOST, EVERYWHERE[gateway.version], str(gateway), text(row, "description"))
            found[one.ref] = one
    yield from found.values()
    yield Sweep("Route", HOST)


def radio(post: Post) -> Iterator[Item]:
    """The radio networks that its own cards joined."""
    for row in post.rows("networks"):
        ssid, mac = text(row, "wifi_ssid"), card(text(row, "mac", "macaddr"))
        if ssid and mac:
            yield Sighting(HOST, mac, Place.WIFI, ssid, text(row, "ipaddress"))
    yield Sweep("Sighting", HOST)
